//! Signatures that wait for somebody who is still to come: whoever accepts the invitation is asked, in the same act.

use journeys::{Family, Invited, PASSWORD, Person, Tab, World, pdf, terms};
use serde_json::{Value, json};

fn parent() -> Value {
    terms("PRN", "parental-responsibility")
}

fn typed() -> Value {
    json!({"kind": "typed", "name": "Somebody"})
}

fn slot_for(person: &Person, group: usize) -> Value {
    json!({"login": person.id, "capacity": "parent", "group": group})
}

fn slot_of(invited: &Invited, group: usize) -> Value {
    json!({"invitation": invited.id, "capacity": "parent", "group": group})
}

/// A child with two parents, a paper to sign, and a third parent who is invited.
async fn paper(world: &World) -> (Family, String, Tab, Invited) {
    let family = world.family().await;
    let desk = world.staff.opens_as_staff(&family.child).await;
    let document = desk.uploads(world, "Consent", &pdf("Consent")).await;
    let invited = world.invites("third@family.example", &[(&family.child, parent())]).await;
    (family, document, desk, invited)
}

/// The same, with a packet that asks the mother and whoever accepts.
async fn asked(world: &World) -> (Family, String, Tab, Invited) {
    let (family, document, desk, invited) = paper(world).await;
    let slots = json!([slot_for(&family.mother, 0), slot_of(&invited, 0)]);
    let packet = world.asks_for(&family.child, &document, json!({"slots": slots})).await;
    (family, packet, desk, invited)
}

async fn waiting(person: &Person) -> usize {
    person.members().await.iter().map(|member| member["waiting"].as_array().map_or(0, Vec::len)).sum()
}

async fn asking_mails(world: &World, address: &str) -> usize {
    let mails = world.mails_to(address).await;
    mails.iter().filter(|mail| mail.text.as_deref().unwrap().contains("asks for your signature")).count()
}

