//! Packets that people sign separately, and what staff decide about them.

use jiff::SignedDuration;
use journeys::{Family, Person, Tab, World, pdf, signing};
use serde_json::{Value, json};

fn typed() -> Value {
    json!({"kind": "typed", "name": "Somebody"})
}

fn slot_for(person: &Person, capacity: &str) -> Value {
    json!({"login": person.id, "capacity": capacity})
}

/// A paper that nobody in particular sent.
async fn paper(world: &World) -> (Family, String, Tab) {
    let family = world.family().await;
    let desk = world.staff.opens_as_staff(&family.child).await;
    let document = desk.uploads(world, "Consent", &pdf("Consent")).await;
    (family, document, desk)
}

/// A paper of the older child that both parents are asked to sign, without a word of how.
async fn asked(world: &World) -> (Family, String, Tab) {
    let (family, document, desk) = paper(world).await;
    let slots = json!([slot_for(&family.mother, "parent"), slot_for(&family.father, "parent")]);
    let packet = world.asks_for(&family.child, &document, json!({"slots": slots})).await;
    (family, packet, desk)
}

async fn opened(world: &World, tab: &Tab, packet: &str) -> (String, Vec<u8>) {
    let link = tab.post(&format!("/packets/{packet}/open"), &json!({})).await.is(200);
    (link.at("/file"), world.downloads(&link.at("/url")).await.unwrap())
}

