//! Properties of the decision over all kinds of worlds.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;

const AUTHORITIES: [Authority; 7] = [
    Authority::ParentalResponsibility,
    Authority::Guardianship,
    Authority::FosterPlacement,
    Authority::AgencyCustody,
    Authority::CourtOrder,
    Authority::AdultConsent,
    Authority::Oneself,
];

/// A moment near now, or none.
fn moment() -> impl Strategy<Value = Option<Timestamp>> {
    proptest::option::of((-2_i64..=2).prop_map(|seconds| now() + SignedDuration::from_secs(seconds)))
}

fn grant() -> impl Strategy<Value = Option<Grant>> {
    let scopes = subsequence(Scope::ALL.to_vec(), 0..=11);
    let state = select(vec![GrantState::Active, GrantState::Active, GrantState::Ended, GrantState::Revoked]);
    let parts = (scopes, select(AUTHORITIES.to_vec()), state, moment(), moment(), 0..8_u8);
    let grant = parts.prop_map(|(scopes, authority, state, not_before, not_after, odd)| {
        let mut grant = World::parent().grant.unwrap();
        grant.terms.scopes = scopes.into_iter().collect();
        grant.terms.authority = authority;
        grant.terms.not_before = not_before;
        grant.terms.not_after = not_after;
        grant.state = state;
        match odd {
            0 => grant.login = other(),
            1 => grant.member = MemberId::from_random([9; 16]),
            _ => {}
        }
        grant
    });
    proptest::option::weighted(0.9, grant)
}

prop_compose! {
    fn world()(
        is_staff in any::<bool>(),
        grant in grant(),
        born in 2005_i16..2012,
        idle_in in -1_i64..4,
        has_member in proptest::bool::weighted(0.9),
    ) -> World {
        World::parent().with(|world| {
            world.login.as_mut().unwrap().role = if is_staff { Role::Staff } else { Role::Family };
            world.session.as_mut().unwrap().idle_at = now() + SignedDuration::from_secs(idle_in);
            world.member.as_mut().unwrap().birth_date = date(born, 11, 21);
            world.grant = grant;
            if !has_member {
                world.member = None;
            }
        })
    }
}

fn action() -> impl Strategy<Value = Action> {
    select(table::actions())
}

/// Whether a change to the grant keeps every no a no.
fn keeps_no(world: &World, action: Action, change: impl Fn(&mut Grant)) -> bool {
    let mut changed = world.clone();
    if let Some(grant) = changed.grant.as_mut() {
        change(grant);
    }
    world.decide(action).is_err() <= changed.decide(action).is_err()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn less_never_turns_a_no_into_a_yes(world in world(), action in action(), scope in select(Scope::ALL.to_vec())) {
        prop_assert!(keeps_no(&world, action, |grant| { grant.terms.scopes.remove(&scope); }), "a scope was removed");
        for state in [GrantState::Ended, GrantState::Revoked] {
            prop_assert!(keeps_no(&world, action, |grant| grant.state = state), "the grant was stopped");
        }
        prop_assert!(keeps_no(&world, action, |grant| grant.terms.not_after = Some(now())), "the end came earlier");
        prop_assert!(keeps_no(&world, action, |grant| grant.terms.not_before = Some(now() + SECOND)), "the beginning came later");
        // Not for staff: their own grant keeps them from office work on their own family's record.
        let bare = world.clone().with(|world| world.grant = None);
        let is_family = world.login.as_ref().is_some_and(|login| login.role == Role::Family);
        prop_assert!(!is_family || world.decide(action).is_err() <= bare.decide(action).is_err(), "the grant was removed");
    }

    #[test]
    fn a_yes_to_a_family_rests_on_a_live_own_grant(world in world(), action in action()) {
        let Ok(permit) = world.decide(action) else { return Ok(()) };
        prop_assert!(world.session.as_ref().unwrap().idle_at > world.now);
        if permit.capacity() != Capacity::Family || action.concerns_own_login() {
            return Ok(());
        }
        let (grant, member) = (world.grant.as_ref().unwrap(), world.member.as_ref().unwrap());
        prop_assert_eq!((grant.login, grant.member, grant.state), (own(), member.id, GrantState::Active));
        prop_assert!(grant.terms.not_before.is_none_or(|from| from <= world.now));
        prop_assert!(grant.terms.not_after.is_none_or(|until| world.now < until));
        // Born on 21 November: of age since the midnight before now.
        prop_assert!(!grant.terms.authority.rests_on_minority() || member.birth_date.year() > 2008);
        prop_assert_eq!(permit.grant(), Some((member.id, grant.version)));
    }

    #[test]
    fn who_may_be_asked_is_who_may_sign(world in world(), capacity in select(vec![SigningCapacity::Parent, SigningCapacity::Guardian, SigningCapacity::Patient])) {
        let awake = world.with_session(|session| session.idle_at = now() + SECOND);
        let (Some(login), Some(member)) = (&awake.login, &awake.member) else { return Ok(()) };
        let policy = ClinicPolicy { time_zone: TimeZone::get("America/New_York").unwrap(), ages: Ages::new(1, 18, 18, 18).unwrap() };
        let asked = may_sign((login, awake.grant.as_ref()), member, capacity, &policy, awake.now);
        let signs = awake.decide(Action::FillSlot { holder: login.id, capacity });
        prop_assert_eq!(asked.is_ok(), signs.is_ok());
    }
}
