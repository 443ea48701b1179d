//! Each step of a packet, and every order of all of them.

mod forms;
mod interleavings;
mod slots;

use super::*;
use crate::domain::document::Sha256Digest;
use crate::domain::grant::{Authority, Relationship};
use crate::domain::id::InvitationId;
use crate::domain::login::{AuthenticationMethod, Language};
use crate::domain::signature::{ATTESTATION_VERSION, CONSENT_VERSION, Mark, Signature, SigningCapacity};
use jiff::SignedDuration;

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

pub(in crate::domain) fn slot_id(slot: u8) -> SlotId {
    SlotId::from_random([slot; 16])
}

pub(in crate::domain) fn login(slot: u8) -> LoginId {
    LoginId::from_random([slot; 16])
}

pub(in crate::domain) fn packet(slots: u8) -> Packet {
    Packet {
        id: PacketId::from_random([1; 16]),
        member: MemberId::from_random([2; 16]),
        document: DocumentId::from_random([3; 16]),
        canonical: CanonicalFile { sha256: Sha256Digest::new([4; 32]), bytes: 1_000, pages: 2 },
        title: "Consent to treatment".parse().unwrap(),
        created_by: login(99),
        created_at: now(),
        mode: Mode::Together,
        groups: Group::alone(),
        slots: (0..slots)
            .map(|slot| Slot {
                opened_at: Some(now()),
                ..Slot::asking(slot_id(slot), Some(login(slot)), SigningCapacity::Parent)
            })
            .collect(),
        is_form: false,
        supersedes: None,
        superseded_by: None,
        closing: None,
        state: PacketState::Out,
        version: 1,
    }
}

fn signature() -> Signature {
    Signature {
        name: "Alex".parse().unwrap(),
        relationship: Some(Relationship::Mth),
        authority: Some(Authority::ParentalResponsibility),
        mark: Mark::Typed { name: "Alex".parse().unwrap() },
        document_sha256: Sha256Digest::new([4; 32]),
        pages: 2,
        answers_sha256: None,
        consent_version: CONSENT_VERSION.to_owned(),
        attestation_version: ATTESTATION_VERSION.to_owned(),
        language: Language::English,
        method: AuthenticationMethod::Password,
        authenticated_at: now(),
        signed_at: now(),
    }
}

fn reason() -> Note {
    "I want to talk first".parse().unwrap()
}

fn excuse() -> Excuse {
    Excuse { by: login(99), at: now(), reason: "sole custody".parse().unwrap(), evidence: None }
}

fn file(attempt: u32) -> SealedFile {
    SealedFile { attempt, sha256: Sha256Digest::new([5; 32]), bytes: 2_000, sealed_at: now() }
}

/// One packet of two slots in each state that can be reached.
fn each_state() -> Vec<Packet> {
    let out = packet(2);
    let half = out.sign(slot_id(0), signature()).unwrap();
    let ready = half.sign(slot_id(1), signature()).unwrap();
    let (sealing, attempt) = ready.claim(Piece::Whole, now()).unwrap();
    let sealed = sealing.finish(Piece::Whole, file(attempt)).unwrap();
    let declined = half.decline(slot_id(1), reason(), now()).unwrap();
    let voided = half.void(None).unwrap();
    vec![out, half, ready, sealing, sealed, declined, voided]
}

#[test]
fn each_state_is_what_its_name_says() {
    let names: Vec<_> = each_state()
        .iter()
        .map(|packet| serde_json::to_value(packet).unwrap()["state"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["out", "out", "ready", "sealing", "sealed", "declined", "voided"]);
}

#[test]
fn a_packet_survives_being_kept() {
    for packet in each_state() {
        let kept = serde_json::to_string(&packet).unwrap();
        assert_eq!(serde_json::from_str::<Packet>(&kept).unwrap(), packet);
    }
}

#[test]
fn a_packet_asks_one_to_ten_people_each_of_them_once() {
    assert_eq!(packet(0).check_slots(), Err(PacketError::Slots));
    assert_eq!(packet(1).check_slots(), Ok(()));
    assert_eq!(packet(10).check_slots(), Ok(()));
    assert_eq!(packet(11).check_slots(), Err(PacketError::Slots));
    let mut twice = packet(2);
    twice.slots[1].login = Some(login(0));
    assert_eq!(twice.check_slots(), Err(PacketError::Slots));
}

#[test]
fn the_last_signature_makes_it_ready_whatever_the_order() {
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut current = packet(3);
        for (count, slot) in order.into_iter().enumerate() {
            assert_eq!((&current.state, current.signed()), (&PacketState::Out, count));
            current = current.sign(slot_id(slot), signature()).unwrap();
        }
        assert_eq!((&current.state, current.asked().count()), (&PacketState::Ready, 0));
    }
}

#[test]
fn a_signature_counts_for_what_was_on_the_screen_only() {
    let other_file = Signature { document_sha256: Sha256Digest::new([9; 32]), ..signature() };
    assert_eq!(packet(1).sign(slot_id(0), other_file), Err(PacketError::OtherDocument));
    let other_pages = Signature { pages: 3, ..signature() };
    assert_eq!(packet(1).sign(slot_id(0), other_pages), Err(PacketError::OtherDocument));
}

#[test]
fn an_unknown_slot_takes_no_answer() {
    let unknown = slot_id(77);
    assert_eq!(packet(2).sign(unknown, signature()), Err(PacketError::UnknownSlot));
    assert_eq!(packet(2).decline(unknown, reason(), now()), Err(PacketError::UnknownSlot));
    assert_eq!(packet(2).slot_of(login(77)), None);
}

