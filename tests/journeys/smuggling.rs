//! Requests that carry more than they should, come from elsewhere, or come again.

use journeys::{Browser, Example, Reply, World};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What items and answers have and no request may set, and what other languages stumble over.
const FIELDS: [&str; 20] = [
    "id",
    "role",
    "version",
    "state",
    "schema",
    "granted_by",
    "granted_at",
    "invited_by",
    "generation",
    "codes_sent",
    "tries",
    "guesses",
    "mailboxes",
    "password_hash",
    "authenticated_at",
    "fresh",
    "is_staff",
    "pk",
    "__proto__",
    "constructor",
];

/// Where a request names what it means: a field that the form has not got.
const BY_NAME: [(&str, &str); 1] = [("POST /members/{member}/packets/{packet}/slots/{slot}/answers", "/answers")];

/// What the second of two equal requests without a key is answered with, where it is no other than the first: links, codes and
/// signatures are used up, and what was taken away is gone.
const AGAIN: [(&str, u16); 32] = [
    ("POST /login/mailboxes", 429),
    ("POST /login/mailboxes/confirm", 422),
    ("POST /login/mailboxes/{mailbox}/remove", 404),
    ("POST /login/merge", 422),
    ("POST /logins/{login}/unmerge", 409),
    ("POST /members/{member}/helpers", 404),
    ("POST /agencies/{agency}/workers", 409),
    ("POST /agencies/{agency}/workers/{login}/remove", 404),
    ("POST /agencies/{agency}/hand-overs", 422),
    ("POST /members/{member}/requests/{request}/approve", 409),
    ("POST /members/{member}/requests/{request}/refuse", 409),
    ("POST /login/passkey", 401),
    ("POST /login/passkeys", 410),
    ("POST /login/passkeys/{passkey}/remove", 404),
    ("POST /login/sessions/{session}/end", 404),
    ("POST /login/code", 401),
    ("POST /login/recover/confirm", 401),
    ("POST /login/sign-out", 401),
    ("POST /invitations/confirm", 429),
    ("POST /invitations/accept", 410),
    ("POST /invitations/decline", 410),
    ("POST /invitations/{invitation}/revoke", 410),
    ("POST /members/{member}/grants", 409),
    ("POST /members/{member}/grants/{login}/change", 409),
    ("POST /members/{member}/blocks", 409),
    ("POST /members/{member}/blocks/{block}/lift", 409),
    ("POST /members/{member}/grants/{login}/end", 409),
    ("POST /members/{member}/grants/{login}/revoke", 409),
    ("POST /members/{member}/packets/{packet}/slots/{slot}/sign", 409),
    ("POST /members/{member}/packets/{packet}/slots/{slot}/decline", 409),
    ("POST /members/{member}/packets/{packet}/slots/{slot}/settle", 409),
    ("POST /members/{member}/packets/{packet}/void", 409),
];

/// The table, without the record of denials and the counts of guesses, which grow by what is refused.
async fn kept(world: &World) -> Vec<Value> {
    let is_count = |item: &Value| item["item"]["pk"]["S"].as_str().is_some_and(|pk| pk.starts_with("LIMIT#"));
    let is_denial = |item: &Value| {
        item["item"]["kind"]["S"] == "access-denied"
            || item["item"]["sk"]["S"].as_str().is_some_and(|sk| sk.starts_with("DENIED#"))
    };
    world.items().await.into_iter().filter(|item| !is_denial(item) && !is_count(item)).collect()
}

/// The pointers of all objects within a body.
fn objects(body: &Value, here: &str, all: &mut Vec<String>) {
    match body {
        Value::Object(fields) => {
            all.push(here.to_owned());
            fields.iter().for_each(|(name, value)| objects(value, &format!("{here}/{name}"), all));
        }
        Value::Array(entries) => {
            entries.iter().enumerate().for_each(|(place, value)| objects(value, &format!("{here}/{place}"), all));
        }
        _ => {}
    }
}

