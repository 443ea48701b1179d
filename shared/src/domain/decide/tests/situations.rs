//! The table in every situation, boundaries to the second.

use super::*;

#[test]
fn the_table_names_each_action_once() {
    for (place, (action, _)) in TABLE.iter().enumerate() {
        assert!(TABLE.iter().skip(place + 1).all(|(next, _)| next != action), "{action:?}");
    }
}

#[test]
fn a_parent_with_every_scope_may_do_what_families_may() {
    check(&World::parent(), |_, who| match who {
        For::Everybody | For::Scope(_) | For::AnyGrant | For::Signer => None,
        For::Staff => Some(Deny::StaffOnly),
        For::NotOwn => Some(Deny::NotOwnSlot),
        For::NotAsParent => Some(Deny::OtherCapacity),
    });
}

#[test]
fn staff_may_do_all_but_sign_and_open_records_with_a_reason_only() {
    check(&World::staff(), |action, who| match (action, who) {
        (Action::OpenMember { with_reason: false }, _) => Some(Deny::ReasonMissing),
        (_, For::Signer | For::NotAsParent) => Some(Deny::NotForStaff),
        (_, For::NotOwn) => Some(Deny::NotOwnSlot),
        _ => None,
    });
}

#[test]
fn staff_who_are_parents_act_as_parents_where_the_grant_says_so() {
    let world = World::parent().with(|world| world.login.as_mut().unwrap().role = Role::Staff);
    let as_parent = world.decide(Action::OpenMember { with_reason: false }).unwrap();
    assert_eq!((as_parent.capacity(), as_parent.grant().is_some()), (Capacity::Family, true));
    assert!(world.decide(fill(1, SigningCapacity::Parent)).is_ok());
}

#[test]
fn staff_do_no_office_work_on_the_record_of_their_own_family() {
    let staff = |state| {
        World::parent().with_grant(|grant| grant.state = state).with(|world| {
            world.login.as_mut().unwrap().role = Role::Staff;
        })
    };
    for state in [GrantState::Active, GrantState::Ended, GrantState::Revoked] {
        let world = staff(state);
        for action in [
            Action::CreatePacket,
            Action::GiveGrant,
            Action::ReadPeople,
            Action::VoidPacket,
            Action::LowerGrant { of: other(), ground: None },
        ] {
            assert_eq!(world.decide(action).unwrap_err(), Deny::OwnCase, "{state:?} {action:?}");
        }
    }
    let stopped = staff(GrantState::Revoked);
    assert_eq!(stopped.decide(Action::OpenMember { with_reason: true }).unwrap_err(), Deny::OwnCase);
    // What staff do for no member in particular stays open to them, and lowering the own access as well.
    assert!(staff(GrantState::Active).decide(Action::LowerGrant { of: own(), ground: None }).is_ok());
}

#[test]
fn without_a_grant_a_family_may_nothing() {
    let none = World::parent().with(|world| world.grant = None);
    check(&none, |_, who| who.without_grant(Deny::NoGrant));
}

#[test]
fn the_grant_of_another_person_or_for_another_member_is_none() {
    let borrowed = World::parent().with_grant(|grant| grant.login = other());
    check(&borrowed, |_, who| who.without_grant(Deny::NoGrant));
    let foreign = World::parent().with_grant(|grant| grant.member = MemberId::from_random([9; 16]));
    check(&foreign, |_, who| who.without_grant(Deny::NoGrant));
}

#[test]
fn a_stopped_grant_allows_nothing() {
    for state in [GrantState::Ended, GrantState::Revoked] {
        let stopped = World::parent().with_grant(|grant| {
            grant.state = state;
            grant.reason = Reason::of(ReasonCode::Request);
        });
        check(&stopped, |_, who| who.without_grant(Deny::GrantStopped));
    }
}

#[test]
fn a_grant_begins_at_its_second() {
    let waiting = World::parent().with_grant(|grant| grant.terms.not_before = Some(now() + SECOND));
    check(&waiting, |_, who| who.without_grant(Deny::OutsideDates));
    let begun = waiting.with(|world| world.now = now() + SECOND);
    check(&begun, |action, _| World::parent().deny(action));
}

#[test]
fn a_grant_ends_at_its_second() {
    let last_second = World::parent().with_grant(|grant| grant.terms.not_after = Some(now() + SECOND));
    check(&last_second, |action, _| World::parent().deny(action));
    let over = last_second.with(|world| world.now = now() + SECOND);
    check(&over, |_, who| who.without_grant(Deny::OutsideDates));
}

