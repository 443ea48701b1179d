//! A clinic in memory: the embedded DynamoDB behind its wire protocol, a manual clock, tokens of a key made for the test.

mod people;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hearth::aws::Aws;
use hearth::clock::Clock;
use hearth::config::Environment;
use hearth::domain::event::{Event, EventKind};
use hearth::domain::id::{LoginId, MemberId};
use hearth::domain::mail::MailKind;
use hearth::store::{Key, Store, Transaction};
use jiff::Timestamp;
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use p256::pkcs8::EncodePublicKey;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub use people::*;

const BASE_URL: &str = "https://portal.example.org";

/// An answer: status, body, calls in series.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    pub status: u16,
    pub body: Value,
    pub series: u64,
}

/// A clinic.
pub struct Clinic {
    pub store: Store,
    pub clock: Clock,
    pub context: signatures::Context,
    database: dynoxide::Database,
    key: SigningKey,
    key_id: String,
    log: Log,
    _guard: tracing::subscriber::DefaultGuard,
}

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

pub fn start() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

impl Clinic {
    pub async fn open() -> Self {
        let database = dynoxide::Database::memory().unwrap();
        let key = |name, kind| json!({"AttributeName": name, "KeyType": kind});
        let text = |name| json!({"AttributeName": name, "AttributeType": "S"});
        let table = json!({
            "TableName": "test",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [text("pk"), text("sk"), text("directory"), text("listed_at")],
            "KeySchema": [key("pk", "HASH"), key("sk", "RANGE")],
            "GlobalSecondaryIndexes": [{
                "IndexName": "directory",
                "KeySchema": [key("directory", "HASH"), key("listed_at", "RANGE")],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }],
        });
        database.create_table(serde_json::from_value(table).unwrap()).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(dynoxide::server::serve_with_shutdown(listener, database.clone(), std::future::pending()));

        let signing_key = SigningKey::from_slice(&[7; 32]).unwrap();
        let der = signing_key.verifying_key().to_public_key_der().unwrap();
        let variables = [
            ("TABLE", "test".to_owned()),
            ("BUCKET", "files".to_owned()),
            ("BASE_URL", BASE_URL.to_owned()),
            ("STACK_ID", "stack".to_owned()),
            ("CLINIC_TIME_ZONE", "America/New_York".to_owned()),
            ("TOKEN_PUBLIC_KEYS", STANDARD.encode(der.as_bytes())),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "test".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
            ("AWS_ENDPOINT_URL_DYNAMODB", format!("http://{address}")),
            ("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1".to_owned()),
        ];
        let variables: BTreeMap<_, _> = variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let clock = Clock::manual(start());
        let env = Environment::new(variables, clock.clone());
        let log = Log::default();
        let writer = log.clone();
        Self {
            store: Store::from_environment(&env, &Aws::from_environment(&env).unwrap()).unwrap(),
            context: signatures::Context::new(&env).unwrap(),
            clock,
            database,
            key_id: hex::encode(Sha256::digest(der.as_bytes())).chars().take(16).collect(),
            key: signing_key,
            log,
            _guard: tracing::subscriber::set_default(hearth::log::subscriber(move || writer.clone())),
        }
    }

    /// Writes fixtures.
    pub async fn write(&self, change: impl FnOnce(Transaction) -> Transaction) {
        change(Transaction::unpermitted(self.clock.now(), "fixture")).commit(&self.store).await.unwrap();
    }

    /// A member token.
    fn token(&self, login: LoginId, member: MemberId) -> String {
        let now = self.clock.now().as_second();
        let header = json!({"alg": "ES256", "typ": "member+jwt", "kid": self.key_id});
        let claims = json!({
            "aud": "stack", "sub": login, "sid": session_of(login), "mbr": member, "iat": now, "nbf": now, "exp": now + 600,
        });
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let signature: Signature = self.key.sign(message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    /// Sends a request as API Gateway does. `path` is what stands behind `/members/{member}/packets`, with the values.
    pub async fn send(
        &self,
        who: LoginId,
        route: &str,
        values: &[(&str, String)],
        body: Value,
        key: Option<&str>,
    ) -> Answered {
        let mut parameters = json!({"member": MEMBER.to_string()});
        for (name, value) in values {
            parameters[*name] = json!(value);
        }
        let (method, path) = route.split_once(' ').unwrap();
        let mut headers = json!({
            "authorization": format!("Bearer {}", self.token(who, MEMBER)),
            "content-type": "application/json",
            "origin": BASE_URL,
        });
        if let Some(key) = key {
            headers["idempotency-key"] = json!(key);
        }
        let event = json!({
            "version": "2.0", "routeKey": route, "rawPath": path, "rawQueryString": "", "headers": headers,
            "pathParameters": parameters, "body": if method == "POST" { json!(body.to_string()) } else { Value::Null },
            "isBase64Encoded": false,
            "requestContext": {
                "accountId": "1", "apiId": "a", "domainName": "d", "domainPrefix": "d", "requestId": "request", "stage": "$default",
                "routeKey": route, "time": "21/Nov/2026:12:00:00 +0000", "timeEpoch": 0,
                "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7", "userAgent": "test"},
            },
        });
        let request = lambda_http::request::from_str(&event.to_string()).unwrap();
        let response = signatures::handle(&self.context, request).await;
        let body = match response.body() {
            lambda_http::Body::Text(text) => serde_json::from_str(text).unwrap(),
            _ => Value::Null,
        };
        let series = self.lines().last().unwrap()["aws_series"].as_u64().unwrap();
        Answered { status: response.status().as_u16(), body, series }
    }

    /// The log, one line a request.
    pub fn lines(&self) -> Vec<Value> {
        let log = self.log.0.lock().unwrap();
        let lines = log.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        let lines = lines.map(|line| serde_json::from_slice::<Value>(line).unwrap());
        lines.filter(|line| line["message"] == "request").collect()
    }

    /// The kinds of the member's events, oldest first; the chain must hold.
    pub async fn events(&self) -> Vec<EventKind> {
        let events: Vec<Event> = self.store.list(&Key::member(MEMBER), "EVENT#").await.unwrap();
        assert_eq!(hearth::domain::event::first_broken(&events), None);
        events.iter().map(|event| event.kind).collect()
    }

    /// Who was mailed what: the first byte of the mailbox, and the kind.
    pub fn mails(&self) -> BTreeSet<(String, String)> {
        let items = self.items();
        let mails = items.iter().filter(|item| item["pk"]["S"].as_str().unwrap().starts_with("MAIL#"));
        mails
            .map(|mail| {
                let text = |name: &str| mail[name]["S"].as_str().unwrap().to_owned();
                (text("mailbox").chars().take(2).collect(), text("about"))
            })
            .collect()
    }

    /// Whose lists a packet stands on.
    pub fn todos(&self) -> usize {
        self.items().iter().filter(|item| item["sk"]["S"].as_str().unwrap().starts_with("TODO#")).count()
    }

    fn items(&self) -> Vec<Value> {
        let request = serde_json::from_value(json!({"TableName": "test"})).unwrap();
        let page = serde_json::to_value(self.database.scan(request).unwrap()).unwrap();
        page["Items"].as_array().unwrap().clone()
    }
}

/// The name under which a kind of mail is kept.
pub fn about(kind: MailKind) -> String {
    serde_json::to_value(kind).unwrap()["about"].as_str().unwrap().to_owned()
}
