use super::*;
use crate::domain::grant::{Authority, GrantState, ReasonCode, Relationship, Scope, Terms};
use crate::domain::login::{Language, Role};
use crate::domain::member::Member;
use crate::domain::member::block::{Barred, Block};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + seconds).unwrap()
}

fn agency(number: u8) -> AgencyId {
    AgencyId::from_random([number; 16])
}

fn login(number: u8, roster: Option<AgencyId>) -> Login {
    Login {
        id: LoginId::from_random([number; 16]),
        name: "Worker".parse().unwrap(),
        role: Role::Family,
        language: Language::English,
        password_hash: String::new(),
        mailboxes: Vec::new(),
        agency: roster,
        lineage: crate::domain::login::Lineage::default(),
        version: 1,
    }
}

fn child(number: u8) -> Member {
    Member {
        id: MemberId::from_random([number; 16]),
        name: "Child".parse().unwrap(),
        birth_date: "2018-01-01".parse().unwrap(),
        registered_at: at(0),
        withdrawn: Vec::new(),
        blocks: Vec::new(),
        version: 1,
    }
}

fn held(worker: &Login, child: &Member) -> Grant {
    let mut terms = Terms::plain(Relationship::Resprsn, Authority::AgencyCustody, [Scope::Profile]);
    terms.agency = Some(agency(1));
    terms.not_after = Some(at(1000));
    Grant {
        login: worker.id,
        member: child.id,
        terms,
        state: GrantState::Active,
        reason: None,
        granted_by: LoginId::from_random([99; 16]),
        granted_at: at(0),
        version: 3,
    }
}

fn hand_over(from: &Login, to: &Login, which: Which) -> HandOver {
    HandOver {
        id: HandOverId::from_random([1; 16]),
        agency: agency(1),
        from: from.id,
        to: to.id,
        which,
        reason: Reason::of(ReasonCode::ChangeInRelationship).unwrap(),
        by: LoginId::from_random([50; 16]),
        at: at(10),
        moved: 0,
        refused: Vec::new(),
        finished_at: None,
        version: 1,
    }
}

#[test]
fn both_must_be_there_and_differ_and_the_children_must_be_held() {
    let (from, to) = (login(1, Some(agency(1))), login(2, Some(agency(1))));
    let grants = [held(&from, &child(1))];
    let all = || Which::All(All::All);
    let check = |from: &Login, to: &Login, which: Which| hand_over(from, to, which).check(from, to, &grants);
    assert_eq!(check(&from, &to, all()), Ok(()));
    assert_eq!(check(&from, &from, all()), Err(AgencyError::SamePerson));
    assert_eq!(check(&from, &login(2, None), all()), Err(AgencyError::NotOnRoster));
    assert_eq!(check(&from, &login(2, Some(agency(2))), all()), Err(AgencyError::NotOnRoster));
    assert_eq!(check(&login(1, None), &to, all()), Ok(()), "who left can pass on what nobody else reaches");
    assert_eq!(check(&login(1, Some(agency(2))), &to, all()), Err(AgencyError::WorksElsewhere));
    assert_eq!(check(&from, &login(50, Some(agency(1))), all()), Err(AgencyError::OwnHand));
    assert_eq!(check(&from, &to, Which::These(BTreeSet::new())), Err(AgencyError::Count));
    assert_eq!(check(&from, &to, Which::These([child(2).id].into())), Err(AgencyError::NotHeld));
    assert_eq!(hand_over(&from, &to, all()).check(&from, &to, &[]), Err(AgencyError::NotHeld));
}

#[test]
fn what_is_left_is_what_the_worker_had_for_the_agency_when_it_began() {
    let (from, to) = (login(1, Some(agency(1))), login(2, Some(agency(1))));
    let act = hand_over(&from, &to, Which::All(All::All));
    let mine = held(&from, &child(1));
    let left = |grant: &Grant| act.left(std::slice::from_ref(grant)).count();
    assert_eq!(left(&mine), 1);
    let mut own_family = mine.clone();
    own_family.terms.agency = None;
    let mut elsewhere = mine.clone();
    elsewhere.terms.agency = Some(agency(2));
    let later = Grant { granted_at: at(11), ..mine.clone() };
    let stopped = Grant { state: GrantState::Revoked, ..mine.clone() };
    let mut over = mine.clone();
    over.terms.not_after = Some(at(10));
    for grant in [own_family, elsewhere, later, stopped, over] {
        assert_eq!(left(&grant), 0, "{grant:?}");
    }
    let refused = Refused { member: mine.member, code: Refusal::Blocked };
    assert_eq!(act.advanced(0, vec![refused], false, at(12)).left(std::slice::from_ref(&mine)).count(), 0);
    assert_eq!(act.advanced(1, Vec::new(), true, at(12)).left(std::slice::from_ref(&mine)).count(), 0);
}

#[test]
fn a_child_passes_on_the_same_terms_and_by_the_hand_of_staff() {
    let (from, to, child) = (login(1, Some(agency(1))), login(2, Some(agency(1))), child(1));
    let act = hand_over(&from, &to, Which::All(All::All));
    let mine = held(&from, &child);
    let passing = act.pass(&child, (&mine, None), &to, None, at(20)).unwrap();
    assert_eq!((passing.stopped.state, passing.stopped.terms.clone()), (GrantState::Ended, mine.terms.clone()));
    let Kept::Passed(taken) = passing.taken else { panic!("nothing passed") };
    assert_eq!((taken.login, taken.member, taken.state), (to.id, child.id, GrantState::Active));
    assert_eq!((&taken.terms, taken.granted_by, taken.granted_at), (&mine.terms, act.by, at(20)));
}

#[test]
fn access_that_counts_stays_and_access_that_does_not_is_replaced() {
    let (from, to, child) = (login(1, Some(agency(1))), login(2, Some(agency(1))), child(1));
    let act = hand_over(&from, &to, Which::All(All::All));
    let mine = held(&from, &child);
    let taken = |before: &Grant| act.pass(&child, (&mine, Some(before)), &to, None, at(20)).unwrap().taken;
    let counts = Grant { login: to.id, ..mine.clone() };
    assert_eq!(taken(&counts), Kept::Before);
    let stopped = Grant { state: GrantState::Ended, ..counts.clone() };
    let mut later = counts.clone();
    later.terms.not_before = Some(at(100));
    let mut elsewhere = counts;
    elsewhere.terms.agency = Some(agency(2));
    for before in [stopped, later, elsewhere] {
        assert_ne!(taken(&before), Kept::Before, "{before:?}");
    }
}

#[test]
fn nobody_gets_a_child_from_whose_record_she_is_kept_out_and_staff_leave_the_own_family_alone() {
    let (from, to, mut child) = (login(1, Some(agency(1))), login(2, Some(agency(1))), child(1));
    let act = hand_over(&from, &to, Which::All(All::All));
    let mine = held(&from, &child);
    let own = held(&login(50, None), &child);
    assert_eq!(act.pass(&child, (&mine, None), &to, Some(&own), at(20)), Err(Refusal::OwnCase));
    child.blocks.push(Block {
        id: crate::domain::id::BlockId::from_random([1; 16]),
        whom: Barred::login(&to),
        reason: Reason::of(ReasonCode::Safeguarding).unwrap(),
        evidence: None,
        set_by: act.by,
        set_at: at(0),
        until: None,
        lifting: None,
    });
    assert_eq!(act.pass(&child, (&mine, None), &to, None, at(20)), Err(Refusal::Blocked));
}