#[test]
fn an_answer_is_given_once() {
    let signed = packet(2).sign(slot_id(0), signature()).unwrap();
    assert_eq!(signed.sign(slot_id(0), signature()), Err(PacketError::AlreadyAnswered));
    assert_eq!(signed.decline(slot_id(0), reason(), now()), Err(PacketError::AlreadyAnswered));
}

#[test]
fn only_an_open_packet_can_be_answered_or_taken_back() {
    for packet in each_state() {
        let is_out = packet.state == PacketState::Out;
        let closed = (!is_out).then_some(PacketError::Closed);
        assert_eq!(packet.void(None).err(), closed, "{:?}", packet.state);
        let Some(waiting) = packet.slots.iter().find(|slot| slot.is_open()).map(|slot| slot.id) else { continue };
        assert_eq!(packet.sign(waiting, signature()).err(), closed, "{:?}", packet.state);
        assert_eq!(packet.decline(waiting, reason(), now()).err(), closed, "{:?}", packet.state);
    }
}

#[test]
fn a_decline_closes_the_packet_and_keeps_reason_and_signatures() {
    let half = packet(2).sign(slot_id(0), signature()).unwrap();
    let declined = half.decline(slot_id(1), reason(), now()).unwrap();
    assert_eq!((&declined.state, declined.signed()), (&PacketState::Declined, 1));
    assert_eq!(declined.slot(slot_id(1)).unwrap().state, SlotState::Declined { reason: reason(), at: now() });
}

#[test]
fn only_a_ready_packet_or_one_whose_sealer_is_late_can_be_claimed() {
    for packet in each_state() {
        let claim = packet.claim(Piece::Whole, now() + Packet::LEASE);
        match packet.state {
            PacketState::Ready => assert_eq!(claim.unwrap().1, 1),
            PacketState::Sealing { .. } => assert_eq!(claim.unwrap().1, 2),
            _ => assert_eq!(claim, Err(PacketError::NotSealable)),
        }
    }
}

#[test]
fn a_lease_holds_to_its_last_second() {
    let ready = packet(1).sign(slot_id(0), signature()).unwrap();
    let (sealing, first) = ready.claim(Piece::Whole, now()).unwrap();
    let last_second = now() + Packet::LEASE - SignedDuration::from_secs(1);
    assert_eq!(sealing.claim(Piece::Whole, last_second), Err(PacketError::NotSealable));
    let (taken_over, second) = sealing.claim(Piece::Whole, now() + Packet::LEASE).unwrap();
    assert_eq!((first, second), (1, 2));
    assert_eq!(taken_over.finish(Piece::Whole, file(first)), Err(PacketError::NotSealable));
    assert!(matches!(taken_over.finish(Piece::Whole, file(second)).unwrap().state, PacketState::Sealed { .. }));
}

#[test]
fn only_a_claimed_packet_can_be_finished() {
    for packet in each_state() {
        let finished = packet.finish(Piece::Whole, file(1));
        match packet.state {
            PacketState::Sealing { .. } => assert!(finished.is_ok()),
            _ => assert_eq!(finished, Err(PacketError::NotSealable), "{:?}", packet.state),
        }
    }
}

#[test]
fn a_waiting_slot_moves_to_another_login_of_the_person_and_an_answered_one_stays() {
    let packet = packet(2);
    let moved = packet.handed_over(slot_id(0), login(0), login(7)).unwrap();
    assert_eq!((moved.slots[0].login, &moved.slots[0].state), (Some(login(7)), &SlotState::Waiting));
    assert_eq!(moved.slots[1], packet.slots[1]);
    assert_eq!(packet.handed_over(slot_id(0), login(0), login(1)), Err(PacketError::Slots));
    assert_eq!(packet.handed_over(slot_id(0), login(1), login(7)), Err(PacketError::UnknownSlot));
    let signed = packet.sign(slot_id(0), signature()).unwrap();
    assert_eq!(signed.handed_over(slot_id(0), login(0), login(7)), Err(PacketError::AlreadyAnswered));
    assert_eq!(packet.void(None).unwrap().handed_over(slot_id(0), login(0), login(7)), Err(PacketError::Closed));
}

#[test]
fn what_still_asks_a_person_is_told_now_or_later_and_what_was_answered_is_not() {
    let mut later = Packet { groups: vec![Group::default(), Group::default()], ..packet(2) };
    later.slots[1].group = 1;
    assert_eq!(later.unanswered_of(login(1)).collect::<Vec<_>>(), [slot_id(1)]);
    assert!(!later.asks(login(1)));
    let signed = later.sign(slot_id(0), signature()).unwrap();
    assert_eq!(signed.unanswered_of(login(0)).next(), None);
    assert_eq!(later.void(None).unwrap().unanswered_of(login(1)).next(), None);
}

#[test]
fn an_open_slot_waits_for_an_invitation_until_somebody_is_named() {
    let (first, second) = (InvitationId::from_random([1; 16]), InvitationId::from_random([2; 16]));
    let mut open = packet(2).told(now());
    open.slots[1].login = None;
    let waiting = open.waiting_for(slot_id(1), first).unwrap();
    // Staff invited anew.
    assert_eq!(waiting.waiting_for(slot_id(1), second).unwrap().slots[1].invitation, Some(second));
    assert_eq!(open.waiting_for(slot_id(0), first), Err(PacketError::AlreadyAnswered));
    assert_eq!(open.void(None).unwrap().waiting_for(slot_id(1), first), Err(PacketError::Closed));
    // The days before the first reminder begin with the person, not with the packet.
    let named = waiting.named(slot_id(1), login(7)).unwrap();
    assert_eq!((named.slots[1].told_at, named.told(now()).slots[1].told_at), (None, Some(now())));
}
