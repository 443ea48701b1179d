//! Sealing against the embedded DynamoDB and an S3 that can stop at any point, as a crash does.

mod clinic;

use std::sync::Arc;

use clinic::{Clinic, FATHER, MOTHER, Mood, Pause};
use hearth::domain::event::EventKind;
use hearth::domain::packet::{Packet, PacketState};
use jiff::SignedDuration;

#[tokio::test]
async fn a_ready_packet_is_sealed_once_and_the_signers_hear_of_it() {
    let clinic = Clinic::open().await;
    assert!(clinic.deliver().await, "sealed");
    clinic.check_sealed(1).await;
    assert_eq!(clinic.mails(), ["11", "12"]);

    assert!(clinic.deliver().await, "the stream may bring it twice");
    clinic.check_sealed(1).await;
    assert_eq!(clinic.mails().len(), 2);
}

#[tokio::test]
async fn whatever_a_crash_leaves_the_next_sealer_finishes() {
    for pause in [Pause::Get, Pause::PutBefore, Pause::PutAfter] {
        let clinic = Clinic::open().await;
        let stopped = clinic.files.pause(pause);
        tokio::select! {
            done = clinic.deliver() => panic!("not stopped at {pause:?}: {done}"),
            () = stopped.entered() => {}
        }
        assert!(matches!(clinic.packet().await.state, PacketState::Sealing { attempt: 1, .. }));
        assert!(!clinic.deliver().await, "the lease of the dead sealer still runs");
        clinic.clock.advance(Packet::LEASE - SignedDuration::from_secs(1));
        assert!(!clinic.deliver().await, "and runs to its last second");
        clinic.clock.advance(SignedDuration::from_secs(1));
        assert!(clinic.deliver().await, "{pause:?}");
        clinic.check_sealed(2).await;
        assert_eq!(clinic.mails().len(), 2, "{pause:?}");
    }
}

#[tokio::test]
async fn a_slow_sealer_changes_nothing_after_another_took_over() {
    for pause in [Pause::Get, Pause::PutBefore, Pause::PutAfter] {
        let clinic = Arc::new(Clinic::open().await);
        let stopped = clinic.files.pause(pause);
        let slow = tokio::spawn({
            let clinic = Arc::clone(&clinic);
            async move { clinic.deliver().await }
        });
        stopped.entered().await;
        clinic.clock.advance(Packet::LEASE);
        assert!(clinic.deliver().await);
        let sealed = clinic.check_sealed(2).await;
        stopped.release();
        assert!(slow.await.unwrap(), "sealed by another sealer is sealed");
        assert_eq!(clinic.check_sealed(2).await, sealed);
        assert_eq!(clinic.mails().len(), 2);
    }
}

#[tokio::test]
async fn two_sealers_at_once_seal_once() {
    let clinic = Clinic::open().await;
    let (one, two) = tokio::join!(clinic.deliver(), clinic.deliver());
    assert!(one || two);
    clinic.check_sealed(1).await;
    assert_eq!((clinic.mails().len(), clinic.files.sealed().len()), (2, 1));
    assert!(clinic.deliver().await);
}

#[tokio::test]
async fn a_file_that_is_missing_or_was_changed_is_never_sealed() {
    let changed = |bytes: &mut Vec<u8>| *bytes.last_mut().unwrap() ^= 1;
    let missing = |bytes: &mut Vec<u8>| bytes.push(b'\n');
    for damage in [&changed as &dyn Fn(&mut Vec<u8>), &missing] {
        let clinic = Clinic::open().await;
        clinic.files.damage(damage);
        assert!(!clinic.deliver().await);
        assert!(clinic.files.sealed().is_empty());
        assert!(matches!(clinic.packet().await.state, PacketState::Sealing { .. }));

        clinic.files.damage(|bytes| *bytes = clinic::paper());
        clinic.clock.advance(Packet::LEASE);
        assert!(clinic.deliver().await, "restored, it is sealed");
        clinic.check_sealed(2).await;
    }
}

#[tokio::test]
async fn who_lost_access_hears_nothing_of_the_copy() {
    let clinic = Clinic::open().await;
    clinic.revoke(FATHER).await;
    assert!(clinic.deliver().await);
    clinic.check_sealed(1).await;
    assert_eq!((clinic.mails(), clinic.packet().await.slot_of(MOTHER).is_some()), (vec!["11".to_owned()], true));
}

#[tokio::test]
async fn a_packet_that_nobody_can_seal_is_reported() {
    let clinic = Clinic::open().await;
    let packet = clinic.packet().await;
    let out = Packet { state: PacketState::Out, ..packet.clone() };
    clinic.store.replace(&packet, out).await.unwrap();
    assert!(!clinic.deliver().await);
    assert!(clinic.events().await.iter().all(|kind| *kind != EventKind::PacketSealed));
}

#[tokio::test]
async fn a_time_stamp_that_was_asked_for_is_there() {
    let clinic = Clinic::open_with(true).await;
    assert!(clinic.deliver().await);
    clinic.check_sealed(1).await;
    assert_eq!(clinic.stamped().await, Some(clinic.clock.now()));
    let without = Clinic::open().await;
    assert!(without.deliver().await);
    assert_eq!(without.stamped().await, None);
}

#[tokio::test]
async fn without_the_time_stamp_there_is_no_seal_until_there_is_one() {
    let clinic = Clinic::open_with(true).await;
    let moods =
        [Mood::Down, Mood::Page, Mood::Rubbish, Mood::Endless, Mood::OtherHash, Mood::OtherRequest, Mood::Yesterday];
    for mood in moods {
        clinic.authority.set(mood);
        assert!(!clinic.deliver().await, "{mood:?}");
        assert!(clinic.files.sealed().is_empty(), "{mood:?}");
        assert!(matches!(clinic.packet().await.state, PacketState::Sealing { .. }), "{mood:?}");
        assert!(clinic.mails().is_empty(), "{mood:?}");
        clinic.clock.advance(Packet::LEASE);
    }
    clinic.authority.set(Mood::Good);
    assert!(clinic.deliver().await, "the next attempt seals");
    clinic.check_sealed(8).await;
}