fn own_slot(seen: &Value) -> &str {
    seen["mine"]["slot"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_guardian_gets_an_own_copy_at_once_and_the_clinic_a_record_of_both() {
    let world = World::new().await;
    let (family, packet, desk) = asked(&world).await;
    let (mother, father) = (family.mother.opens(&family.child).await, family.father.opens(&family.child).await);
    let (file, canonical) = opened(&world, &mother, &packet).await;
    assert_eq!(file, "canonical");
    let seen = mother.packet(&packet).await;
    assert_eq!((&seen["mode"], &seen["others"]), (&json!("separate"), &json!({"waiting": 1, "done": 0})));

    mother.tries_to_sign(&packet, &typed()).await.is(200);
    world.settled().await;
    let (file, hers) = opened(&world, &mother, &packet).await;
    assert_eq!((file.as_str(), mother.packet(&packet).await["state"].clone()), ("sealed", json!("sealed")));
    assert!(hers.len() > canonical.len() && hers.starts_with(&canonical));
    assert_eq!(mother.packet(&packet).await["sealed_sha256"], journeys::sha256(&hers));
    let waits = desk.packet(&packet).await;
    assert_eq!((&waits["state"], &waits["standing"]), (&json!("out"), &json!("waiting")));
    assert!(world.newest_mail(&family.mother.email).await.contains("signed copy"));
    let mails = world.mails_to(&family.mother.email).await.len();

    father.tries_to_sign(&packet, &typed()).await.is(200);
    world.settled().await;
    assert_eq!(world.mails_to(&family.mother.email).await.len(), mails, "she hears nothing of his signature");
    assert_eq!(opened(&world, &mother, &packet).await, ("sealed".to_owned(), hers.clone()));
    let (_, his) = opened(&world, &father, &packet).await;
    let (file, record) = opened(&world, &desk, &packet).await;
    assert!(file == "sealed" && record.starts_with(&canonical) && his.starts_with(&canonical));
    assert!(hers != his && hers != record && his != record);
    let done = desk.packet(&packet).await;
    assert_eq!((&done["state"], &done["standing"]), (&json!("sealed"), &json!("sealed")));
    for (slot, copy) in done["slots"].as_array().unwrap().iter().zip([&hers, &his]) {
        assert_eq!(slot["copy_sha256"], journeys::sha256(copy));
        let body = json!({"slot": slot["id"]});
        let link = desk.post(&format!("/packets/{packet}/open"), &body).await.is(200).at("/url");
        assert_eq!(&world.downloads(&link).await.unwrap(), copy);
    }
    let kept = world.stack.objects().unwrap();
    assert_eq!(kept.iter().filter(|(_, key)| key.starts_with("sealed/")).count(), 3);
    assert!(world.stack.dead_letters().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_consents_and_another_refuses_until_staff_decide() {
    for goes_on in [true, false] {
        let world = World::new().await;
        let (family, packet, desk) = asked(&world).await;
        let (mother, father) = (family.mother.opens(&family.child).await, family.father.opens(&family.child).await);
        mother.tries_to_sign(&packet, &typed()).await.is(200);
        let slot = own_slot(&father.packet(&packet).await).to_owned();
        let path = format!("/packets/{packet}/slots/{slot}");
        father.post(&format!("{path}/decline"), &json!({"reason": "I want another doctor"})).await.is(204);
        world.settled().await;
        let seen = mother.packet(&packet).await;
        assert_eq!((&seen["state"], &seen["others"]), (&json!("sealed"), &json!({"waiting": 0, "done": 1})));
        assert_eq!(father.packet(&packet).await["state"], "declined");
        assert_eq!(desk.packet(&packet).await["standing"], "conflict");

        if goes_on {
            let decision = json!({"how": "excused", "reason": "one parent may consent to this"});
            desk.post(&format!("{path}/settle"), &decision).await.is(204);
            desk.post(&format!("{path}/settle"), &decision).await.is_problem(409, "conflict");
            world.settled().await;
            assert_eq!(desk.packet(&packet).await["standing"], "sealed");
        } else {
            let reason = json!({"reason": "we go by both parents"});
            desk.post(&format!("/packets/{packet}/void"), &reason).await.is(204);
            let seen = desk.packet(&packet).await;
            assert_eq!((&seen["standing"], &seen["closing"]), (&json!("voided"), &json!("we go by both parents")));
        }
        assert_eq!(mother.packet(&packet).await["state"], "sealed", "what she signed stays hers");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_own_copy_stays_when_less_may_be_signed_and_not_past_a_revocation() {
    let world = World::new().await;
    let (family, packet, desk) = asked(&world).await;
    let mother = family.mother.opens(&family.child).await;
    mother.tries_to_sign(&packet, &typed()).await.is(200);
    world.settled().await;
    let narrowed = json!({"scopes": ["profile"], "reason": "safeguarding"});
    desk.post(&format!("/grants/{}/narrow", family.mother.id), &narrowed).await.is(204);
    assert_eq!(opened(&world, &mother, &packet).await.0, "sealed");
    mother.get(&format!("/packets/{packet}")).await.is_hidden();
    world.stops(&family.child, &family.mother, "revoke").await;
    mother.post(&format!("/packets/{packet}/open"), &json!({})).await.is_hidden();
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_signs_what_was_not_opened() {
    let world = World::new().await;
    let (family, packet, desk) = asked(&world).await;
    let mother = family.mother.opens(&family.child).await;
    let seen = mother.packet(&packet).await;
    let path = format!("/packets/{packet}/slots/{}/sign", own_slot(&seen));
    assert_eq!(seen["mine"]["opened"], false);
    mother.post(&path, &signing(&seen, &typed())).await.is_problem(409, "conflict");
    assert_eq!(mother.reads(&packet).await["mine"]["opened"], true);
    let mut body = signing(&seen, &typed());
    body["language"] = json!("es");
    mother.post(&path, &body).await.is(200);
    assert!(desk.packet(&packet).await["slots"][0]["opened_at"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn paper_is_asked_for_and_kept() {
    let world = World::new().await;
    let (family, document, desk) = paper(&world).await;
    let slots = json!([slot_for(&family.mother, "parent")]);
    let packet = world.asks_for(&family.child, &document, json!({"slots": slots})).await;
    let mother = family.mother.opens(&family.child).await;
    let path = format!("/packets/{packet}/slots/{}", own_slot(&mother.packet(&packet).await));
    mother.post(&format!("{path}/paper"), &json!({})).await.is(204);
    assert_eq!(mother.packet(&packet).await["mine"]["paper_asked"], true);
    assert_eq!(desk.packet(&packet).await["standing"], "paper-wanted");
    let scan = desk.uploads(&world, "Signed on paper", &pdf("Signed on paper")).await;
    let nothing = json!({"how": "on-paper", "scan": format!("doc_{}", "0".repeat(32))});
    desk.post(&format!("{path}/settle"), &nothing).await.is_problem(422, "cannot-be-done");
    desk.post(&format!("{path}/settle"), &json!({"how": "on-paper", "scan": scan})).await.is(204);
    world.settled().await;
    let seen = desk.packet(&packet).await;
    assert_eq!((&seen["state"], &seen["slots"][0]["scan"]), (&json!("sealed"), &json!(scan)));
    assert_eq!(family.mother.members().await[0]["waiting"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_request_takes_the_place_of_one_that_nobody_can_answer_any_more() {
    let world = World::new().await;
    let (family, document, desk) = paper(&world).await;
    let end = (world.clock.now() + SignedDuration::from_mins(2)).to_string();
    let mut slot = slot_for(&family.mother, "parent");
    slot["answer_by"] = json!(end);
    let old = world.asks_for(&family.child, &document, json!({"slots": [slot]})).await;
    let mother = family.mother.opens(&family.child).await;
    let seen = mother.reads(&old).await;
    world.passes(SignedDuration::from_mins(2));
    let late = mother.post(&format!("/packets/{old}/slots/{}/sign", own_slot(&seen)), &signing(&seen, &typed())).await;
    late.is_problem(409, "conflict");
    assert_eq!(
        (&mother.packet(&old).await["mine"]["state"], &desk.packet(&old).await["standing"]),
        (&json!("late"), &json!("late"))
    );

    let slots = json!([slot_for(&family.mother, "parent")]);
    let new = world.asks_for(&family.child, &document, json!({"slots": slots, "supersedes": old})).await;
    let seen = desk.packet(&old).await;
    assert_eq!((&seen["state"], &seen["superseded_by"]), (&json!("voided"), &json!(new)));
    let waiting = family.mother.members().await[0]["waiting"].clone();
    assert_eq!((waiting.as_array().unwrap().len(), &waiting[0]["packet"]), (1, &json!(new)));
    assert!(world.newest_mail(&family.mother.email).await.contains("asks for your signature"));
    mother.tries_to_sign(&new, &typed()).await.is(200);
}