#[test]
fn at_majority_what_rests_on_minority_stops_at_midnight_of_the_clinic() {
    // 18 on 22 November 2026, which begins at 05:00 UTC in New York.
    let midnight: Timestamp = "2026-11-22T05:00:00Z".parse().unwrap();
    let eve = World::parent().with(|world| {
        world.member.as_mut().unwrap().birth_date = date(2008, 11, 22);
        world.session.as_mut().unwrap().idle_at = midnight + Session::IDLE;
        world.session.as_mut().unwrap().ends_at = midnight + Session::LONGEST;
        world.session.as_mut().unwrap().authenticated_at = midnight;
        world.now = midnight - SECOND;
    });
    check(&eve, |action, _| World::parent().deny(action));
    let birthday = eve.with(|world| world.now = midnight);
    check(&birthday, |_, who| who.without_grant(Deny::MemberOfAge));

    for (authority, stops) in [
        (Authority::ParentalResponsibility, true),
        (Authority::Guardianship, true),
        (Authority::FosterPlacement, true),
        (Authority::AgencyCustody, true),
        (Authority::CourtOrder, false),
        (Authority::AdultConsent, false),
        (Authority::Oneself, false),
    ] {
        let world = birthday.clone().with_grant(|grant| grant.terms.authority = authority);
        assert_eq!(world.deny(Action::ReadProfile), stops.then_some(Deny::MemberOfAge), "{authority:?}");
    }
}

#[test]
fn a_missing_scope_stops_exactly_what_needs_it() {
    for missing in Scope::ALL {
        let narrowed = World::parent().with_grant(|grant| {
            grant.terms.scopes.remove(&missing);
        });
        check(
            &narrowed,
            |action, who| {
                if who.scope() == Some(missing) { Some(Deny::NoScope) } else { World::parent().deny(action) }
            },
        );
    }
}

#[test]
fn a_scope_beyond_the_legal_ground_counts_for_nothing() {
    for authority in [Authority::FosterPlacement, Authority::AdultConsent] {
        let beyond = World::parent().with_grant(|grant| grant.terms.authority = authority);
        check(&beyond, |action, who| {
            if who.scope() == Some(Scope::Sign) { Some(Deny::NoScope) } else { World::parent().deny(action) }
        });
    }
}

#[test]
fn a_person_signs_only_in_the_capacity_that_the_legal_ground_gives() {
    use SigningCapacity::{Guardian, Parent, Patient};
    for (authority, fitting) in [
        (Authority::ParentalResponsibility, Some(Parent)),
        (Authority::Guardianship, Some(Guardian)),
        (Authority::AgencyCustody, Some(Guardian)),
        (Authority::CourtOrder, Some(Guardian)),
        (Authority::Oneself, Some(Patient)),
        (Authority::FosterPlacement, None),
        (Authority::AdultConsent, None),
    ] {
        let world = World::parent().with_grant(|grant| grant.terms.authority = authority);
        for capacity in [Parent, Guardian, Patient] {
            let expected = match fitting {
                None => Some(Deny::NoScope),
                Some(fitting) => (fitting != capacity).then_some(Deny::OtherCapacity),
            };
            assert_eq!(world.deny(fill(1, capacity)), expected, "{authority:?} as {capacity:?}");
        }
    }
}

#[test]
fn without_a_live_session_of_ones_own_nobody_may_anything() {
    let ended = |world: World| check(&world, |_, _| Some(Deny::SessionEnded));
    for world in [World::parent(), World::staff()] {
        ended(world.clone().with(|world| world.session = None));
        ended(world.clone().with(|world| world.login = None));
        ended(world.clone().with_session(|session| session.login = other()));
        ended(world.clone().with_session(|session| session.idle_at = now()));
        ended(world.clone().with_session(|session| session.ends_at = now()));
        let last_second = world.clone().with_session(|session| {
            session.idle_at = now() + SECOND;
            session.ends_at = now() + SECOND;
        });
        check(&last_second, |action, _| world.deny(action));
    }
}

#[test]
fn what_concerns_a_member_needs_the_record_to_exist() {
    let without_member = [Action::UseOwnLogin, Action::RegisterMember, Action::ListAllMembers, Action::Invite];
    for world in [World::parent(), World::staff()] {
        let missing = world.clone().with(|world| world.member = None);
        check(&missing, |action, who| match who {
            For::NotOwn => Some(Deny::NotOwnSlot),
            _ if without_member.contains(&action) => world.deny(action),
            _ => Some(Deny::UnknownMember),
        });
    }
}

#[test]
fn a_permit_holds_what_it_rested_on() {
    let permit = World::parent().decide(Action::OpenDocument).unwrap();
    let member = MemberId::from_random([3; 16]);
    assert_eq!((permit.login(), permit.login_version()), (own(), 11));
    assert_eq!(permit.session(), SessionId::from_random([4; 16]));
    assert_eq!((permit.member(), permit.grant()), (Some((member, 13)), Some((member, 14))));
    assert_eq!(permit.capacity(), Capacity::Family);
}
