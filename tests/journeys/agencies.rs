//! Agencies: rosters, and children who pass from one caseworker to another.

mod faults;
mod many;
mod races;

use journeys::{Person, Reply, World, casework, handing, pdf};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Who has an active grant for each child, by the table.
async fn holders(world: &World) -> BTreeMap<String, Vec<String>> {
    let mut holders: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in world.items().await {
        let item = &item["item"];
        if item["sk"]["S"].as_str().is_some_and(|key| key.starts_with("GRANT#")) {
            let holders = holders.entry(item["member"]["S"].as_str().unwrap().to_owned()).or_default();
            if item["state"]["S"] == "active" {
                holders.push(item["login"]["S"].as_str().unwrap().to_owned());
            }
        }
    }
    holders
}

/// Expects that each child has exactly one worker.
async fn each_has_one(world: &World, children: &[String]) {
    let holders = holders(world).await;
    for child in children {
        assert_eq!(holders[child].len(), 1, "{child} is with {:?}", holders[child]);
    }
}

/// Expects that every chain of events is whole.
async fn chains_hold(world: &World) {
    let mut chains: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for item in world.items().await {
        let item = item["item"].clone();
        if item["sk"]["S"].as_str().is_some_and(|key| key.starts_with("EVENT#")) {
            chains.entry(item["pk"]["S"].as_str().unwrap().to_owned()).or_default().push(item);
        }
    }
    for (chain, mut events) in chains {
        events.sort_by_key(|event| event["sk"]["S"].as_str().unwrap().to_owned());
        let mut previous = "0".repeat(64);
        for (place, event) in (1..).zip(&events) {
            assert_eq!(event["sequence"]["N"], format!("{place}"), "{chain} has a gap");
            assert_eq!(event["previous"]["S"], previous, "{chain} is broken at {place}");
            event["hash"]["S"].as_str().unwrap().clone_into(&mut previous);
        }
    }
}

/// Kinds of the events on a login's own chain.
async fn of_login(world: &World, login: &str) -> Vec<String> {
    let of = |item: &Value| item["item"]["pk"]["S"] == format!("LOGIN#{login}");
    let events = world.items().await.into_iter().filter(of).map(|item| item["item"].clone());
    let mut events: Vec<Value> =
        events.filter(|item| item["sk"]["S"].as_str().unwrap().starts_with("EVENT#")).collect();
    events.sort_by_key(|event| event["sk"]["S"].to_string());
    events.iter().map(|event| event["kind"]["S"].as_str().unwrap().to_owned()).collect()
}

/// Goes on until nothing is left.
async fn goes_on(world: &World, agency: &str, begun: Reply) -> Value {
    let mut shown = begun.json();
    let path = format!("/agencies/{agency}/hand-overs/{}/continue", begun.at("/id"));
    for _ in 0..40 {
        if shown["left"] == 0 {
            return shown;
        }
        let next = world.staff.post(&path, &json!({})).await;
        // Unknown outcomes happen on a slow machine; what has moved has moved, and it goes on from there.
        if next.status != 503 {
            shown = next.is(200).json();
        }
    }
    panic!("no end: {shown}");
}

