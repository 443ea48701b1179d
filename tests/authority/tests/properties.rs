//! What holds in every case, whatever the rules are in detail.

use hearth::domain::decide::{Action, Basis, judge, scopes};
use hearth::domain::grant::{Authority, GrantState, Scope};
use hearth::domain::id::{LoginId, MemberId};
use hearth::domain::login::{Language, MailboxId, Role};
use hearth::domain::member::Withdrawal;
use hearth::domain::member::block::Barred;
use jiff::{SignedDuration, ToSpan};
use proptest::prelude::*;
use proptest::sample::select;

use crate::cedar::case::{Case, Facts, Random, bar_of};

/// A case of the generator that crowds around boundaries.
fn facts() -> impl Strategy<Value = Facts> {
    any::<u64>().prop_map(|seed| Facts::of(&Case::draw(&mut Random::new(seed))))
}

fn scope() -> impl Strategy<Value = Scope> {
    select(Scope::ALL.to_vec())
}

/// Whether a change leaves every no a no.
fn keeps_no(facts: &Facts, change: impl FnOnce(&mut Facts)) -> bool {
    let mut changed = facts.clone();
    change(&mut changed);
    facts.answer().is_some() || changed.answer().is_none()
}

/// Whether a change does not matter at all.
fn is_indifferent(facts: &Facts, change: impl FnOnce(&mut Facts)) -> bool {
    let mut changed = facts.clone();
    change(&mut changed);
    facts.answer() == changed.answer()
}

