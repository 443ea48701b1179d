//! The decision, as a table and as properties.

mod properties;
mod table;

use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::domain::grant::{Authority, Relationship, Terms};
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

    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
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
}
