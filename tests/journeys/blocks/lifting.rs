//! Letting somebody in again: two colleagues, and a paper.

use super::{paper, shows_nothing};
use jiff::SignedDuration;
use journeys::{Family, Person, World};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn two_colleagues_with_a_paper_let_him_in_again() {
    let mut world = World::new().await;
    let Family { child, father, .. } = world.family().await;
    let order = paper(&world, &child).await;
    let whom = json!({"login": father.id, "reason": "order", "evidence": order});
    let desk = world.staff.opens_as_staff(&child).await;
    let block = desk.post("/blocks", &whom).await.is(201).at("/id");
    assert_eq!(desk.post("/blocks", &whom).await.is_problem(409, "conflict").problem(), "conflict");

    let lift = format!("/blocks/{block}/lift");
    let bare = desk.post(&lift, &json!({"reason": "order"})).await.is_problem(422, "cannot-be-done");
    assert_eq!(bare.at("/field"), "evidence");
    let with = json!({"reason": "order", "evidence": paper(&world, &child).await});
    let first = desk.post(&lift, &with).await.is(200).json();
    assert_eq!(first["lifted"], false);
    assert!(first["next"].as_str().unwrap().contains("colleague"));
    desk.post(&lift, &with).await.is_problem(409, "conflict");
    father.tries_to_open(&child).await.is_hidden();
    let listed = desk.get("/blocks").await.is(200).list("blocks");
    assert_eq!(listed[0]["lift_proposed_by"], world.staff.id.as_str());

    let colleague = world.colleague().await.opens_as_staff(&child).await;
    // Lifting wants a fresh proof; keeping somebody out never does.
    world.passes(SignedDuration::from_mins(6));
    colleague.post(&lift, &with).await.is_problem(401, "prove-again");
    world.staff_prove_again().await;
    world.staff.opens_as_staff(&child).await.post(&lift, &with).await.is_problem(409, "conflict");
    let again = Person::new(world.browser(), "colleague@clinic.example", journeys::PASSWORD);
    let colleague = again.signs_in_with_code(&world).await.opens_as_staff(&child).await;
    assert_eq!(colleague.post(&lift, &with).await.is(200).json()["lifted"], true);

    // He reaches the record as before, and its history tells him nothing.
    let tab = father.opens(&child).await;
    shows_nothing(&tab).await;
    assert!(colleague.get("/blocks").await.is(200).list("blocks").is_empty());
    let events = colleague.get("/activity").await.is(200).list("events");
    let kinds: Vec<&str> = events.iter().filter_map(|event| event["kind"].as_str()).collect();
    for kind in ["block-set", "block-lift-proposed", "block-lifted"] {
        assert!(kinds.contains(&kind), "{kind} in {kinds:?}");
    }
}
