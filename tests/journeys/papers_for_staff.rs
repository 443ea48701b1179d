//! Papers that only staff see: the order that keeps one parent out names the other one's address.

use jiff::SignedDuration;
use journeys::{Person, Tab, World, pdf, sha256, terms};
use serde_json::{Value, json};

/// A word of the order that nobody outside the clinic reads.
const TITLE: &str = "Order with the address at 14 Quiet Lane";

/// What everybody hears about something that is not there.
async fn unknown(tab: &Tab) -> String {
    tab.get(&format!("/documents/doc_{}", "0".repeat(32))).await.is_hidden().text
}

/// Everything about documents that a person can ask for, in one text; what names the paper is answered as if it did not exist.
async fn reads(tab: &Tab, document: &str) -> String {
    let nothing = unknown(tab).await;
    for path in ["", "/fields"] {
        let reply = tab.get(&format!("/documents/{document}{path}")).await.is_hidden();
        assert_eq!(reply.text, nothing, "{path}");
    }
    assert_eq!(tab.post(&format!("/documents/{document}/open"), &json!({})).await.is_hidden().text, nothing);
    let mut text = String::new();
    for path in ["", "/documents", "/activity", "/packets", "/directory", "/requests"] {
        text += &tab.get(path).await.text;
    }
    text
}

/// Nothing that a person with access can ask for tells of a paper.
async fn is_hidden_from(world: &World, person: &Person, child: &str, document: &str) {
    let tab = person.opens(child).await;
    let text = reads(&tab, document).await;
    assert!(!text.contains(document) && !text.contains("Quiet Lane") && !text.contains("audience"), "{text}");
    let preview = world.staff.opens_as_staff(child).await;
    let preview = preview.post(&format!("/people/{}/preview", person.id), &json!({})).await.is(200).text;
    assert!(!preview.contains(document), "{preview}");
}

/// A grandmother who reads documents and knows who else has access and what they did.
async fn grandmother(world: &World, child: &str) -> Person {
    let mut offer = terms("GRMTH", "court-order");
    offer["scopes"].as_array_mut().unwrap().push(json!("household-directory"));
    let invited = world.invites("grandmother@family.example", &[(child, offer)]).await;
    world.joins(&invited, "Grandmother").await
}

