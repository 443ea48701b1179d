//! Who acts in the model, and the table before anybody does.

use hearth::domain::decide::{Action, judge};
use hearth::domain::document::{CanonicalFile, Sha256Digest};
use hearth::domain::grant::{Authority, Grant, GrantState, Relationship, Scope, Terms};
use hearth::domain::id::{AgencyId, DocumentId, InvitationId, LoginId, MemberId, PacketId, SlotId};
use hearth::domain::invitation::{Handing, Invitation, Offer};
use hearth::domain::login::{Language, Login, MailboxId, Role};
use hearth::domain::member::Member;
use hearth::domain::packet::{Group, Mode, Packet, PacketState, Slot};
use hearth::domain::policy::{Ages, ClinicPolicy};
use hearth::domain::signature::SigningCapacity;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Items;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Person {
    /// Has access, is asked to sign, and reads the mailbox that is invited.
    Mother,
    /// Has no access yet, and reads the same mailbox.
    Grandmother,
    /// The agency's worker for the child.
    FirstWorker,
    SecondWorker,
    ThirdWorker,
}

pub(super) const WORKERS: [Person; 3] = [Person::FirstWorker, Person::SecondWorker, Person::ThirdWorker];

impl Person {
    pub(super) const fn id(self) -> LoginId {
        LoginId::from_random([self as u8; 16])
    }

    const fn is_worker(self) -> bool {
        !matches!(self, Self::Mother | Self::Grandmother)
    }

    pub(super) fn login(self) -> Login {
        Login {
            id: self.id(),
            name: "Alex".parse().expect("a name"),
            role: Role::Family,
            language: Language::English,
            password_hash: String::new(),
            mailboxes: vec![mailbox(if self.is_worker() { self as u8 } else { 0 })],
            agency: self.is_worker().then_some(AGENCY),
            lineage: hearth::domain::login::Lineage::default(),
            version: 1,
        }
    }

    pub(super) fn terms(self) -> Terms {
        if self.is_worker() {
            let terms = Terms::plain(Relationship::Resprsn, Authority::AgencyCustody, Scope::ALL);
            Terms { agency: Some(AGENCY), ..terms }
        } else {
            Terms::plain(Relationship::Fammemb, Authority::ParentalResponsibility, Scope::ALL)
        }
    }

    pub(super) fn new_grant(self) -> Grant {
        Grant {
            login: self.id(),
            member: CHILD,
            terms: self.terms(),
            state: GrantState::Active,
            reason: None,
            granted_by: STAFF,
            granted_at: now(),
            version: 1,
        }
    }
}

const AGENCY: AgencyId = AgencyId::from_random([20; 16]);
const CHILD: MemberId = MemberId::from_random([21; 16]);
pub(super) const STAFF: LoginId = LoginId::from_random([22; 16]);
pub(super) const SLOT: SlotId = SlotId::from_random([23; 16]);
pub(super) const PAPER: Sha256Digest = Sha256Digest::new([24; 32]);

fn mailbox(number: u8) -> MailboxId {
    MailboxId::from_hash([number; 32])
}

pub(super) fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().expect("a moment")
}

pub(super) fn policy() -> ClinicPolicy {
    ClinicPolicy { time_zone: TimeZone::UTC, ages: Ages::default() }
}

const EVERYBODY: [Person; 5] =
    [Person::Mother, Person::Grandmother, Person::FirstWorker, Person::SecondWorker, Person::ThirdWorker];

/// Whether everybody who was stopped would be refused.
pub(super) fn nobody_stopped_may_read(items: &Items, stopped: [bool; 5]) -> bool {
    EVERYBODY.into_iter().filter(|&person| stopped[person as usize]).all(|person| {
        let facts = (&person.login(), items.grant(person));
        judge(Action::OpenDocument, facts, Some(&items.member), &policy(), now()).is_err()
    })
}

/// The mother and the first worker have access; the mother is asked to sign; an older link to her mailbox is open.
pub(super) fn items() -> Items {
    Items {
        invitation: Invitation::new(
            InvitationId::from_random([25; 16]),
            (mailbox(0), Language::English, Handing::Mail),
            vec![Offer { member: CHILD, terms: Person::Grandmother.terms() }],
            STAFF,
            String::new(),
            now(),
        ),
        member: Member {
            id: CHILD,
            name: "Sam".parse().expect("a name"),
            birth_date: jiff::civil::date(2019, 5, 4),
            registered_at: now(),
            withdrawn: Vec::new(),
            blocks: Vec::new(),
            version: 1,
        },
        grants: [Some(Person::Mother.new_grant()), None, Some(Person::FirstWorker.new_grant()), None, None],
        packet: Packet {
            id: PacketId::from_random([26; 16]),
            member: CHILD,
            document: DocumentId::from_random([27; 16]),
            canonical: CanonicalFile { sha256: PAPER, bytes: 1, pages: 1 },
            title: "Consent".parse().expect("a title"),
            created_by: STAFF,
            created_at: now(),
            slots: vec![Slot {
                opened_at: Some(now()),
                ..Slot::asking(SLOT, Some(Person::Mother.id()), SigningCapacity::Parent)
            }],
            mode: Mode::Together,
            groups: Group::alone(),
            is_form: false,
            supersedes: None,
            superseded_by: None,
            closing: None,
            state: PacketState::Out,
            version: 1,
        },
    }
}
