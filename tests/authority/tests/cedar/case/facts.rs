//! A case as the product knows it.

use hearth::domain::decide::{self, Action, Basis, decide, judge};
use hearth::domain::grant::custody::Exception;
use hearth::domain::grant::{
    Authority, CustodyTime, Grant, GrantState, Reason, ReasonCode, Relationship, Scope, Terms,
};
use hearth::domain::id::{AgencyId, BlockId, LoginId, MemberId, SessionId};
use hearth::domain::login::{AuthenticationMethod, Language, Lineage, Login, MailboxId, MergedInto, Role, Session};
use hearth::domain::member::Member;
use hearth::domain::member::block::{Barred, Block};
use hearth::domain::policy::{Ages, ClinicPolicy};
use hearth::domain::signature::SigningCapacity;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::from_value;

use super::super::calendar::{DAY, Recurring, date};
use super::{Answer, Case, Whose};

/// The facts of a case, and what is asked.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) action: Action,
    pub(crate) login: Login,
    pub(crate) session: Option<Session>,
    pub(crate) member: Option<Member>,
    pub(crate) grant: Option<Grant>,
    pub(crate) policy: ClinicPolicy,
    pub(crate) now: Timestamp,
}

impl Facts {
    pub(crate) fn of(case: &Case) -> Self {
        let [own_login, limited, closed, majority] = case.ages.map(|age| age as i8);
        Self {
            action: action(case),
            login: login(case, Whose::Own),
            session: case.session.as_ref().map(session),
            member: case.member_is_known.then(|| member(case)),
            grant: case.grant.as_ref().map(grant),
            policy: ClinicPolicy {
                time_zone: TimeZone::get("America/New_York").expect("a zone"),
                ages: Ages::new(own_login, limited, closed, majority).expect("ages"),
            },
            now: moment(case.now),
        }
    }

    /// What `decide` says, and on what its yes rests. `judge` must not contradict it.
    pub(crate) fn answer(&self) -> Answer {
        let facts = decide::Facts {
            login: Some(&self.login),
            session: self.session.as_ref(),
            member: self.member.as_ref(),
            grant: self.grant.as_ref(),
        };
        decide(self.action, &facts, &self.policy, self.now).ok()?;
        let person = (&self.login, self.grant.as_ref());
        Some(match judge(self.action, person, self.member.as_ref(), &self.policy, self.now).expect("a yes") {
            Basis::OwnLogin => "own-login",
            Basis::Grant(_) => "grant",
            Basis::Office => "office",
        })
    }
}

fn named<T: serde::de::DeserializeOwned>(name: &str) -> T {
    from_value(name.into()).expect("a name that the product knows")
}

pub(crate) fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).expect("a moment")
}

pub(crate) fn id(whose: Whose) -> LoginId {
    LoginId::from_random([if whose == Whose::Own { 1 } else { 2 }; 16])
}

fn mailbox(whose: Whose) -> MailboxId {
    MailboxId::from_hash([if whose == Whose::Own { 1 } else { 2 }; 32])
}

fn agency(name: &str) -> AgencyId {
    AgencyId::from_random([name.len() as u8; 16])
}

fn login(case: &Case, whose: Whose) -> Login {
    Login {
        id: id(whose),
        name: "Alex".parse().expect("a name"),
        role: if case.is_staff { Role::Staff } else { Role::Family },
        language: Language::English,
        password_hash: String::new(),
        mailboxes: vec![mailbox(whose)],
        agency: case.roster.map(agency),
        lineage: Lineage {
            merged: case.merged.then(|| MergedInto { login: id(Whose::Another), at: moment(0) }),
            parted: Vec::new(),
            absorbed: case.was_another.then(|| id(Whose::Another)).into_iter().collect(),
            former_mailboxes: case.had_their_mailbox.then(|| mailbox(Whose::Another)).into_iter().collect(),
        },
        version: 1,
    }
}

fn session(session: &super::Session) -> Session {
    Session {
        id: SessionId::from_random([4; 16]),
        login: id(session.login),
        method: AuthenticationMethod::Password,
        authenticated_at: moment(session.proved),
        ends_at: moment(session.ends),
        idle_at: moment(session.idle),
        refresh_hash: String::new(),
        previous_hash: None,
        previous_until: None,
        version: 1,
    }
}

fn member(case: &Case) -> Member {
    Member {
        id: MemberId::from_random([3; 16]),
        name: "Sam".parse().expect("a name"),
        birth_date: civil_date(case.born),
        registered_at: moment(0),
        withdrawn: Vec::new(),
        blocks: case.bars.iter().map(|bar| block(case, bar)).collect(),
        version: 1,
    }
}

fn civil_date((year, month, day): (i64, i64, i64)) -> Date {
    Date::new(year as i16, month as i8, day as i8).expect("a day")
}

