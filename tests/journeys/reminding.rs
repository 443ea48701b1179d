//! Papers that wait: who is asked is reminded by day, three times at most, and nobody else is.

use jiff::{SignedDuration, Timestamp};
use journeys::{Family, World, pdf};
use serde_json::json;

/// Eleven in the morning in New York.
const MORNING: &str = "2026-05-21T15:00:00Z";

async fn reminders(world: &World, email: &str) -> usize {
    let mails = world.mails_to(email).await;
    mails.iter().filter(|mail| mail.text.as_deref().unwrap_or_default().contains("still waits")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_not_signed_is_reminded_by_day_and_three_times_at_most() {
    let mut world = World::at(MORNING.parse::<Timestamp>().unwrap()).await;
    let Family { child, mother, father, .. } = world.family().await;
    let document = mother.opens(&child).await.uploads(&world, "Consent", &pdf("Consent")).await;
    let packet = world.asks(&child, &document, &[(&mother, "parent"), (&father, "parent")]).await;
    mother.opens(&child).await.tries_to_sign(&packet, &json!({"kind": "typed", "name": "Mother"})).await.is(200);
    let told = async |world: &World| {
        world.stack.strike().await.expect("every schedule does its work");
        (reminders(world, &mother.email).await, reminders(world, &father.email).await)
    };

    world.passes(SignedDuration::from_hours(71));
    assert_eq!(told(&world).await, (0, 0), "an hour too early");
    world.passes(SignedDuration::from_hours(13));
    assert_eq!(told(&world).await, (0, 0), "at eleven at night");
    world.passes(SignedDuration::from_hours(12));
    assert_eq!(told(&world).await, (0, 1));
    assert_eq!(told(&world).await, (0, 1), "a second run in the same hour");
    for count in [2, 3, 3] {
        world.passes(SignedDuration::from_hours(72));
        assert_eq!(told(&world).await, (0, count));
    }

    // Whose access has ended hears nothing.
    world.staff_prove_again().await;
    let father = father.clone().signs_in().await;
    let desk = world.staff.opens_as_staff(&child).await;
    desk.post(&format!("/packets/{packet}/void"), &json!({})).await.is(204);
    let packet = world.asks(&child, &document, &[(&father, "parent")]).await;
    world.stops(&child, &father, "revoke").await;
    world.passes(SignedDuration::from_hours(72));
    assert_eq!(told(&world).await, (0, 3), "{packet}");
}
