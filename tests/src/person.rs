//! People at browsers.

use crate::browser::Asking;
use crate::{Browser, Reply, World, sha256};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};

/// Somebody with a login. Clones share browser and session, as tabs do.
#[derive(Debug, Clone)]
pub struct Person {
    /// The browser.
    pub browser: Browser,
    /// The address to sign in with.
    pub email: String,
    /// The password.
    pub password: String,
    /// The login's identifier; empty before the first sign-in.
    pub id: String,
    token: Arc<Mutex<String>>,
}

impl Person {
    /// Somebody who has not signed in yet.
    #[must_use]
    pub fn new(browser: Browser, email: &str, password: &str) -> Self {
        Self {
            browser,
            email: email.to_owned(),
            password: password.to_owned(),
            id: String::new(),
            token: Arc::default(),
        }
    }

    /// The same person, signing in with another address.
    #[must_use]
    pub fn by_address(&self, email: &str) -> Self {
        Self { email: email.to_owned(), ..self.clone() }
    }

    /// The same person at another browser, not signed in there.
    #[must_use]
    pub fn at_browser(&self, browser: &Browser) -> Self {
        Self { id: self.id.clone(), ..Self::new(browser.clone(), &self.email, &self.password) }
    }

    /// The same person, after the portal has moved to another port.
    #[must_use]
    pub fn at(&self, base: &str) -> Self {
        Self { browser: self.browser.at(base), ..self.clone() }
    }

    /// Tries address and password.
    pub async fn tries_to_sign_in(&self) -> Reply {
        self.browser.post("/login", &json!({"email": self.email, "password": self.password})).await
    }

    /// Signs in, on a device that was confirmed before.
    pub async fn signs_in(mut self) -> Self {
        let reply = self.tries_to_sign_in().await.is(200);
        self.takes_session(&reply);
        self
    }

    /// Signs in on a new device, with the code from the mail.
    pub async fn signs_in_with_code(mut self, world: &World) -> Self {
        let challenge = self.tries_to_sign_in().await.is(200).at("/challenge");
        let code = world.code_for(&self.email).await;
        let reply = self.browser.post("/login/code", &json!({"challenge": challenge, "code": code})).await.is(200);
        self.takes_session(&reply);
        self
    }

    /// Tries the password once more, within the session.
    pub async fn tries_to_prove(&self) -> Reply {
        self.post("/login/step-up", &json!({"password": self.password})).await
    }

    /// Proves once more within the session: the password, and a mailed code where that is not enough.
    pub async fn proves_again(&self, world: &World) {
        let mut reply = self.tries_to_prove().await.is(200);
        if reply.at("/result") == "code-sent" {
            let body = json!({"challenge": reply.at("/challenge"), "code": world.code_for(&self.email).await});
            reply = self.post("/login/code", &body).await.is(200);
        }
        assert_eq!(reply.at("/result"), "proved");
    }

    /// `POST` with the session token; proves once more when the portal asks for it, and then sends the same again.
    pub async fn post_proving(&self, world: &World, path: &str, body: &Value) -> Reply {
        let reply = self.post(path, body).await;
        if reply.status != 401 || reply.problem() != "prove-again" {
            return reply;
        }
        self.proves_again(world).await;
        self.post(path, body).await
    }

    /// The same person at a browser that holds the mark of the same device and nothing else.
    #[must_use]
    pub fn anew_on_device(&self, world: &World) -> Self {
        let browser = world.browser();
        browser.set_cookie("__Host-device", self.browser.cookie("__Host-device").as_deref());
        Self::new(browser, &self.email, &self.password)
    }

    /// Keeps the session of a sign-in or refresh.
    #[track_caller]
    pub fn takes_session(&mut self, reply: &Reply) {
        assert_eq!(reply.at("/result"), "signed-in");
        self.id = reply.at("/session/login/id");
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = reply.at("/session/token");
    }

    /// Exchanges the refresh cookie; the new token counts for all clones.
    pub async fn refreshes(&mut self) {
        let reply = self.browser.post("/login/refresh", &json!({})).await.is(200);
        self.takes_session(&reply);
    }

    /// The session token.
    #[must_use]
    pub fn token(&self) -> String {
        self.token.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Begins a request with the session token.
    #[must_use]
    pub fn ask(&self, method: &str, path: &str) -> Asking {
        self.browser.ask(method, path).bearer(&self.token())
    }

    /// `GET` with the session token.
    pub async fn get(&self, path: &str) -> Reply {
        self.ask("GET", path).send().await
    }

    /// `POST` with the session token.
    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.ask("POST", path).json(body).send().await
    }

    /// Asks for the code that proves an address, and reads it there.
    pub async fn asks_for_address(&self, world: &World, email: &str) -> String {
        self.post("/login/mailboxes", &json!({"email": email})).await.is(204);
        world.code_for(email).await
    }

    /// Adds an address; returns its name in paths.
    pub async fn adds_address(&self, world: &World, email: &str) -> String {
        let code = self.asks_for_address(world, email).await;
        self.post("/login/mailboxes/confirm", &json!({"code": code})).await.is(200).at("/id")
    }

