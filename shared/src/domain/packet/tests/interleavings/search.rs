//! The search.

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::*;

/// What a search came to.
struct Explored {
    states: usize,
    endings: BTreeSet<&'static str>,
    wrong: BTreeSet<&'static str>,
}

/// Visits every world that can be reached, or as many as `most`.
fn explore(start: World, most: usize) -> Explored {
    let hash = |world: &World| {
        let mut hasher = DefaultHasher::new();
        world.fingerprint().hash(&mut hasher);
        hasher.finish()
    };
    let mut seen = HashSet::from([hash(&start)]);
    let mut open = vec![start];
    let mut explored = Explored { states: 0, endings: BTreeSet::new(), wrong: BTreeSet::new() };
    while let Some(world) = open.pop() {
        let wrong = world.check();
        let is_right = wrong.is_empty();
        explored.wrong.extend(wrong);
        if is_right && world.actors.iter().all(|(_, step)| *step == Step::Done) {
            explored.endings.insert(match world.stored.state {
                PacketState::Sealed { .. } => "sealed",
                PacketState::Declined => "declined",
                PacketState::Voided => "voided",
                PacketState::Out => "out",
                PacketState::Ready | PacketState::Sealing { .. } => "ready",
            });
            if world.store == Store::Careful {
                world.check_recovery();
            }
        }
        if seen.len() >= most {
            break;
        }
        for world in world.next() {
            if seen.insert(hash(&world)) {
                open.push(world);
            }
        }
    }
    explored.states = seen.len();
    explored
}

fn all_right(name: &str, start: World, endings: &[&str]) {
    let explored = explore(start, usize::MAX);
    println!("{name}: {} states", explored.states);
    assert!(explored.wrong.is_empty(), "{name}: {:?}", explored.wrong);
    assert_eq!(explored.endings, endings.iter().copied().collect(), "{name}");
    assert!(explored.states > 10_000, "{name}: {}", explored.states);
}

fn with_end(mut packet: Packet) -> Packet {
    packet.slots.iter_mut().for_each(|slot| slot.answer_by = Some(now() + TIME));
    packet
}

fn apart(slots: u8) -> Packet {
    Packet { mode: Mode::Separate, ..packet(slots) }
}

/// Groups of a packet: the slots of each, and how many it needs.
fn grouped(mut packet: Packet, groups: &[(usize, Option<usize>)]) -> Packet {
    packet.groups = groups.iter().map(|&(_, needed)| Group { needed }).collect();
    let places = groups.iter().enumerate().flat_map(|(at, &(slots, _))| std::iter::repeat_n(at, slots));
    packet.slots.iter_mut().zip(places).for_each(|(slot, group)| slot.group = group);
    packet.check_slots().unwrap();
    packet
}

#[test]
fn two_together_with_a_second_tab_a_decline_a_void_and_an_end() {
    let start = World::new(with_end(packet(2)), &[Wish::Sign(0), Wish::Decline(1), Wish::Void]);
    all_right("two together", start, &["declined", "ready", "sealed", "voided"]);
}

#[test]
fn three_together_with_a_decline_and_a_void() {
    let start = World::new(packet(3), &[Wish::Decline(2), Wish::Void]);
    all_right("three together", start, &["declined", "ready", "sealed", "voided"]);
}

#[test]
fn two_apart_with_a_decline_a_void_and_an_end() {
    let start = World::new(with_end(apart(2)), &[Wish::Decline(1), Wish::Void]);
    all_right("two apart, with an end", start.with_one_crash(), &["ready", "sealed", "voided"]);
}

#[test]
fn two_apart_with_a_second_tab_and_a_void() {
    let start = World::new(apart(2), &[Wish::Sign(0), Wish::Void]);
    all_right("two apart, two tabs", start.with_one_crash(), &["ready", "sealed", "voided"]);
}

#[test]
fn two_apart_with_a_decline_and_a_decision_to_go_on() {
    let start = World::new(with_end(apart(2)), &[Wish::Decline(1), Wish::Excuse(1)]);
    all_right("two apart, decided", start.with_one_crash(), &["out", "ready", "sealed"]);
}

#[test]
fn three_apart_of_whom_one_signs_last() {
    let start = World::new(grouped(apart(3), &[(2, None), (1, None)]), &[Wish::Void]);
    all_right("three apart, ordered", start.with_one_crash(), &["ready", "sealed", "voided"]);
}

#[test]
fn one_of_two_together_before_a_third() {
    let start = World::new(grouped(packet(3), &[(2, Some(1)), (1, None)]), &[Wish::Decline(0), Wish::Void]);
    all_right("one of two, then a third", start, &["ready", "sealed", "voided"]);
}

#[test]
fn a_store_that_does_not_look_is_caught() {
    let mut start = World::new(packet(2), &[Wish::Sign(0), Wish::Decline(1), Wish::Void]);
    start.store = Store::Careless;
    let explored = explore(start, 100_000);
    for words in [
        "a change is missing from the count",
        "a finished packet was changed",
        "two of last signature, decline and void won",
        "a signature was lost",
        "a slot was signed twice",
        "a file was sealed twice",
        "two sealers wrote one file",
    ] {
        assert!(explored.wrong.contains(words), "not found: {words}; found {:?}", explored.wrong);
    }
}
