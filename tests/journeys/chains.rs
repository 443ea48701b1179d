//! The record of events: a chain per member and per login, without gaps, whatever happened at once.

use futures_util::future::join_all;
use journeys::World;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Every chain of the table: its events in order.
async fn chains(world: &World) -> BTreeMap<String, Vec<Value>> {
    let mut chains: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for item in world.items().await {
        let item = item["item"].clone();
        if item["sk"]["S"].as_str().is_some_and(|key| key.starts_with("EVENT#")) {
            chains.entry(item["pk"]["S"].as_str().unwrap().to_owned()).or_default().push(item);
        }
    }
    for events in chains.values_mut() {
        events.sort_by_key(|event| event["sk"]["S"].as_str().unwrap().to_owned());
    }
    chains
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_many_people_at_once_stand_in_one_chain_without_gaps() {
    let world = World::new().await;
    let family = world.family().await;
    let (mother, father) = (family.mother.opens(&family.child).await, family.father.opens(&family.child).await);
    let desk = world.staff.opens_as_staff(&family.child).await;
    let file = b"%PDF-1.7";
    let uploads = join_all((0..4).map(|number| {
        let tab = if number % 2 == 0 { &mother } else { &father };
        async move { tab.announces(&format!("Paper {number}"), file).await }
    }));
    let narrowing = json!({"scopes": ["profile", "documents-read", "documents-upload"], "reason": "review"});
    let path = format!("/grants/{}/narrow", family.father.id);
    let (uploads, narrowed) = tokio::join!(uploads, desk.post(&path, &narrowing));
    narrowed.is(204);
    for upload in uploads {
        upload.is(201);
    }
    world.settled().await;

    let chains = chains(&world).await;
    let of_child = &chains[&format!("MEMBER#{}", family.child)];
    assert!(of_child.len() >= 10, "{} events", of_child.len());
    for (chain, events) in chains {
        let mut previous = "0".repeat(64);
        for (place, event) in (1..).zip(&events) {
            assert_eq!(event["sequence"]["N"], format!("{place}"), "{chain} has a gap");
            assert_eq!(event["previous"]["S"], previous, "{chain} is broken at {place}");
            event["hash"]["S"].as_str().unwrap().clone_into(&mut previous);
        }
    }
}
