//! A household that does everything once: it is invited, opens the record, sends a form, signs it and loses its access.

use super::super::clinic::Clinic;
use journeys::{Asking, PASSWORD, Person, Reply, Tab, pdf, sha256, signing, terms};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// So often people try again before they call the clinic.
const PATIENCE: usize = 60;
/// So long a mail may take while everything else goes on.
const SOON: Duration = Duration::from_secs(60);
/// So long people look at a form that is being inspected.
const WAIT: Duration = Duration::from_secs(5);
/// How often people look for it.
const LOOK: Duration = Duration::from_millis(20);

/// What was answered with success.
#[derive(Debug, Default)]
pub(super) struct Done {
    members: usize,
    accepted: usize,
    documents: usize,
    packets: usize,
    signatures: usize,
    revoked: usize,
    /// Households that came to their end.
    pub(super) visits: usize,
    /// Requests that were answered, and how often they were sent.
    requests: usize,
    sent: usize,
}

impl Done {
    pub(super) fn add(&mut self, other: Self) {
        self.members += other.members;
        self.accepted += other.accepted;
        self.documents += other.documents;
        self.packets += other.packets;
        self.signatures += other.signatures;
        self.revoked += other.revoked;
        self.visits += other.visits;
        self.requests += other.requests;
        self.sent += other.sent;
    }

    /// By the names of [`super::counted`]: whatever was sent is inspected in the end, and whatever was signed is sealed.
    pub(super) fn counted(&self) -> [(&'static str, usize); 8] {
        [
            ("members", self.members),
            ("accepted", self.accepted),
            ("documents", self.documents),
            ("ready", self.documents),
            ("packets", self.packets),
            ("signatures", self.signatures),
            ("sealed", self.signatures),
            ("revoked", self.revoked),
        ]
    }
}

/// The clinic, and its one desk.
pub(super) struct Office {
    pub(super) clinic: Clinic,
    /// Held by who proves once more for the desk.
    proving: Mutex<()>,
}

impl Office {
    pub(super) fn new(clinic: Clinic) -> Self {
        Self { clinic, proving: Mutex::new(()) }
    }
}

/// A household and its clinic.
pub(super) struct Family<'a> {
    office: &'a Office,
    clinic: &'a Clinic,
    name: String,
}

impl<'a> Family<'a> {
    pub(super) fn new(office: &'a Office, name: &str) -> Self {
        Self { office, clinic: &office.clinic, name: name.to_owned() }
    }

    /// Does it all, unless the time is over between two visits.
    pub(super) async fn lives(&self, done: &mut Done, end: Instant) {
        let world = &self.clinic.world;
        let mut desk = world.staff.clone();
        let body = json!({"name": format!("Child {}", self.name), "birth_date": "2019-03-09"});
        let member = self.send(done, &mut desk, |desk| desk.ask("POST", "/members").json(&body)).await.at("/id");
        done.members += 1;

        let email = format!("parent-{}@family.example", self.name);
        let offer = json!({"member": member, "terms": terms("MTH", "parental-responsibility")});
        let body = json!({"email": email, "language": "en", "offers": [offer]});
        self.send(done, &mut desk, |desk| desk.ask("POST", "/invitations").json(&body)).await;
        let link = self.mail(&email, 0).await;
        let start = format!("{}/invitation#", world.stack.url());
        let token =
            link.split_whitespace().find_map(|word| word.strip_prefix(start.as_str())).expect("a link").to_owned();

        let mut person = Person::new(world.browser(), &email, PASSWORD);
        let mails = self.mails(&email).len();
        let confirm = json!({"token": token});
        self.send(done, &mut person, |person| person.browser.ask("POST", "/invitations/confirm").json(&confirm)).await;
        let code = digits(&self.mail(&email, mails).await);
        let new_login = json!({"name": format!("Parent {}", self.name), "password": PASSWORD, "language": "en"});
        let accept = json!({"token": token, "code": code, "new_login": new_login});
        self.send(done, &mut person, |person| person.browser.ask("POST", "/invitations/accept").json(&accept)).await;
        done.accepted += 1;
        self.signs_in(done, &mut person).await;

        for visit in 0..3 {
            if visit > 0 && Instant::now() >= end {
                break;
            }
            self.visits(done, &mut desk, &mut person, &member, visit).await;
        }

        let tab = self.opens(done, &mut person, &member, json!({})).await;
        let staff = self.opens(done, &mut desk, &member, json!({"reason": "safeguarding"})).await;
        let path = format!("/grants/{}/revoke", person.id);
        self.send(done, &mut desk, |_| staff.ask("POST", &path).json(&json!({"reason": "safeguarding"}))).await;
        done.revoked += 1;
        // From the next request on, whatever happens to its calls.
        let look = tab.get("/documents").await;
        assert!(matches!(look.status, 404 | 500 | 503), "after access was taken: {} {}", look.status, look.text);
        done.visits += 1;
    }

