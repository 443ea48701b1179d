//! Uploads whose event was lost, doubled or cut short: the schedule finishes the work, once, and gives up what never came.

use std::time::Duration;

use hearth::clock::Clock;
use hearth_local::Options;
use hearth_local::faults::{Fault, Faults, Lasting, Place};
use jiff::SignedDuration;
use journeys::{World, pdf};
use serde_json::json;

/// How often Lambda tries an event of S3.
const EVENT: usize = 3;

/// A clinic in which intake dies so many times at its first call of an operation.
async fn dying(operation: &str, times: usize) -> (World, Faults) {
    let faults = Faults::new();
    let clock = Clock::manual(jiff::Timestamp::now());
    let options =
        Options { clock, faults: Some(faults.clone()), retry_delay: Duration::from_millis(1), ..Options::default() };
    let world = World::with(options).await;
    for _ in 0..times {
        let place =
            Place { function: Some("Intake".to_owned()), operation: operation.to_owned(), nth: 1, ..Place::default() };
        drop(faults.inject(place, Fault::KilledAfter, Lasting::Once));
    }
    (world, faults)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_whose_event_was_given_up_is_inspected_by_the_schedule() {
    for operation in ["GetItem", "GetObject", "PutObject"] {
        let (world, faults) = dying(operation, EVENT).await;
        let (member, client) = world.client_alone().await;
        let tab = client.opens(&member).await;
        let file = pdf("Paper");
        let announced = tab.announces("Paper", &file).await.is(201);
        assert!(world.puts(&announced.json()["upload"], &file).await.is_success());
        world.settled().await;
        assert_eq!(world.stack.dead_letters().len(), 1, "{operation}");
        let document = announced.at("/id");
        assert_eq!(tab.document(&document).await["state"], "awaiting");
        faults.heal();

        // The event may still be tried.
        world.stack.strike().await.unwrap();
        assert_eq!(tab.document(&document).await["state"], "awaiting");
        world.passes(SignedDuration::from_mins(11));
        world.stack.strike().await.unwrap();
        let tab = client.signs_in().await.opens(&member).await;
        let seen = tab.document(&document).await;
        assert_eq!((&seen["state"], &seen["pages"]), (&json!("ready"), &json!(1)), "{operation}");
        world.stack.strike().await.unwrap();
        assert_eq!(tab.document(&document).await, seen);
        let canonical = world.stack.objects().unwrap().into_iter().filter(|(_, key)| key.starts_with("canonical/"));
        assert_eq!(canonical.count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_never_came_or_kills_every_inspection_is_given_up_and_holds_up_no_other() {
    let (world, faults) = dying("GetObject", 2 * EVENT + 3).await;
    let (member, client) = world.client_alone().await;
    let tab = client.opens(&member).await;
    let file = pdf("Deadly");
    let deadly = tab.announces("Deadly", &file).await.is(201);
    assert!(world.puts(&deadly.json()["upload"], &file).await.is_success());
    let never = tab.announces("Never", &pdf("Never")).await.is(201).at("/id");
    world.settled().await;
    for _ in 0..3 {
        world.passes(SignedDuration::from_mins(59));
        // The function dies on the file; the next time comes.
        world.stack.strike().await.unwrap_err();
    }
    world.passes(SignedDuration::from_mins(4));
    let client = client.signs_in().await;
    let tab = client.opens(&member).await;
    let document = tab.announces("Later", &file).await.is(201);
    assert!(world.puts(&document.json()["upload"], &file).await.is_success());
    world.stack.strike().await.unwrap();
    for lost in [&deadly.at("/id"), &never] {
        let seen = tab.document(lost).await;
        assert_eq!((&seen["state"], &seen["refusal"]), (&json!("refused"), &json!("lost")));
        assert!(seen["message"]["es"].is_string());
    }
    faults.heal();
    world.passes(SignedDuration::from_mins(11));
    world.stack.strike().await.unwrap();
    let tab = client.signs_in().await.opens(&member).await;
    assert_eq!(tab.document(&document.at("/id")).await["state"], "ready");
    // Nothing waits any more.
    assert!(world.items().await.iter().all(|item| !item.to_string().contains("AWAITING")), "still on the list");
}
