//! Guessing is slow for strangers, and nobody can lock anybody out.

use futures_util::future::join_all;
use jiff::SignedDuration;
use journeys::{PASSWORD, Person, Reply, World};
use serde_json::json;
use std::collections::BTreeSet;

async fn guess(world: &World, email: &str) -> Reply {
    Person::new(world.browser(), email, "not the password at all").tries_to_sign_in().await
}

/// One guess after the other.
async fn guesses(world: &World, email: &str, number: usize) -> Vec<Reply> {
    let mut replies = Vec::new();
    for _ in 0..number {
        replies.push(guess(world, email).await);
    }
    replies
}

fn count(replies: &[Reply], status: u16) -> usize {
    replies.iter().filter(|reply| reply.status == status).count()
}

/// Everything that tells one answer from another, but for the moment and the request.
fn seen(reply: &Reply) -> String {
    let mut headers = reply.headers.clone();
    headers.remove("date");
    headers.remove("apigw-requestid");
    format!("{} {headers:?} {}", reply.status, reply.text)
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_guesses_and_then_one_in_ninety_seconds() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    // Whether the address is known or not.
    world.passes(SignedDuration::from_mins(15));
    let mut answers = Vec::new();
    for email in [client.email.as_str(), "nobody@family.example"] {
        let replies = guesses(&world, email, 12).await;
        assert_eq!((count(&replies, 401), count(&replies, 429)), (10, 2), "{email}");
        let refused = replies.into_iter().find(|reply| reply.status == 429).unwrap().is_problem(429, "too-many");
        assert_eq!(refused.header("retry-after"), "90");
        answers.push(seen(&refused));
    }
    assert_eq!(answers.iter().collect::<BTreeSet<_>>().len(), 1, "{answers:#?}");

    world.passes(SignedDuration::from_secs(89));
    assert_eq!(count(&guesses(&world, &client.email, 5).await, 401), 0);
    world.passes(SignedDuration::from_secs(1));
    assert_eq!(count(&guesses(&world, &client.email, 5).await, 401), 1);
    // What was refused cost nothing; a pause gives back what it should and no more.
    world.passes(SignedDuration::from_secs(3 * 90));
    assert_eq!(count(&guesses(&world, &client.email, 9).await, 401), 3);
    world.passes(SignedDuration::from_hours(24));
    assert_eq!(count(&guesses(&world, &client.email, 12).await, 401), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_guesses_at_once_are_no_more_than_ten() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    world.passes(SignedDuration::from_mins(15));
    let replies = join_all((0..40).map(|_| guess(&world, &client.email))).await;
    // A call whose answer was late is counted twice, and a request that could not be counted is not done: never one too many.
    let compared = count(&replies, 401);
    assert!((1..=10).contains(&compared), "{compared} were compared");
    assert_eq!(compared + count(&replies, 429) + count(&replies, 503), 40);
    let later = count(&guesses(&world, &client.email, 11).await, 401);
    assert!(compared + later <= 10, "{compared} were compared at once, then {later}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_guesses_locks_nobody_out_of_a_known_device() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    guesses(&world, &client.email, 12).await;
    guesses(&world, &world.staff.email, 12).await;
    // A stranger with the right password waits as well: an answer would tell that it is right.
    let stranger = Person::new(world.browser(), &client.email, PASSWORD);
    stranger.tries_to_sign_in().await.is_problem(429, "too-many");
    assert_eq!(client.tries_to_sign_in().await.is(200).at("/result"), "signed-in");
    world.staff.clone().signs_in_with_code(&world).await;

    // A mark that nobody gave, or that is somebody else's, opens no other way.
    let (_, other) = world.stranger().await;
    for mark in [Some("made-up".to_owned()), other.browser.cookie("__Host-device")] {
        let browser = world.browser();
        browser.set_cookie("__Host-device", mark.as_deref());
        Person::new(browser, &client.email, PASSWORD).tries_to_sign_in().await.is_problem(429, "too-many");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_device_guesses_no_faster() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    world.passes(SignedDuration::from_mins(15));
    let mut thief = client.anew_on_device(&world);
    thief.password = "not the password at all".to_owned();
    let mut refused = 0;
    for _ in 0..15 {
        refused += usize::from(thief.tries_to_sign_in().await.status == 429);
    }
    assert_eq!(refused, 5);
    // From elsewhere, the mailed code opens the way.
    world.passes(SignedDuration::from_mins(15));
    Person::new(world.browser(), &client.email, PASSWORD).signs_in_with_code(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_addresses_from_one_place_are_limited_together() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    world.passes(SignedDuration::from_hours(1));
    // Codes from paper: nothing is hashed for them, and they count in the same place as passwords.
    let mut replies = Vec::new();
    for some in (0..310).collect::<Vec<u32>>().chunks(10) {
        let tries = some.iter().map(|number| {
            let (browser, email) = (world.browser(), format!("person-{number}@family.example"));
            async move { browser.post("/login/recover", &json!({"email": email, "code": "0000-0000-0000-0000"})).await }
        });
        replies.extend(join_all(tries).await);
    }
    // A call whose answer was late is counted twice.
    let compared = count(&replies, 401);
    assert!((280..=300).contains(&compared) && compared + count(&replies, 429) == 310, "{compared} were compared");
    Person::new(world.browser(), "nobody@family.example", PASSWORD)
        .tries_to_sign_in()
        .await
        .is_problem(429, "too-many");
    assert_eq!(client.tries_to_sign_in().await.is(200).at("/result"), "signed-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_in_the_table_tells_where_somebody_guessed_from() {
    let world = World::new().await;
    guesses(&world, "nobody@family.example", 2).await;
    let limits: Vec<String> = world
        .items()
        .await
        .into_iter()
        .filter(|item| item["item"]["pk"]["S"].as_str().unwrap().starts_with("LIMIT#"))
        .map(|item| item.to_string())
        .collect();
    assert!(limits.len() >= 3);
    for text in ["127.0.0.1", "nobody@family.example", "family.example"] {
        assert!(limits.iter().all(|item| !item.contains(text)), "{text}");
    }
    // Each is forgotten when it says nothing any more.
    assert!(limits.iter().all(|item| item.contains("\"expires\"")));
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_codes_are_mailed_and_then_one_in_four_minutes() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let mut refused = 0;
    for number in 0..11 {
        // The limit of passwords gives way, the one of mails does not yet.
        if number == 10 {
            world.passes(SignedDuration::from_secs(90));
        }
        let elsewhere = Person::new(world.browser(), &client.email, PASSWORD);
        refused += usize::from(elsewhere.tries_to_sign_in().await.status == 429);
    }
    assert_eq!(refused, 1);
    let mails = world.mails_to(&client.email).await;
    assert_eq!(mails.iter().filter(|mail| mail.text.as_ref().unwrap().contains("signing in")).count(), 10);
    world.passes(SignedDuration::from_secs(150));
    let elsewhere = Person::new(world.browser(), &client.email, PASSWORD);
    elsewhere.signs_in_with_code(&world).await;
}
