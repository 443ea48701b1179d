//! The search.

use std::collections::HashSet;

use super::*;

/// Visits every world that can be reached; returns how many there are, and how they end.
fn explore(start: World) -> (usize, HashSet<&'static str>) {
    let mut seen = HashSet::from([start.fingerprint()]);
    let mut open = vec![start];
    let mut endings = HashSet::new();
    while let Some(world) = open.pop() {
        world.check();
        if world.actors.iter().all(|(_, step)| *step == Step::Done) {
            assert_eq!(world.ends, 1, "nobody won");
            endings.insert(match world.stored.state {
                PacketState::Sealed { .. } => "sealed",
                PacketState::Declined => "declined",
                PacketState::Voided => "voided",
                _ => world.check_recovery(),
            });
        }
        for world in world.next() {
            if seen.insert(world.fingerprint()) {
                open.push(world);
            }
        }
    }
    (seen.len(), endings)
}

#[test]
fn two_slots_with_a_second_tab_a_decline_and_a_void() {
    let (states, endings) = explore(World::new(2, &[Wish::Sign(0), Wish::Decline(1), Wish::Void]));
    println!("{states} states");
    assert_eq!(endings, HashSet::from(["sealed", "not yet sealed", "declined", "voided"]));
    assert!(states > 10_000, "{states}");
}

#[test]
fn three_slots_with_a_decline_and_a_void() {
    let (states, endings) = explore(World::new(3, &[Wish::Decline(2), Wish::Void]));
    println!("{states} states");
    assert_eq!(endings, HashSet::from(["sealed", "not yet sealed", "declined", "voided"]));
    assert!(states > 10_000, "{states}");
}
