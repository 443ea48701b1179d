//! Slots in groups, apart and together, decisions of staff, ends and reminders.

use super::*;
use jiff::tz::TimeZone;

/// Three slots in two groups: one of two parents, then the clinic.
fn ordered(mode: Mode) -> Packet {
    let mut packet = Packet { mode, groups: vec![Group { needed: Some(1) }, Group::default()], ..packet(3) };
    packet.slots[2].group = 1;
    packet.check_slots().unwrap();
    packet
}

fn apart(slots: u8) -> Packet {
    Packet { mode: Mode::Separate, ..packet(slots) }
}

fn decline(packet: &Packet, slot: u8) -> Packet {
    packet.decline(slot_id(slot), reason(), now()).unwrap()
}

fn sign(packet: &Packet, slot: u8) -> Packet {
    packet.sign(slot_id(slot), signature()).unwrap()
}

#[test]
fn a_group_signs_when_those_before_it_have_what_they_need() {
    let packet = ordered(Mode::Together);
    assert_eq!((packet.turn(), packet.needed(), packet.asked().count()), (Some(0), 2, 2));
    assert_eq!(packet.sign(slot_id(2), signature()), Err(PacketError::NotYet));
    let one = sign(&packet, 1);
    assert_eq!((one.turn(), one.asked().map(|slot| slot.id).collect::<Vec<_>>()), (Some(1), vec![slot_id(2)]));
    assert_eq!(one.sign(slot_id(0), signature()), Err(PacketError::Closed), "one was enough");
    assert_eq!(sign(&one, 2).state, PacketState::Ready);
}

#[test]
fn a_decline_closes_a_shared_packet_only_when_the_others_are_not_enough() {
    let one = decline(&ordered(Mode::Together), 0);
    assert_eq!(one.state, PacketState::Out);
    assert_eq!(decline(&one, 1).state, PacketState::Declined);
    assert_eq!(decline(&sign(&one, 1), 2).state, PacketState::Declined);
}

#[test]
fn groups_have_slots_and_need_no_more_than_they_have() {
    let with = |groups: Vec<Group>, place: usize| {
        let mut packet = Packet { groups, ..packet(2) };
        packet.slots[1].group = place;
        packet.check_slots()
    };
    let (all, two) = (Group::default(), Group { needed: Some(2) });
    assert_eq!(with(vec![all, all], 1), Ok(()));
    for (groups, place) in
        [(vec![], 0), (vec![all], 1), (vec![all, all], 0), (vec![two, all], 1), (vec![Group { needed: Some(0) }], 0)]
    {
        assert_eq!(with(groups, place), Err(PacketError::Groups));
    }
}

#[test]
fn who_signs_apart_has_a_copy_at_once_whatever_the_others_do() {
    let hers = sign(&apart(2), 0);
    assert_eq!((hers.slots[0].copy.clone(), &hers.state), (Some(Seal::Ready), &PacketState::Out));
    for after in [decline(&hers, 1), hers.void(None).unwrap(), sign(&hers, 1)] {
        assert!(after.waits_for_seal());
        let piece = after.sealable(now()).unwrap();
        let (claimed, attempt) = after.claim(piece, now()).unwrap();
        let sealed = claimed.finish(piece, file(attempt)).unwrap();
        assert_eq!(sealed.file_of(slot_id(0)), Some((Piece::Copy(slot_id(0)), file(1))));
    }
}

#[test]
fn the_record_comes_after_all_copies() {
    let mut packet = sign(&sign(&apart(2), 0), 1);
    assert_eq!(
        (&packet.state, packet.claim(Piece::Whole, now()).err()),
        (&PacketState::Ready, Some(PacketError::NotSealable))
    );
    for piece in [Piece::Copy(slot_id(0)), Piece::Copy(slot_id(1)), Piece::Whole] {
        assert_eq!(packet.sealable(now()), Some(piece));
        assert!(packet.waits_for_seal());
        let (claimed, attempt) = packet.claim(piece, now()).unwrap();
        assert!(piece == Piece::Copy(slot_id(0)) || !claimed.waits_for_seal());
        packet = claimed.finish(piece, file(attempt)).unwrap();
    }
    assert!(!packet.is_unsealed() && matches!(packet.state, PacketState::Sealed { .. }));
    assert_eq!(packet.file_of(slot_id(0)).unwrap().0, Piece::Copy(slot_id(0)), "the record is nobody's");
}

#[test]
fn a_refusal_beside_a_consent_is_a_conflict_until_staff_decide() {
    let conflict = decline(&sign(&apart(2), 0), 1);
    assert_eq!((conflict.standing(now()), conflict.is_in_conflict()), (PacketStanding::Conflict, true));
    let on = conflict.excuse(slot_id(1), excuse()).unwrap();
    assert_eq!((&on.state, &on.slots[1].state), (&PacketState::Ready, &conflict.slots[1].state));
    assert_eq!(conflict.void(Some(reason())).unwrap().standing(now()), PacketStanding::Voided);
    let both = decline(&decline(&apart(2), 0), 1);
    assert_eq!(both.standing(now()), PacketStanding::Declined);
}