    /// Puts another login of the same person together with the one on screen.
    pub async fn merges(&self, world: &World, other: &Self) -> Reply {
        let code = self.asks_for_address(world, &other.email).await;
        self.post("/login/merge", &json!({"code": code, "password": other.password})).await
    }

    /// The own addresses, the one that receives mail first.
    pub async fn addresses(&self) -> Vec<String> {
        let listed = self.get("/login/mailboxes").await.is(200).list("addresses");
        listed.iter().map(|own| own["address"].as_str().expect("an address").to_owned()).collect()
    }

    /// The members within reach.
    pub async fn members(&self) -> Vec<Value> {
        self.get("/members").await.is(200).list("members")
    }

    /// Tries to open a member's record.
    pub async fn tries_to_open(&self, member: &str) -> Reply {
        self.post(&format!("/members/{member}/switch"), &json!({})).await
    }

    /// Opens a member's record in a tab of its own.
    pub async fn opens(&self, member: &str) -> Tab {
        Tab::of(self, member, &self.tries_to_open(member).await)
    }

    /// Opens a member's record as staff.
    pub async fn opens_as_staff(&self, member: &str) -> Tab {
        let reply = self.post(&format!("/members/{member}/switch"), &json!({"reason": "phone call"})).await;
        Tab::of(self, member, &reply)
    }
}

/// A member's record on a screen.
#[derive(Debug, Clone)]
pub struct Tab {
    /// The browser.
    pub browser: Browser,
    /// The member token.
    pub token: String,
    /// The member.
    pub member: String,
}

impl Tab {
    fn of(person: &Person, member: &str, switched: &Reply) -> Self {
        let switched = switched.clone().is(200);
        assert_eq!(switched.at("/member/id"), member);
        Self { browser: person.browser.clone(), token: switched.at("/token"), member: member.to_owned() }
    }

    /// Begins a request below the member's path; `""` is the member itself.
    #[must_use]
    pub fn ask(&self, method: &str, path: &str) -> Asking {
        self.browser.ask(method, &format!("/members/{}{path}", self.member)).bearer(&self.token)
    }

    /// `GET` below the member's path.
    pub async fn get(&self, path: &str) -> Reply {
        self.ask("GET", path).send().await
    }

    /// `POST` below the member's path.
    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.ask("POST", path).json(body).send().await
    }

    /// Announces a file.
    pub async fn announces(&self, title: &str, file: &[u8]) -> Reply {
        let body = json!({"title": title, "bytes": file.len(), "sha256": sha256(file)});
        self.post("/documents", &body).await
    }

    /// Announces and sends a file, waits for its inspection and returns the document's identifier.
    pub async fn uploads(&self, world: &World, title: &str, file: &[u8]) -> String {
        let announced = self.announces(title, file).await.is(201);
        let sent = world.puts(&announced.json()["upload"], file).await;
        assert!(sent.is_success(), "S3 answered the upload with {sent}");
        world.settled().await;
        announced.at("/id")
    }

    /// The same by staff, for staff alone.
    pub async fn uploads_for_staff(&self, world: &World, title: &str, file: &[u8]) -> String {
        let body = json!({"title": title, "bytes": file.len(), "sha256": sha256(file), "audience": "staff"});
        let announced = self.post("/documents", &body).await.is(201);
        assert!(world.puts(&announced.json()["upload"], file).await.is_success());
        world.settled().await;
        announced.at("/id")
    }

    /// One document.
    pub async fn document(&self, document: &str) -> Value {
        self.get(&format!("/documents/{document}")).await.is(200).json()
    }

    /// One packet.
    pub async fn packet(&self, packet: &str) -> Value {
        self.get(&format!("/packets/{packet}")).await.is(200).json()
    }

    /// Opens the paper of a packet, as everybody does before signing, and looks at the packet.
    pub async fn reads(&self, packet: &str) -> Value {
        self.post(&format!("/packets/{packet}/open"), &json!({})).await.is(200);
        self.packet(packet).await
    }

    /// Tries to sign the own slot of a packet, after reading it.
    pub async fn tries_to_sign(&self, packet: &str, mark: &Value) -> Reply {
        let seen = self.reads(packet).await;
        let slot = seen["mine"]["slot"].as_str().expect("an own slot").to_owned();
        let path = format!("/packets/{packet}/slots/{slot}");
        let mut body = signing(&seen, mark);
        if seen["mine"]["answers"] != "nobody" {
            body["answers_sha256"] = self.get(&format!("{path}/answers")).await.is(200).json()["sha256"].clone();
        }
        self.post(&format!("{path}/sign"), &body).await
    }

    /// Fills in the own slot's form for the first time.
    pub async fn fills(&self, packet: &str, answers: &Value) {
        let seen = self.packet(packet).await;
        let path = format!("/packets/{packet}/slots/{}/answers", seen["mine"]["slot"].as_str().expect("an own slot"));
        self.post(&path, &json!({"answers": answers, "version": 0})).await.is(200);
    }
}

/// The body with which somebody signs what is on the screen.
#[must_use]
pub fn signing(seen: &Value, mark: &Value) -> Value {
    json!({
        "document_sha256": seen["document_sha256"], "pages": seen["pages"],
        "consent_version": seen["mine"]["consent_version"],
        "attestation_version": seen["mine"]["attestation_version"], "mark": mark,
    })
}