fn block(case: &Case, bar: &super::Bar) -> Block {
    let whom = match (bar.login, bar.mailbox) {
        (Some(whose), mailboxes) => {
            let mailboxes = mailboxes.map(mailbox).into_iter().collect();
            Barred::login(&Login { mailboxes, ..login(case, whose) })
        }
        (None, whose) => Barred::unknown(whose.map(mailbox), None).expect("somebody"),
    };
    bar_of(whom, bar.until.map(moment))
}

/// A block, or a hold with an end.
pub(crate) fn bar_of(whom: Barred, until: Option<Timestamp>) -> Block {
    Block {
        id: BlockId::from_random([5; 16]),
        whom,
        reason: Reason::of(ReasonCode::Safeguarding).expect("a reason"),
        evidence: None,
        set_by: id(Whose::Another),
        set_at: moment(0),
        until,
        lifting: None,
    }
}

fn grant(grant: &super::Grant) -> Grant {
    let member = if grant.is_for_another_member { 9 } else { 3 };
    let scopes = grant.scopes.iter().map(|scope| named::<Scope>(scope));
    Grant {
        login: id(grant.holder),
        member: MemberId::from_random([member; 16]),
        terms: Terms {
            not_before: grant.from.map(moment),
            not_after: grant.until.map(moment),
            custody: grant.custody.iter().map(|(scopes, time)| custody(scopes, time)).collect(),
            agency: grant.agency.map(agency),
            ..Terms::plain(Relationship::Prn, named::<Authority>(grant.ground), scopes)
        },
        state: named::<GrantState>(grant.state),
        reason: None,
        granted_by: id(Whose::Another),
        granted_at: moment(0),
        version: 1,
    }
}

fn custody(scopes: &[&str], time: &Recurring) -> CustodyTime {
    let starts = civil_date(date(time.starts.div_euclid(DAY)));
    let hour = (time.starts.rem_euclid(DAY) / 3_600) as i8;
    let rule = match time.every_days {
        1 => "FREQ=DAILY".to_owned(),
        7 => "FREQ=WEEKLY".to_owned(),
        days => format!("FREQ=WEEKLY;INTERVAL={}", days / 7),
    };
    let exception =
        |(from, until, counts)| Exception { from: civil_date(date(from)), until: civil_date(date(until)), counts };
    CustodyTime {
        scopes: scopes.iter().map(|scope| named(scope)).collect(),
        starts: DateTime::from_parts(starts, jiff::civil::time(hour, 0, 0, 0)),
        repeats: rule.parse().expect("a rule"),
        lasts: format!("P{}DT{}H", time.lasts_days, time.lasts_hours).parse().expect("a duration"),
        exceptions: time.holiday.map(exception).into_iter().collect(),
    }
}

fn action(case: &Case) -> Action {
    match case.action_name() {
        "UseOwnLogin" => Action::UseOwnLogin,
        "ChangeOwnLogin" => Action::ChangeOwnLogin,
        "MendLogin" => Action::MendLogin,
        "RegisterMember" => Action::RegisterMember,
        "ListAllMembers" => Action::ListAllMembers,
        "ManageAgencies" => Action::ManageAgencies,
        "HandOver" => Action::HandOver,
        "OpenMember" => Action::OpenMember { with_reason: case.reason },
        "ReadProfile" => Action::ReadProfile,
        "ReadPeople" => Action::ReadPeople,
        "ReadDirectory" => Action::ReadDirectory,
        "GiveGrant" => Action::GiveGrant,
        "LowerGrant" => Action::LowerGrant { of: id(case.whose), ground: case.whose_ground.map(named) },
        "KeepHelper" => Action::KeepHelper,
        "Block" => Action::Block,
        "LiftBlock" => Action::LiftBlock,
        "ReadActivity" => Action::ReadActivity,
        "Invite" => Action::Invite,
        "AskForAccess" => Action::AskForAccess,
        "ReadRequests" => Action::ReadRequests,
        "AnswerRequest" => Action::AnswerRequest,
        "UploadDocument" => Action::UploadDocument,
        "UploadForStaff" => Action::UploadForStaff,
        "ListDocuments" => Action::ListDocuments,
        "OpenDocument" => Action::OpenDocument,
        "CreatePacket" => Action::CreatePacket,
        "VoidPacket" => Action::VoidPacket,
        "ReadPackets" => Action::ReadPackets,
        "ReadOwnPacket" => Action::ReadPacket { holds_slot: true },
        "ReadOthersPacket" => Action::ReadPacket { holds_slot: false },
        "OpenOwnPacket" => Action::OpenPacket { holds_slot: true },
        "OpenOthersPacket" => Action::OpenPacket { holds_slot: false },
        "OpenOwnCopy" => Action::OpenOwnCopy,
        "FillSlot" => Action::FillSlot { holder: id(case.whose), capacity: named::<SigningCapacity>(case.capacity) },
        "ReadAppointments" => Action::ReadAppointments,
        "BookAppointment" => Action::BookAppointment,
        "UseMessages" => Action::UseMessages,
        "ReadBilling" => Action::ReadBilling,
        "PayBill" => Action::PayBill,
        unknown => panic!("no action is called {unknown}"),
    }
}
