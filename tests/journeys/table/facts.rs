//! The facts of a row, in the store. Routes cannot make an expired session or a grant of years ago, so they are written as the
//! product writes them.

use hearth::aws::Aws;
use hearth::config::Environment;
use hearth::domain::decide::Action;
use hearth::domain::document::{Audience, CanonicalFile, Document, DocumentState, Sha256Digest};
use hearth::domain::grant::{Authority, Grant, GrantState, Relationship, Scope, Terms};
use hearth::domain::id::{DocumentId, LoginId, MemberId, PacketId, SessionId, SlotId};
use hearth::domain::login::{Language, Login, Mailbox, Role};
use hearth::domain::packet::{Group, Mode, Packet, PacketState, Slot};
use hearth::domain::signature::SigningCapacity;
use hearth::session::token::{Claims, Issuer};
use hearth::store::{Key, Store, Transaction};
use journeys::World;

use super::row::{self, Row, bits};

/// A row's facts as they stand in the store, and tokens that point to them.
pub(crate) struct Fixture {
    pub(crate) does: String,
    pub(crate) facts: row::World,
    pub(crate) action: Action,
    pub(crate) member: MemberId,
    pub(crate) other: LoginId,
    pub(crate) document: DocumentId,
    pub(crate) packet: PacketId,
    pub(crate) slot: SlotId,
    pub(crate) session_token: String,
    pub(crate) member_token: String,
}

pub(crate) const PAPER: Sha256Digest = Sha256Digest::new([7; 32]);

impl Fixture {
    /// Writes the facts.
    pub(crate) async fn put(world: &World, row: &Row, facts: row::World, number: u16) -> Self {
        let environment = Environment::new(world.stack.environment().clone(), world.clock.clone());
        let aws = Aws::from_environment(&environment).expect("clients");
        let store = Store::from_environment(&environment, &aws).expect("a store");
        let issuer = Issuer::from_environment(&environment, &aws).expect("an issuer");
        let claims = Claims { login: facts.login.id, session: SessionId::from_random(bits(number, 4)) };
        let member = row::member(number);
        let fixture = Self {
            does: row.does.clone(),
            action: row.action(number),
            member,
            other: row::other(number),
            document: DocumentId::from_random(bits(number, 8)),
            packet: PacketId::from_random(bits(number, 9)),
            slot: SlotId::from_random(bits(number, 10)),
            session_token: issuer.session(claims, facts.now).await.expect("a token"),
            member_token: issuer.member(claims, member, facts.now).await.expect("a token"),
            facts,
        };
        fixture.commit(&store).await;
        fixture
    }

    async fn commit(&self, store: &Store) {
        let facts = &self.facts;
        let mut change = Transaction::unpermitted(facts.now, "table").create(&facts.login).create(&self.stranger());
        for mailbox in &facts.login.mailboxes {
            let address = "somebody@family.example".parse().expect("an address");
            change = change.create(&Mailbox { id: mailbox.clone(), address, logins: vec![facts.login.id], version: 1 });
        }
        if let Some(session) = &facts.session {
            change = change.create(session);
        }
        if let Some(member) = &facts.member {
            change = change.create(member);
        }
        if let Some(grant) = &facts.grant {
            change = change.create(grant).point(Key::grantee(grant.member, grant.login));
        }
        let is_taken = facts.grant.as_ref().is_some_and(|grant| grant.login == self.other);
        if let Some(grant) = self.grant_of_stranger().filter(|_| !is_taken) {
            change = change.create(&grant).point(Key::grantee(grant.member, grant.login));
        }
        change.create(&self.document()).create(&self.packet()).commit(store).await.expect("facts");
    }

    /// Somebody else; without a mailbox, so that no mail is on its way.
    fn stranger(&self) -> Login {
        Login {
            id: self.other,
            name: "Robin".parse().expect("a name"),
            role: Role::Family,
            language: Language::English,
            password_hash: String::new(),
            mailboxes: Vec::new(),
            agency: None,
            lineage: hearth::domain::login::Lineage::default(),
            version: 1,
        }
    }

    /// Somebody else's access, on the ground that the row names.
    fn grant_of_stranger(&self) -> Option<Grant> {
        let ground = match self.does.as_str() {
            "lower-parents-grant" | "keep-helper" => Authority::ParentalResponsibility,
            "lower-helpers-grant" => Authority::AdultConsent,
            "create-packet" => Authority::CourtOrder,
            _ => return None,
        };
        let scopes = Scope::ALL.into_iter().filter(|&scope| ground.allows(scope));
        Some(Grant {
            login: self.other,
            member: self.member,
            terms: Terms::plain(Relationship::Aunt, ground, scopes),
            state: GrantState::Active,
            reason: None,
            granted_by: self.other,
            granted_at: self.facts.now,
            version: 1,
        })
    }

    fn document(&self) -> Document {
        Document {
            id: self.document,
            member: self.member,
            title: "Consent".parse().expect("a title"),
            uploaded_by: self.other,
            created_at: self.facts.now,
            announced_sha256: PAPER,
            announced_bytes: 1_000,
            audience: Audience::Family,
            state: DocumentState::Ready { canonical: canonical() },
            version: 1,
        }
    }

    /// A packet whose first slot is the one that the row is about.
    fn packet(&self) -> Packet {
        let (holder, capacity) = match self.action {
            Action::FillSlot { holder, capacity } => (holder, capacity),
            Action::ReadPacket { holds_slot: false } | Action::OpenPacket { holds_slot: false } => {
                (self.other, SigningCapacity::Parent)
            }
            _ => (self.facts.login.id, SigningCapacity::Parent),
        };
        let slot = |id, login| Slot { opened_at: Some(self.facts.now), ..Slot::asking(id, Some(login), capacity) };
        let mut slots = vec![slot(self.slot, holder)];
        // Who signs is not the last, so that nothing is sealed here.
        if holder == self.facts.login.id {
            slots.push(slot(SlotId::from_random([98; 16]), self.other));
        }
        Packet {
            id: self.packet,
            member: self.member,
            document: self.document,
            canonical: canonical(),
            title: "Consent".parse().expect("a title"),
            created_by: self.other,
            created_at: self.facts.now,
            slots,
            mode: Mode::Together,
            groups: Group::alone(),
            is_form: false,
            supersedes: None,
            superseded_by: None,
            closing: None,
            state: PacketState::Out,
            version: 1,
        }
    }
}

const fn canonical() -> CanonicalFile {
    CanonicalFile { sha256: PAPER, bytes: 1_000, pages: 1 }
}