#[test]
fn a_packet_goes_on_without_a_slot_but_never_without_all() {
    let packet = packet(2);
    let alone = packet.excuse(slot_id(1), excuse()).unwrap();
    assert_eq!(alone.sign(slot_id(1), signature()), Err(PacketError::Closed));
    assert_eq!(alone.excuse(slot_id(0), excuse()), Err(PacketError::LastSlot));
    assert_eq!(alone.excuse(slot_id(1), excuse()), Err(PacketError::AlreadyAnswered));
    assert_eq!(sign(&alone, 0).state, PacketState::Ready);
    assert_eq!(sign(&packet, 0).excuse(slot_id(0), excuse()), Err(PacketError::AlreadyAnswered));
    assert_eq!(sign(&packet, 0).excuse(slot_id(1), excuse()).unwrap().state, PacketState::Ready);
}

#[test]
fn it_is_too_late_from_the_very_moment_on() {
    let mut packet = packet(1);
    packet.slots[0].answer_by = Some(now() + SignedDuration::from_secs(1));
    assert_eq!(sign(&packet, 0).state, PacketState::Ready);
    packet.slots[0].answer_by = Some(now());
    assert_eq!(packet.sign(slot_id(0), signature()), Err(PacketError::TooLate));
    assert_eq!(packet.decline(slot_id(0), reason(), now()), Err(PacketError::TooLate));
    assert_eq!((packet.standing(now()), packet.check_slots()), (PacketStanding::Late, Err(PacketError::TooLate)));
}

#[test]
fn nobody_signs_a_paper_that_was_not_opened() {
    let mut packet = packet(1);
    packet.slots[0].opened_at = None;
    assert_eq!(packet.sign(slot_id(0), signature()), Err(PacketError::Unread));
    assert_eq!(packet.opened(login(5), now()), None, "somebody else");
    let read = packet.opened(login(0), now()).unwrap();
    assert_eq!(read.opened(login(0), now()), None, "known already");
    assert_eq!(sign(&read, 0).state, PacketState::Ready);
}

#[test]
fn paper_counts_as_a_signature_and_has_no_copy() {
    let packet = apart(2);
    let asked = packet.paper_asked(slot_id(0), now()).unwrap();
    assert_eq!(asked.standing(now()), PacketStanding::PaperWanted);
    let kept = asked.kept_on_paper(slot_id(0), DocumentId::from_random([8; 16]), (login(99), now())).unwrap();
    assert_eq!((kept.signed(), kept.pieces().count()), (1, 0));
    assert_eq!(kept.paper_asked(slot_id(0), now()), Err(PacketError::AlreadyAnswered));
    assert_eq!(sign(&kept, 1).state, PacketState::Ready);
}

#[test]
fn somebody_is_named_once_and_not_twice_in_one_capacity() {
    let mut packet = packet(2);
    packet.slots[1].login = None;
    assert_eq!((packet.check_slots(), packet.standing(now())), (Ok(()), PacketStanding::Unnamed));
    assert_eq!(packet.named(slot_id(1), login(0)), Err(PacketError::Slots));
    let named = packet.named(slot_id(1), login(1)).unwrap();
    assert!(named.asks(login(1)) && !packet.asks(login(1)));
    assert_eq!(named.named(slot_id(1), login(2)), Err(PacketError::AlreadyAnswered));
}

#[test]
fn a_packet_that_another_one_replaces_says_so() {
    let by = PacketId::from_random([77; 16]);
    let half = sign(&packet(2), 0);
    let old = half.superseded(by).unwrap();
    assert_eq!((&old.state, old.superseded_by, old.signed()), (&PacketState::Voided, Some(by), 1));
    assert_eq!(old.superseded(by), Err(PacketError::Closed));
}

#[test]
fn reminders_are_few_and_come_by_day() {
    let zone = TimeZone::get("America/New_York").unwrap();
    let packet = packet(2).told(now());
    let due = |packet: &Packet, at: Timestamp| packet.due_reminders(at, &zone).len();
    // Noon in Greenwich is seven in the morning there.
    let (night, day) = (now() + Packet::REMIND_AFTER, now() + Packet::REMIND_AFTER + SignedDuration::from_hours(2));
    assert_eq!((due(&packet, night), due(&packet, day)), (0, 2));
    assert_eq!(due(&packet, day - SignedDuration::from_hours(24)), 0, "too soon");
    assert_eq!(due(&packet, day + SignedDuration::from_hours(10)), 0, "evening");
    assert_eq!((due(&sign(&packet, 0), day), due(&packet.void(None).unwrap(), day)), (1, 0));
    assert_eq!(due(&packet.paper_asked(slot_id(0), now()).unwrap(), day), 1);
    let (mut reminded, mut at, mut count) = (packet, day, 0);
    for _ in 0..20 {
        let slots = reminded.due_reminders(at, &zone);
        count += slots.len();
        reminded = reminded.reminded(&slots, at);
        at += SignedDuration::from_hours(24);
    }
    assert_eq!(count, 2 * usize::from(Packet::MOST_REMINDERS));
}
