//! Packets with groups, several capacities of one person, and slots whose person is named later.

use journeys::{Family, Person, Tab, World, pdf, terms};
use serde_json::{Value, json};

fn typed() -> Value {
    json!({"kind": "typed", "name": "Somebody"})
}

fn slot_for(person: &Person, capacity: &str, group: usize) -> Value {
    json!({"login": person.id, "capacity": capacity, "group": group})
}

async fn paper(world: &World) -> (Family, String, Tab) {
    let family = world.family().await;
    let desk = world.staff.opens_as_staff(&family.child).await;
    let document = desk.uploads(world, "Consent", &pdf("Consent")).await;
    (family, document, desk)
}

async fn waiting(person: &Person) -> usize {
    person.members().await.iter().map(|member| member["waiting"].as_array().map_or(0, Vec::len)).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_sign_one_after_the_other_and_the_clinic_signs_last() {
    let world = World::new().await;
    let (family, document, desk) = paper(&world).await;
    let slots = json!([slot_for(&family.mother, "parent", 0), slot_for(&world.staff, "clinic", 1)]);
    let how = json!({"groups": [{}, {}], "slots": slots});
    let packet = world.asks_for(&family.child, &document, how).await;
    assert_eq!(desk.packet(&packet).await["mine"]["state"], "not-yet");
    desk.tries_to_sign(&packet, &typed()).await.is_problem(409, "conflict");

    family.mother.opens(&family.child).await.tries_to_sign(&packet, &typed()).await.is(200);
    world.settled().await;
    assert!(world.newest_mail(&world.staff.email).await.contains("asks for your signature"));
    let seen = desk.packet(&packet).await;
    assert_eq!((&seen["state"], &seen["mine"]["state"]), (&json!("out"), &json!("waiting")));
    desk.tries_to_sign(&packet, &typed()).await.is(200);
    world.settled().await;
    let seen = desk.packet(&packet).await;
    assert_eq!((&seen["state"], &seen["signed"], &seen["needed"]), (&json!("sealed"), &json!(2), &json!(2)));
    assert!(world.stack.dead_letters().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_is_enough_and_the_other_need_not_do_anything() {
    let world = World::new().await;
    let (family, document, _) = paper(&world).await;
    let slots = json!([slot_for(&family.mother, "parent", 0), slot_for(&family.father, "parent", 0)]);
    let how = json!({"mode": "together", "groups": [{"needed": 1}], "slots": slots});
    let packet = world.asks_for(&family.child, &document, how).await;
    assert_eq!((waiting(&family.mother).await, waiting(&family.father).await), (1, 1));
    family.mother.opens(&family.child).await.tries_to_sign(&packet, &typed()).await.is(200);
    world.settled().await;
    assert_eq!(waiting(&family.father).await, 0);
    assert!(world.newest_mail(&family.father.email).await.contains("closed"));
    let father = family.father.opens(&family.child).await;
    father.tries_to_sign(&packet, &typed()).await.is_problem(409, "conflict");
    let seen = father.packet(&packet).await;
    assert_eq!((&seen["state"], seen.get("sealed_sha256")), (&json!("closed"), None), "he did not sign this copy");
    assert_eq!(father.post(&format!("/packets/{packet}/open"), &json!({})).await.is(200).at("/file"), "canonical");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_signs_in_two_capacities_with_a_sentence_each() {
    let world = World::new().await;
    let (family, document, desk) = paper(&world).await;
    let slots = json!([slot_for(&family.mother, "parent", 0), slot_for(&family.mother, "witness", 0)]);
    let packet = world.asks_for(&family.child, &document, json!({"slots": slots})).await;
    let mother = family.mother.opens(&family.child).await;
    let seen = mother.packet(&packet).await;
    let sentences = [&seen["mine"]["attestation"], &seen["also_mine"][0]["attestation"]];
    assert!(sentences[0] != sentences[1] && sentences[1].as_str().unwrap().contains("witness"));
    assert_eq!(waiting(&family.mother).await, 1);
    mother.tries_to_sign(&packet, &typed()).await.is(200);
    assert_eq!(
        (waiting(&family.mother).await, &mother.packet(&packet).await["mine"]["capacity"]),
        (1, &json!("witness"))
    );
    mother.tries_to_sign(&packet, &typed()).await.is(200);
    assert_eq!(waiting(&family.mother).await, 0);
    world.settled().await;
    assert_eq!(desk.packet(&packet).await["signed"], 2);

    let twice = json!({"document": document, "title": "Consent", "slots": [slots[0], slots[0]]});
    desk.post("/packets", &twice).await.is_problem(422, "cannot-be-done");
    for groups in [json!([]), json!([{}, {}]), json!([{"needed": 3}])] {
        let wrong = json!({"document": document, "title": "Consent", "groups": groups, "slots": slots});
        desk.post("/packets", &wrong).await.is_problem(422, "cannot-be-done");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_minor_agrees_beside_the_consent_of_a_parent() {
    let world = World::new().await;
    let teen = world.registers("Teenager", "2011-03-03").await;
    let invited = world.invites_at_the_desk(&teen, "teen@family.example", &terms("ONESELF", "self")).await;
    let child = world.joins(&invited, "Teenager").await;
    let invited = world.invites("parent@family.example", &[(&teen, terms("MTH", "parental-responsibility"))]).await;
    let parent = world.joins(&invited, "Parent").await;
    let desk = world.staff.opens_as_staff(&teen).await;
    let document = desk.uploads(&world, "Plan", &pdf("Plan")).await;
    let slots = json!([slot_for(&parent, "parent", 0), slot_for(&child, "assent", 0)]);
    let packet = world.asks_for(&teen, &document, json!({"slots": slots})).await;
    for (person, capacity) in [(&parent, "assent"), (&child, "parent"), (&parent, "clinic")] {
        let wrong = json!({"document": document, "title": "Plan", "slots": [slot_for(person, capacity, 0)]});
        desk.post("/packets", &wrong).await.is_problem(422, "cannot-be-done");
    }
    for person in [&parent, &child] {
        person.opens(&teen).await.tries_to_sign(&packet, &typed()).await.is(200);
    }
    world.settled().await;
    let seen = desk.packet(&packet).await;
    assert_eq!((&seen["mode"], &seen["state"]), (&json!("together"), &json!("sealed")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_parent_is_named_later_or_the_packet_goes_on_without() {
    let world = World::new().await;
    let (family, document, desk) = paper(&world).await;
    let slots = json!([slot_for(&family.mother, "parent", 0), {"capacity": "parent"}]);
    for is_there in [true, false] {
        let packet = world.asks_for(&family.child, &document, json!({"slots": slots})).await;
        let seen = desk.packet(&packet).await;
        assert_eq!((&seen["mode"], &seen["standing"]), (&json!("separate"), &json!("unnamed")));
        let settle = format!("/packets/{packet}/slots/{}/settle", seen["slots"][1]["id"].as_str().unwrap());
        family.mother.opens(&family.child).await.tries_to_sign(&packet, &typed()).await.is(200);
        if is_there {
            let (_, stranger) = world.stranger().await;
            let wrong = json!({"how": "named", "login": stranger.id});
            desk.post(&settle, &wrong).await.is_problem(422, "cannot-be-done");
            desk.post(&settle, &json!({"how": "named", "login": family.father.id})).await.is(204);
            assert_eq!(waiting(&family.father).await, 1);
            family.father.opens(&family.child).await.tries_to_sign(&packet, &typed()).await.is(200);
        } else {
            let order = desk.uploads(&world, "Order", &pdf("Order")).await;
            let alone = json!({"how": "excused", "reason": "sole custody", "evidence": order});
            desk.post(&settle, &alone).await.is(204);
            let excuse = desk.packet(&packet).await["slots"][1]["excuse"].clone();
            assert_eq!((&excuse["reason"], &excuse["evidence"]), (&json!("sole custody"), &json!(order)));
        }
        world.settled().await;
        assert_eq!(desk.packet(&packet).await["standing"], "sealed");
    }
    let packet = world.asks_for(&family.child, &document, json!({"slots": [slots[0]]})).await;
    let slot = desk.packet(&packet).await["slots"][0]["id"].as_str().unwrap().to_owned();
    let nobody = json!({"how": "excused", "reason": "nobody signs"});
    desk.post(&format!("/packets/{packet}/slots/{slot}/settle"), &nobody).await.is_problem(409, "conflict");
}
