//! Access as a whole: a placement with its paper, changed while it lasts, and an adult who lowers a helper's access.

use jiff::SignedDuration;
use journeys::{Family, Person, Tab, World, pdf, terms};
use serde_json::{Value, json};

async fn access(desk: &Tab, login: &str) -> Value {
    let listed = desk.get("/grants").await.is(200).list("grants");
    listed.iter().find(|access| access["login"] == login).expect("the person's access").clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_placement_is_given_with_its_paper_and_changed_while_it_lasts() {
    let mut world = World::new().await;
    let (_, carer) = world.stranger().await;
    let child = world.registers("Placed child", "2019-03-09").await;
    let desk = world.staff.opens_as_staff(&child).await;
    let order = desk.uploads(&world, "Placement", &pdf("Placement order")).await;
    let mut placement = terms("MTHFOST", "foster-placement");
    placement["evidence"] = json!(order);
    let give = json!({"login": carer.id, "terms": placement, "reason": {"code": "order", "note": "case 12"}});
    for missing in ["login", "terms", "reason"] {
        let mut body = give.clone();
        body.as_object_mut().unwrap().remove(missing);
        desk.post("/grants", &body).await.is_problem(400, "malformed");
    }
    desk.post("/grants", &give).await.is(201);
    let seen = access(&desk, &carer.id).await;
    assert_eq!((&seen["evidence"], &seen["granted_by"]), (&json!(order), &json!(world.staff.id)));
    assert_eq!(
        (&seen["granted_by_name"], &seen["reason"]),
        (&json!("Front desk"), &json!({"code": "order", "note": "case 12"}))
    );
    assert_eq!((&seen["version"], &seen.get("why_not")), (&json!(1), &None));

    // The placement is prolonged and widened, as a whole.
    let mut longer = placement.clone();
    longer["scopes"] = json!(["profile", "documents-read", "appointments-read", "appointments-book"]);
    longer["not_after"] = json!(world.clock.now() + SignedDuration::from_hours(90 * 24));
    let change = format!("/grants/{}/change", carer.id);
    let body = |version: u64, terms: &Value| json!({"terms": terms, "version": version, "reason": "review"});
    desk.post(&change, &body(2, &longer)).await.is_problem(409, "conflict");
    desk.post(&change, &body(1, &longer)).await.is(204);
    // A colleague who had the old terms on the screen does not undo that.
    let stale = desk.post(&change, &body(1, &placement)).await.is_problem(409, "conflict");
    assert!(stale.at("/detail").contains("colleague"), "{}", stale.text);
    let seen = access(&desk, &carer.id).await;
    assert_eq!((&seen["version"], &seen["scopes"], &seen["reason"]), (&json!(2), &longer["scopes"], &json!("review")));
    assert_eq!(
        carer.opens(&child).await.announces("Paper", b"%PDF-").await.is_hidden().status,
        404,
        "no upload any more"
    );
    let greedy = json!({"relationship": "MTHFOST", "authority": "foster-placement", "scopes": ["sign"]});
    assert_eq!(desk.post(&change, &body(2, &greedy)).await.is_problem(422, "cannot-be-done").at("/field"), "scopes");

    // It ends; what is over is given anew, not changed.
    desk.post(&format!("/grants/{}/end", carer.id), &json!({"reason": "change-in-relationship"})).await.is(204);
    assert_eq!(access(&desk, &carer.id).await["why_not"]["code"], "grant-stopped");
    desk.post(&change, &body(3, &longer)).await.is_problem(409, "conflict");
    let kinds: Vec<String> =
        desk.get("/activity").await.list("events").iter().map(|event| event["kind"].to_string()).collect();
    assert!(kinds.iter().any(|kind| kind.contains("grant-changed")), "{kinds:?}");

    world.passes(SignedDuration::from_mins(6));
    desk.post("/grants", &give).await.is_problem(401, "prove-again");
    world.staff_prove_again().await;
    world.staff.opens_as_staff(&child).await.post("/grants", &give).await.is(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_that_shows_the_ground_is_the_childs_own_and_ready() {
    let world = World::new().await;
    let (other, carer) = world.stranger().await;
    let child = world.registers("Placed child", "2019-03-09").await;
    let desk = world.staff.opens_as_staff(&child).await;
    let foreign = carer.opens(&other).await.uploads(&world, "Of another child", &pdf("Other")).await;
    let awaited = desk.announces("Not sent", b"%PDF-").await.is(201).at("/id");
    let refused = desk.uploads(&world, "No PDF", b"hello").await;
    for wrong in [foreign, awaited, refused, format!("doc_{}", "0".repeat(32))] {
        let mut placement = terms("MTHFOST", "foster-placement");
        placement["evidence"] = json!(wrong);
        let give = json!({"login": carer.id, "terms": placement, "reason": "order"});
        assert_eq!(desk.post("/grants", &give).await.is_problem(422, "cannot-be-done").at("/field"), "evidence");
        let invite =
            json!({"email": "x@family.example", "language": "en", "offers": [{"member": child, "terms": placement}]});
        let reply = world.staff.post("/invitations", &invite).await.is_problem(422, "cannot-be-done");
        assert!(reply.at("/detail").contains("paper"), "{}", reply.text);
    }
    assert!(desk.get("/grants").await.is(200).list("grants").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_not_undone_by_a_link_from_before() {
    let world = World::new().await;
    let Family { child, father, .. } = world.family().await;
    let link = world.invites(&father.email, &[(&child, terms("FTH", "parental-responsibility"))]).await;
    let desk = world.staff.opens_as_staff(&child).await;
    let version = access(&desk, &father.id).await["version"].clone();
    let mut less = terms("FTH", "parental-responsibility");
    less["scopes"] = json!(["profile"]);
    let change = json!({"terms": less, "version": version, "reason": "order"});
    desk.post(&format!("/grants/{}/change", father.id), &change).await.is(204);
    father.post("/invitations/accept", &json!({"token": link.token})).await.is_problem(410, "gone");
    assert_eq!(access(&desk, &father.id).await["scopes"], json!(["profile"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn narrowing_keeps_the_calendar_of_what_is_left() {
    let world = World::new().await;
    let (_, father) = world.stranger().await;
    let child = world.registers("Child", "2019-03-09").await;
    let time = |scopes: Value| json!({"scopes": scopes, "starts": "2026-01-05T00:00:00", "repeats": "FREQ=WEEKLY;INTERVAL=2", "lasts": "P7D"});
    let shared = json!({
        "relationship": "FTH", "authority": "parental-responsibility",
        "scopes": ["profile", "documents-upload", "appointments-book", "billing-pay"],
        "custody": [time(json!(["documents-upload", "appointments-book"])), time(json!(["billing-pay"]))],
    });
    let desk = world.gives(&child, &father, &shared).await;
    let less = json!({"scopes": ["profile", "appointments-book"], "reason": "review"});
    desk.post(&format!("/grants/{}/narrow", father.id), &less).await.is(204);
    let custody = access(&desk, &father.id).await["custody"].clone();
    assert_eq!(custody.as_array().unwrap().len(), 1);
    assert_eq!(custody[0]["scopes"], json!(["appointments-book"]));
}

/// An adult client with two helpers: one of the own choice, one ordered by a court.
async fn helped(world: &World) -> (String, Person, Person, Person) {
    let (own, client) = world.client_alone().await;
    let invited = world.invites("friend@family.example", &[(&own, terms("FRND", "adult-consent"))]).await;
    let friend = world.joins(&invited, "Friend").await;
    let invited = world.invites("guardian@family.example", &[(&own, terms("RESPRSN", "court-order"))]).await;
    let guardian = world.joins(&invited, "Guardian").await;
    (own, client, friend, guardian)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adult_lowers_the_help_that_was_agreed_and_not_what_a_court_ordered() {
    let world = World::new().await;
    let (own, client, friend, guardian) = helped(&world).await;
    let tab = client.opens(&own).await;
    let reason = json!({"reason": "request"});
    let less = json!({"scopes": ["profile"], "reason": "request"});
    tab.post(&format!("/grants/{}/narrow", friend.id), &less).await.is(204);
    let helper = friend.opens(&own).await;
    helper.get("").await.is(200);
    helper.get("/documents").await.is_hidden();
    for how in ["narrow", "end", "revoke"] {
        let body = if how == "narrow" { &less } else { &reason };
        tab.post(&format!("/grants/{}/{how}", guardian.id), body).await.is_hidden();
        // Helpers lower their own access, never each other's nor the client's.
        for other in [&guardian.id, &client.id] {
            helper.post(&format!("/grants/{other}/{how}"), body).await.is_hidden();
        }
    }
    tab.post(&format!("/grants/{}/revoke", friend.id), &reason).await.is(204);
    helper.get("").await.is_hidden();
    tab.get("").await.is(200);
    guardian.opens(&own).await.post(&format!("/grants/{}/end", guardian.id), &reason).await.is(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_helper_ends_the_own_help() {
    let world = World::new().await;
    let (own, client, friend, _) = helped(&world).await;
    let helper = friend.opens(&own).await;
    helper.post(&format!("/grants/{}/end", friend.id), &json!({"reason": "request"})).await.is(204);
    helper.get("").await.is_hidden();
    assert!(friend.members().await.is_empty());
    client.opens(&own).await.get("").await.is(200);
}
