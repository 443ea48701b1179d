//! Staff take two sign-ins apart that were put together: what comes back, and what does not.

use crate::aliases::{FIRST, Rosa, SECOND, joined, parent, reached, rosa};
use jiff::SignedDuration;
use journeys::{Person, Reply, World, pdf};
use serde_json::{Value, json};

pub(crate) async fn separates(world: &World, person: &Person) -> Reply {
    let staff = world.staff.clone().signs_in_with_code(world).await;
    staff.post(&format!("/logins/{}/unmerge", person.id), &json!({"reason": "they are two persons"})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_undo_it_within_thirty_days() {
    let world = World::new().await;
    let Rosa { stays, own, other, others } = rosa(&world).await;
    let document = other.opens(&others).await.uploads(&world, "Consent", &pdf("Consent")).await;
    let packet = world.asks(&others, &document, &[(&other, "parent")]).await;
    stays.merges(&world, &other).await.is(204);
    world.passes(SignedDuration::from_secs(30 * 24 * 3600 - 1));
    separates(&world, &other).await.is(204);

    let (stays, back) = (stays.signs_in().await, other.clone().signs_in().await);
    assert_eq!((reached(&stays).await, reached(&back).await), (vec![own], vec![others.clone()]));
    assert_eq!((stays.addresses().await, back.addresses().await), (vec![FIRST.to_owned()], vec![SECOND.to_owned()]));
    stays.tries_to_open(&others).await.is_hidden();
    let tab = back.opens(&others).await;
    tab.tries_to_sign(&packet, &json!({"kind": "typed", "name": "Rosa"})).await.is(200);
    for address in [FIRST, SECOND] {
        assert!(world.mails_to(address).await.iter().any(|mail| mail.text.as_deref().unwrap().contains("apart")));
    }
    // Once; and they can be put together again.
    separates(&world, &other).await.is_problem(409, "conflict");
    stays.merges(&world, &other).await.is(204);
    assert_eq!(reached(&stays).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_day_thirty_one_it_stays() {
    let world = World::new().await;
    let Rosa { stays, other, .. } = rosa(&world).await;
    stays.merges(&world, &other).await.is(204);
    world.passes(SignedDuration::from_hours(30 * 24));
    separates(&world, &other).await.is_problem(409, "conflict");
    assert_eq!(reached(&stays.signs_in().await).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_since_does_not_come_back() {
    let world = World::new().await;
    let Rosa { stays, other, others, .. } = rosa(&world).await;
    stays.merges(&world, &other).await.is(204);
    world.stops(&others, &stays, "revoke").await;
    separates(&world, &other).await.is(204);
    let back = other.signs_in().await;
    assert!(reached(&back).await.is_empty());
    back.tries_to_open(&others).await.is_hidden();
}

#[tokio::test(flavor = "multi_thread")]
async fn access_that_both_have_stays_as_the_one_on_screen_has_it() {
    let world = World::new().await;
    let Rosa { stays, own, other, .. } = rosa(&world).await;
    world
        .gives(&own, &other, &json!({"relationship": "AUNT", "authority": "court-order", "scopes": ["profile"]}))
        .await;
    stays.merges(&world, &other).await.is(204);
    let tab = stays.opens(&own).await;
    tab.get("/documents").await.is(200);
    separates(&world, &other).await.is(204);
    tab.get("/documents").await.is(200);
    let back = other.signs_in().await;
    back.opens(&own).await.get("/documents").await.is_hidden();
}

#[tokio::test(flavor = "multi_thread")]
async fn fifteen_members_move_in_one_act() {
    let world = World::new().await;
    let own = world.registers("Own", "2020-01-01").await;
    let stays = joined(&world, FIRST, &own, "the password of the first").await;
    let mut members = Vec::new();
    for number in 0..15 {
        members.push(world.registers(&format!("Child {number}"), "2020-01-01").await);
    }
    let offers: Vec<(&str, Value)> = members.iter().map(|member| (member.as_str(), parent())).collect();
    let invited = world.invites(SECOND, &offers).await;
    let other = world.joins_with(&invited, "Rosa", "the password of the second").await;
    stays.merges(&world, &other).await.is(204);
    assert_eq!(reached(&stays).await.len(), 16);
    separates(&world, &other).await.is(204);
    assert_eq!(reached(&other.signs_in().await).await.len(), 15);
    assert_eq!(reached(&stays).await.len(), 1);
}