fn listed(list: &[Value], document: &str) -> bool {
    list.iter().any(|one| one["id"] == document)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_staff_send_for_staff_is_there_for_nobody_else() {
    let world = World::new().await;
    let family = world.family().await;
    let grandmother = grandmother(&world, &family.child).await;
    let desk = world.staff.opens_as_staff(&family.child).await;
    let order = desk.uploads_for_staff(&world, TITLE, &pdf("14 Quiet Lane")).await;
    let refused = desk.uploads_for_staff(&world, TITLE, b"14 Quiet Lane").await;
    desk.post(&format!("/documents/{order}/open"), &json!({})).await.is(200);
    for person in [&family.mother, &family.father, &grandmother] {
        for document in [&order, &refused] {
            is_hidden_from(&world, person, &family.child, document).await;
        }
    }
    // Staff see it, and who opened it, and that the family does not.
    assert_eq!(desk.document(&order).await["audience"], "staff");
    assert!(listed(&desk.get("/documents").await.is(200).list("documents"), &order));
    let seen = desk.get("/activity").await.is(200).list("events");
    assert_eq!(seen.iter().filter(|event| event["object"] == order.as_str()).count(), 3, "{seen:?}");
    // Nobody is asked to sign what must not be shown.
    let slots = json!([{"login": family.mother.id, "capacity": "parent"}]);
    let body = json!({"document": order, "title": "Consent", "slots": slots});
    desk.post("/packets", &body).await.is_problem(409, "conflict");
    // A paper of the family is there for all of them, and the search above would have found it.
    let consent = desk.uploads(&world, "Consent", &pdf("Consent")).await;
    assert_eq!(desk.document(&consent).await["audience"], "family");
    for person in [&family.father, &grandmother] {
        let tab = person.opens(&family.child).await;
        assert!(tab.document(&consent).await.get("audience").is_none());
        assert!(tab.get("/activity").await.is(200).text.contains(&consent));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_sends_no_papers_for_staff() {
    let world = World::new().await;
    let family = world.family().await;
    let file = pdf("Order");
    let body =
        |audience: &str| json!({"title": "Order", "bytes": file.len(), "sha256": sha256(&file), "audience": audience});
    let mother = family.mother.opens(&family.child).await;
    mother.post("/documents", &body("staff")).await.is_hidden();
    mother.post("/documents", &body("everybody")).await.is_problem(400, "malformed");
    assert!(mother.get("/documents").await.is(200).list("documents").is_empty());
    mother.post("/documents", &body("family")).await.is(201);
    // Nor does somebody of staff on the record of the own family.
    let colleague = world.colleague().await;
    world.gives(&family.child, &colleague, &terms("AUNT", "court-order")).await;
    colleague.opens(&family.child).await.post("/documents", &body("staff")).await.is_hidden();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_decision_rests_on_is_for_staff_from_then_on() {
    let world = World::new().await;
    let family = world.family().await;
    let child = family.child.as_str();
    let desk = world.staff.opens_as_staff(child).await;
    let until = world.clock.now() + SignedDuration::from_hours(1);
    let mut order = Vec::new();
    for number in 0..6 {
        // Staff forgot to say for whom.
        let paper = desk.uploads(&world, TITLE, &pdf(&format!("14 Quiet Lane, {number}"))).await;
        assert!(listed(&family.father.opens(child).await.get("/documents").await.is(200).list("documents"), &paper));
        order.push(paper);
    }
    let [hold, lift, give, change, invite, excuse] = order.as_slice() else { panic!("six papers") };
    let somebody = json!({"name": "Max Mustermann", "reason": "order", "evidence": hold, "until": until});
    let block = desk.post("/blocks", &somebody).await.is(201).at("/id");
    desk.post(&format!("/blocks/{block}/lift"), &json!({"reason": "review", "evidence": lift})).await.is(200);
    let with = |relationship: &str, paper: &str| {
        let mut terms = terms(relationship, "court-order");
        terms["evidence"] = json!(paper);
        terms
    };
    let invited = world.invites("grandmother@family.example", &[(child, with("GRMTH", invite))]).await;
    let grandmother = world.joins(&invited, "Grandmother").await;
    let (_, stranger) = world.stranger().await;
    world.gives(child, &stranger, &with("AUNT", give)).await;
    let body = json!({"terms": with("AUNT", change), "version": 1, "reason": "review"});
    desk.post(&format!("/grants/{}/change", stranger.id), &body).await.is(204);
    let consent = desk.uploads(&world, "Consent", &pdf("Consent")).await;
    let slots =
        json!([{"login": family.mother.id, "capacity": "parent"}, {"login": family.father.id, "capacity": "parent"}]);
    let packet = world.asks_for(child, &consent, json!({"slots": slots})).await;
    let slot = desk.packet(&packet).await["slots"][1]["id"].as_str().unwrap().to_owned();
    let excused = json!({"how": "excused", "reason": "sole custody", "evidence": excuse});
    desk.post(&format!("/packets/{packet}/slots/{slot}/settle"), &excused).await.is(204);
    for document in &order {
        assert_eq!(desk.document(document).await["audience"], "staff");
        for person in [&family.mother, &family.father, &grandmother, &stranger] {
            is_hidden_from(&world, person, child, document).await;
        }
    }
    // The paper that they are asked to sign is none of these.
    assert_eq!(desk.document(&consent).await["audience"], "family");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_of_what_one_parent_signed_is_not_for_the_other() {
    let world = World::new().await;
    let family = world.family().await;
    let desk = world.staff.opens_as_staff(&family.child).await;
    let consent = desk.uploads(&world, "Consent", &pdf("Consent")).await;
    let slots =
        json!([{"login": family.mother.id, "capacity": "parent"}, {"login": family.father.id, "capacity": "parent"}]);
    let packet = world.asks_for(&family.child, &consent, json!({"mode": "together", "slots": slots})).await;
    let slot = desk.packet(&packet).await["slots"][0]["id"].as_str().unwrap().to_owned();
    let scan = desk.uploads(&world, TITLE, &pdf("14 Quiet Lane")).await;
    desk.post(&format!("/packets/{packet}/slots/{slot}/settle"), &json!({"how": "on-paper", "scan": scan}))
        .await
        .is(204);
    is_hidden_from(&world, &family.father, &family.child, &scan).await;
    // Not even by its name, on the page that both get.
    let father = family.father.opens(&family.child).await;
    father.tries_to_sign(&packet, &json!({"kind": "typed", "name": "Other parent"})).await.is(200);
    world.settled().await;
    let link = father.post(&format!("/packets/{packet}/open"), &json!({})).await.is(200);
    assert_eq!(link.at("/file"), "sealed");
    let file = lopdf::Document::load_mem(&world.downloads(&link.at("/url")).await.unwrap()).unwrap();
    let pages: Vec<u32> = file.get_pages().into_keys().collect();
    let text: String = file.extract_text(&pages).unwrap().split_whitespace().collect();
    assert!(text.contains("Onpaper") && !text.contains(&scan), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sent_a_paper_does_not_learn_that_a_decision_rests_on_it() {
    let world = World::new().await;
    let family = world.family().await;
    let grandmother = grandmother(&world, &family.child).await;
    let mother = family.mother.opens(&family.child).await;
    let order = mother.uploads(&world, TITLE, &pdf("14 Quiet Lane")).await;
    let seen = async || (mother.get("/documents").await.is(200).text, mother.get("/activity").await.is(200).text);
    assert!(listed(&grandmother.opens(&family.child).await.get("/documents").await.is(200).list("documents"), &order));
    let before = (seen().await.0, mother.document(&order).await);
    let desk = world.staff.opens_as_staff(&family.child).await;
    let whom = json!({"login": family.father.id, "reason": "order", "evidence": order});
    desk.post("/blocks", &whom).await.is(201);
    assert_eq!((seen().await.0, mother.document(&order).await), before);
    mother.post(&format!("/documents/{order}/open"), &json!({})).await.is(200);
    assert!(seen().await.1.contains(&order));
    is_hidden_from(&world, &grandmother, &family.child, &order).await;
}
