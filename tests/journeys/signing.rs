//! Packets: asked, looked at, signed, sealed, declined, voided.

use journeys::{Family, World, pdf, sha256, signing, terms};
use serde_json::{Value, json};

fn typed() -> Value {
    json!({"kind": "typed", "name": "One parent"})
}

fn drawn() -> Value {
    json!({"kind": "drawn", "strokes": [[[10, 10], [500, 200], [990, 20]], [[20, 250], [40, 260]]]})
}

/// A paper of the older child that both parents are asked to sign.
async fn asked(world: &World) -> (Family, String, String) {
    let family = world.family().await;
    let document = family.mother.opens(&family.child).await.uploads(world, "Consent", &pdf("Consent")).await;
    let people = [(&family.mother, "parent"), (&family.father, "parent")];
    let packet = world.asks(&family.child, &document, &people).await;
    (family, document, packet)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_parents_sign_typed_and_drawn_and_the_paper_is_sealed() {
    let world = World::new().await;
    let (family, document, packet) = asked(&world).await;
    for parent in [&family.mother, &family.father] {
        assert!(world.newest_mail(&parent.email).await.contains("signature"));
        let waiting = &parent.members().await[0]["waiting"];
        assert_eq!(waiting[0]["packet"], packet.as_str());
    }
    let (mother, father) = (family.mother.opens(&family.child).await, family.father.opens(&family.child).await);
    let open = format!("/packets/{packet}/open");
    let canonical = mother.post(&open, &json!({})).await.is(200);
    assert_eq!(canonical.at("/file"), "canonical");
    let canonical = world.downloads(&canonical.at("/url")).await.unwrap();
    let seen = mother.packet(&packet).await;
    assert_eq!(seen["document_sha256"], sha256(&canonical));
    assert_eq!(seen["document_sha256"], mother.document(&document).await["sha256"]);

    let half = mother.tries_to_sign(&packet, &typed()).await.is(200).json();
    assert_eq!((&half["state"], &half["signed"], &half["needed"]), (&json!("out"), &json!(1), &json!(2)));
    assert!(half.get("slots").is_none());
    assert_eq!(family.mother.members().await[0]["waiting"], json!([]));
    assert_eq!(mother.tries_to_sign(&packet, &typed()).await.status, 409);
    father.tries_to_sign(&packet, &drawn()).await.is(200);
    world.settled().await;

    assert_eq!(father.packet(&packet).await["state"], "sealed");
    for tab in [&mother, &father] {
        let sealed = tab.post(&open, &json!({})).await.is(200);
        assert_eq!(sealed.at("/file"), "sealed");
        let sealed = world.downloads(&sealed.at("/url")).await.unwrap();
        assert!(sealed.len() > canonical.len());
        assert!(sealed.starts_with(&canonical), "the sealed file does not begin with what everybody saw");
        // A reader that the product did not write finds the paper's page and at least one with the evidence.
        let pages = lopdf::Document::load_mem(&sealed).expect("a PDF that can be read").get_pages().len();
        assert!(pages > 1, "{pages} pages");
    }
    let kept: Vec<String> = world.stack.objects().unwrap().into_iter().map(|(_, key)| key).collect();
    assert_eq!(kept.iter().filter(|key| key.starts_with("sealed/")).count(), 1);
    let slots = world.staff.opens_as_staff(&family.child).await.packet(&packet).await["slots"].clone();
    assert!(slots.as_array().unwrap().iter().all(|slot| slot["state"] == "signed" && slot["name"].is_string()));
    assert!(world.stack.dead_letters().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_fits_the_paper_and_the_words_on_the_screen_or_is_refused() {
    let world = World::new().await;
    let (family, _, packet) = asked(&world).await;
    let tab = family.mother.opens(&family.child).await;
    let seen = tab.reads(&packet).await;
    let path = format!("/packets/{packet}/slots/{}/sign", seen["mine"]["slot"].as_str().unwrap());
    let good = signing(&seen, &typed());
    for (field, wrong) in [
        ("document_sha256", json!(sha256(b"another paper"))),
        ("consent_version", json!("2001-01-01")),
        ("attestation_version", json!("2001-01-01")),
        ("mark", json!({"kind": "drawn", "strokes": []})),
        ("mark", json!({"kind": "drawn", "strokes": [[[0, 0], [1001, 0]]]})),
    ] {
        let mut body = good.clone();
        body[field] = wrong;
        let refused = tab.post(&path, &body).await.is_problem(422, "cannot-be-done");
        assert_eq!(refused.at("/field"), field);
    }
    assert_eq!(tab.packet(&packet).await["signed"], 0);
    tab.post(&path, &good).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn declining_closes_the_packet_and_tells_only_staff_why() {
    let world = World::new().await;
    let (family, _, packet) = asked(&world).await;
    let (mother, father) = (family.mother.opens(&family.child).await, family.father.opens(&family.child).await);
    let slot = mother.packet(&packet).await["mine"]["slot"].as_str().unwrap().to_owned();
    let reason = json!({"reason": "I want to read it with somebody first"});
    mother.post(&format!("/packets/{packet}/slots/{slot}/decline"), &reason).await.is(204);

    let seen = father.get(&format!("/packets/{packet}")).await.is(200);
    assert_eq!(seen.json()["state"], "declined");
    assert!(!seen.text.contains("read it with somebody"));
    father.tries_to_sign(&packet, &typed()).await.is_problem(409, "conflict");
    assert_eq!(family.father.members().await[0]["waiting"], json!([]));
    assert!(world.newest_mail(&family.father.email).await.contains("closed"));
    let staff = world.staff.opens_as_staff(&family.child).await.packet(&packet).await;
    assert!(staff["slots"].to_string().contains("read it with somebody"));
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_take_a_packet_back_until_it_is_complete() {
    let world = World::new().await;
    let (family, document, packet) = asked(&world).await;
    let desk = world.staff.opens_as_staff(&family.child).await;
    desk.post(&format!("/packets/{packet}/void"), &json!({})).await.is(204);
    let mother = family.mother.opens(&family.child).await;
    assert_eq!(mother.packet(&packet).await["state"], "voided");
    mother.tries_to_sign(&packet, &typed()).await.is_problem(409, "conflict");
    assert_eq!(family.mother.members().await[0]["waiting"], json!([]));

    let alone = world.asks(&family.child, &document, &[(&family.mother, "parent")]).await;
    mother.tries_to_sign(&alone, &typed()).await.is(200);
    desk.post(&format!("/packets/{alone}/void"), &json!({})).await.is_problem(409, "conflict");
    world.settled().await;
    assert_eq!(mother.packet(&alone).await["state"], "sealed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_packet_that_does_not_ask_somebody_does_not_exist_for_that_person() {
    let world = World::new().await;
    let family = world.family().await;
    let document = family.mother.opens(&family.child).await.uploads(&world, "Consent", &pdf("Consent")).await;
    let packet = world.asks(&family.child, &document, &[(&family.mother, "parent")]).await;
    let father = family.father.opens(&family.child).await;
    assert!(father.get("/packets").await.is(200).list("packets").is_empty());
    father.get(&format!("/packets/{packet}")).await.is_hidden();
    father.post(&format!("/packets/{packet}/open"), &json!({})).await.is_hidden();
    let slot = family.mother.opens(&family.child).await.packet(&packet).await["mine"]["slot"].clone();
    let path = format!("/packets/{packet}/slots/{}/decline", slot.as_str().unwrap());
    father.post(&path, &json!({"reason": "not mine"})).await.is_hidden();
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_who_may_not_sign() {
    let world = World::new().await;
    let family = world.family().await;
    let document = family.mother.opens(&family.child).await.uploads(&world, "Consent", &pdf("Consent")).await;
    let (_, stranger) = world.stranger().await;
    let invited = world.invites("foster@home.example", &[(&family.child, terms("PRNFOST", "foster-placement"))]).await;
    let foster = world.joins(&invited, "Foster parent").await;
    let desk = world.staff.opens_as_staff(&family.child).await;
    let wrong = [(&stranger, "parent"), (&foster, "parent"), (&family.mother, "guardian"), (&family.mother, "patient")];
    for (person, capacity) in wrong {
        let slots = json!([{"login": person.id, "capacity": capacity}]);
        let body = json!({"document": document, "title": "Consent", "slots": slots});
        assert_eq!(desk.post("/packets", &body).await.is_problem(422, "cannot-be-done").at("/field"), "slots");
    }
    assert!(desk.get("/packets").await.is(200).list("packets").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_signs_the_own_papers_as_patient() {
    let world = World::new().await;
    let (member, client) = world.client_alone().await;
    let tab = client.opens(&member).await;
    let document = tab.uploads(&world, "Consent", &pdf("Consent")).await;
    let packet = world.asks(&member, &document, &[(&client, "patient")]).await;
    tab.tries_to_sign(&packet, &json!({"kind": "typed", "name": "Adult client"})).await.is(200);
    world.settled().await;
    assert_eq!(tab.packet(&packet).await["state"], "sealed");
    assert!(world.newest_mail(&client.email).await.contains("signed copy"));
}

#[tokio::test(flavor = "multi_thread")]
async fn activity_shows_the_own_part_and_the_clinics_and_never_the_other_parents() {
    let world = World::new().await;
    let (family, document, packet) = asked(&world).await;
    let (mother, father) = (family.mother.opens(&family.child).await, family.father.opens(&family.child).await);
    father.post(&format!("/documents/{document}/open"), &json!({})).await.is(200);
    father.tries_to_sign(&packet, &drawn()).await.is(200);
    world.stops(&family.child, &family.father, "revoke").await;

    let seen = mother.get("/activity").await.is(200);
    assert!(!seen.text.contains(&family.father.id), "{}", seen.text);
    assert!(!seen.text.contains("phone call"), "{}", seen.text);
    let events = seen.list("events");
    let count = |kind: &str| events.iter().filter(|event| event["kind"] == kind).count();
    assert!(events.iter().all(|event| ["you", "clinic", "portal"].contains(&event["by"].as_str().unwrap())));
    // The own upload and what became of it, and that the clinic looked; not the other parent's opening, signature and lost
    // access, and no packet at all, since it could be one that asks the other parent alone.
    assert_eq!((count("upload-started"), count("document-ready")), (1, 1));
    assert!(events.iter().any(|event| event["kind"] == "member-opened" && event["by"] == "clinic"));
    assert_eq!((count("document-opened"), count("packet-signed"), count("grant-revoked")), (0, 0, 0));
    assert_eq!(count("packet-created"), 0);

    let desk = world.staff.opens_as_staff(&family.child).await.get("/activity").await.is(200);
    for kind in ["document-opened", "packet-signed", "grant-revoked"] {
        assert!(desk.list("events").iter().any(|event| event["kind"] == kind), "no {kind}");
    }
}