    /// Sends a form, is asked to sign it, and does.
    async fn visits(&self, done: &mut Done, desk: &mut Person, person: &mut Person, member: &str, visit: usize) {
        let tab = self.opens(done, person, member, json!({})).await;
        self.send(done, person, |person| person.ask("GET", "/members")).await;
        let file = pdf(&format!("Form {} {visit}", self.name));
        let body = json!({"title": format!("Form {visit}"), "bytes": file.len(), "sha256": sha256(&file)});
        let announced = self.send(done, person, |_| tab.ask("POST", "/documents").json(&body)).await;
        let sent = self.clinic.world.puts(&announced.json()["upload"], &file).await;
        assert!(sent.is_success(), "S3 answered the upload with {sent}");
        done.documents += 1;
        let document = announced.at("/id");
        let path = format!("/documents/{document}");
        let patient = Instant::now();
        loop {
            let seen = self.send(done, person, |_| tab.ask("GET", &path)).await;
            match seen.at("/state").as_str() {
                "ready" => break,
                "awaiting" if patient.elapsed() < WAIT => {}
                // The sweep looks for it after ten minutes; nobody stays on the page for that.
                "awaiting" => return,
                state => panic!("the form is {state}: {}", seen.text),
            }
            tokio::time::sleep(LOOK).await;
        }

        let staff = self.opens(done, desk, member, json!({"reason": "a form to be signed"})).await;
        let slots = json!([{"login": person.id, "capacity": "parent"}]);
        let body = json!({"document": document, "title": "Form", "mode": "together", "slots": slots});
        let packet = self.send(done, desk, |_| staff.ask("POST", "/packets").json(&body)).await.at("/id");
        done.packets += 1;
        let path = format!("/packets/{packet}");
        self.send(done, person, |_| tab.ask("POST", &format!("{path}/open")).json(&json!({}))).await;
        let seen = self.send(done, person, |_| tab.ask("GET", &path)).await.json();
        let slot = seen["mine"]["slot"].as_str().expect("an own slot").to_owned();
        let body = signing(&seen, &json!({"kind": "typed", "name": "Parent"}));
        self.send(done, person, |_| tab.ask("POST", &format!("{path}/slots/{slot}/sign")).json(&body)).await;
        done.signatures += 1;
    }

    async fn opens(&self, done: &mut Done, person: &mut Person, member: &str, body: Value) -> Tab {
        let path = format!("/members/{member}/switch");
        let reply = self.send(done, person, |person| person.ask("POST", &path).json(&body)).await;
        Tab { browser: person.browser.clone(), token: reply.at("/token"), member: member.to_owned() }
    }

    /// On a device that the portal knows, so nobody is mailed a code.
    async fn signs_in(&self, done: &mut Done, person: &mut Person) {
        let body = json!({"email": person.email, "password": person.password});
        let reply = self.send(done, person, |person| person.browser.ask("POST", "/login").json(&body)).await;
        person.takes_session(&reply);
    }

    /// Sends a request until it is done, always with the same key. What needs a newer session, or waits, gets it.
    async fn send(&self, done: &mut Done, person: &mut Person, request: impl Fn(&Person) -> Asking) -> Reply {
        let key = self.clinic.key();
        done.requests += 1;
        let mut last = None;
        for _ in 0..PATIENCE {
            done.sent += 1;
            let asking = request(person);
            let asked =
                format!("{asking:?}").split("path: ").nth(1).unwrap_or_default().chars().take(90).collect::<String>();
            let Ok(reply) = tokio::time::timeout(SOON, asking.key(&key).send()).await else {
                panic!("no answer came in a minute: {asked}");
            };
            match reply.status {
                200..300 => return reply,
                // Unknown, or killed: that is what the key is for.
                500 | 503 => {}
                401 => self.renews(person, &reply).await,
                // Too many at once; or a fault made a refusal of what would have been done, and asked once more, it is.
                _ => tokio::time::sleep(LOOK).await,
            }
            last = Some(reply);
        }
        let last = last.expect("an answer");
        panic!("{} was tried {PATIENCE} times, and answered {} {} in the end", last.asked, last.status, last.text);
    }

    /// A newer session, or a newer proof of who is at the keyboard. Whether it came about shows when the request is sent again.
    async fn renews(&self, person: &mut Person, reply: &Reply) {
        if reply.problem() != "prove-again" {
            let renewed = person.browser.post("/login/refresh", &json!({})).await;
            if renewed.status == 200 {
                person.takes_session(&renewed);
            }
            return;
        }
        let Ok(_alone) = self.office.proving.try_lock() else { return tokio::time::sleep(LOOK).await };
        let mails = self.mails(&person.email).len();
        let begun = person.tries_to_prove().await;
        if begun.status == 200 && begun.at("/result") == "code-sent" {
            let code = digits(&self.mail(&person.email, mails).await);
            let _ = person.post("/login/code", &json!({"challenge": begun.at("/challenge"), "code": code})).await;
        }
    }

    fn mails(&self, address: &str) -> Vec<String> {
        let mails = self.clinic.world.stack.mails().into_iter().filter(|mail| mail.to == [address]);
        mails.filter_map(|mail| mail.text).collect()
    }

    /// The first mail after so many.
    async fn mail(&self, address: &str, known: usize) -> String {
        let patient = Instant::now();
        loop {
            if let Some(mail) = self.mails(address).into_iter().nth(known) {
                return mail;
            }
            assert!(patient.elapsed() < SOON, "a mail did not come in a minute");
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// The code in a mail.
fn digits(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().filter(char::is_ascii_digit).collect()
}
