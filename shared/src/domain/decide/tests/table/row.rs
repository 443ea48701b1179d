//! A row of the decision table, and the facts that it describes. The journeys read the same file and put the same facts into
//! the store.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime, Time, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::domain::grant::{Authority, CustodyTime, Grant, GrantState, Reason, ReasonCode, Relationship, Scope, Terms};
use super::domain::id::{BlockId, MemberId, SessionId};
use super::domain::login::{AuthenticationMethod, Language, Lineage, Login, Role, Session};
use super::domain::member::Member;
use super::domain::member::block::{Barred, Block};
use super::domain::policy::{Ages, ClinicPolicy};

// The same files for both who read rows.
#[path = "action.rs"]
mod action;
#[path = "ids.rs"]
mod ids;

use ids::{agency, mailbox};
pub(crate) use ids::{bits, member, other, own};

/// The table of the decision.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    calendars: BTreeMap<String, CustodyTime>,
    pub(crate) rows: Vec<Row>,
}

/// Whose a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Held {
    None,
    Own,
    AnotherPerson,
    AnotherMember,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Whom {
    Person,
    Mailbox,
    AnotherPerson,
    AnotherMailbox,
}

/// One case: what somebody wants, what must be answered, and what differs from the ordinary.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) does: String,
    pub(crate) answer: String,
    pub(crate) who: Option<Role>,
    grant: Option<Held>,
    ground: Option<Authority>,
    only: Option<BTreeSet<Scope>>,
    #[serde(default)]
    without: BTreeSet<Scope>,
    state: Option<GrantState>,
    from: Option<String>,
    until: Option<String>,
    #[serde(default)]
    custody: Vec<String>,
    agency: Option<String>,
    roster: Option<String>,
    member: Option<String>,
    born: Option<Date>,
    barred: Option<Whom>,
    barred_until: Option<String>,
    pub(crate) session: Option<Held>,
    idle: Option<String>,
    ends: Option<String>,
    proved: Option<String>,
    at: Option<String>,
    pub(crate) ages: Option<[i8; 4]>,
}

/// What a decision looks at.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) login: Login,
    pub(crate) session: Option<Session>,
    pub(crate) member: Option<Member>,
    pub(crate) grant: Option<Grant>,
    pub(crate) policy: ClinicPolicy,
    pub(crate) now: Timestamp,
}

fn zone() -> TimeZone {
    TimeZone::get("America/New_York").unwrap()
}

/// A moment: a time of the day of most rows, a civil time of the clinic, or an instant.
fn moment(text: &str) -> Timestamp {
    let civil = match text.parse::<Time>() {
        Ok(time) if !text.contains('-') => date(2026, 11, 21).to_datetime(time),
        _ if text.ends_with('Z') => return text.parse().unwrap(),
        _ => text.parse::<DateTime>().unwrap(),
    };
    civil.to_zoned(zone()).unwrap().timestamp()
}

impl Table {
    /// The table.
    pub(crate) fn read(text: &str) -> Self {
        serde_yaml_ng::from_str(text).unwrap()
    }
}

impl Row {
    /// When the person asks.
    pub(crate) fn now(&self) -> Timestamp {
        moment(self.at.as_deref().unwrap_or("12:00:00"))
    }

    /// The facts. The ordinary ones stand at the top of the table.
    pub(crate) fn world(&self, table: &Table, number: u16) -> World {
        let now = self.now();
        let role = self.who.unwrap_or(Role::Family);
        let usual = if role == Role::Staff { Held::None } else { Held::Own };
        World {
            login: self.login(role, number),
            session: self.session(now, number),
            member: self.member(now, number),
            grant: self.grant(self.grant.unwrap_or(usual), table, number),
            policy: ClinicPolicy {
                time_zone: zone(),
                ages: self.ages.map_or_else(Ages::default, |[own_login, limited, closed, majority]| {
                    Ages::new(own_login, limited, closed, majority).unwrap()
                }),
            },
            now,
        }
    }

