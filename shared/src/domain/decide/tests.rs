//! The decision, as a table and as properties. The expectations are written down here a second time, in other words.

mod properties;
mod situations;

use std::collections::BTreeSet;

use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::domain::grant::{Authority, Reason, ReasonCode, Relationship, Terms};
use crate::domain::id::{LoginId, MemberId, SessionId};
use crate::domain::login::{AuthenticationMethod, Language, Lineage};
use crate::domain::policy::Ages;

const SECOND: SignedDuration = SignedDuration::from_secs(1);

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn own() -> LoginId {
    LoginId::from_random([1; 16])
}

fn other() -> LoginId {
    LoginId::from_random([2; 16])
}

/// Everything a decision can look at.
#[derive(Debug, Clone)]
struct World {
    login: Option<Login>,
    session: Option<Session>,
    member: Option<Member>,
    grant: Option<Grant>,
    now: Timestamp,
}

impl World {
    /// A parent of a minor with everything that a grant can allow.
    fn parent() -> Self {
        let member = MemberId::from_random([3; 16]);
        Self {
            login: Some(Login {
                id: own(),
                name: "Alex".parse().unwrap(),
                role: Role::Family,
                language: Language::English,
                password_hash: String::new(),
                mailboxes: Vec::new(),
                agency: None,
                lineage: Lineage::default(),
                version: 11,
            }),
            session: Some(Session {
                id: SessionId::from_random([4; 16]),
                login: own(),
                method: AuthenticationMethod::Password,
                authenticated_at: now(),
                ends_at: now() + Session::LONGEST,
                idle_at: now() + Session::IDLE,
                refresh_hash: String::new(),
                previous_hash: None,
                previous_until: None,
                version: 12,
            }),
            member: Some(Member {
                id: member,
                name: "Sam".parse().unwrap(),
                birth_date: date(2019, 5, 4),
                registered_at: now(),
                withdrawn: Vec::new(),
                blocks: Vec::new(),
                version: 13,
            }),
            grant: Some(Grant {
                login: own(),
                member,
                terms: Terms::plain(Relationship::Mth, Authority::ParentalResponsibility, Scope::ALL),
                state: GrantState::Active,
                reason: None,
                granted_by: other(),
                granted_at: now(),
                version: 14,
            }),
            now: now(),
        }
    }

    /// Somebody who works for the clinic, without a grant.
    fn staff() -> Self {
        let mut world = Self::parent();
        world.login.as_mut().unwrap().role = Role::Staff;
        world.grant = None;
        world
    }

    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    fn with_grant(self, change: impl FnOnce(&mut Grant)) -> Self {
        self.with(|world| change(world.grant.as_mut().unwrap()))
    }

    fn with_session(self, change: impl FnOnce(&mut Session)) -> Self {
        self.with(|world| change(world.session.as_mut().unwrap()))
    }

    fn decide(&self, action: Action) -> Result<Permit, Deny> {
        let facts = Facts {
            login: self.login.as_ref(),
            session: self.session.as_ref(),
            member: self.member.as_ref(),
            grant: self.grant.as_ref(),
        };
        let policy = ClinicPolicy {
            time_zone: TimeZone::get("America/New_York").unwrap(),
            ages: Ages::new(1, 18, 18, 18).unwrap(),
        };
        decide(action, &facts, &policy, self.now)
    }

    fn deny(&self, action: Action) -> Option<Deny> {
        self.decide(action).err()
    }
}

/// Who may do an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For {
    /// Everybody who is signed in.
    Everybody,
    /// Whoever has a live grant with this scope, and staff.
    Scope(Scope),
    /// Whoever has a live grant, and staff.
    AnyGrant,
    /// Staff.
    Staff,
    /// Whoever has a live grant to sign, and nobody else.
    Signer,
    /// Nobody: the slot asks somebody else.
    NotOwn,
    /// Nobody who is a parent: the slot asks for another capacity.
    NotAsParent,
}

/// Every action, with all its variations.
const TABLE: [(Action, For); 27] = [
    (Action::UseOwnLogin, For::Everybody),
    (Action::RegisterMember, For::Staff),
    (Action::ListAllMembers, For::Staff),
    (Action::OpenMember { with_reason: true }, For::Scope(Scope::Profile)),
    (Action::OpenMember { with_reason: false }, For::Scope(Scope::Profile)),
    (Action::ReadProfile, For::Scope(Scope::Profile)),
    (Action::ReadPeople, For::Staff),
    (Action::GiveGrant, For::Staff),
    (Action::LowerGrant { of: LoginId::from_random([1; 16]), ground: None }, For::AnyGrant),
    (Action::LowerGrant { of: LoginId::from_random([2; 16]), ground: None }, For::Staff),
    (Action::ReadActivity, For::Scope(Scope::Profile)),
    (Action::Invite, For::Staff),
    (Action::UploadDocument, For::Scope(Scope::DocumentsUpload)),
    (Action::ListDocuments, For::Scope(Scope::DocumentsRead)),
    (Action::OpenDocument, For::Scope(Scope::DocumentsRead)),
    (Action::CreatePacket, For::Staff),
    (Action::VoidPacket, For::Staff),
    (Action::ReadPackets, For::Scope(Scope::Sign)),
    (Action::ReadPacket { holds_slot: true }, For::Scope(Scope::Sign)),
    (Action::ReadPacket { holds_slot: false }, For::Staff),
    (Action::OpenPacket { holds_slot: true }, For::Scope(Scope::Sign)),
    (Action::OpenPacket { holds_slot: false }, For::Staff),
    (fill(1, SigningCapacity::Parent), For::Signer),
    (fill(1, SigningCapacity::Guardian), For::NotAsParent),
    (fill(1, SigningCapacity::Patient), For::NotAsParent),
    (fill(2, SigningCapacity::Parent), For::NotOwn),
    (fill(2, SigningCapacity::Patient), For::NotOwn),
];

const fn fill(login: u8, capacity: SigningCapacity) -> Action {
    Action::FillSlot { holder: LoginId::from_random([login; 16]), capacity }
}

impl For {
    /// The scope without which a family may not.
    const fn scope(self) -> Option<Scope> {
        match self {
            Self::Scope(scope) => Some(scope),
            Self::Signer | Self::NotAsParent => Some(Scope::Sign),
            _ => None,
        }
    }

    /// What a family without a usable grant hears, when `why` is what is wrong with it.
    fn without_grant(self, why: Deny) -> Option<Deny> {
        match self {
            Self::Everybody => None,
            Self::Staff => Some(Deny::StaffOnly),
            Self::NotOwn => Some(Deny::NotOwnSlot),
            Self::AnyGrant | Self::Scope(_) | Self::Signer | Self::NotAsParent => Some(why),
        }
    }
}

/// For each action of the table: what a world answers, and what it must answer.
fn check(world: &World, expected: impl Fn(Action, For) -> Option<Deny>) {
    for (action, who) in TABLE {
        assert_eq!(world.deny(action), expected(action, who), "{action:?} in {world:?}");
    }
}
