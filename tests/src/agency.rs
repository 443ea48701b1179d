//! Agencies, their workers, and many children at once.
//!
//! A thousand children through the routes would take minutes, so [`World::brings`] writes them with the product's own types and
//! store; [`World::office`] does the same with two workers who never sign in.

use crate::{Person, World};
use hearth::aws::Aws;
use hearth::config::Environment;
use hearth::domain::event::{Capacity, EventKind, NewEvent, Subject, Trail};
use hearth::domain::grant::{Authority, Grant, GrantState, Reason, ReasonCode, Relationship, Scope, Terms};
use hearth::domain::id::{BlockId, LoginId, MemberId};
use hearth::domain::login::{Language, Login, Role};
use hearth::domain::member::Member;
use hearth::domain::member::block::{Barred, Block};
use hearth::random;
use hearth::store::{Key, Store, Transaction};
use serde_json::{Value, json};

/// An agency with two workers, one of whom has children.
#[derive(Debug, Clone)]
pub struct Office {
    /// The agency.
    pub agency: String,
    /// Who has the children.
    pub from: String,
    /// Who has none.
    pub to: String,
    /// The children.
    pub children: Vec<String>,
}

/// Terms of a caseworker of an agency.
#[must_use]
pub fn casework(agency: &str) -> Value {
    let mut terms = crate::terms("RESPRSN", "agency-custody");
    terms["agency"] = json!(agency);
    terms
}

fn event(kind: EventKind) -> NewEvent {
    NewEvent { kind, actor: None, capacity: Capacity::System, object: None, reason: None }
}

impl World {
    /// Staff register an agency.
    pub async fn registers_agency(&self, name: &str) -> String {
        self.staff.post("/agencies", &json!({"name": name})).await.is(201).at("/id")
    }

    /// Staff invite a caseworker to a child in the agency's name, who accepts and signs in.
    pub async fn caseworker(&self, agency: &str, name: &str, child: &str) -> Person {
        let email = format!("{}@county.example", name.to_lowercase());
        let invited = self.invites(&email, &[(child, casework(agency))]).await;
        self.joins(&invited, name).await
    }

    /// Staff pass children on; `members` is `"all"` or a list.
    pub async fn hands_over(&self, agency: &str, from: &str, to: &str, members: &Value) -> crate::Reply {
        self.staff.post(&format!("/agencies/{agency}/hand-overs"), &handing(from, to, members)).await
    }

    /// The product's own store, for what no route makes fast enough.
    pub fn store(&self) -> Store {
        let env = Environment::new(self.stack.environment().clone(), self.clock.clone());
        let aws = Aws::from_environment(&env).expect("clients");
        Store::from_environment(&env, &aws).expect("a store")
    }

    /// Writes children of an agency's worker, with their grants.
    pub async fn brings(&self, agency: &str, worker: &str, count: usize) -> Vec<String> {
        let (store, now) = (self.store(), self.clock.now());
        let agency = agency.parse().expect("an agency");
        let worker: LoginId = worker.parse().expect("a login");
        let mut children = Vec::new();
        for start in (0..count).step_by(25) {
            let mut change = Transaction::unpermitted(now, "fixture");
            for number in start..count.min(start + 25) {
                let id = MemberId::from_random(random::bytes().expect("randomness"));
                let mut terms = Terms::plain(
                    Relationship::Resprsn,
                    Authority::AgencyCustody,
                    [Scope::Profile, Scope::DocumentsRead, Scope::Sign],
                );
                terms.agency = Some(agency);
                let member = Member {
                    id,
                    name: format!("Child {number}").parse().expect("a name"),
                    birth_date: "2018-04-12".parse().expect("a date"),
                    registered_at: now,
                    withdrawn: Vec::new(),
                    blocks: Vec::new(),
                    version: 1,
                };
                let grant = Grant {
                    login: worker,
                    member: id,
                    terms,
                    state: GrantState::Active,
                    reason: None,
                    granted_by: worker,
                    granted_at: now,
                    version: 1,
                };
                let mut trail = Trail::after(Subject::Member(id), None);
                change = change
                    .create(&member)
                    .create(&grant)
                    .point(Key::grantee(id, worker))
                    .record(&mut trail, event(EventKind::MemberRegistered));
                children.push(id.to_string());
            }
            change.commit(&store).await.expect("children");
        }
        children
    }

    /// Writes one more worker of an agency, who never signs in.
    pub async fn hires(&self, agency: &str) -> String {
        let id = LoginId::from_random(random::bytes().expect("randomness"));
        let agency = agency.parse().expect("an agency");
        let login = Login {
            id,
            name: "Worker".parse().expect("a name"),
            role: Role::Family,
            language: Language::English,
            password_hash: String::new(),
            mailboxes: Vec::new(),
            agency: Some(agency),
            lineage: hearth::domain::login::Lineage::default(),
            version: 1,
        };
        let mut trail = Trail::after(Subject::Login(id), None);
        let change =
            Transaction::unpermitted(self.clock.now(), "fixture").create(&login).point(Key::worker(agency, id));
        change.record(&mut trail, event(EventKind::LoginCreated)).commit(&self.store()).await.expect("a worker");
        id.to_string()
    }

    /// Keeps a login out of a child's record, as a block would: no route sets one yet.
    pub async fn bars(&self, child: &str, login: &str) {
        let store = self.store();
        loop {
            let key = Key::member(child.parse().expect("a member"));
            let member: Member = store.get(&key).await.expect("an answer").expect("a member");
            let key = Key::login(login.parse().expect("a login"));
            let login: Login = store.get(&key).await.expect("an answer").expect("a login");
            let mut barred = member.clone();
            barred.blocks.push(Block {
                id: BlockId::from_random(random::bytes().expect("randomness")),
                whom: Barred::login(&login),
                reason: Reason::of(ReasonCode::Safeguarding).expect("a reason"),
                evidence: None,
                set_by: login.id,
                set_at: self.clock.now(),
                until: None,
                lifting: None,
            });
            if store.replace(&member, barred).await.is_ok() {
                return;
            }
        }
    }

    /// Writes an agency's two workers who never sign in, and children of the one.
    pub async fn office(&self, count: usize) -> Office {
        let agency = self.registers_agency("County services").await;
        let (from, to) = (self.hires(&agency).await, self.hires(&agency).await);
        let children = self.brings(&agency, &from, count).await;
        Office { agency, from, to, children }
    }
}

/// The body of a hand-over.
#[must_use]
pub fn handing(from: &str, to: &str, members: &Value) -> Value {
    json!({"from": from, "to": to, "members": members, "reason": "change-in-relationship"})
}