const SECOND: SignedDuration = SignedDuration::from_secs(1);

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn less_access_never_turns_a_no_into_a_yes(mut facts in facts(), scope in scope(), days in 0_i64..8_000) {
        // Staff with a grant of their own do no office work there: for them less of a grant can be more.
        facts.login.role = Role::Family;
        let now = facts.now;
        let with_grant = |change: &dyn Fn(&mut hearth::domain::grant::Grant)| {
            keeps_no(&facts, |facts| if let Some(grant) = facts.grant.as_mut() { change(grant) })
        };
        prop_assert!(with_grant(&|grant| { grant.terms.scopes.remove(&scope); }), "a scope less");
        prop_assert!(with_grant(&|grant| grant.state = GrantState::Ended), "ended");
        prop_assert!(with_grant(&|grant| grant.state = GrantState::Revoked), "revoked");
        prop_assert!(with_grant(&|grant| grant.terms.not_after = Some(now)), "after its end");
        prop_assert!(with_grant(&|grant| grant.terms.not_before = Some(now + SECOND)), "before its beginning");
        prop_assert!(keeps_no(&facts, |facts| facts.grant = None), "without the grant");
        prop_assert!(keeps_no(&facts, |facts| if facts.grant.as_ref().is_some_and(|grant| grant.terms.agency.is_some()) {
            facts.login.agency = None;
        }), "off the roster");
        // A custody time whose only exception is this day, and which never begins otherwise.
        prop_assert!(keeps_no(&facts, |facts| if let Some(grant) = facts.grant.as_mut()
            && grant.terms.custody.iter().all(|time| !time.scopes.contains(&scope))
            {
                grant.terms.custody.push(hearth::domain::grant::CustodyTime {
                    scopes: [scope].into(),
                    starts: jiff::civil::date(2040, 1, 1).at(0, 0, 0, 0),
                    repeats: "FREQ=YEARLY".parse().expect("a rule"),
                    lasts: "P1D".parse().expect("a duration"),
                    exceptions: Vec::new(),
                });
        }), "in the time of somebody else");
        prop_assert!(keeps_no(&facts, |facts| {
            let grows = facts.grant.as_ref().is_some_and(|grant| grant.terms.authority == Authority::Oneself);
            if let Some(member) = facts.member.as_mut().filter(|_| !grows) {
                member.birth_date = member.birth_date.checked_sub(days.days()).expect("a day");
            }
        }), "with an older member");
    }

    #[test]
    fn a_block_or_hold_never_turns_a_no_into_a_yes_and_a_block_closes_the_record(facts in facts(), hours in 0_i64..72) {
        for until in [None, Some(facts.now), Some(facts.now + SignedDuration::from_hours(hours) + SECOND)] {
            let mut barred = facts.clone();
            let Some(member) = barred.member.as_mut() else { return Ok(()) };
            member.blocks.push(bar_of(Barred::login(&facts.login), until));
            prop_assert!(facts.answer().is_some() || barred.answer().is_none());
            let for_oneself = matches!(facts.action, Action::UseOwnLogin | Action::ChangeOwnLogin);
            if until.is_none_or(|until| facts.now < until) && !for_oneself {
                prop_assert_eq!(barred.answer(), None);
            } else {
                prop_assert_eq!(barred.answer(), facts.answer());
            }
        }
    }

    #[test]
    fn rows_of_others_never_matter(facts in facts(), id in 10_u8..) {
        let stranger = hearth::domain::login::Login {
            id: LoginId::from_random([id; 16]),
            mailboxes: vec![MailboxId::from_hash([id; 32])],
            ..facts.login.clone()
        };
        prop_assert!(is_indifferent(&facts, |facts| if let Some(member) = facts.member.as_mut() {
            member.blocks.insert(0, bar_of(Barred::login(&stranger), None));
            member.blocks.push(bar_of(Barred::unknown(None, Some(facts.login.name.clone())).expect("a name"), None));
            member.withdrawn.push(Withdrawal { login: stranger.id, mailboxes: Vec::new(), at: facts.now });
        }), "a block of somebody else, or of somebody of the same name");
        let without = { let mut facts = facts.clone(); facts.grant = None; facts.answer() };
        for change in [
            |grant: &mut hearth::domain::grant::Grant, id| grant.login = LoginId::from_random([id; 16]),
            |grant: &mut hearth::domain::grant::Grant, id| grant.member = MemberId::from_random([id; 16]),
        ] {
            let mut foreign = facts.clone();
            if let Some(grant) = foreign.grant.as_mut() { change(grant, id) }
            prop_assert_eq!(foreign.answer(), without, "a grant of somebody else, or for another member");
        }
        prop_assert!(is_indifferent(&facts, |facts| {
            facts.login.language = Language::Spanish;
            facts.login.version += 1;
            facts.login.mailboxes.push(MailboxId::from_hash([id; 32]));
            if let Some(grant) = facts.grant.as_mut() { grant.version += 1 }
            if let Some(member) = facts.member.as_mut() { member.version += 1 }
        }), "what says nothing about access");
    }

    #[test]
    fn what_is_listed_as_allowed_is_what_may_be_done(facts in facts(), scope in scope()) {
        let (Some(member), Some(grant)) = (&facts.member, &facts.grant) else { return Ok(()) };
        let listed = scopes((&facts.login, grant), member, &facts.policy, facts.now).contains(&scope);
        let person = (&facts.login, Some(grant));
        let by_grant = |action| matches!(judge(action, person, Some(member), &facts.policy, facts.now), Ok(Basis::Grant(_)));
        for action in needing(scope) {
            prop_assert_eq!(listed, by_grant(*action), "{:?}", action);
        }
    }
}

/// The actions for which a grant needs just that scope.
const fn needing(scope: Scope) -> &'static [Action] {
    match scope {
        Scope::Profile => &[Action::OpenMember { with_reason: false }, Action::ReadProfile, Action::ReadActivity],
        Scope::DocumentsRead => &[Action::ListDocuments, Action::OpenDocument],
        Scope::DocumentsUpload => &[Action::UploadDocument],
        Scope::Sign => {
            &[Action::ReadPackets, Action::ReadPacket { holds_slot: true }, Action::OpenPacket { holds_slot: true }]
        }
        Scope::AppointmentsRead => &[Action::ReadAppointments],
        Scope::AppointmentsBook => &[Action::BookAppointment],
        Scope::Messages => &[Action::UseMessages],
        Scope::BillingRead => &[Action::ReadBilling],
        Scope::BillingPay => &[Action::PayBill],
        Scope::HouseholdDirectory => &[Action::ReadDirectory],
        Scope::Invite => &[Action::AskForAccess, Action::ReadRequests],
    }
}
