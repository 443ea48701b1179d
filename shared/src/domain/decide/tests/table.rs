//! The decision table, run through the function.

mod row;

use std::collections::{BTreeMap, BTreeSet};

use super::*;
// The rows ask their parent for the domain, because the journeys read them, too.
use crate::domain;
use row::{Row, Table};

const TEXT: &str = include_str!("../table.yaml");

/// Every action of the table, for the properties.
pub(super) fn actions() -> Vec<Action> {
    Table::read(TEXT).rows.iter().map(|row| row.action(1)).collect()
}

/// What `decide` and `judge` say, in the words of the table.
fn answer(world: &row::World, action: Action) -> String {
    let facts = Facts {
        login: Some(&world.login),
        session: world.session.as_ref(),
        member: world.member.as_ref(),
        grant: world.grant.as_ref(),
    };
    let person = (&world.login, world.grant.as_ref());
    let basis = judge(action, person, world.member.as_ref(), &world.policy, world.now);
    match decide(action, &facts, &world.policy, world.now) {
        Err(deny) => deny.to_string(),
        Ok(permit) => {
            assert_eq!((permit.login(), permit.login_version()), (world.login.id, world.login.version));
            assert_eq!(Some(permit.session()), world.session.as_ref().map(|session| session.id));
            assert_eq!(permit.member(), world.member.as_ref().map(|member| (member.id, member.version)));
            let (capacity, pinned, word) = match basis.unwrap() {
                Basis::OwnLogin => (Capacity::Family, None, "own-login"),
                Basis::Grant(grant) => (Capacity::Family, Some((grant.member, grant.version)), "grant"),
                Basis::Office => (Capacity::Staff, None, "office"),
            };
            assert_eq!((permit.capacity(), permit.grant()), (capacity, pinned));
            word.to_owned()
        }
    }
}

