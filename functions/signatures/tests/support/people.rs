//! One child, two parents, a foster parent, somebody of the clinic.

use hearth::domain::document::{Audience, CanonicalFile, Document, DocumentState, Sha256Digest};
use hearth::domain::grant::{Authority, Grant, GrantState, Relationship, Scope, Terms};
use hearth::domain::id::{DocumentId, LoginId, MemberId, SessionId};
use hearth::domain::login::{AuthenticationMethod, Language, Lineage, Login, MailboxId, Role, Session};
use hearth::domain::member::Member;
use hearth::domain::packet::Packet;
use hearth::domain::signature::{ATTESTATION_VERSION, CONSENT_VERSION};
use hearth::store::{Key, Transaction};
use jiff::civil::date;
use serde_json::{Value, json};

use super::{Answered, Clinic, start};

pub const MEMBER: MemberId = MemberId::from_random([0x50; 16]);
pub const DOCUMENT: DocumentId = DocumentId::from_random([0x60; 16]);
pub const AWAITED: DocumentId = DocumentId::from_random([0x61; 16]);

pub const STAFF: LoginId = LoginId::from_random([0x10; 16]);
pub const MOTHER: LoginId = LoginId::from_random([0x11; 16]);
pub const FATHER: LoginId = LoginId::from_random([0x12; 16]);
pub const FOSTER: LoginId = LoginId::from_random([0x13; 16]);

/// The session of a login.
pub fn session_of(login: LoginId) -> SessionId {
    login.to_string().replace("log_", "ses_").parse().unwrap()
}

fn number(login: LoginId) -> u8 {
    let digits = login.to_string();
    u8::from_str_radix(&digits[4..6], 16).unwrap()
}

fn login(id: LoginId, role: Role) -> Login {
    Login {
        id,
        name: format!("Person {}", number(id)).parse().unwrap(),
        role,
        language: Language::Spanish,
        password_hash: String::new(),
        mailboxes: vec![MailboxId::from_hash([number(id); 32])],
        agency: None,
        lineage: Lineage::default(),
        version: 1,
    }
}

fn session(login: LoginId) -> Session {
    Session {
        id: session_of(login),
        login,
        method: AuthenticationMethod::PasswordAndMailedCode,
        authenticated_at: start(),
        ends_at: start() + Session::LONGEST,
        idle_at: start() + Session::IDLE,
        refresh_hash: String::new(),
        previous_hash: None,
        previous_until: None,
        version: 1,
    }
}

/// A live grant with every scope.
pub fn grant(login: LoginId, authority: Authority) -> Grant {
    Grant {
        login,
        member: MEMBER,
        terms: Terms::plain(Relationship::Prn, authority, [Scope::Profile, Scope::DocumentsRead, Scope::Sign]),
        state: GrantState::Active,
        reason: None,
        granted_by: STAFF,
        granted_at: start(),
        version: 1,
    }
}

fn document(id: DocumentId, state: DocumentState) -> Document {
    Document {
        id,
        member: MEMBER,
        title: "Consent to treatment".parse().unwrap(),
        uploaded_by: STAFF,
        created_at: start(),
        announced_sha256: Sha256Digest::new([1; 32]),
        announced_bytes: 900,
        audience: Audience::Family,
        state,
        version: 1,
    }
}

pub fn canonical() -> CanonicalFile {
    CanonicalFile { sha256: Sha256Digest::new([4; 32]), bytes: 1_000, pages: 2 }
}