    fn login(&self, role: Role, number: u16) -> Login {
        Login {
            id: own(number),
            name: "Alex".parse().unwrap(),
            role,
            language: Language::English,
            password_hash: String::new(),
            mailboxes: vec![mailbox(number, 1)],
            agency: self.roster.as_deref().map(agency),
            lineage: Lineage::default(),
            version: 11,
        }
    }

    fn session(&self, now: Timestamp, number: u16) -> Option<Session> {
        let or = |text: &Option<String>, usual| text.as_deref().map_or(usual, moment);
        let login = match self.session.unwrap_or(Held::Own) {
            Held::None => return None,
            Held::AnotherPerson => other(number),
            Held::Own | Held::AnotherMember => own(number),
        };
        Some(Session {
            id: SessionId::from_random(bits(number, 4)),
            login,
            method: AuthenticationMethod::Password,
            authenticated_at: or(&self.proved, now),
            ends_at: or(&self.ends, now + Session::LONGEST),
            idle_at: or(&self.idle, now + Session::IDLE),
            refresh_hash: String::new(),
            previous_hash: None,
            previous_until: None,
            version: 12,
        })
    }

    fn member(&self, now: Timestamp, number: u16) -> Option<Member> {
        if self.member.as_deref() == Some("unknown") {
            return None;
        }
        Some(Member {
            id: member(number),
            name: "Sam".parse().unwrap(),
            birth_date: self.born.unwrap_or(date(2019, 5, 4)),
            registered_at: now,
            withdrawn: Vec::new(),
            blocks: self.barred.map(|whom| self.block(whom, now, number)).into_iter().collect(),
            version: 13,
        })
    }

    fn block(&self, whom: Whom, now: Timestamp, number: u16) -> Block {
        let stranger =
            Login { id: other(number), mailboxes: vec![mailbox(number, 2)], ..self.login(Role::Family, number) };
        let whom = match whom {
            Whom::Person => Barred::login(&self.login(Role::Family, number)),
            Whom::AnotherPerson => Barred::login(&stranger),
            Whom::Mailbox => Barred::unknown(Some(mailbox(number, 1)), None).unwrap(),
            Whom::AnotherMailbox => Barred::unknown(Some(mailbox(number, 2)), None).unwrap(),
        };
        Block {
            id: BlockId::from_random(bits(number, 5)),
            whom,
            reason: Reason::of(ReasonCode::Safeguarding).unwrap(),
            evidence: None,
            set_by: other(number),
            set_at: now - SignedDuration::from_hours(24),
            until: self.barred_until.as_deref().map(moment),
            lifting: None,
        }
    }

    fn grant(&self, held: Held, table: &Table, number: u16) -> Option<Grant> {
        let (login, of) = match held {
            Held::None => return None,
            Held::Own => (own(number), member(number)),
            Held::AnotherPerson => (other(number), member(number)),
            Held::AnotherMember => (own(number), MemberId::from_random(bits(number, 6))),
        };
        let authority = self.ground.unwrap_or(Authority::ParentalResponsibility);
        let mut scopes = self.only.clone().unwrap_or_else(|| Scope::ALL.into());
        scopes.retain(|scope| !self.without.contains(scope));
        Some(Grant {
            login,
            member: of,
            terms: Terms {
                not_before: self.from.as_deref().map(moment),
                not_after: self.until.as_deref().map(moment),
                custody: self.custody.iter().map(|name| table.calendars[name].clone()).collect(),
                agency: self.agency.as_deref().map(agency),
                ..Terms::plain(Relationship::Prn, authority, scopes)
            },
            state: self.state.unwrap_or(GrantState::Active),
            reason: None,
            granted_by: other(number),
            granted_at: moment("2025-01-01T12:00:00"),
            version: 14,
        })
    }
}
