//! Proving once more, within a session, who is at the keyboard.

use jiff::SignedDuration;
use journeys::{World, terms};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_family_proves_itself_with_the_password_and_staff_with_a_code_beside_it() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    assert_eq!(client.tries_to_prove().await.is(200).at("/result"), "proved");
    // The session goes on as it was, with its tokens.
    client.get("/members").await.is(200);

    let asked = world.staff.tries_to_prove().await.is(200);
    assert_eq!(asked.at("/result"), "code-sent");
    let body = json!({"challenge": asked.at("/challenge"), "code": world.code_for(&world.staff.email).await});
    assert_eq!(world.staff.post("/login/code", &body).await.is(200).at("/result"), "proved");
    // A code is good for one proof.
    world.staff.post("/login/code", &body).await.is_problem(422, "cannot-be-done");
    world.staff.get("/members").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_matters_wants_proof_of_the_last_five_minutes_and_is_then_done_once() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    let (_, client) = world.client_alone().await;
    world.passes(SignedDuration::from_mins(5));
    client.post("/login/recovery-codes", &json!({})).await.is(200);
    world.passes(SignedDuration::from_secs(1));
    client.post("/login/recovery-codes", &json!({})).await.is_problem(401, "prove-again");
    client.proves_again(&world).await;
    client.post("/login/recovery-codes", &json!({})).await.is(200);

    let offer = json!({"member": child, "terms": terms("PRN", "parental-responsibility")});
    let body = json!({"email": "parent@family.example", "language": "en", "offers": [offer]});
    let invites = || world.staff.ask("POST", "/invitations").key("0123456789abcdef").json(&body).send();
    invites().await.is_problem(401, "prove-again");
    world.staff.proves_again(&world).await;
    let first = invites().await.is(201);
    assert_eq!(first.text, invites().await.is(201).text);
    assert_eq!(world.mails_to("parent@family.example").await.len(), 1);
    // What only shows, or only lowers, waits for nobody.
    world.passes(SignedDuration::from_secs(5 * 60 - 1));
    world.staff.opens_as_staff(&child).await.get("/grants").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_told_in_place_and_ends_nothing() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let wrong = json!({"password": "not the password at all"});
    let refused = client.post("/login/step-up", &wrong).await.is_problem(422, "cannot-be-done");
    assert_eq!(refused.at("/field"), "password");
    client.get("/members").await.is(200);
    world.browser().post("/login/step-up", &wrong).await.is_problem(401, "sign-in-again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_for_fresh_proof_counts_in_the_session_that_asked_and_signs_nobody_in() {
    let world = World::new().await;
    let other = world.staff.anew_on_device(&world).signs_in_with_code(&world).await;
    let asked = world.staff.tries_to_prove().await.is(200).at("/challenge");
    let body = json!({"challenge": asked, "code": world.code_for(&world.staff.email).await});
    // Neither without a session, nor in another one of the same person.
    world.browser().post("/login/code", &body).await.is_problem(401, "sign-in-again");
    other.post("/login/code", &body).await.is_problem(422, "cannot-be-done");
    let proved = world.staff.post("/login/code", &body).await.is(200);
    assert_eq!(proved.json(), json!({"result": "proved"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn proving_makes_no_session_longer() {
    let world = World::new().await;
    let (_, mut client) = world.client_alone().await;
    for _ in 0..28 {
        world.passes(SignedDuration::from_mins(25));
        client.refreshes().await;
    }
    client.proves_again(&world).await;
    world.passes(SignedDuration::from_mins(20));
    // Twelve hours after signing in.
    client.browser.post("/login/refresh", &json!({})).await.is_problem(401, "sign-in-again");
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_within_a_session_are_limited_and_do_not_touch_signing_in() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let wrong = json!({"password": "not the password at all"});
    for _ in 0..10 {
        client.post("/login/step-up", &wrong).await.is(422);
    }
    let refused = client.tries_to_prove().await.is_problem(429, "too-many");
    assert_eq!(refused.header("retry-after"), "90");
    assert_eq!(client.tries_to_sign_in().await.is(200).at("/result"), "signed-in");
    world.passes(SignedDuration::from_secs(90));
    client.tries_to_prove().await.is(200);
}
