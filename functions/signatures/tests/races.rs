//! What happens at the same moment: one wins, and the store alone decides which.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    unreachable_pub,
    dead_code,
    reason = "a test"
)]

mod support;

use futures_util::future::{join, join3};
use hearth::domain::event::EventKind;
use hearth::domain::grant::{Authority, Grant, GrantState, Reason, ReasonCode};
use hearth::domain::packet::{Packet, PacketState};
use hearth::http::Stop;
use hearth::store::{Key, Transaction};
use support::*;

const ROUNDS: usize = 40;

async fn state(clinic: &Clinic, packet: &str) -> PacketState {
    let key = Key::packet(MEMBER, packet.parse().unwrap());
    clinic.store.get::<Packet>(&key).await.unwrap().unwrap().state
}

#[tokio::test]
async fn two_last_signers_at_once_both_sign_and_one_makes_it_ready() {
    let clinic = Clinic::with_family().await;
    for _ in 0..ROUNDS {
        let (packet, slots) = clinic.packet(&[MOTHER, FATHER]).await;
        let (mother, father) =
            join(clinic.sign(MOTHER, &packet, &slots[0]), clinic.sign(FATHER, &packet, &slots[1])).await;
        assert_eq!((mother.status, father.status), (200, 200));
        let ready = [&mother, &father].into_iter().filter(|answered| answered.body["state"] == "ready").count();
        assert_eq!((ready, state(&clinic, &packet).await), (1, PacketState::Ready));
    }
}

#[tokio::test]
async fn of_last_signature_decline_and_void_one_wins() {
    let clinic = Clinic::with_family().await;
    for _ in 0..ROUNDS {
        let (packet, slots) = clinic.packet(&[MOTHER]).await;
        let (signed, declined, voided) = join3(
            clinic.sign(MOTHER, &packet, &slots[0]),
            clinic.decline(MOTHER, &packet, &slots[0]),
            clinic.void(STAFF, &packet),
        )
        .await;
        let wins = [signed.status == 200, declined.status == 204, voided.status == 204];
        assert_eq!(wins.iter().filter(|&&won| won).count(), 1, "{signed:?} {declined:?} {voided:?}");
        let expected = match wins {
            [true, ..] => PacketState::Ready,
            [_, true, _] => PacketState::Declined,
            _ => PacketState::Voided,
        };
        assert_eq!((state(&clinic, &packet).await, clinic.todos()), (expected, 0));
    }
}

#[tokio::test]
async fn one_person_in_two_tabs_signs_once() {
    let clinic = Clinic::with_family().await;
    let (packet, slots) = clinic.packet(&[MOTHER, FATHER]).await;
    let (one, two) = join(clinic.sign(MOTHER, &packet, &slots[0]), clinic.sign(MOTHER, &packet, &slots[0])).await;
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let signed = clinic.events().await.into_iter().filter(|kind| *kind == EventKind::PacketSigned).count();
    assert_eq!(signed, 1);
}

#[tokio::test]
async fn a_signature_and_the_end_of_the_right_to_sign_have_an_order() {
    let clinic = Clinic::with_family().await;
    let mut live = grant(MOTHER, Authority::ParentalResponsibility);
    for round in 0..ROUNDS {
        let (packet, slots) = clinic.packet(&[MOTHER]).await;
        let stopped = live.stopped(GrantState::Revoked, Reason::of(ReasonCode::Order).unwrap()).unwrap();
        let revoke = async {
            // Let the signer come to different points first.
            for _ in 0..round {
                tokio::task::yield_now().await;
            }
            loop {
                let change = Transaction::unpermitted(clinic.clock.now(), "revoke").replace(&live, stopped.clone());
                // A signature that is being written holds the grant for a moment.
                match change.commit(&clinic.store).await {
                    Err(Stop::Changed) => tokio::task::yield_now().await,
                    outcome => return outcome.unwrap(),
                }
            }
        };
        let (signed, ()) = join(clinic.sign(MOTHER, &packet, &slots[0]), revoke).await;
        let is_ready = state(&clinic, &packet).await == PacketState::Ready;
        assert_eq!((signed.status == 200, is_ready), (is_ready, is_ready));
        assert!(matches!(signed.status, 200 | 404), "{signed:?}");
        assert_eq!(clinic.sign(MOTHER, &packet, &slots[0]).await.status, 404);
        let mut restored = grant(MOTHER, Authority::ParentalResponsibility);
        let revoked: Grant = clinic.store.get(&Key::grant(MOTHER, MEMBER)).await.unwrap().unwrap();
        clinic.write(|change| change.replace(&revoked, restored.clone())).await;
        restored.version = revoked.version + 1;
        live = restored;
    }
}