impl Clinic {
    /// A clinic with these people, a ready document and one that is awaited.
    pub async fn with_family() -> Self {
        let clinic = Self::open().await;
        let person = |change: Transaction, id, role| change.create(&login(id, role)).create(&session(id));
        clinic
            .write(|change| {
                let change = person(person(change, STAFF, Role::Staff), MOTHER, Role::Family);
                let change = person(person(change, FATHER, Role::Family), FOSTER, Role::Family);
                change
                    .create(&Member {
                        id: MEMBER,
                        name: "Sam".parse().unwrap(),
                        birth_date: date(2019, 5, 4),
                        registered_at: start(),
                        withdrawn: Vec::new(),
                        blocks: Vec::new(),
                        version: 1,
                    })
                    .create(&grant(MOTHER, Authority::ParentalResponsibility))
                    .create(&grant(FATHER, Authority::ParentalResponsibility))
                    .create(&grant(FOSTER, Authority::FosterPlacement))
                    .create(&document(DOCUMENT, DocumentState::Ready { canonical: canonical() }))
                    .create(&document(AWAITED, DocumentState::Awaiting))
            })
            .await;
        clinic
    }

    /// Staff ask these people to sign as parents.
    pub async fn ask(&self, logins: &[LoginId]) -> Answered {
        let slots: Vec<_> = logins.iter().map(|login| json!({"login": login, "capacity": "parent"})).collect();
        let body = json!({"document": DOCUMENT, "title": "Consent", "mode": "together", "slots": slots});
        self.send(STAFF, "POST /members/{member}/packets", &[], body, None).await
    }

    /// A packet that asks these people: its identifier and theirs of the slots.
    pub async fn packet(&self, logins: &[LoginId]) -> (String, Vec<String>) {
        let made = self.ask(logins).await;
        assert_eq!(made.status, 201, "{made:?}");
        let slots = made.body["slots"].as_array().unwrap();
        self.all_read(&text(&made.body["id"])).await;
        (text(&made.body["id"]), slots.iter().map(|slot| text(&slot["id"])).collect())
    }

    /// As if everybody who is asked had opened the paper.
    pub async fn all_read(&self, packet: &str) {
        let key = Key::packet(MEMBER, packet.parse().unwrap());
        let packet: Packet = self.store.get(&key).await.unwrap().unwrap();
        let mut read = packet.clone();
        read.slots.iter_mut().for_each(|slot| slot.opened_at = Some(start()));
        self.store.replace(&packet, read).await.unwrap();
    }

    pub async fn sign(&self, who: LoginId, packet: &str, slot: &str) -> Answered {
        self.sign_with(who, packet, slot, signing(), None).await
    }

    pub async fn sign_with(&self, who: LoginId, packet: &str, slot: &str, body: Value, key: Option<&str>) -> Answered {
        let values = [("packet", packet.to_owned()), ("slot", slot.to_owned())];
        self.send(who, "POST /members/{member}/packets/{packet}/slots/{slot}/sign", &values, body, key).await
    }

    pub async fn decline(&self, who: LoginId, packet: &str, slot: &str) -> Answered {
        let values = [("packet", packet.to_owned()), ("slot", slot.to_owned())];
        let route = "POST /members/{member}/packets/{packet}/slots/{slot}/decline";
        self.send(who, route, &values, json!({"reason": "Let us talk first"}), None).await
    }

    pub async fn void(&self, who: LoginId, packet: &str) -> Answered {
        let values = [("packet", packet.to_owned())];
        self.send(who, "POST /members/{member}/packets/{packet}/void", &values, json!({}), None).await
    }

    pub async fn open_paper(&self, who: LoginId, packet: &str) -> Answered {
        let values = [("packet", packet.to_owned())];
        self.send(who, "POST /members/{member}/packets/{packet}/open", &values, json!({}), None).await
    }

    pub async fn look(&self, who: LoginId, packet: &str) -> Answered {
        let values = [("packet", packet.to_owned())];
        self.send(who, "GET /members/{member}/packets/{packet}", &values, Value::Null, None).await
    }

    pub async fn list(&self, who: LoginId) -> Answered {
        self.send(who, "GET /members/{member}/packets", &[], Value::Null, None).await
    }
}

/// A signature that fits.
pub fn signing() -> Value {
    json!({
        "document_sha256": canonical().sha256,
        "pages": canonical().pages,
        "consent_version": CONSENT_VERSION,
        "attestation_version": ATTESTATION_VERSION,
        "mark": {"kind": "typed", "name": "Alex"},
    })
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
