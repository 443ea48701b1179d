use hearth::domain::document::CanonicalFile;
use hearth::domain::grant::{Authority, Relationship};
use hearth::domain::id::{DocumentId, MemberId, SlotId};
use hearth::domain::login::{AuthenticationMethod, Language};
use hearth::domain::signature::{ATTESTATION_VERSION, CONSENT_VERSION, Mark, Signature, SigningCapacity};

use super::*;

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn login(slot: u8) -> LoginId {
    LoginId::from_random([slot; 16])
}

fn packet() -> Packet {
    let slot = |slot: u8| Slot {
        opened_at: Some(now()),
        ..Slot::asking(SlotId::from_random([slot; 16]), Some(login(slot)), SigningCapacity::Parent)
    };
    Packet {
        id: PacketId::from_random([1; 16]),
        member: MemberId::from_random([2; 16]),
        document: DocumentId::from_random([3; 16]),
        canonical: CanonicalFile { sha256: Sha256Digest::new([4; 32]), bytes: 1_000, pages: 2 },
        title: "Consent to treatment".parse().unwrap(),
        created_by: login(9),
        created_at: now(),
        mode: Mode::Together,
        groups: Group::alone(),
        slots: vec![slot(1), slot(2), slot(3)],
        is_form: false,
        supersedes: None,
        superseded_by: None,
        closing: None,
        state: PacketState::Out,
        version: 1,
    }
}

fn signature(name: &str, at: Timestamp, relationship: Relationship) -> Signature {
    Signature {
        name: name.parse().unwrap(),
        relationship: Some(relationship),
        authority: Some(Authority::ParentalResponsibility),
        mark: Mark::Typed { name: name.parse().unwrap() },
        document_sha256: Sha256Digest::new([4; 32]),
        pages: 2,
        answers_sha256: None,
        consent_version: CONSENT_VERSION.to_owned(),
        attestation_version: ATTESTATION_VERSION.to_owned(),
        language: Language::English,
        method: AuthenticationMethod::Password,
        authenticated_at: at,
        signed_at: at,
    }
}

fn seen(packet: &Packet, reader: LoginId, capacity: Capacity) -> String {
    serde_json::to_string(&PacketView::of(packet, reader, capacity, now())).unwrap()
}

#[test]
fn nothing_a_family_sees_depends_on_who_the_others_are_or_what_they_wrote() {
    let slot = SlotId::from_random([2; 16]);
    let later = now() + jiff::SignedDuration::from_hours(5);
    let mut one = packet().sign(slot, signature("Alex", now(), Relationship::Fth)).unwrap();
    let mut two = packet();
    two.slots[1].login = Some(login(77));
    two.slots[1].id = SlotId::from_random([78; 16]);
    two.slots[1].capacity = SigningCapacity::Guardian;
    two = two.sign(SlotId::from_random([78; 16]), signature("Kim", later, Relationship::Grmth)).unwrap();
    assert_eq!(seen(&one, login(1), Capacity::Family), seen(&two, login(1), Capacity::Family));

    let third = SlotId::from_random([3; 16]);
    one = one.decline(third, "first reason".parse().unwrap(), now()).unwrap();
    two = two.decline(third, "second reason".parse().unwrap(), later).unwrap();
    assert_eq!(seen(&one, login(1), Capacity::Family), seen(&two, login(1), Capacity::Family));
}

#[test]
fn a_family_sees_how_many_signed_and_the_own_slot() {
    let packet = packet().sign(SlotId::from_random([2; 16]), signature("Alex", now(), Relationship::Fth)).unwrap();
    let seen: serde_json::Value = serde_json::from_str(&seen(&packet, login(1), Capacity::Family)).unwrap();
    assert_eq!((&seen["signed"], &seen["needed"], &seen["state"]), (&1.into(), &3.into(), &"out".into()));
    assert_eq!(seen["mine"]["slot"], SlotId::from_random([1; 16]).to_string());
    assert_eq!(seen["mine"]["state"], "waiting");
    assert_eq!(seen["mine"]["attestation"], SigningCapacity::Parent.attestation(Language::English));
    assert!(seen.get("slots").is_none());
}

#[test]
fn everybody_can_compare_the_hash_of_the_signed_copy() {
    let mut packet = packet();
    let before: serde_json::Value = serde_json::from_str(&seen(&packet, login(1), Capacity::Family)).unwrap();
    assert!(before.get("sealed_sha256").is_none() && before.get("sealed_bytes").is_none());
    packet.slots.truncate(1);
    packet = packet.sign(SlotId::from_random([1; 16]), signature("Kim", now(), Relationship::Mth)).unwrap();
    let sealed = SealedFile { attempt: 1, sha256: Sha256Digest::new([5; 32]), bytes: 1_500, sealed_at: now() };
    packet.state = PacketState::Sealed { sealed };
    let seen: serde_json::Value = serde_json::from_str(&seen(&packet, login(1), Capacity::Family)).unwrap();
    assert_eq!((&seen["sealed_sha256"], &seen["sealed_bytes"]), (&"05".repeat(32).into(), &1_500.into()));
}

#[test]
fn staff_see_every_slot_with_name_time_and_reason() {
    let mut packet = packet().sign(SlotId::from_random([1; 16]), signature("Alex", now(), Relationship::Fth)).unwrap();
    packet = packet.decline(SlotId::from_random([2; 16]), "not yet".parse().unwrap(), now()).unwrap();
    let seen: serde_json::Value = serde_json::from_str(&seen(&packet, login(9), Capacity::Staff)).unwrap();
    assert!(seen.get("mine").is_none());
    let slots = seen["slots"].as_array().unwrap();
    assert_eq!((&slots[0]["name"], &slots[0]["signed_at"]), (&"Alex".into(), &"2026-11-21T12:00:00Z".into()));
    assert_eq!((&slots[1]["state"], &slots[1]["reason"]), (&"declined".into(), &"not yet".into()));
    assert_eq!((&slots[2]["state"], slots[2].get("name")), (&"waiting".into(), None));
}

#[test]
fn who_signs_apart_sees_the_own_slot_and_how_many_others_answered() {
    let of = |slot: u8| SlotId::from_random([slot; 16]);
    let apart = Packet { mode: Mode::Separate, ..packet() };
    let hers = apart.sign(of(1), signature("Kim", now(), Relationship::Mth)).unwrap();
    let later = now() + jiff::SignedDuration::from_hours(5);
    let signed = hers.sign(of(2), signature("Alex", later, Relationship::Fth)).unwrap();
    let declined = hers.decline(of(2), "never".parse().unwrap(), now()).unwrap();
    assert_eq!(seen(&signed, login(1), Capacity::Family), seen(&declined, login(1), Capacity::Family));
    let view: serde_json::Value = serde_json::from_str(&seen(&signed, login(1), Capacity::Family)).unwrap();
    assert_eq!((&view["state"], &view["signed"], &view["needed"]), (&"ready".into(), &1.into(), &1.into()));
    assert_eq!(view["others"], serde_json::json!({"waiting": 1, "done": 1}));
    let his: serde_json::Value = serde_json::from_str(&seen(&declined, login(2), Capacity::Family)).unwrap();
    assert_eq!(his["state"], "declined");
    let staff: serde_json::Value = serde_json::from_str(&seen(&declined, login(9), Capacity::Staff)).unwrap();
    assert_eq!((&staff["state"], &staff["standing"]), (&"out".into(), &"conflict".into()));
}