async fn slot_id(desk: &Tab, packet: &str, at: usize) -> String {
    desk.packet(packet).await["slots"][at]["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_accepts_is_asked_at_once_and_hears_of_it_once() {
    let world = World::new().await;
    let (family, packet, desk, invited) = asked(&world).await;
    let seen = desk.packet(&packet).await["slots"][1].clone();
    assert_eq!((seen.get("login"), &seen["invitation"]), (None, &json!(invited.id)));
    assert_eq!(asking_mails(&world, &invited.email).await, 0);
    let third = world.joins(&invited, "Third").await;
    assert_eq!((waiting(&third).await, asking_mails(&world, &invited.email).await), (1, 1));
    assert_eq!(desk.packet(&packet).await["slots"][1]["login"], third.id.as_str());
    for person in [&third, &family.mother] {
        person.opens(&family.child).await.tries_to_sign(&packet, &typed()).await.is(200);
    }
    world.settled().await;
    assert_eq!(desk.packet(&packet).await["state"], "sealed");
    // The first reminder counts from when the person came.
    let events = desk.get("/activity").await.is(200).list("events");
    assert!(events.iter().any(|event| event["kind"] == "slot-named" && event["by"] == "portal"), "{events:?}");
    let own = third.opens(&family.child).await.get("/activity").await.is(200).text;
    assert!(!own.contains("slot-named") && !own.contains("invitation-created"), "{own}");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_has_a_login_is_asked_as_well_and_for_a_later_group_when_its_turn_comes() {
    let world = World::new().await;
    let (family, document, _, _) = paper(&world).await;
    let (_, stranger) = world.stranger().await;
    let invited = world.invites(&stranger.email, &[(&family.child, parent())]).await;
    let slots = json!([slot_for(&family.mother, 0), slot_of(&invited, 1)]);
    let how = json!({"mode": "together", "groups": [{}, {}], "slots": slots});
    let packet = world.asks_for(&family.child, &document, how).await;
    stranger.post("/invitations/accept", &json!({"token": invited.token})).await.is(200);
    assert_eq!((waiting(&stranger).await, asking_mails(&world, &stranger.email).await), (0, 0));
    family.mother.opens(&family.child).await.tries_to_sign(&packet, &typed()).await.is(200);
    assert_eq!((waiting(&stranger).await, asking_mails(&world, &stranger.email).await), (1, 1));
    stranger.opens(&family.child).await.tries_to_sign(&packet, &typed()).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_whose_invitation_came_to_nothing_is_settled_by_staff() {
    let world = World::new().await;
    let (family, packet, desk, invited) = asked(&world).await;
    let settle = format!("/packets/{packet}/slots/{}/settle", slot_id(&desk, &packet, 1).await);
    world.staff.post(&format!("/invitations/{}/revoke", invited.id), &json!({})).await.is(204);
    let by = |invited: &Invited| json!({"how": "invited", "invitation": invited.id});
    desk.post(&settle, &by(&invited)).await.is_problem(422, "cannot-be-done");
    // Invited anew, the new invitation takes the place of the old one; that one is declined.
    let second = world.invites("third@family.example", &[(&family.child, parent())]).await;
    desk.post(&settle, &by(&second)).await.is(204);
    world.browser().post("/invitations/decline", &json!({"token": second.token})).await.is(204);
    let third = world.invites("third@family.example", &[(&family.child, parent())]).await;
    desk.post(&settle, &by(&third)).await.is(204);
    let person = world.joins(&third, "Third").await;
    assert_eq!(waiting(&person).await, 1);
    // Once somebody is asked, nobody else is put there.
    let late = world.invites("late@family.example", &[(&family.child, parent())]).await;
    desk.post(&settle, &by(&late)).await.is_problem(409, "conflict");
    assert_eq!(waiting(&world.joins(&late, "Late").await).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_staff_did_meanwhile_stays() {
    let world = World::new().await;
    let (family, document, desk, invited) = paper(&world).await;
    let ask = async || {
        let slots = json!([slot_for(&family.mother, 0), slot_of(&invited, 0)]);
        world.asks_for(&family.child, &document, json!({"slots": slots})).await
    };
    let (voided, named, excused) = (ask().await, ask().await, ask().await);
    desk.post(&format!("/packets/{voided}/void"), &json!({})).await.is(204);
    let settle = async |packet: &str, how: Value| {
        let slot = slot_id(&desk, packet, 1).await;
        desk.post(&format!("/packets/{packet}/slots/{slot}/settle"), &how).await.is(204)
    };
    settle(&named, json!({"how": "named", "login": family.father.id})).await;
    settle(&excused, json!({"how": "excused", "reason": "sole custody"})).await;
    let third = world.joins(&invited, "Third").await;
    assert_eq!((waiting(&third).await, asking_mails(&world, &invited.email).await), (0, 0));
    for packet in [&voided, &excused] {
        assert!(desk.packet(packet).await["slots"][1].get("login").is_none());
        third.opens(&family.child).await.get(&format!("/packets/{packet}")).await.is_hidden();
    }
    assert_eq!(desk.packet(&named).await["slots"][1]["login"], family.father.id.as_str());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_is_accepted_six_times_at_once_asks_one_person() {
    let world = World::new().await;
    let (_, packet, desk, invited) = asked(&world).await;
    let code = world.proof_for(&invited).await;
    let browsers: Vec<_> = (0..6).map(|_| world.browser()).collect();
    let bodies: Vec<Value> = (0..6)
        .map(|number| {
            let new_login = json!({"name": format!("Person {number}"), "password": PASSWORD, "language": "en"});
            json!({"token": invited.token, "code": code, "new_login": new_login})
        })
        .collect();
    let tries = browsers.iter().zip(&bodies).map(|(browser, body)| browser.post("/invitations/accept", body));
    let tries = futures_util::future::join_all(tries).await;
    let winners: Vec<_> = tries.iter().filter(|reply| reply.status == 200).collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(desk.packet(&packet).await["slots"][1]["login"], winners[0].at("/login"));
    assert_eq!(asking_mails(&world, &invited.email).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_tying_and_accepting_at_once_no_signature_is_forgotten() {
    let world = World::new().await;
    let (family, document, desk, _) = paper(&world).await;
    let mut bound = Vec::new();
    for number in 0..6 {
        let invited = world.invites(&format!("late-{number}@family.example"), &[(&family.child, parent())]).await;
        let slots = json!([slot_for(&family.mother, 0), {"capacity": "parent"}]);
        let packet = world.asks_for(&family.child, &document, json!({"slots": slots})).await;
        let settle = format!("/packets/{packet}/slots/{}/settle", slot_id(&desk, &packet, 1).await);
        let code = world.proof_for(&invited).await;
        let new_login = json!({"name": "Late", "password": PASSWORD, "language": "en"});
        let body = json!({"token": invited.token, "code": code, "new_login": new_login});
        let how = json!({"how": "invited", "invitation": invited.id});
        let browser = world.browser();
        let (settled, accepted) = tokio::join!(desk.post(&settle, &how), browser.post("/invitations/accept", &body));
        accepted.is(200);
        let is_bound = desk.packet(&packet).await["slots"][1].get("login").is_some();
        // Either the slot waited when the person came, or staff hear that it was too late.
        assert_eq!((settled.status == 204, settled.status == 422), (is_bound, !is_bound), "{}", settled.text);
        bound.push(is_bound);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_waits_only_for_an_invitation_that_lets_somebody_sign() {
    let world = World::new().await;
    let (family, document, desk, invited) = paper(&world).await;
    let mut reads = parent();
    reads["scopes"] = json!(["profile", "documents-read"]);
    let reader = world.invites("reader@family.example", &[(&family.child, reads)]).await;
    let elsewhere = world.invites("elsewhere@family.example", &[(&family.sibling, parent())]).await;
    let over = world.invites("over@family.example", &[(&family.child, parent())]).await;
    world.accepts(&over, "Over").await;
    let nobody = format!("inv_{}", "0".repeat(32));
    let ask = async |slot: Value| {
        let body = json!({"document": document, "title": "Consent", "slots": [slot_for(&family.mother, 0), slot]});
        desk.post("/packets", &body).await
    };
    for wrong in [&reader.id, &elsewhere.id, &over.id, &nobody] {
        let refused = ask(json!({"invitation": wrong, "capacity": "parent"})).await.is_problem(422, "cannot-be-done");
        assert_eq!(refused.at("/field"), "invitation");
    }
    ask(json!({"invitation": invited.id, "capacity": "patient"})).await.is_problem(422, "cannot-be-done");
    let both = json!({"invitation": invited.id, "login": family.father.id, "capacity": "parent"});
    assert_eq!(ask(both).await.is_problem(422, "cannot-be-done").at("/field"), "slots");
    for _ in 0..5 {
        ask(json!({"invitation": invited.id, "capacity": "parent"})).await.is(201);
    }
    ask(json!({"invitation": invited.id, "capacity": "parent"})).await.is_problem(422, "cannot-be-done");
    // All five are there with one mail.
    let third = world.joins(&invited, "Third").await;
    assert_eq!((waiting(&third).await, asking_mails(&world, &invited.email).await), (5, 1));
}