/// A request to one route, as its owner sends it.
struct Sender {
    example: Example,
    token: Option<String>,
    browser: Browser,
}

impl Sender {
    async fn send(&self, body: &[u8], headers: &[(&str, &str)]) -> Reply {
        let mut asking = self.browser.ask(&self.example.method, &self.example.path());
        if let Some(token) = &self.token {
            asking = asking.bearer(token);
        }
        for (name, value) in headers {
            asking = asking.header(name, value);
        }
        if self.example.body.is_some() {
            asking = asking.bytes(body.to_vec());
        }
        asking.send().await
    }

    async fn good(&self) -> Reply {
        let text = self.example.body.as_ref().map(Value::to_string).unwrap_or_default();
        self.send(text.as_bytes(), &[("content-type", "application/json")]).await
    }
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test(flavor = "multi_thread")]
async fn no_request_sets_a_field_that_is_not_its_own_or_comes_from_another_site() {
    let world = World::new().await;
    let record = world.record().await;
    let (mut faults, mut refused) = (Vec::new(), 0);
    for route in world.routes() {
        let example = world.example(&route, &record).await;
        let Some(body) = example.body.clone() else { continue };
        let token = world.token_of(example.bearer, &record).await;
        let sender = Sender { browser: world.browser_of(example.bearer, &route), example, token };
        world.settled().await;
        let before = kept(&world).await;
        let mut expect = |what: &str, status: u16, reply: &Reply| {
            refused += 1;
            if reply.status != status || reply.header("content-type") != "application/problem+json" {
                faults.push(format!("{route}: {what}: {} {}", reply.status, reply.text));
            }
        };
        let mut places = Vec::new();
        objects(&body, "", &mut places);
        for place in &places {
            // A credential of WebAuthn has an identifier of its own.
            let known = body.pointer(place).and_then(Value::as_object);
            for field in FIELDS.into_iter().filter(|field| known.is_none_or(|fields| !fields.contains_key(*field))) {
                let mut more = body.clone();
                more.pointer_mut(place).unwrap()[field] = json!("staff");
                let reply = sender.send(more.to_string().as_bytes(), &[JSON]).await;
                let status = if BY_NAME.contains(&(route.as_str(), place.as_str())) { 422 } else { 400 };
                expect(&format!("{field} at {place:?}"), status, &reply);
            }
        }
        // The forms that another site's page can send without asking, and what scripts send.
        let text = body.to_string();
        let form = "a=b&c=d";
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/plain; application/json",
        ] {
            expect(kind, 415, &sender.send(text.as_bytes(), &[("content-type", kind)]).await);
            for (name, value) in [
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-site", "same-site"),
                ("origin", "https://evil.example"),
                ("origin", "null"),
            ] {
                let reply = sender.send(form.as_bytes(), &[("content-type", kind), (name, value)]).await;
                expect(&format!("{kind} with {name}: {value}"), 404, &reply);
                let reply = sender.send(text.as_bytes(), &[JSON, (name, value)]).await;
                expect(&format!("JSON with {name}: {value}"), 404, &reply);
            }
        }
        world.settled().await;
        if kept(&world).await != before {
            faults.push(format!("{route}: something that was refused changed the table"));
        }
    }
    assert!(faults.is_empty(), "{} of {refused}:\n{}", faults.len(), faults.join("\n"));
    assert!(refused > 1_000, "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_is_worth_nothing_to_a_stranger_and_once_only_to_its_owner() {
    let world = World::new().await;
    let record = world.record().await;
    let again: BTreeMap<&str, u16> = AGAIN.into();
    let mut faults = Vec::new();
    for route in world.routes() {
        let example = world.example(&route, &record).await;
        if example.body.is_none() {
            continue;
        }
        let token = world.token_of(example.bearer, &record).await;
        let sender = Sender { browser: world.browser_of(example.bearer, &route), example, token };
        let first = sender.good().await;
        let cookie = sender.browser.cookie("__Host-refresh");
        world.settled().await;
        let after = kept(&world).await;
        let second = sender.good().await;
        let expected = again.get(route.as_str()).copied().unwrap_or(first.status);
        if first.status >= 300 || second.status != expected {
            faults.push(format!("{route}: first {}, then {} {}", first.status, second.status, second.text));
        }
        world.settled().await;
        if second.status >= 400 && kept(&world).await != after {
            faults.push(format!("{route}: the refused repetition changed the table"));
        }
        // The refresh cookie of before, seconds later, is taken for that of a tab whose answer was lost: it leads to the one
        // successor that is there, and not to a second one. What ends that is tried where signing in is.
        if route == "POST /login/refresh" {
            let other = Sender { browser: world.browser(), example: sender.example.clone(), token: None };
            other.browser.set_cookie("__Host-refresh", cookie.as_deref());
            let again = other.good().await;
            if again.status != 200 || other.browser.cookie("__Host-refresh") != sender.browser.cookie("__Host-refresh")
            {
                faults.push(format!("{route}: the cookie of before led elsewhere: {}", again.status));
            }
            continue;
        }
        // Who recorded the body, and neither token nor cookies: it is worth something only where it is the proof itself, and then
        // no more than before: a password asks for the code, a link shows itself.
        let stranger = Sender { browser: world.browser(), example: sender.example.clone(), token: None };
        let before = kept(&world).await;
        let reply = stranger.good().await;
        world.settled().await;
        let harmless = match route.as_str() {
            "POST /login" | "POST /login/recover" => reply.status == 200 && reply.at("/result") == "code-sent",
            "POST /invitations/look" | "POST /login/passkey/begin" | "POST /verify" => reply.status == 200,
            _ => reply.status >= 400 && kept(&world).await == before,
        };
        if !harmless {
            faults.push(format!("{route}: a stranger's repetition: {} {}", reply.status, reply.text));
        }
        let forged = |header: &(&str, &str)| header.0 == "authorization";
        assert!(
            !reply.headers.iter().any(|(name, value)| forged(&(name.as_str(), value.to_str().unwrap_or_default())))
        );
        if route == "POST /login/sign-out" {
            break;
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_header_changes_where_mails_and_answers_point() {
    const EVIL: &str = "evil.example";
    const HEADERS: [(&str, &str); 10] = [
        ("host", EVIL),
        ("x-forwarded-host", EVIL),
        ("x-host", EVIL),
        ("x-original-host", EVIL),
        ("forwarded", "for=127.0.0.1;host=evil.example;proto=https"),
        ("x-forwarded-proto", EVIL),
        ("x-forwarded-server", EVIL),
        ("x-original-url", "https://evil.example/"),
        ("x-rewrite-url", "https://evil.example/"),
        ("referer", "https://evil.example/"),
    ];
    let world = World::new().await;
    let record = world.record().await;
    let mut faults = Vec::new();
    for route in world.routes() {
        let example = world.example(&route, &record).await;
        let token = world.token_of(example.bearer, &record).await;
        let sender = Sender { browser: world.browser_of(example.bearer, &route), example, token };
        let text = sender.example.body.as_ref().map(Value::to_string).unwrap_or_default();
        let headers: Vec<(&str, &str)> = std::iter::once(JSON).chain(HEADERS).collect();
        let reply = sender.send(text.as_bytes(), &headers).await;
        if reply.status >= 300 || format!("{:?} {}", reply.headers, reply.text).contains("evil") {
            faults.push(format!("{route}: {} {:?} {}", reply.status, reply.headers, reply.text));
        }
    }
    world.settled().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let mails = world.stack.mails();
    assert!(mails.len() > 20, "{}", mails.len());
    for mail in mails {
        let text = mail.text.unwrap();
        assert!(!text.contains("evil"), "{text}");
        for link in text.split_whitespace().filter(|word| word.contains("://")) {
            assert!(link.starts_with(&format!("{}/", world.stack.url())), "{link}");
        }
    }
}
