//! Who opened, downloaded, signed: one's own part always, another guardian's only with the scope for it.

use journeys::{World, pdf, terms};
use serde_json::{Value, json};

fn kinds(events: &[Value], name: &str) -> Vec<String> {
    let of = events.iter().filter(|event| event["name"] == name);
    of.map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn another_guardians_deeds_need_the_directory() {
    let world = World::new().await;
    let family = world.family().await;
    let tab = family.mother.opens(&family.child).await;
    let document = tab.uploads(&world, "Letter", &pdf("Letter")).await;
    tab.post(&format!("/documents/{document}/open"), &json!({})).await.is(200);

    let father = family.father.opens(&family.child).await;
    father.get("/directory").await.is_hidden();
    let events = father.get("/activity").await.is(200).list("events");
    assert!(events.iter().all(|event| event["by"] != "person" && event["name"].is_null()), "{events:?}");

    let mut wider = terms("FTH", "parental-responsibility");
    wider["scopes"].as_array_mut().unwrap().push(json!("household-directory"));
    world.stops(&family.child, &family.father, "end").await;
    world.gives(&family.child, &family.father, &wider).await;
    let father = family.father.opens(&family.child).await;
    let events = father.get("/activity").await.is(200).list("events");
    assert_eq!(kinds(&events, "One parent"), ["document-opened", "upload-started", "member-opened"]);
    let opened = events.iter().find(|event| event["kind"] == "document-opened").unwrap();
    assert_eq!((&opened["by"], &opened["capacity"]), (&json!("person"), &json!("family")));
    let people = father.get("/directory").await.is(200);
    let names: Vec<Value> = people.list("people").iter().map(|person| person["name"].clone()).collect();
    assert_eq!(names, ["One parent", "Other parent"]);
    assert!(!people.text.contains("family.example"), "no address: {}", people.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_read_who_it_was() {
    let world = World::new().await;
    let family = world.family().await;
    family.mother.opens(&family.child).await;
    let desk = world.staff.opens_as_staff(&family.child).await;
    let events = desk.get("/activity").await.is(200).list("events");
    assert_eq!(kinds(&events, "One parent"), ["member-opened", "invitation-accepted"]);
    assert!(events.iter().any(|event| event["by"] == "you" && event["kind"] == "member-registered"));
}
