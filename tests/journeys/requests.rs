//! A guardian asks, staff answer: a grandmother who helps, a sibling who is missing on the list.

use journeys::{Person, World, terms};
use serde_json::{Value, json};

fn with_say(relationship: &str) -> Value {
    let mut terms = terms(relationship, "parental-responsibility");
    terms["scopes"].as_array_mut().unwrap().extend([json!("invite"), json!("household-directory")]);
    terms
}

/// A child with a mother and a father, both of whom may ask and may know who has access.
async fn parents(world: &World) -> (String, Person, Person) {
    let child = world.registers("Child", "2019-01-01").await;
    let invited = world.invites("mother@one.example", &[(&child, with_say("MTH"))]).await;
    let mother = world.joins(&invited, "Mother of two").await;
    let invited = world.invites("father@two.example", &[(&child, with_say("FTH"))]).await;
    (child, mother, world.joins(&invited, "Father of two").await)
}

fn grandmother() -> Value {
    let wish = json!({"kind": "access", "name": "Rosa", "email": "rosa@three.example", "relationship": "GRMTH"});
    json!({"wish": wish, "note": "She fetches the child on Tuesdays"})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grandmother_is_asked_for_invited_and_the_others_are_told_without_an_address() {
    let world = World::new().await;
    let (child, mother, father) = parents(&world).await;
    let request = mother.opens(&child).await.post("/requests", &grandmother()).await.is(201).at("/id");
    // The other parent reads the own requests only; staff read all.
    assert!(father.opens(&child).await.get("/requests").await.is(200).list("requests").is_empty());
    let desk = world.staff.opens_as_staff(&child).await;
    let waiting = desk.get("/requests").await.is(200).list("requests");
    assert_eq!((&waiting[0]["state"], &waiting[0]["wish"]["name"]), (&json!("open"), &json!("Rosa")));

    let mut helper = terms("GRMTH", "court-order");
    helper["scopes"] = json!(["profile", "appointments-read"]);
    let path = format!("/requests/{request}/approve");
    desk.post(&path, &json!({"terms": helper})).await.is(204);
    desk.post(&path, &json!({"terms": helper})).await.is_problem(409, "conflict");
    let answer = world.newest_mail("mother@one.example").await;
    assert!(answer.contains("answered what you asked for"), "{answer}");
    let own = mother.opens(&child).await.get("/requests").await.is(200).list("requests");
    assert_eq!(own[0]["state"], "approved");

    let link = world.link_for("rosa@three.example").await;
    let invited = journeys::Invited { id: String::new(), token: link, email: "rosa@three.example".to_owned() };
    let rosa = world.joins(&invited, "Rosa").await;
    assert_eq!(rosa.members().await[0]["scopes"], json!(["profile", "appointments-read"]));
    // Both parents hear that somebody new is there, and neither mail says who or where.
    for address in ["mother@one.example", "father@two.example"] {
        let told = world.newest_mail(address).await;
        assert!(told.contains("Somebody new can see a record"), "{told}");
        for word in ["Rosa", "three.example", "Child"] {
            assert!(!told.contains(word), "{word} in {told}");
        }
    }
    let seen = father.opens(&child).await.get("/directory").await.is(200);
    assert!(seen.text.contains("Rosa") && !seen.text.contains("example"), "{}", seen.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sibling_joins_the_askers_list() {
    let world = World::new().await;
    let (child, mother, father) = parents(&world).await;
    let wish = json!({"kind": "family-member", "name": "Sibling", "birth_date": "2022-02-02", "relationship": "MTH"});
    let request = mother.opens(&child).await.post("/requests", &json!({"wish": wish})).await.is(201).at("/id");
    let sibling = world.registers("Sibling", "2022-02-02").await;
    let desk = world.staff.opens_as_staff(&child).await;
    let path = format!("/requests/{request}/approve");
    desk.post(&path, &json!({"terms": with_say("MTH")})).await.is(422);
    desk.post(&path, &json!({"terms": with_say("MTH"), "member": child})).await.is(422);
    desk.post(&path, &json!({"terms": with_say("MTH"), "member": sibling})).await.is(204);
    assert_eq!(mother.members().await.len(), 2);
    mother.opens(&sibling).await.get("").await.is(200);
    assert_eq!(father.members().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_has_a_reason_that_the_asker_reads() {
    let world = World::new().await;
    let (child, mother, father) = parents(&world).await;
    let tab = mother.opens(&child).await;
    let request = tab.post("/requests", &grandmother()).await.is(201).at("/id");
    father.opens(&child).await.post(&format!("/requests/{request}/refuse"), &json!({"reason": "no"})).await.is_hidden();
    let desk = world.staff.opens_as_staff(&child).await;
    let path = format!("/requests/{request}/refuse");
    desk.post(&path, &json!({"reason": "Please call us about this"})).await.is(204);
    let own = tab.get("/requests").await.is(200).list("requests");
    assert_eq!((&own[0]["state"], &own[0]["reason"]), (&json!("refused"), &json!("Please call us about this")));
    assert!(world.newest_mail("mother@one.example").await.contains("answered what you asked for"));
    assert!(!world.newest_mail("father@two.example").await.contains("answered"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_ask_cannot_and_nobody_floods_the_desk() {
    let world = World::new().await;
    let (child, stranger) = world.stranger().await;
    stranger.opens(&child).await.post("/requests", &grandmother()).await.is_hidden();
    stranger.opens(&child).await.get("/requests").await.is_hidden();
    let (child, mother, _) = parents(&world).await;
    let tab = mother.opens(&child).await;
    for _ in 0..5 {
        tab.post("/requests", &grandmother()).await.is(201);
    }
    tab.post("/requests", &grandmother()).await.is_problem(409, "conflict");
}
