//! The same key and the same request: the same answer, and nothing done twice.

use futures_util::future::join_all;
use jiff::SignedDuration;
use journeys::{PASSWORD, World, pdf, signing, terms};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const KEY: &str = "0123456789abcdef";

/// Everything that the table knows, as one text.
async fn table(world: &World) -> String {
    world.items().await.iter().map(Value::to_string).collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_is_done_once_for_a_day() {
    let world = World::new().await;
    let body = json!({"name": "Child", "birth_date": "2016-01-01"});
    let first = world.staff.ask("POST", "/members").key(KEY).json(&body).send().await.is(201);
    let before = world.items().await;
    let second = world.staff.ask("POST", "/members").key(KEY).json(&body).send().await.is(201);
    assert_eq!(first.text, second.text);
    let other = json!({"name": "Child", "birth_date": "2016-01-02"});
    let conflict = world.staff.ask("POST", "/members").key(KEY).json(&other).send().await;
    conflict.is_problem(422, "idempotency-key-reused");
    assert_eq!(world.items().await, before);

    world.passes(SignedDuration::from_hours(24));
    let staff = world.staff.clone().signs_in_with_code(&world).await;
    let later = staff.ask("POST", "/members").key(KEY).json(&body).send().await.is(201);
    assert_ne!(later.text, first.text);
    assert_eq!(staff.members().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_impatient_clicks_with_one_key_register_one_client() {
    let world = World::new().await;
    let body = json!({"name": "Child", "birth_date": "2016-01-01"});
    let click = || world.staff.ask("POST", "/members").key(KEY).json(&body).send();
    let answers = join_all(std::iter::repeat_with(click).take(8)).await;
    let texts: BTreeSet<String> = answers.into_iter().map(|answer| answer.is(201).text).collect();
    assert_eq!(texts.len(), 1);
    assert_eq!(world.staff.members().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_the_callers_own() {
    let world = World::new().await;
    let family = world.family().await;
    let (mother, father) = (family.mother.opens(&family.child).await, family.father.opens(&family.child).await);
    let file = pdf("Paper");
    let body = json!({"title": "Paper", "bytes": file.len(), "sha256": journeys::sha256(&file)});
    let one = mother.ask("POST", "/documents").key(KEY).json(&body).send().await.is(201).at("/id");
    let two = father.ask("POST", "/documents").key(KEY).json(&body).send().await.is(201).at("/id");
    assert_ne!(one, two);
    // A kept answer is no way around a revocation.
    world.stops(&family.child, &family.mother, "revoke").await;
    mother.ask("POST", "/documents").key(KEY).json(&body).send().await.is_hidden();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_sign_in_gets_the_same_tokens_and_the_table_cannot_read_them() {
    let world = World::new().await;
    let (_, desk) = world.client_alone().await;
    let body = json!({"email": desk.email, "password": PASSWORD});
    let first = desk.browser.ask("POST", "/login").key(KEY).json(&body).send().await.is(200);
    let cookie = desk.browser.cookie("__Host-refresh").unwrap();
    let before = world.items().await;
    let second = desk.browser.ask("POST", "/login").key(KEY).json(&body).send().await.is(200);
    assert_eq!(first.text, second.text);
    assert_eq!(desk.browser.cookie("__Host-refresh").unwrap(), cookie);
    assert_eq!(world.items().await, before);
    let other = json!({"email": desk.email, "password": "another password"});
    let conflict = desk.browser.ask("POST", "/login").key(KEY).json(&other).send().await;
    conflict.is_problem(422, "idempotency-key-reused");

    let token = first.at("/session/token");
    let secret = cookie.rsplit('.').next().unwrap();
    let table = table(&world).await;
    for part in token.split('.').chain([secret]) {
        assert!(!table.contains(part), "the table holds {part}");
    }
    for name in ["Adult client", "signed-in", "__Host-refresh"] {
        let answers: Vec<Value> = world.items().await.into_iter().filter(is_answer).collect();
        assert!(!answers.is_empty());
        assert!(answers.iter().all(|answer| !answer.to_string().contains(name)), "an answer shows {name}");
    }
}

fn is_answer(item: &Value) -> bool {
    item["item"]["pk"]["S"].as_str().is_some_and(|key| key.starts_with("ANSWER#"))
}

#[tokio::test(flavor = "multi_thread")]
async fn accepting_and_signing_twice_with_one_key_is_done_once() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    let invited = world.invites("parent@family.example", &[(&child, terms("PRN", "parental-responsibility"))]).await;
    let code = world.proof_for(&invited).await;
    let new_login = json!({"name": "Parent", "password": PASSWORD, "language": "en"});
    let body = json!({"token": invited.token, "code": code, "new_login": new_login});
    let browser = world.browser();
    let first = browser.ask("POST", "/invitations/accept").key(KEY).json(&body).send().await.is(200);
    let device = browser.cookie("__Host-device").unwrap();
    let before = world.items().await;
    let second = browser.ask("POST", "/invitations/accept").key(KEY).json(&body).send().await.is(200);
    assert_eq!((first.text, device), (second.text, browser.cookie("__Host-device").unwrap()));
    assert_eq!(world.items().await, before);

    let parent = journeys::Person::new(browser, &invited.email, PASSWORD).signs_in().await;
    let tab = parent.opens(&child).await;
    let document = tab.uploads(&world, "Consent", &pdf("Consent")).await;
    let packet = world.asks(&child, &document, &[(&parent, "parent")]).await;
    let seen = tab.reads(&packet).await;
    let path = format!("/packets/{packet}/slots/{}/sign", seen["mine"]["slot"].as_str().unwrap());
    let body = signing(&seen, &json!({"kind": "typed", "name": "Parent"}));
    let first = tab.ask("POST", &path).key(KEY).json(&body).send().await.is(200);
    world.settled().await;
    let before = world.items().await;
    let second = tab.ask("POST", &path).key(KEY).json(&body).send().await.is(200);
    assert_eq!(first.text, second.text);
    world.settled().await;
    assert_eq!(world.items().await, before);
    let other = signing(&seen, &json!({"kind": "typed", "name": "Somebody"}));
    tab.ask("POST", &path).key(KEY).json(&other).send().await.is_problem(422, "idempotency-key-reused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denied_request_is_not_kept() {
    let world = World::new().await;
    let (_, person) = world.stranger().await;
    let child = world.registers("Child", "2016-01-01").await;
    let path = format!("/members/{child}/switch");
    person.ask("POST", &path).key(KEY).json(&json!({})).send().await.is_hidden();
    world.gives(&child, &person, &terms("PRN", "parental-responsibility")).await;
    person.ask("POST", &path).key(KEY).json(&json!({})).send().await.is(200);
}
