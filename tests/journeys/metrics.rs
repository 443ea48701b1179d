//! Metrics: a few numbers in the log that CloudWatch reads, for the alarms of the template, and nothing about anybody.

use hearth::clock::Clock;
use hearth_local::Options;
use jiff::SignedDuration;
use journeys::{Person, World, terms};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

/// The lines that are metrics.
fn metrics(world: &World) -> Vec<Value> {
    world.log().into_iter().filter(|line| line.get("_aws").is_some()).collect()
}

/// The values of one metric, in the order of the log.
fn values(world: &World, name: &str) -> Vec<i64> {
    metrics(world).iter().filter_map(|line| line[name].as_i64()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_metric_holds_a_number_and_the_stacks_name() {
    let world = World::new().await;
    let stranger = Person::new(world.browser(), "canary-address@family.example", "canary password of somebody");
    stranger.tries_to_sign_in().await.is(401);
    world.passes(SignedDuration::from_hours(1));
    world.stack.strike().await.unwrap();
    let lines = metrics(&world);
    let mut names = BTreeSet::new();
    for line in &lines {
        let [metric] = line["_aws"]["CloudWatchMetrics"][0]["Metrics"].as_array().unwrap().as_slice() else {
            panic!("{line}")
        };
        let name = metric["Name"].as_str().unwrap();
        let fields: BTreeSet<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(fields, BTreeSet::from(["_aws", "Stack", name]));
        assert!(line[name].is_i64() && !line.to_string().contains("canary"), "{line}");
        names.insert(name.to_owned());
    }
    // Every alarm on a metric of ours has something that feeds it.
    assert_eq!(names, ["LoginFailures", "OldestUnsealedPacket", "OldestUnsentMail"].map(str::to_owned).into());
    assert_eq!(values(&world, "LoginFailures"), [1]);
    assert_eq!((values(&world, "OldestUnsentMail"), values(&world, "OldestUnsealedPacket")), (vec![0], vec![0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_oldest_mail_that_waits_is_measured_from_when_it_was_written() {
    let clock = Clock::manual(jiff::Timestamp::now());
    let world = World::with(Options { clock, retry_delay: Duration::from_millis(1), ..Options::default() }).await;
    let child = world.registers("Child", "2019-09-09").await;
    world.settled().await;
    world.stack.fail_mails(51);
    let offer = json!({"member": child, "terms": terms("PRN", "parental-responsibility")});
    let body = json!({"email": "maria@family.example", "language": "en", "offers": [offer]});
    world.staff.post("/invitations", &body).await.is(201);
    world.settled().await;
    assert_eq!(world.stack.dead_letters().len(), 1);
    // Too young for the sweep, which leaves it to the stream; old enough to be seen.
    world.passes(SignedDuration::from_mins(40));
    world.stack.strike().await.unwrap();
    world.passes(SignedDuration::from_mins(30));
    world.stack.strike().await.unwrap();
    world.stack.strike().await.unwrap();
    assert_eq!(values(&world, "OldestUnsentMail"), [40 * 60, 70 * 60, 0]);
}
