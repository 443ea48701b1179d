//! A hand-over while others change the same children.

use super::{chains_hold, each_has_one, goes_on, holders};
use journeys::{Office, World, handing};
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn begins(world: &World, office: &Office, to: &str) -> journeys::Reply {
    world
        .staff
        .post(&format!("/agencies/{}/hand-overs", office.agency), &handing(&office.from, to, &json!("all")))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn at_no_moment_both_or_none_have_a_child() {
    let world = World::new().await;
    let office = world.office(40).await;
    let path = format!("/agencies/{}/hand-overs", office.agency);
    let asking = world.staff.ask("POST", &path).json(&handing(&office.from, &office.to, &json!("all")));
    let posting = tokio::spawn(asking.send());
    let mut moments = BTreeSet::new();
    while !posting.is_finished() {
        let holders = holders(&world).await;
        for child in &office.children {
            assert_eq!(holders[child].len(), 1, "{child}");
        }
        moments.insert(holders.values().filter(|holders| **holders == [office.to.clone()]).count());
        tokio::task::yield_now().await;
    }
    posting.await.unwrap().is(201);
    // Whole batches only: 19, 19 and 2.
    assert!(moments.is_subset(&[0, 19, 38, 40].into()), "{moments:?}");
    each_has_one(&world, &office.children).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_that_is_revoked_meanwhile_is_nobodys() {
    let world = World::new().await;
    for round in 0..3 {
        let office = world.office(40).await;
        let child = office.children[13 * round].clone();
        let desk = world.staff.opens_as_staff(&child).await;
        let (path, reason) = (format!("/grants/{}/revoke", office.from), json!({"reason": "safeguarding"}));
        let (begun, revoked) = tokio::join!(begins(&world, &office, &office.to), desk.post(&path, &reason));
        let done = goes_on(&world, &office.agency, begun.is(201)).await;
        let holders = holders(&world).await;
        match revoked.status {
            204 => assert!(holders[&child].is_empty(), "{:?}", holders[&child]),
            // The hand-over came first: there is nothing left to revoke.
            _ => {
                revoked.is_problem(409, "conflict");
                assert_eq!(holders[&child], std::slice::from_ref(&office.to));
            }
        }
        let moved = office.children.iter().filter(|child| holders[*child] == [office.to.clone()]).count();
        assert_eq!(done["moved"], moved);
        assert!(moved >= 39);
    }
    chains_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_goes_to_one_of_two_who_take_over_at_once() {
    let world = World::new().await;
    let office = world.office(40).await;
    let third = world.hires(&office.agency).await;
    let (one, two) = tokio::join!(begins(&world, &office, &office.to), begins(&world, &office, &third));
    let mut moved = 0;
    for begun in [one, two] {
        // Who comes when all is over is told that nothing is left.
        if begun.status == 201 {
            moved += goes_on(&world, &office.agency, begun).await["moved"].as_u64().unwrap();
        } else {
            assert_eq!(begun.is_problem(422, "cannot-be-done").at("/field"), "members");
        }
    }
    assert_eq!(moved, 40);
    each_has_one(&world, &office.children).await;
    assert!(holders(&world).await.values().flatten().all(|holder| *holder != office.from));
    chains_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_the_roster_meanwhile_gets_no_further_child() {
    let world = World::new().await;
    let office = world.office(60).await;
    let remove = format!("/agencies/{}/workers/{}/remove", office.agency, office.to);
    let reason = json!({"reason": "misuse"});
    let (begun, removed) = tokio::join!(begins(&world, &office, &office.to), world.staff.post(&remove, &reason));
    removed.is(204);
    each_has_one(&world, &office.children).await;
    let before = holders(&world).await;
    let unfinished = world.staff.get(&format!("/agencies/{}", office.agency)).await.is(200).list("unfinished");
    for act in &unfinished {
        let path = format!("/agencies/{}/hand-overs/{}/continue", office.agency, act["id"].as_str().unwrap());
        assert_eq!(world.staff.post(&path, &json!({})).await.is_problem(422, "cannot-be-done").at("/field"), "to");
    }
    assert_eq!(holders(&world).await, before);
    // What stayed behind goes to a colleague in a new act.
    if !unfinished.is_empty() || begun.status != 201 {
        let third = world.hires(&office.agency).await;
        let begun = begins(&world, &office, &third).await.is(201);
        goes_on(&world, &office.agency, begun).await;
    }
    each_has_one(&world, &office.children).await;
    assert!(holders(&world).await.values().flatten().all(|holder| *holder != office.from));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_never_lands_with_somebody_who_is_kept_out() {
    let world = World::new().await;
    let office = world.office(40).await;
    let child = office.children[20].clone();
    world.bars(&child, &office.to).await;
    let begun = begins(&world, &office, &office.to).await.is(201);
    let done = goes_on(&world, &office.agency, begun).await;
    assert_eq!((&done["moved"], &done["refused"]), (&json!(39), &json!([{"member": child, "code": "blocked"}])));
    assert_eq!(holders(&world).await[&child], std::slice::from_ref(&office.from));
    // A block that comes meanwhile is seen by the batch or stands after it.
    let office = world.office(40).await;
    let child = office.children[20].clone();
    let (begun, ()) = tokio::join!(begins(&world, &office, &office.to), world.bars(&child, &office.to));
    let done = goes_on(&world, &office.agency, begun.is(201)).await;
    let refused: Vec<Value> = done["refused"].as_array().unwrap().clone();
    let holder = if refused.is_empty() { &office.to } else { &office.from };
    assert_eq!(holders(&world).await[&child], std::slice::from_ref(holder));
    each_has_one(&world, &office.children).await;
}