#[test]
fn every_row_is_answered_as_written() {
    let table = Table::read(TEXT);
    let wrong: Vec<String> = table
        .rows
        .iter()
        .filter_map(|row| {
            let said = answer(&row.world(&table, 1), row.action(1));
            (said != row.answer).then(|| format!("{said} instead of {row:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} rows\n{}", wrong.len(), table.rows.len(), wrong.join("\n"));
}

#[test]
fn what_is_listed_as_allowed_is_what_may_be_done() {
    let table = Table::read(TEXT);
    for row in &table.rows {
        let world = row.world(&table, 1);
        let (Some(member), Some(grant)) = (&world.member, &world.grant) else { continue };
        let allowed = scopes((&world.login, grant), member, &world.policy, world.now);
        let person = (&world.login, Some(grant));
        for scope in Scope::ALL {
            let yes = judge(needing(scope), person, Some(member), &world.policy, world.now);
            let by_grant = matches!(yes, Ok(Basis::Grant(_)));
            // To sign takes the fitting capacity as well, so the packet that asks the person stands for the scope.
            assert_eq!(allowed.contains(&scope), by_grant, "{scope:?} in {row:?}");
        }
    }
}

/// An action for which a grant needs just that scope.
const fn needing(scope: Scope) -> Action {
    match scope {
        Scope::Profile => Action::ReadProfile,
        Scope::DocumentsRead => Action::OpenDocument,
        Scope::DocumentsUpload => Action::UploadDocument,
        Scope::Sign => Action::ReadPacket { holds_slot: true },
        Scope::AppointmentsRead => Action::ReadAppointments,
        Scope::AppointmentsBook => Action::BookAppointment,
        Scope::Messages => Action::UseMessages,
        Scope::BillingRead => Action::ReadBilling,
        Scope::BillingPay => Action::PayBill,
        Scope::HouseholdDirectory => Action::ReadDirectory,
        Scope::Invite => Action::AskForAccess,
    }
}

#[test]
fn the_table_has_every_action_every_reason_and_no_row_twice() {
    let table = Table::read(TEXT);
    assert!(table.rows.len() >= 250, "{} rows", table.rows.len());
    for (place, row) in table.rows.iter().enumerate() {
        let mut asked = row.clone();
        let is_twin = |before: &Row| {
            asked.answer.clone_from(&before.answer);
            asked == *before
        };
        assert!(!table.rows[..place].iter().any(is_twin), "twice: {row:?}");
    }
    let answers: BTreeSet<&str> = table.rows.iter().map(|row| row.answer.as_str()).collect();
    let missing: Vec<String> =
        DENIALS.iter().map(Deny::to_string).filter(|deny| !answers.contains(deny.as_str())).collect();
    assert!(missing.is_empty(), "no row is answered {missing:?}");

    // Each action with a yes and with a no, where both can be.
    let mut seen: BTreeMap<usize, (bool, bool)> = BTreeMap::new();
    for row in &table.rows {
        let (yes, no) = seen.entry(place(row.action(1))).or_default();
        *(if ["own-login", "grant", "office"].contains(&row.answer.as_str()) { yes } else { no }) = true;
    }
    let once: Vec<usize> = (0..ACTIONS).filter(|place| seen.get(place) != Some(&(true, true))).collect();
    assert!(once.is_empty(), "actions {once:?} of `place` lack a yes or a no");
}

const DENIALS: [Deny; 21] = [
    Deny::SessionEnded,
    Deny::ProofTooOld,
    Deny::UnknownMember,
    Deny::Blocked,
    Deny::NoGrant,
    Deny::GrantStopped,
    Deny::OutsideDates,
    Deny::OutsideAgency,
    Deny::MemberOfAge,
    Deny::ClosedByAge,
    Deny::LimitedByAge,
    Deny::TooYoung,
    Deny::OutsideCustodyTime,
    Deny::NoScope,
    Deny::NotOwnRecord,
    Deny::OtherCapacity,
    Deny::StaffOnly,
    Deny::NotForStaff,
    Deny::NotOwnSlot,
    Deny::OwnCase,
    Deny::ReasonMissing,
];

#[test]
fn the_list_of_reasons_is_complete() {
    for (place, deny) in DENIALS.into_iter().enumerate() {
        // A new reason does not compile here before it has a place in the list, and so a row.
        let expected = match deny {
            Deny::SessionEnded => 0,
            Deny::ProofTooOld => 1,
            Deny::UnknownMember => 2,
            Deny::Blocked => 3,
            Deny::NoGrant => 4,
            Deny::GrantStopped => 5,
            Deny::OutsideDates => 6,
            Deny::OutsideAgency => 7,
            Deny::MemberOfAge => 8,
            Deny::ClosedByAge => 9,
            Deny::LimitedByAge => 10,
            Deny::TooYoung => 11,
            Deny::OutsideCustodyTime => 12,
            Deny::NoScope => 13,
            Deny::NotOwnRecord => 14,
            Deny::OtherCapacity => 15,
            Deny::StaffOnly => 16,
            Deny::NotForStaff => 17,
            Deny::NotOwnSlot => 18,
            Deny::OwnCase => 19,
            Deny::ReasonMissing => 20,
        };
        assert_eq!(place, expected, "{deny}");
    }
}

const ACTIONS: usize = 42;

/// Numbers the actions. A new one does not compile here before it has a number, and then needs rows.
const fn place(action: Action) -> usize {
    match action {
        Action::UseOwnLogin => 0,
        Action::ChangeOwnLogin => 1,
        Action::MendLogin => 2,
        Action::RegisterMember => 3,
        Action::ListAllMembers => 4,
        Action::ManageAgencies => 5,
        Action::HandOver => 6,
        Action::OpenMember { with_reason: false } => 7,
        Action::OpenMember { with_reason: true } => 8,
        Action::ReadProfile => 9,
        Action::ReadPeople => 10,
        Action::ReadDirectory => 11,
        Action::GiveGrant => 12,
        Action::LowerGrant { ground: None, .. } => 13,
        Action::LowerGrant { ground: Some(Authority::AdultConsent), .. } => 14,
        Action::LowerGrant { ground: Some(_), .. } => 15,
        Action::KeepHelper => 16,
        Action::Block => 17,
        Action::LiftBlock => 18,
        Action::ReadActivity => 19,
        Action::Invite => 20,
        Action::AskForAccess => 21,
        Action::AnswerRequest => 22,
        Action::UploadDocument => 23,
        Action::ListDocuments => 24,
        Action::OpenDocument => 25,
        Action::CreatePacket => 26,
        Action::VoidPacket => 27,
        Action::ReadPackets => 28,
        Action::ReadPacket { holds_slot: true } => 29,
        Action::ReadPacket { holds_slot: false } => 30,
        Action::OpenPacket { holds_slot: true } => 31,
        Action::OpenPacket { holds_slot: false } => 32,
        Action::FillSlot { .. } => 33,
        Action::ReadAppointments => 34,
        Action::BookAppointment => 35,
        Action::UseMessages => 36,
        Action::ReadBilling => 37,
        Action::PayBill => 38,
        Action::ReadRequests => 39,
        Action::OpenOwnCopy => 40,
        Action::UploadForStaff => 41,
    }
}
