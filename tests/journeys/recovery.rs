//! Back in after a lost password or a lost mailbox, and who does not get in that way.

mod desk;

use jiff::SignedDuration;
use journeys::{DESK, PASSWORD, Person, Reply, World};
use serde_json::{Value, json};

const NEW: &str = "nine blue flowers in may";

async fn codes(person: &Person) -> Vec<String> {
    let codes = person.post("/login/recovery-codes", &json!({})).await.is(200).list("codes");
    codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect()
}

async fn recovers(world: &World, email: &str, code: &str) -> Reply {
    world.browser().post("/login/recover", &json!({"email": email, "code": code})).await
}

async fn renewal(world: &World, email: &str, code: &str, password: &str) -> Value {
    let challenge = recovers(world, email, code).await.is(200).at("/challenge");
    json!({"challenge": challenge, "code": world.code_for(email).await, "password": password})
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_codes_are_shown_once_differ_and_stand_nowhere() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let first = codes(&client).await;
    assert_eq!(first.len(), 10);
    let distinct: std::collections::BTreeSet<&String> = first.iter().collect();
    assert_eq!(distinct.len(), 10);
    let table = world.items().await.iter().map(Value::to_string).collect::<String>();
    for code in &first {
        // Sixteen letters of 32: 80 bits.
        assert_eq!(code.len(), 19, "{code}");
        assert!(!table.contains(code.as_str()) && !table.contains(&code.replace('-', "")));
    }
    // A new set replaces the old one.
    codes(&client).await;
    recovers(&world, &client.email, &first[0]).await.is_problem(401, "sign-in-again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_stands_in_for_the_mailbox_once() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let codes = codes(&client).await;
    let signs_in = async |code: &str| {
        let elsewhere = Person::new(world.browser(), &client.email, PASSWORD);
        let challenge = elsewhere.tries_to_sign_in().await.is(200).at("/challenge");
        let body = json!({"challenge": challenge, "recovery_code": code});
        (elsewhere.browser.post("/login/code", &body).await, elsewhere)
    };
    let (signed_in, elsewhere) = signs_in(&codes[3].to_lowercase().replace('-', " ")).await;
    assert_eq!(signed_in.is(200).at("/result"), "signed-in");
    assert!(world.newest_mail(&client.email).await.contains("one of your recovery codes"));
    // The device is not remembered: the mailbox was not proved.
    assert!(elsewhere.browser.cookie("__Host-device").is_none());
    signs_in(&codes[3]).await.0.is_problem(401, "sign-in-again");
    signs_in(&codes[4]).await.0.is(200);
    let sessions = client.get("/login/sessions").await.is(200).list("sessions");
    assert!(sessions.iter().any(|session| session["method"] == "pwd+rec"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_and_the_mailbox_together_set_a_new_password() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let codes = codes(&client).await;
    let body = renewal(&world, &client.email, &codes[0], NEW).await;
    let fresh = world.browser();
    fresh.post("/login/recover/confirm", &body).await.is(204);
    assert!(world.newest_mail(&client.email).await.contains("password of a login with this address was changed"));

    // Every session is over, every device forgotten, and the old password is none.
    client.get("/members").await.is_problem(401, "sign-in-again");
    client.browser.post("/login/refresh", &json!({})).await.is_problem(401, "sign-in-again");
    client.tries_to_sign_in().await.is_problem(401, "sign-in-again");
    let old_device = Person::new(client.browser.clone(), &client.email, NEW);
    assert_eq!(old_device.tries_to_sign_in().await.is(200).at("/result"), "code-sent");
    Person::new(fresh, &client.email, NEW).signs_in().await;

    // Neither code is good for a second time.
    world.browser().post("/login/recover/confirm", &body).await.is_problem(401, "sign-in-again");
    recovers(&world, &client.email, &codes[0]).await.is_problem(401, "sign-in-again");
    recovers(&world, &client.email, &codes[1]).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mailbox_alone_sets_no_password_and_neither_does_a_code_alone() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let codes = codes(&client).await;
    // A code of a sign-in is not one for a new password.
    let elsewhere = Person::new(world.browser(), &client.email, PASSWORD);
    let challenge = elsewhere.tries_to_sign_in().await.is(200).at("/challenge");
    let mailed = world.code_for(&client.email).await;
    let body = json!({"challenge": challenge, "code": mailed, "password": NEW});
    world.browser().post("/login/recover/confirm", &body).await.is_problem(401, "sign-in-again");
    // And the other way round: it signs nobody in.
    let body = renewal(&world, &client.email, &codes[0], NEW).await;
    let sign_in = json!({"challenge": body["challenge"], "code": body["code"]});
    world.browser().post("/login/code", &sign_in).await.is_problem(401, "sign-in-again");
    // Five wrong mailed codes, and the right one is refused.
    let wrong = if body["code"] == "00000000" { "00000001" } else { "00000000" };
    for _ in 0..5 {
        let guess = json!({"challenge": body["challenge"], "code": wrong, "password": NEW});
        world.browser().post("/login/recover/confirm", &guess).await.is_problem(401, "sign-in-again");
    }
    world.browser().post("/login/recover/confirm", &body).await.is_problem(401, "sign-in-again");
    client.get("/members").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_keeps_to_the_rules_and_a_bad_one_costs_no_code() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let codes = codes(&client).await;
    let mut body = renewal(&world, &client.email, &codes[0], NEW).await;
    for bad in ["too short", "passwordpassword", "client@family.example", "Adult Client 1990"] {
        body["password"] = json!(bad);
        let refused = world.browser().post("/login/recover/confirm", &body).await.is_problem(422, "cannot-be-done");
        assert_eq!(refused.at("/field"), "password", "{bad}");
    }
    body["password"] = json!(NEW);
    world.browser().post("/login/recover/confirm", &body).await.is(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_addresses_and_wrong_codes_are_answered_alike() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let (_, stranger) = world.stranger().await;
    let codes = codes(&client).await;
    let mut answers = std::collections::BTreeSet::new();
    let mails = world.sent().await;
    let wrong = "0000-0000-0000-0000";
    let tries = [
        (client.email.as_str(), wrong),
        ("nobody@family.example", wrong),
        ("no address", wrong),
        (stranger.email.as_str(), codes[0].as_str()),
        (DESK, codes[0].as_str()),
    ];
    for (email, code) in tries {
        let reply = recovers(&world, email, code).await.is_problem(401, "sign-in-again");
        answers.insert(reply.text);
    }
    assert_eq!(answers.len(), 1);
    assert_eq!(world.sent().await, mails);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_mailbox_lets_each_set_only_the_own_password() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    let mut persons = Vec::new();
    for (name, password) in [("First", "the word of the first one"), ("Second", "the word of the second one")] {
        let offer = journeys::terms("PRN", "parental-responsibility");
        let invited = world.invites("both@family.example", &[(&child, offer)]).await;
        persons.push(world.joins_with(&invited, name, password).await);
    }
    let codes = codes(&persons[0]).await;
    let body = renewal(&world, "both@family.example", &codes[0], NEW).await;
    world.browser().post("/login/recover/confirm", &body).await.is(204);
    persons[1].get("/members").await.is(200);
    let second = persons[1].clone().signs_in().await;
    assert_eq!(second.id, persons[1].id);
    let first = Person::new(world.browser(), "both@family.example", NEW).signs_in_with_code(&world).await;
    assert_eq!(first.id, persons[0].id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_begins_while_the_password_changes_does_not_outlive_it() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let codes = codes(&client).await;
    let body = renewal(&world, &client.email, &codes[0], NEW).await;
    let thieves: Vec<Person> = (0..6).map(|_| client.anew_on_device(&world)).collect();
    let browser = world.browser();
    let (changed, _) = tokio::join!(
        browser.post("/login/recover/confirm", &body),
        futures_util::future::join_all(thieves.iter().map(Person::tries_to_sign_in)),
    );
    changed.is(204);
    let sessions = format!("LOGIN#{}", client.id);
    let left = world.items().await.into_iter().filter(|item| {
        item["item"]["pk"]["S"] == sessions && item["item"]["sk"]["S"].as_str().unwrap().starts_with("SESSION#")
    });
    assert_eq!(left.count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_password_ends_every_other_session_and_forgets_every_other_device() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let elsewhere = Person::new(world.browser(), &client.email, PASSWORD).signs_in_with_code(&world).await;
    let mails = world.mails_to(&client.email).await.len();
    for (weak, field) in [("too short", "password"), ("adult client adult client", "password")] {
        let refused =
            client.post("/login/password", &json!({"password": weak})).await.is_problem(422, "cannot-be-done");
        assert_eq!(refused.at("/field"), field);
    }
    client.post("/login/password", &json!({"password": NEW})).await.is(204);

    client.get("/members").await.is(200);
    elsewhere.get("/members").await.is_problem(401, "sign-in-again");
    elsewhere.tries_to_sign_in().await.is_problem(401, "sign-in-again");
    let with_new = |person: &Person| Person::new(person.browser.clone(), &client.email, NEW);
    // Here the device is known; there the new password alone no longer suffices.
    assert_eq!(with_new(&client).tries_to_sign_in().await.is(200).at("/result"), "signed-in");
    assert_eq!(with_new(&elsewhere).tries_to_sign_in().await.is(200).at("/result"), "code-sent");
    let mails: Vec<_> = world.mails_to(&client.email).await.split_off(mails);
    assert!(mails[0].text.as_deref().unwrap().contains("was changed"), "{mails:?}");

    // Not with a proof that is older than five minutes.
    world.passes(SignedDuration::from_secs(301));
    client.post("/login/password", &json!({"password": PASSWORD})).await.is_problem(401, "prove-again");
}