/// An agency with two caseworkers who signed in; the first has a child of each name.
async fn two_workers(world: &World, children: &[&str]) -> (String, Person, Person, Vec<String>) {
    let agency = world.registers_agency("County services").await;
    let spare = world.registers("Spare", "2016-01-01").await;
    let mut ids = Vec::new();
    for child in children {
        ids.push(world.registers(child, "2016-01-01").await);
    }
    let first = world.caseworker(&agency, "First", &ids[0]).await;
    let second = world.caseworker(&agency, "Second", &spare).await;
    for child in &ids[1..] {
        world.gives(child, &first, &casework(&agency)).await;
    }
    (agency, first, second, ids)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_tab_of_the_former_worker_is_shut_and_the_new_one_has_the_same() {
    let world = World::new().await;
    let (agency, first, second, children) = two_workers(&world, &["One", "Two"]).await;
    let tab = first.opens(&children[0]).await;
    tab.get("").await.is(200);
    let mails = world.sent().await;
    let one = json!([children[0]]);
    let done = world.hands_over(&agency, &first.id, &second.id, &one).await.is(201).json();
    assert_eq!((&done["moved"], &done["left"], &done["refused"]), (&json!(1), &json!(0), &json!([])));
    tab.get("").await.is_hidden();
    first.tries_to_open(&children[0]).await.is_hidden();
    second.opens(&children[0]).await.get("").await.is(200);
    first.opens(&children[1]).await;
    assert_eq!(holders(&world).await[&children[0]], std::slice::from_ref(&second.id));

    // One act on every record it touches, and nobody gets a mail.
    let desk = world.staff.opens_as_staff(&children[0]).await;
    let events = desk.get("/activity").await.is(200).list("events");
    let passed: Vec<&Value> = events.iter().filter(|event| event["kind"] == "child-handed-over").collect();
    assert_eq!((passed.len(), &passed[0]["object"]), (1, &done["id"]));
    for worker in [&first, &second] {
        assert_eq!(of_login(&world, &worker.id).await.last().unwrap(), "hand-over-begun");
    }
    assert_eq!(world.sent().await, mails);
    let grants = desk.get("/grants").await.is(200).list("grants");
    let of = |id: &str| grants.iter().find(|grant| grant["login"] == id).unwrap();
    assert_eq!(
        (&of(&first.id)["state"], &of(&first.id)["reason"]),
        (&json!("ended"), &json!("change-in-relationship"))
    );
    assert_eq!((&of(&second.id)["state"], &of(&second.id)["scopes"]), (&json!("active"), &of(&first.id)["scopes"]));
    // The family's other readers learn nothing of it: the new worker's own view names no hand-over.
    let seen = second.opens(&children[0]).await.get("/activity").await.is(200).list("events");
    assert!(seen.iter().all(|event| event["kind"] != "child-handed-over"), "{seen:?}");
    chains_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn off_the_roster_nothing_counts_and_no_old_link_brings_it_back() {
    let world = World::new().await;
    let (agency, first, _, children) = two_workers(&world, &["One", "Two"]).await;
    let elsewhere = world.registers("Three", "2016-01-01").await;
    let link = world.invites(&first.email, &[(&elsewhere, casework(&agency))]).await;
    let tab = first.opens(&children[0]).await;
    let remove = format!("/agencies/{agency}/workers/{}/remove", first.id);
    world.staff.post(&remove, &json!({"reason": "end-date"})).await.is(204);
    tab.get("").await.is_hidden();
    assert!(first.members().await.is_empty());
    world.staff.post(&remove, &json!({"reason": "end-date"})).await.is_hidden();
    let grants = world.staff.opens_as_staff(&children[0]).await.get("/grants").await.is(200).list("grants");
    assert_eq!((&grants[0]["why_not"]["code"], &grants[0]["state"]), (&json!("outside-agency"), &json!("active")));
    first.post("/invitations/accept", &json!({"token": link.token})).await.is_problem(410, "gone");
    let code = world.proof_for(&link).await;
    let newcomer = json!({"name": "New", "password": journeys::PASSWORD, "language": "en"});
    let body = json!({"token": link.token, "code": code, "new_login": newcomer});
    world.browser().post("/invitations/accept", &body).await.is_problem(410, "gone");
    world.passes(jiff::SignedDuration::from_mins(1));
    // A new invitation does not bring all the old children back by the way.
    let anew = world.invites(&first.email, &[(&elsewhere, casework(&agency))]).await;
    first.post("/invitations/accept", &json!({"token": anew.token})).await.is_problem(409, "conflict");
    let add = format!("/agencies/{agency}/workers");
    let back = world.staff.post(&add, &json!({"login": first.id})).await.is(201).json();
    assert_eq!(back["children"], 2);
    tab.get("").await.is(200);
    first.post("/invitations/accept", &json!({"token": anew.token})).await.is(200);
    let kinds = of_login(&world, &first.id).await;
    assert!(kinds.ends_with(&["roster-left".to_owned(), "roster-joined".to_owned()]), "{kinds:?}");
    chains_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn children_come_back_with_the_roster_only_on_a_fresh_proof() {
    let world = World::new().await;
    let office = world.office(2).await;
    let path = format!("/agencies/{}/workers", office.agency);
    for worker in [&office.from, &office.to] {
        world.staff.post(&format!("{path}/{worker}/remove"), &json!({"reason": "review"})).await.is(204);
    }
    world.passes(jiff::SignedDuration::from_secs(301));
    world.staff.post(&path, &json!({"login": office.from})).await.is_problem(401, "prove-again");
    world.staff.post(&path, &json!({"login": office.to})).await.is(201);
    world.hands_over(&office.agency, &office.from, &office.to, &json!("all")).await.is_problem(401, "prove-again");
    let again = world.staff.clone().signs_in_with_code(&world).await;
    again.post(&path, &json!({"login": office.from})).await.is(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_on_one_roster_and_access_in_an_agencys_name_needs_it() {
    let world = World::new().await;
    let (agency, first, _, children) = two_workers(&world, &["One"]).await;
    let other = world.registers_agency("Another county").await;
    let child = world.registers("Child", "2016-01-01").await;
    let add = |agency: &str| format!("/agencies/{agency}/workers");
    let refused = world.staff.post(&add(&other), &json!({"login": first.id})).await.is_problem(422, "cannot-be-done");
    assert_eq!(refused.at("/field"), "login");
    world.staff.post(&add(&agency), &json!({"login": first.id})).await.is_problem(409, "conflict");
    world.staff.post(&add(&agency), &json!({"login": world.staff.id})).await.is_problem(422, "cannot-be-done");
    let desk = world.staff.opens_as_staff(&child).await;
    let body = json!({"login": first.id, "terms": casework(&other), "reason": "request"});
    assert_eq!(desk.post("/grants", &body).await.is_problem(422, "cannot-be-done").at("/field"), "login");

    let link = world.invites(&first.email, &[(&child, casework(&other))]).await;
    first.post("/invitations/accept", &json!({"token": link.token})).await.is_problem(409, "conflict");
    first.tries_to_open(&child).await.is_hidden();
    let unknown = format!("agy_{}", "0".repeat(32));
    let invite = |offers: Value| json!({"email": "x@county.example", "language": "en", "offers": offers});
    let offer = |member: &str, agency: &str| json!({"member": member, "terms": casework(agency)});
    for offers in [json!([offer(&child, &unknown)]), json!([offer(&child, &other), offer(&children[0], &agency)])] {
        let refused = world.staff.post("/invitations", &invite(offers)).await.is_problem(422, "cannot-be-done");
        assert_eq!(refused.at("/field"), "offers");
    }
    let shown = world.staff.get(&format!("/agencies/{agency}")).await.is(200);
    let workers: Vec<(String, i64)> = shown
        .list("workers")
        .iter()
        .map(|worker| (worker["name"].as_str().unwrap().to_owned(), worker["children"].as_i64().unwrap()))
        .collect();
    assert_eq!(workers, [("First".to_owned(), 1), ("Second".to_owned(), 1)]);
    let listed = world.staff.get("/agencies").await.is(200).list("agencies");
    assert_eq!(listed.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_refused_with_the_field_that_needs_a_change() {
    let world = World::new().await;
    let office = world.office(2).await;
    let other = world.office(1).await;
    let (from, to, all) = (office.from.as_str(), office.to.as_str(), json!("all"));
    let twice = json!([office.children[0], office.children[0]]);
    for (from, to, members, field) in [
        (from, from, &all, "to"),
        (from, other.to.as_str(), &all, "to"),
        (from, world.staff.id.as_str(), &all, "to"),
        (other.from.as_str(), to, &all, "from"),
        (to, from, &all, "members"),
        (from, to, &json!([]), "members"),
        (from, to, &twice, "members"),
        (from, to, &json!([other.children[0]]), "members"),
    ] {
        let refused = world.hands_over(&office.agency, from, to, members).await.is_problem(422, "cannot-be-done");
        assert_eq!(refused.at("/field"), field, "{from} {to} {members}");
    }
    let key = "a-key-of-sixteen-letters";
    let path = format!("/agencies/{}/hand-overs", office.agency);
    let send = |body: Value| world.staff.ask("POST", &path).json(&body).key(key).send();
    let first = send(handing(from, to, &all)).await.is(201);
    let again = send(handing(from, to, &all)).await.is(201);
    assert_eq!(first.text, again.text);
    send(handing(from, to, &json!([office.children[0]]))).await.is_problem(422, "idempotency-key-reused");
    assert_eq!((&first.json()["moved"], of_login(&world, to).await.len()), (&json!(2), 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn open_signatures_are_named_and_never_signed_by_the_next_worker() {
    let world = World::new().await;
    let (agency, first, second, children) = two_workers(&world, &["One", "Two"]).await;
    let document = first.opens(&children[0]).await.uploads(&world, "Consent", &pdf("Consent")).await;
    let packet = world.asks(&children[0], &document, &[(&first, "guardian")]).await;
    let done = world.hands_over(&agency, &first.id, &second.id, &json!("all")).await.is(201).json();
    assert_eq!(done["moved"], 2);
    let unsigned = done["unsigned"].as_array().unwrap();
    assert_eq!(unsigned.len(), 1);
    assert_eq!((&unsigned[0]["member"], &unsigned[0]["packet"]), (&json!(children[0]), &json!(packet)));
    let path = format!("/agencies/{agency}/hand-overs/{}", done["id"].as_str().unwrap());
    assert_eq!(world.staff.get(&path).await.is(200).json(), done);
    second.opens(&children[0]).await.get(&format!("/packets/{packet}")).await.is_hidden();
    assert!(second.members().await.iter().all(|member| member["waiting"] == json!([])));
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_leave_the_own_family_to_a_colleague() {
    let world = World::new().await;
    let (agency, first, second, children) = two_workers(&world, &["One", "Two"]).await;
    // A colleague who is this child's aunt: she has access for herself, and passes on all but that child.
    let colleague = world.colleague().await;
    world.gives(&children[0], &colleague, &journeys::terms("AUNT", "court-order")).await;
    let path = format!("/agencies/{agency}/hand-overs");
    let done = colleague.post(&path, &handing(&first.id, &second.id, &json!("all"))).await.is(201).json();
    assert_eq!((&done["moved"], &done["left"]), (&json!(1), &json!(0)));
    assert_eq!(done["refused"], json!([{"member": children[0], "code": "own-case"}]));
    let holders = holders(&world).await;
    assert!(holders[&children[0]].contains(&first.id) && !holders[&children[0]].contains(&second.id));
}
