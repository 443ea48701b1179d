//! A thousand children.

use super::{chains_hold, each_has_one, goes_on, holders};
use journeys::World;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_children_pass_in_a_few_requests() {
    let world = World::new().await;
    let office = world.office(1000).await;
    let started = std::time::Instant::now();
    let begun = world.hands_over(&office.agency, &office.from, &office.to, &json!("all")).await.is(201);
    // At most twenty batches of 19 in one request; fewer on a machine that is slow.
    let moved = begun.json()["moved"].as_u64().unwrap();
    assert!((1..=20).contains(&(moved / 19)) && moved % 19 == 0, "{moved}");
    assert_eq!(begun.json()["left"], 1000 - moved);
    let shown = world.staff.get(&format!("/agencies/{}", office.agency)).await.is(200);
    assert_eq!(shown.list("unfinished").len(), 1);
    let done = goes_on(&world, &office.agency, begun).await;
    let took = started.elapsed();
    assert_eq!((&done["moved"], &done["left"], &done["refused"]), (&json!(1000), &json!(0), &json!([])));
    each_has_one(&world, &office.children).await;
    assert!(holders(&world).await.values().all(|holders| *holders == [office.to.clone()]));
    chains_hold(&world).await;
    let lines: Vec<Value> =
        world.log().into_iter().filter(|line| line["route"].to_string().contains("hand-overs")).collect();
    let calls: Vec<[u64; 2]> =
        lines.iter().map(|line| ["dynamodb_calls", "aws_series"].map(|name| line[name].as_u64().unwrap())).collect();
    println!("1000 children in {took:?}; DynamoDB calls, of them in series: {calls:?}");
    // Facts and four lists, the beginning; then for each batch the members, 19 chains, and one change. A batch of the facts is one
    // call beside the ends of two chains.
    assert!(calls.len() >= 3);
    for [calls, series] in calls {
        assert!(calls <= 9 + 20 * 21, "{calls} calls");
        assert!(series <= 2 + 20 * 2, "{series} in series");
    }
    assert_eq!(world.staff.get(&format!("/agencies/{}", office.agency)).await.is(200).list("unfinished").len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caseworker_with_a_thousand_children_lists_them_in_two_steps() {
    let world = World::new().await;
    let agency = world.registers_agency("County services").await;
    let child = world.registers("One more", "2016-01-01").await;
    let worker = world.caseworker(&agency, "Worker", &child).await;
    world.brings(&agency, &worker.id, 999).await;
    let listed = worker.get("/members").await.is(200);
    assert_eq!(listed.list("members").len(), 1000);
    let line = world.log().into_iter().find(|line| line["request"] == listed.request()).unwrap();
    println!("a list of 1000: {line}");
    // The facts, one page of grants, one of what waits; then the members, a hundred a call, all at once.
    assert_eq!((line["dynamodb_calls"].as_u64(), line["aws_series"].as_u64()), (Some(13), Some(2)));
}
