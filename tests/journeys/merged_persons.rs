//! What belongs to a person stays the person's when two sign-ins become one, and who is kept out stays out, whichever of the two
//! staff knew, and also after they were taken apart again.

use crate::aliases::{Rosa, joined, parent, reached, rosa};
use crate::separating::separates;
use jiff::SignedDuration;
use journeys::{Person, World, pdf};
use serde_json::{Value, json};

fn typed(name: &str) -> Value {
    json!({"kind": "typed", "name": name})
}

fn slot(person: &Person, group: usize) -> Value {
    json!({"login": person.id, "capacity": "parent", "group": group})
}

/// Staff keep a person out of a record.
async fn keeps_out(world: &World, child: &str, person: &Person) {
    let body = json!({"login": person.id, "reason": "safeguarding"});
    world.staff.opens_as_staff(child).await.post("/blocks", &body).await.is(201);
}

/// A paper that the other parent signs first, then the second sign-in.
async fn for_a_later_group(world: &World, others: &str, other: &Person) -> (Person, String) {
    let first = joined(world, "first@family.example", others, "a password of his own").await;
    let document = other.opens(others).await.uploads(world, "Consent", &pdf("Consent")).await;
    let how = json!({"mode": "together", "groups": [{}, {}], "slots": [slot(&first, 0), slot(other, 1)]});
    (first, world.asks_for(others, &document, how).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_that_waits_for_others_first_comes_to_the_login_that_stays() {
    let world = World::new().await;
    let Rosa { stays, other, others, .. } = rosa(&world).await;
    let (first, packet) = for_a_later_group(&world, &others, &other).await;
    stays.merges(&world, &other).await.is(204);
    let waiting = async |person: &Person| {
        let of = person.members().await.into_iter().find(|member| member["id"] == others.as_str());
        of.map(|member| member["waiting"].as_array().map_or(0, Vec::len))
    };
    assert_eq!(waiting(&stays).await, Some(0), "not her turn yet");
    first.opens(&others).await.tries_to_sign(&packet, &typed("First")).await.is(200);
    assert_eq!(waiting(&stays).await, Some(1));
    assert!(world.newest_mail(&stays.email).await.contains("asks for your signature"));
    stays.opens(&others).await.tries_to_sign(&packet, &typed("Rosa")).await.is(200);
    world.settled().await;
    assert_eq!(world.staff.opens_as_staff(&others).await.packet(&packet).await["state"], "sealed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_of_a_later_group_goes_back_when_they_come_apart() {
    let world = World::new().await;
    let Rosa { stays, other, others, .. } = rosa(&world).await;
    let (first, packet) = for_a_later_group(&world, &others, &other).await;
    stays.merges(&world, &other).await.is(204);
    separates(&world, &other).await.is(204);
    first.opens(&others).await.tries_to_sign(&packet, &typed("First")).await.is(200);
    let back = other.signs_in().await;
    back.opens(&others).await.tries_to_sign(&packet, &typed("Rosa")).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_other_sign_in_signed_is_the_persons_own_copy() {
    let world = World::new().await;
    let Rosa { stays, other, others, .. } = rosa(&world).await;
    let document = other.opens(&others).await.uploads(&world, "Consent", &pdf("Consent")).await;
    let packet = world.asks(&others, &document, &[(&other, "parent")]).await;
    other.opens(&others).await.tries_to_sign(&packet, &typed("Rosa")).await.is(200);
    world.settled().await;
    stays.merges(&world, &other).await.is(204);
    let tab = stays.opens(&others).await;
    assert_eq!(tab.get("/packets").await.is(200).list("packets")[0]["id"], packet.as_str());
    assert_eq!(tab.packet(&packet).await["state"], "sealed");
    assert_eq!(tab.post(&format!("/packets/{packet}/open"), &json!({})).await.is(200).at("/file"), "sealed");
    // Taken apart, it is the other one's again.
    separates(&world, &other).await.is(204);
    world.gives(&others, &stays, &parent()).await;
    stays.opens(&others).await.get(&format!("/packets/{packet}")).await.is_hidden();
    let back = other.signs_in().await.opens(&others).await;
    assert_eq!(back.post(&format!("/packets/{packet}/open"), &json!({})).await.is(200).at("/file"), "sealed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_of_the_sign_in_that_goes_holds_for_the_one_that_stays() {
    let world = World::new().await;
    let Rosa { stays, own, other, others } = rosa(&world).await;
    // Kept out of both children under the second sign-in; the first has access to one of them.
    for child in [&own, &others] {
        keeps_out(&world, child, &other).await;
    }
    assert_eq!(reached(&stays).await, std::slice::from_ref(&own));
    stays.merges(&world, &other).await.is(204);
    for child in [&own, &others] {
        stays.tries_to_open(child).await.is_hidden();
    }
    assert!(reached(&stays).await.is_empty());
    // Taken apart: two persons, and the one that was meant stays out.
    separates(&world, &other).await.is(204);
    let (stays, back) = (stays.signs_in().await, other.signs_in().await);
    assert_eq!(reached(&stays).await, std::slice::from_ref(&own));
    for child in [&own, &others] {
        back.tries_to_open(child).await.is_hidden();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_of_the_sign_in_that_stays_holds_for_what_the_other_brings() {
    let world = World::new().await;
    let Rosa { stays, own, other, others } = rosa(&world).await;
    for child in [&own, &others] {
        keeps_out(&world, child, &stays).await;
    }
    assert_eq!(reached(&other).await, std::slice::from_ref(&others));
    // What is said in the very moment of a merge counts for both.
    world.passes(SignedDuration::from_secs(1));
    stays.merges(&world, &other).await.is(204);
    for child in [&own, &others] {
        stays.tries_to_open(child).await.is_hidden();
    }
    separates(&world, &other).await.is(204);
    let (stays, back) = (stays.signs_in().await, other.signs_in().await);
    assert!(reached(&stays).await.is_empty());
    stays.tries_to_open(&others).await.is_hidden();
    assert_eq!(reached(&back).await, [others]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_from_when_they_were_one_holds_for_both_on_every_record() {
    let world = World::new().await;
    let Rosa { stays, own, other, others } = rosa(&world).await;
    stays.merges(&world, &other).await.is(204);
    for child in [&own, &others] {
        keeps_out(&world, child, &stays).await;
    }
    separates(&world, &other).await.is(204);
    let (stays, back) = (stays.signs_in().await, other.signs_in().await);
    assert!(reached(&stays).await.is_empty() && reached(&back).await.is_empty());
    // Also where the second sign-in never had access: nobody lets it in there either.
    let desk = world.staff.opens_as_staff(&own).await;
    let give = json!({"login": back.id, "terms": parent(), "reason": "request"});
    desk.post("/grants", &give).await.is_problem(422, "cannot-be-done");
    // A block that is set afterwards is about the one whom it names.
    world.passes(SignedDuration::from_secs(1));
    let third = world.registers("Third", "2020-01-01").await;
    for person in [&stays, &back] {
        world.gives(&third, person, &parent()).await;
    }
    keeps_out(&world, &third, &stays).await;
    assert_eq!((reached(&stays).await.len(), reached(&back).await), (0, vec![third]));
}
