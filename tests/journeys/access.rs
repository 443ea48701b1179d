//! Who reaches whom: grants given, narrowed, ended, revoked, outgrown.

use jiff::{SignedDuration, Timestamp};
use journeys::{World, terms};
use serde_json::{Value, json};

fn parent() -> Value {
    terms("PRN", "parental-responsibility")
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_hold_two_children_and_never_mix() {
    let world = World::new().await;
    let family = world.family().await;
    let (one, two) = (family.mother.opens(&family.child).await, family.mother.opens(&family.sibling).await);
    for _ in 0..3 {
        assert_eq!(one.get("").await.is(200).at("/name"), "Older child");
        assert_eq!(two.get("").await.is(200).at("/name"), "Younger child");
    }
    let crossed = journeys::Tab { token: two.token.clone(), ..one.clone() };
    crossed.get("").await.is_hidden();
    crossed.get("/activity").await.is_hidden();
    crossed.announces("Paper", b"%PDF-").await.is_hidden();
}

#[tokio::test(flavor = "multi_thread")]
async fn revoking_counts_on_the_next_request_and_kills_member_tokens() {
    let world = World::new().await;
    let family = world.family().await;
    let (mother, father) = (family.mother.opens(&family.child).await, family.father.opens(&family.child).await);
    mother.get("").await.is(200);
    world.stops(&family.child, &family.mother, "revoke").await;

    mother.get("").await.is_hidden();
    mother.get("/documents").await.is_hidden();
    mother.announces("Paper", b"%PDF-").await.is_hidden();
    family.mother.tries_to_open(&family.child).await.is_hidden();
    // The sibling and the other parent are not touched.
    let members = family.mother.members().await;
    assert_eq!(members.len(), 1);
    assert_eq!(members[0]["id"], family.sibling.as_str());
    father.get("").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_give_narrow_and_end_access() {
    let world = World::new().await;
    let (_, person) = world.stranger().await;
    let child = world.registers("Child", "2016-01-01").await;
    let desk = world.gives(&child, &person, &parent()).await;
    let again = json!({"login": person.id, "terms": parent(), "reason": "request"});
    desk.post("/grants", &again).await.is_problem(409, "conflict");

    let tab = person.opens(&child).await;
    tab.announces("Paper", b"%PDF-").await.is(201);
    let narrow = format!("/grants/{}/narrow", person.id);
    let until = world.clock.now() + SignedDuration::from_mins(5);
    let only = json!({"scopes": ["profile", "documents-read"], "not_after": until, "reason": "review"});
    desk.post(&narrow, &only).await.is(204);
    tab.announces("Paper", b"%PDF-").await.is_hidden();
    tab.get("/documents").await.is(200);
    let wider = json!({"scopes": ["profile", "sign"], "not_after": until, "reason": "review"});
    desk.post(&narrow, &wider).await.is_problem(422, "cannot-be-done");

    let listed = desk.get("/grants").await.is(200).list("grants");
    assert_eq!(listed[0]["name"], "Another parent");
    assert_eq!(listed[0]["scopes"], json!(["profile", "documents-read"]));
    world.passes(SignedDuration::from_mins(5));
    tab.get("").await.is_hidden();
    desk.post(&format!("/grants/{}/end", person.id), &json!({"reason": "end-date"})).await.is(204);
    let ended = &desk.get("/grants").await.is(200).list("grants")[0];
    assert_eq!((&ended["state"], &ended["reason"]), (&json!("ended"), &json!("end-date")));
    desk.post("/grants", &again).await.is(201);
    tab.get("").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_ends_the_own_access_and_nobody_elses() {
    let world = World::new().await;
    let family = world.family().await;
    let tab = family.mother.opens(&family.child).await;
    let reason = json!({"reason": "request"});
    for how in ["narrow", "end", "revoke"] {
        let mut body = reason.clone();
        if how == "narrow" {
            body["scopes"] = json!(["profile"]);
        }
        tab.post(&format!("/grants/{}/{how}", family.father.id), &body).await.is_hidden();
    }
    tab.post(&format!("/grants/{}/end", family.mother.id), &reason).await.is(204);
    tab.get("").await.is_hidden();
    assert_eq!(family.mother.members().await.len(), 1);
    assert_eq!(family.father.members().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn guardians_lose_access_at_the_clinics_midnight_of_majority() {
    // One second before the eighteenth birthday begins in New York.
    let world = World::at("2026-03-10T03:59:50Z".parse::<Timestamp>().unwrap()).await;
    let member = world.registers("Almost grown", "2008-03-10").await;
    let invited = world.invites("parent@family.example", &[(&member, parent())]).await;
    let person = world.joins(&invited, "Parent").await;
    let offers = json!([{"member": member, "terms": terms("ONESELF", "self")}]);
    let body = json!({"email": "grown@family.example", "language": "en", "offers": offers, "handing": "desk"});
    let sent = world.staff.post("/invitations", &body).await.is(201);
    let token = sent.at("/link").trim_start_matches("/invitation#").to_owned();
    let own = journeys::Invited { id: sent.at("/id"), token, email: "grown@family.example".to_owned() };
    let oneself = world.joins(&own, "Almost grown").await;
    let (tab, own_tab) = (person.opens(&member).await, oneself.opens(&member).await);
    world.passes(SignedDuration::from_secs(9));
    tab.get("").await.is(200);
    world.passes(SignedDuration::from_secs(1));
    tab.get("").await.is_hidden();
    person.tries_to_open(&member).await.is_hidden();
    assert!(person.members().await.is_empty());
    own_tab.get("").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_who_is_also_a_mother_sees_both_records() {
    let world = World::new().await;
    let (own, person) = world.client_alone().await;
    let child = world.registers("Child", "2016-01-01").await;
    world.gives(&child, &person, &terms("MTH", "parental-responsibility")).await;
    let members = person.members().await;
    let relationship = |id: &str| members.iter().find(|member| member["id"] == id).unwrap()["relationship"].clone();
    assert_eq!((relationship(&own), relationship(&child)), (json!("ONESELF"), json!("MTH")));
    assert_eq!(person.opens(&own).await.get("").await.is(200).at("/name"), "Adult client");
    assert_eq!(person.opens(&child).await.get("").await.is(200).at("/name"), "Child");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foster_parent_is_never_given_a_signature() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    let mut greedy = terms("PRNFOST", "foster-placement");
    greedy["scopes"] = json!(["profile", "sign"]);
    let body =
        json!({"email": "foster@family.example", "language": "en", "offers": [{"member": child, "terms": greedy}]});
    world.staff.post("/invitations", &body).await.is_problem(422, "cannot-be-done");
    let modest = terms("PRNFOST", "foster-placement");
    let invited = world.invites("foster@family.example", &[(&child, modest)]).await;
    let foster = world.joins(&invited, "Foster parent").await;
    assert_eq!(foster.members().await[0]["scopes"], json!(["profile", "documents-read", "documents-upload"]));
    let tab = foster.opens(&child).await;
    tab.get("/documents").await.is(200);
    tab.get("/packets").await.is_hidden();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caseworker_reaches_ten_children_with_one_login() {
    let world = World::new().await;
    let mut children = Vec::new();
    for number in 0..10 {
        children.push(world.registers(&format!("Child {number}"), "2016-01-01").await);
    }
    let terms = terms("RESPRSN", "agency-custody");
    let offers: Vec<(&str, Value)> = children.iter().map(|child| (child.as_str(), terms.clone())).collect();
    let invited = world.invites("worker@county.example", &offers).await;
    let worker = world.joins(&invited, "Caseworker").await;
    assert_eq!(worker.members().await.len(), 10);
    for (number, child) in children.iter().enumerate() {
        let tab = worker.opens(child).await;
        assert_eq!(tab.get("").await.is(200).at("/name"), format!("Child {number}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_open_records_with_a_reason_only() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    let refused = world.staff.tries_to_open(&child).await.is_problem(422, "cannot-be-done");
    assert_eq!(refused.at("/field"), "reason");
    let tab = world.staff.opens_as_staff(&child).await;
    let opened = &tab.get("/activity").await.is(200).list("events")[0];
    assert_eq!((&opened["kind"], &opened["reason"]), (&json!("member-opened"), &json!("phone call")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denial_is_on_record_for_staff_and_for_nobody_else() {
    let world = World::new().await;
    let (child, parent) = world.stranger().await;
    let (_, other) = world.client_alone().await;
    other.tries_to_open(&child).await.is_hidden();
    let events = world.staff.opens_as_staff(&child).await.get("/activity").await.is(200).list("events");
    let denied = events.iter().find(|event| event["kind"] == "access-denied").expect("a record of the denial");
    assert_eq!((&denied["by"], &denied["reason"]), (&json!("person"), &json!("no-grant")));
    let seen = parent.opens(&child).await.get("/activity").await.is(200);
    assert!(!seen.text.contains("access-denied"), "{}", seen.text);
}
