//! As many as is allowed, and one more.

use journeys::{Person, World, pdf, sha256, terms};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn parent() -> Value {
    terms("PRN", "parental-responsibility")
}

#[tokio::test(flavor = "multi_thread")]
async fn one_invitation_holds_fifteen_members_and_no_member_twice() {
    let world = World::new().await;
    let mut members = Vec::new();
    for number in 0..16 {
        members.push(world.registers(&format!("Child {number}"), "2016-01-01").await);
    }
    let body = |members: &[String]| {
        let offers: Vec<Value> = members.iter().map(|member| json!({"member": member, "terms": parent()})).collect();
        json!({"email": "worker@county.example", "language": "en", "offers": offers})
    };
    let twice = [members[0].clone(), members[0].clone()];
    for wrong in [&members[..], &twice[..], &[]] {
        let refused = world.staff.post("/invitations", &body(wrong)).await.is_problem(422, "cannot-be-done");
        assert_eq!(refused.at("/field"), "offers");
    }
    let offers: Vec<(&str, Value)> = members[..15].iter().map(|member| (member.as_str(), parent())).collect();
    let invited = world.invites("worker@county.example", &offers).await;
    world.staff.post(&format!("/invitations/{}/resend", invited.id), &json!({})).await.is(200);
    let resent = journeys::Invited { token: world.link_for(&invited.email).await, ..invited };
    assert_eq!(world.joins(&resent, "Caseworker").await.members().await.len(), 15);

    // The login that is there already gets as many again, and they can be declined or taken back as well.
    let again = world.invites("worker@county.example", &offers).await;
    world.staff.post(&format!("/invitations/{}/revoke", again.id), &json!({})).await.is(204);
    let again = world.invites("worker@county.example", &offers).await;
    world.browser().post("/invitations/decline", &json!({"token": again.token})).await.is(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn four_persons_share_a_mailbox_and_a_fifth_is_told_kindly() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    for number in 0..4 {
        let invited = world.invites("all@family.example", &[(&child, parent())]).await;
        world.accepts(&invited, &format!("Person {number}")).await;
    }
    let invited = world.invites("all@family.example", &[(&child, parent())]).await;
    let code = world.proof_for(&invited).await;
    let new_login = json!({"name": "Fifth", "password": journeys::PASSWORD, "language": "en"});
    let body = json!({"token": invited.token, "code": code, "new_login": new_login});
    world.browser().post("/invitations/accept", &body).await.is_problem(409, "conflict");
    // Four persons with one password are told apart by nothing, so nobody gets in.
    let any = Person::new(world.browser(), &invited.email, journeys::PASSWORD);
    any.tries_to_sign_in().await.is_problem(401, "sign-in-again");
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_people_are_asked_for_one_paper_and_told_when_it_is_taken_back() {
    let world = World::new().await;
    let (member, client) = world.client_alone().await;
    let document = client.opens(&member).await.uploads(&world, "Consent", &pdf("Consent")).await;
    let mut logins = vec![client.id.clone()];
    for number in 1..11 {
        let email = format!("signer-{number}@family.example");
        let invited = world.invites(&email, &[(&member, terms("RESPRSN", "court-order"))]).await;
        logins.push(world.accepts(&invited, "Signer").await.at("/login"));
    }
    let desk = world.staff.opens_as_staff(&member).await;
    let body = |logins: &[String]| {
        let capacity = |login: &String| if *login == client.id { "patient" } else { "guardian" };
        let slots = logins.iter().map(|login| json!({"login": login, "capacity": capacity(login)}));
        json!({"document": document, "title": "Consent", "slots": slots.collect::<Vec<_>>()})
    };
    let twice = [logins[0].clone(), logins[0].clone()];
    for wrong in [&logins[..], &twice[..], &[]] {
        let refused = desk.post("/packets", &body(wrong)).await.is_problem(422, "cannot-be-done");
        assert_eq!(refused.at("/field"), "slots");
    }
    let packet = desk.post("/packets", &body(&logins[..10])).await.is(201).at("/id");
    desk.post(&format!("/packets/{packet}/void"), &json!({})).await.is(204);
    assert!(world.newest_mail("signer-9@family.example").await.contains("closed"));
    assert!(world.newest_mail("signer-10@family.example").await.contains("code"));
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_page_through_all_clients_and_meet_each_once() {
    let world = World::new().await;
    let mut registered = BTreeSet::new();
    for number in 0..205 {
        // Most of them within the same second, so that the page must break between equals.
        if number % 100 == 0 {
            world.passes(jiff::SignedDuration::from_secs(1));
        }
        registered.insert(world.registers(&format!("Client {number}"), "2016-01-01").await);
    }
    let (mut met, mut pages, mut path) = (Vec::new(), 0, "/members".to_owned());
    loop {
        let page = world.staff.get(&path).await.is(200);
        met.extend(page.list("members").iter().map(|member| member["id"].as_str().unwrap().to_owned()));
        pages += 1;
        match page.json()["next"].as_str() {
            Some(next) => path = format!("/members?after={}", next.replace(':', "%3A")),
            None => break,
        }
    }
    assert_eq!((met.len(), pages), (205, 3));
    assert_eq!(met.into_iter().collect::<BTreeSet<_>>(), registered);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_more_than_25_megabytes_is_refused_before_anybody_waits_for_it() {
    let world = World::new().await;
    let (member, client) = world.client_alone().await;
    let tab = client.opens(&member).await;
    let announce = |bytes: u64| json!({"title": "Scan", "bytes": bytes, "sha256": sha256(b"")});
    for bytes in [0, 25 * 1024 * 1024 + 1] {
        let refused = tab.post("/documents", &announce(bytes)).await.is_problem(422, "cannot-be-done");
        assert_eq!(refused.at("/field"), "bytes");
    }
    tab.post("/documents", &announce(25 * 1024 * 1024)).await.is(201);
}
