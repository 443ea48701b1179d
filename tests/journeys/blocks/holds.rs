//! Holding somebody out for a while, by one staff member.

use super::shows_nothing;
use jiff::SignedDuration;
use journeys::{Family, World};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn one_staff_member_holds_somebody_out_for_three_days_once() {
    let mut world = World::new().await;
    let Family { child, father, .. } = world.family().await;
    let id = father.id.clone();
    let hold = |world: &World, hours: i64| {
        let until = world.clock.now() + SignedDuration::from_hours(hours);
        json!({"login": id, "reason": "safeguarding", "until": until})
    };
    let desk = world.staff.opens_as_staff(&child).await;
    let long = desk.post("/blocks", &hold(&world, 73)).await.is_problem(422, "cannot-be-done");
    assert_eq!(long.at("/field"), "until");
    desk.post("/blocks", &hold(&world, 72)).await.is(201);
    father.tries_to_open(&child).await.is_hidden();
    world.passes(SignedDuration::from_hours(72) - SignedDuration::from_secs(1));
    let father = father.signs_in().await;
    father.tries_to_open(&child).await.is_hidden();
    world.passes(SignedDuration::from_secs(1));
    let tab = father.opens(&child).await;
    shows_nothing(&tab).await;

    world.staff_prove_again().await;
    let desk = world.staff.opens_as_staff(&child).await;
    let twice = desk.post("/blocks", &hold(&world, 1)).await.is_problem(422, "cannot-be-done");
    assert_eq!(twice.at("/field"), "until");
    desk.post("/blocks", &json!({"login": father.id, "reason": "safeguarding"})).await.is(201);
    tab.get("").await.is_hidden();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_one_who_sets_a_hold_ends_it_and_cannot_set_it_anew() {
    let world = World::new().await;
    let Family { child, father, .. } = world.family().await;
    let until = world.clock.now() + SignedDuration::from_hours(2);
    let hold = json!({"login": father.id, "reason": "safeguarding", "until": until});
    let desk = world.staff.opens_as_staff(&child).await;
    let id = desk.post("/blocks", &hold).await.is(201).at("/id");
    father.tries_to_open(&child).await.is_hidden();
    let ended = desk.post(&format!("/blocks/{id}/lift"), &json!({"reason": "review"})).await.is(200).json();
    assert_eq!(ended, json!({"lifted": true}));
    father.opens(&child).await.get("").await.is(200);
    desk.post(&format!("/blocks/{id}/lift"), &json!({"reason": "review"})).await.is_problem(409, "conflict");
    desk.post("/blocks", &hold).await.is_problem(422, "cannot-be-done");
    let listed = desk.get("/blocks").await.is(200).list("blocks");
    assert_eq!(listed[0]["counts"], false);
}
