//! "What does she see?", "Why can't he book?": staff's questions, answered by the rule that decides.

use jiff::SignedDuration;
use journeys::{Family, Person, World, pdf, terms};
use serde_json::{Value, json};

fn ids(list: &[Value]) -> Vec<&str> {
    list.iter().filter_map(|entry| entry["id"].as_str()).collect()
}

async fn preview(world: &World, member: &str, login: &str) -> Value {
    let desk = world.staff.opens_as_staff(member).await;
    desk.post(&format!("/people/{login}/preview"), &json!({})).await.is(200).json()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_preview_shows_what_each_person_really_sees() {
    let world = World::new().await;
    let Family { child, mother, father, .. } = world.family().await;
    let tab = mother.opens(&child).await;
    let first = tab.uploads(&world, "First", &pdf("First")).await;
    tab.uploads(&world, "Second", &pdf("Second")).await;
    world.asks(&child, &first, &[(&mother, "parent")]).await;
    world.asks(&child, &first, &[(&mother, "parent"), (&father, "parent")]).await;
    let scopes = json!(["profile", "appointments-read"]);
    let helping = json!({"relationship": "AUNT", "authority": "court-order", "scopes": scopes});
    let invited = world.invites("aunt@family.example", &[(&child, helping)]).await;
    let aunt = world.joins(&invited, "Aunt").await;

    for (person, packets) in [(&mother, 2), (&father, 1), (&aunt, 0)] {
        let shown = preview(&world, &child, &person.id).await;
        let own = person.opens(&child).await;
        let list = async |path: &str, name: &str| match own.get(path).await {
            reply if reply.status == 200 => reply.list(name),
            reply => {
                reply.is_hidden();
                Vec::new()
            }
        };
        let (documents, signing) = (list("/documents", "documents").await, list("/packets", "packets").await);
        assert_eq!(ids(shown["documents"].as_array().unwrap()), ids(&documents));
        assert_eq!(ids(shown["packets"].as_array().unwrap()), ids(&signing));
        assert_eq!(signing.len(), packets);
        let listed = person.members().await;
        assert_eq!(shown["scopes"], listed.iter().find(|member| member["id"] == child.as_str()).unwrap()["scopes"]);
    }
    let shown = preview(&world, &child, &aunt.id).await;
    assert_eq!(shown["actions"]["read-documents"]["why_not"]["code"], "no-scope");
    assert_eq!(shown["actions"]["read-appointments"], json!({"allowed": true, "basis": {"grant": "court-order"}}));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_no_has_its_code_and_a_sentence_for_staff() {
    let world = World::new().await;
    let Family { child, mother, father, .. } = world.family().await;
    let (_, stranger) = world.stranger().await;
    let why = async |person: &Person, action: &str| world.asks_why(&child, &person.id, action, None).await;
    assert_eq!(why(&mother, "sign").await, Ok(()));
    assert_eq!(why(&mother, "read-billing").await, Err("no-scope".to_owned()));
    assert_eq!(why(&stranger, "open-record").await, Err("no-grant".to_owned()), "a login without any access here");
    world.stops(&child, &father, "end").await;
    assert_eq!(why(&father, "open-record").await, Err("grant-stopped".to_owned()));

    // A teenager's mother, and the day on which the teenager decides alone.
    let teenager = world.registers("Teenager", "2012-01-05").await;
    let mut all = terms("MTH", "parental-responsibility");
    all["scopes"] = json!(["profile", "documents-read", "appointments-book"]);
    world.gives(&teenager, &mother, &all).await;
    let asks = async |action: &str, at: &str| world.asks_why(&teenager, &mother.id, action, Some(at)).await;
    assert_eq!(asks("read-documents", "2026-12-01T12:00:00Z").await, Err("limited-by-age".to_owned()));
    assert_eq!(asks("book-appointment", "2030-01-05T04:59:59Z").await, Ok(()));
    assert_eq!(asks("book-appointment", "2030-01-05T05:00:00Z").await, Err("member-of-age".to_owned()));

    let desk = world.staff.opens_as_staff(&child).await;
    let path = format!("/people/{}/why", stranger.id);
    let told = desk.post(&path, &json!({"action": "sign"})).await.is(200);
    assert!(told.at("/why_not/words").contains("give it"), "{}", told.text);
    desk.post(&path, &json!({"action": "fly"})).await.is_problem(400, "malformed");
    desk.post(&format!("/people/log_{}/why", "0".repeat(32)), &json!({"action": "sign"})).await.is_hidden();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_placement_that_ends_is_explained_before_and_after() {
    let mut world = World::new().await;
    let child = world.registers("Child", "2019-03-09").await;
    let end = world.clock.now() + SignedDuration::from_hours(30 * 24);
    let mut placement = terms("PRNFOST", "foster-placement");
    placement["not_after"] = json!(end);
    let invited = world.invites("foster@family.example", &[(&child, placement)]).await;
    let foster = world.joins(&invited, "Foster parent").await;
    let asks = async |world: &World, at: Option<&str>| world.asks_why(&child, &foster.id, "read-documents", at).await;
    let (before, after) = ((end - SignedDuration::from_secs(1)).to_string(), end.to_string());
    assert_eq!(asks(&world, Some(&before)).await, Ok(()));
    assert_eq!(asks(&world, Some(&after)).await, Err("outside-dates".to_owned()));
    assert_eq!(world.asks_why(&child, &foster.id, "sign", None).await, Err("no-scope".to_owned()));
    world.passes(SignedDuration::from_hours(30 * 24));
    world.staff_prove_again().await;
    assert_eq!(asks(&world, None).await, Err("outside-dates".to_owned()));
    let foster = foster.signs_in().await;
    foster.tries_to_open(&child).await.is_hidden();
    assert!(preview(&world, &child, &foster.id).await["documents"].as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn that_staff_asked_is_on_record_for_staff_alone() {
    let world = World::new().await;
    let Family { child, mother, father, .. } = world.family().await;
    preview(&world, &child, &father.id).await;
    world.asks_why(&child, &father.id, "sign", None).await.unwrap();
    let events = world.staff.opens_as_staff(&child).await.get("/activity").await.is(200).list("events");
    for kind in ["access-previewed", "access-explained"] {
        let event = events.iter().find(|event| event["kind"] == kind).unwrap_or_else(|| panic!("no {kind}"));
        assert_eq!((&event["object"], &event["by"]), (&json!(father.id), &json!("you")));
    }
    for person in [&mother, &father] {
        let seen = person.opens(&child).await.get("/activity").await.is(200).text;
        assert!(!seen.contains("access-"), "{seen}");
    }
    // Families ask nothing about each other, nor about themselves.
    let tab = mother.opens(&child).await;
    for of in [&father.id, &mother.id] {
        tab.post(&format!("/people/{of}/preview"), &json!({})).await.is_hidden();
        tab.post(&format!("/people/{of}/why"), &json!({"action": "sign"})).await.is_hidden();
    }
}
