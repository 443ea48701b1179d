//! Adding and removing passkeys.

use super::{bent, entered, foreign_origins, told};
use futures_util::future::join_all;
use jiff::SignedDuration;
use journeys::{Person, World};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_passkey_opens_nothing_and_nobody_removes_anothers() {
    let world = World::new().await;
    let family = world.family().await;
    let mut phone = world.phone();
    let (passkey, user) = family.mother.adds_passkey(&mut phone, "Lost phone").await;
    let waiting = world.signed(&mut phone, &user).await;
    family.father.removes_passkey(&passkey).await.is_hidden();
    world.staff.removes_passkey(&passkey).await.is_hidden();
    family.mother.removes_passkey(&passkey).await.is(204);
    family.mother.removes_passkey(&passkey).await.is_hidden();
    world.browser().post("/login/passkey", &waiting).await.is_problem(401, "sign-in-again");
    world.tries_passkey(&world.browser(), &mut phone, &user).await.is_problem(401, "sign-in-again");
    assert!(family.mother.passkeys().await.is_empty());
    assert!(world.newest_mail(&family.mother.email).await.contains("A passkey was removed from your login"));
    let events = told(&world, &family.mother.id).await;
    assert_eq!(events[events.len() - 2..], ["passkey-added psk", "passkey-removed psk"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn removing_a_passkey_ends_every_session_but_the_one_that_asks() {
    let world = World::new().await;
    let family = world.family().await;
    let mother = &family.mother;
    let mut phone = world.phone();
    let (passkey, user) = mother.adds_passkey(&mut phone, "Lost phone").await;
    let thief = world.browser();
    let thief = entered(&thief, &world.tries_passkey(&thief, &mut phone, &user).await);
    let tab = thief.opens(&family.child).await;
    let at_work = mother.at_browser(&world.browser()).signs_in_with_code(&world).await;
    mother.removes_passkey(&passkey).await.is(204);
    for over in [&thief, &at_work] {
        over.get("/members").await.is_problem(401, "sign-in-again");
        over.browser.post("/login/refresh", &json!({})).await.is_problem(401, "sign-in-again");
    }
    tab.get("/documents").await.is_problem(401, "sign-in-again");
    // Here she goes on, and so does the father; what she knows by heart still signs in at work.
    mother.opens(&family.child).await;
    mother.clone().refreshes().await;
    family.father.get("/members").await.is(200);
    assert_eq!(at_work.tries_to_sign_in().await.is(200).at("/result"), "signed-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_begins_while_its_passkey_is_removed_does_not_outlive_it() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let mut phone = world.phone();
    let (passkey, user) = client.adds_passkey(&mut phone, "Lost phone").await;
    let mut waiting = Vec::new();
    for _ in 0..6 {
        waiting.push(world.signed(&mut phone, &user).await);
    }
    let browsers: Vec<_> = waiting.iter().map(|_| world.browser()).collect();
    let (removed, _) = tokio::join!(
        client.removes_passkey(&passkey),
        join_all(browsers.iter().zip(&waiting).map(|(browser, signed)| browser.post("/login/passkey", signed))),
    );
    removed.is(204);
    assert_eq!(client.get("/login/sessions").await.is(200).list("sessions").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn adding_and_removing_want_a_fresh_proof() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let mut phone = world.phone();
    let (passkey, _) = client.adds_passkey(&mut phone, "Phone").await;
    world.passes(SignedDuration::from_secs(301));
    client.post("/login/passkeys/begin", &json!({})).await.is_problem(401, "prove-again");
    client.removes_passkey(&passkey).await.is_problem(401, "prove-again");
    assert_eq!(client.passkeys().await.len(), 1);
    let client = client.signs_in().await;
    client.removes_passkey(&passkey).await.is(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_was_asked_for_is_added_once_and_by_who_asked() {
    let world = World::new().await;
    let family = world.family().await;
    let mother = &family.mother;
    let fresh = world.phone();
    let mut wrong = Vec::new();
    for origin in foreign_origins(&world) {
        let mut device = bent(&fresh, |device| device.origin.clone_from(&origin));
        wrong.push((origin, mother.makes_passkey(&mut device, "Phone").await));
    }
    let mut elsewhere = bent(&fresh, |device| device.rp_id = Some("evil.example".to_owned()));
    wrong.push(("another host".to_owned(), mother.makes_passkey(&mut elsewhere, "Phone").await));
    let mut careless = bent(&fresh, |device| device.verifies = false);
    wrong.push(("no verification".to_owned(), mother.makes_passkey(&mut careless, "Phone").await));
    let mut phone = fresh.clone();
    let good = mother.makes_passkey(&mut phone, "Phone").await;
    let mut challenge = mother.makes_passkey(&mut fresh.clone(), "Phone").await;
    challenge["ceremony"] = good["ceremony"].clone();
    wrong.push(("another challenge".to_owned(), challenge));
    world.settled().await;
    let before = world.items().await;
    for (what, body) in &wrong {
        let refused = mother.post("/login/passkeys", body).await;
        assert_eq!(refused.status, 422, "{what}: {}", refused.text);
    }
    // Neither another person nor another session of the same one ends what she began.
    family.father.post("/login/passkeys", &good).await.is_problem(410, "gone");
    assert_eq!(world.items().await, before);
    let (email, password) = (&mother.email, &mother.password);
    let elsewhere = Person::new(world.browser(), email, password).signs_in_with_code(&world).await;
    elsewhere.post("/login/passkeys", &good).await.is_problem(410, "gone");
    // Nor is a ceremony for signing in one for adding.
    let mut other = good.clone();
    other["ceremony"] =
        world.browser().post("/login/passkey/begin", &json!({})).await.is(200).json()["ceremony"].clone();
    mother.post("/login/passkeys", &other).await.is_problem(410, "gone");
    let tries = join_all((0..6).map(|_| mother.post("/login/passkeys", &good))).await;
    assert_eq!(tries.iter().filter(|reply| reply.status == 201).count(), 1);
    assert_eq!(tries.iter().filter(|reply| reply.status == 410).count(), 5);
    assert_eq!(mother.passkeys().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_holds_ten_passkeys_and_no_device_twice() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let mut device = world.phone();
    client.adds_passkey(&mut device, "Phone").await;
    // The browser is told which keys there are, so that it can say so before it makes another.
    let begun = client.post("/login/passkeys/begin", &json!({})).await.is(200).json();
    assert_eq!(begun["public_key"]["excludeCredentials"].as_array().unwrap().len(), 1);
    for number in 1..9 {
        client.adds_passkey(&mut world.phone(), &format!("Device {number}")).await;
    }
    let (tenth, eleventh) = (
        client.makes_passkey(&mut world.phone(), "Tenth").await,
        client.makes_passkey(&mut world.phone(), "Eleventh").await,
    );
    client.post("/login/passkeys", &tenth).await.is(201);
    client.post("/login/passkeys", &eleventh).await.is_problem(409, "conflict");
    client.post("/login/passkeys/begin", &json!({})).await.is_problem(409, "conflict");
    assert_eq!(client.passkeys().await.len(), 10);
}
