//! A guess whose answer was lost is sent again: it is compared again and counted once. A new one is counted, whatever it says.

use futures_util::future::join_all;
use journeys::{Browser, PASSWORD, Person, Reply, World, terms};
use serde_json::{Value, json};

/// Another code of the same form.
fn wrong(right: &str, number: usize) -> String {
    let last = right.chars().last().and_then(|last| last.to_digit(10)).unwrap_or(0) as usize;
    let end = (last + 1 + number % 9) % 10;
    right.chars().take(right.len() - 1).chain(std::char::from_digit(end as u32, 10)).collect()
}

/// Guesses that were counted so far.
async fn counted(world: &World) -> usize {
    let guesses =
        world.items().await.into_iter().filter_map(|item| item["item"]["guesses"]["BS"].as_array().map(Vec::len));
    guesses.sum()
}

async fn sends(browser: &Browser, token: Option<&str>, path: &str, key: &str, body: &Value) -> Reply {
    let asking = browser.ask("POST", path).key(key).json(body);
    token.into_iter().fold(asking, journeys::Asking::bearer).send().await
}

/// Four wrong codes, each sent five times, and then the right one, which is the fifth guess; `body` makes a request of a code.
async fn five_guesses(
    world: &World,
    (browser, token): (&Browser, Option<&str>),
    path: &str,
    right: &str,
    body: impl Fn(&str) -> Value,
) -> Reply {
    let before = counted(world).await;
    for number in 0..4 {
        let (key, body) = (format!("one-guess-of-five-{number}"), body(&wrong(right, number)));
        let answers = join_all((0..5).map(|_| sends(browser, token, path, &key, &body))).await;
        assert!(answers.iter().all(|answer| matches!(answer.status, 401 | 422)), "{answers:?}");
        assert!(answers.iter().all(|answer| answer.text == answers[0].text), "{answers:?}");
        assert_eq!(counted(world).await, before + number + 1);
    }
    let answer = sends(browser, token, path, "the-fifth-guess-is-right", &body(right)).await;
    assert_eq!(counted(world).await, before + 5);
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_guess_at_a_sign_in_counts_once() {
    let world = World::new().await;
    let elsewhere = Person::new(world.browser(), &world.staff.email, PASSWORD);
    let challenge = elsewhere.tries_to_sign_in().await.is(200).at("/challenge");
    let code = world.code_for(&elsewhere.email).await;
    let body = |code: &str| json!({"challenge": challenge, "code": code});
    five_guesses(&world, (&elsewhere.browser, None), "/login/code", &code, body).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_code_with_the_same_key_is_another_guess() {
    let world = World::new().await;
    let elsewhere = Person::new(world.browser(), &world.staff.email, PASSWORD);
    let challenge = elsewhere.tries_to_sign_in().await.is(200).at("/challenge");
    let code = world.code_for(&elsewhere.email).await;
    let before = counted(&world).await;
    for number in 0..5 {
        let body = json!({"challenge": challenge, "code": wrong(&code, number)});
        sends(&elsewhere.browser, None, "/login/code", "the-same-key-each-time", &body).await.is(401);
        assert_eq!(counted(&world).await, before + number + 1);
    }
    let right = json!({"challenge": challenge, "code": code});
    sends(&elsewhere.browser, None, "/login/code", "the-same-key-each-time", &right).await.is(401);
    // And the fifth, sent again, is still as wrong as it was.
    let fifth = json!({"challenge": challenge, "code": wrong(&code, 4)});
    sends(&elsewhere.browser, None, "/login/code", "the-same-key-each-time", &fifth).await.is(401);
    assert_eq!(counted(&world).await, before + 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_guess_at_an_invitation_counts_once() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    let invited = world.invites("parent@family.example", &[(&child, terms("PRN", "parental-responsibility"))]).await;
    let code = world.proof_for(&invited).await;
    let new_login = json!({"name": "Parent", "password": PASSWORD, "language": "en"});
    let body = |code: &str| json!({"token": invited.token, "code": code, "new_login": new_login});
    let browser = world.browser();
    let accepted = five_guesses(&world, (&browser, None), "/invitations/accept", &code, body).await.is(200);
    // The answer of the fifth was lost, too.
    let again = sends(&browser, None, "/invitations/accept", "the-fifth-guess-is-right", &body(&code)).await.is(200);
    assert_eq!(again.text, accepted.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fifth_guess_at_an_invitation_is_still_answered_when_it_comes_again() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    let invited = world.invites("parent@family.example", &[(&child, terms("PRN", "parental-responsibility"))]).await;
    let code = world.proof_for(&invited).await;
    let new_login = json!({"name": "Parent", "password": PASSWORD, "language": "en"});
    let (browser, path) = (world.browser(), "/invitations/accept");
    let before = counted(&world).await;
    for number in 0..5 {
        let body = json!({"token": invited.token, "code": wrong(&code, number), "new_login": new_login});
        let key = format!("one-guess-of-five-{number}");
        let first = sends(&browser, None, path, &key, &body).await.is_problem(422, "cannot-be-done");
        assert_eq!(sends(&browser, None, path, &key, &body).await.text, first.text);
    }
    let right = json!({"token": invited.token, "code": code, "new_login": new_login});
    sends(&browser, None, path, "one-guess-too-many", &right).await.is_problem(410, "gone");
    assert_eq!(counted(&world).await, before + 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_guess_at_an_address_counts_once() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let code = client.asks_for_address(&world, "second@family.example").await;
    let (token, body) = (client.token(), |code: &str| json!({"code": code}));
    let path = "/login/mailboxes/confirm";
    five_guesses(&world, (&client.browser, Some(&token)), path, &code, body).await.is(200);
}

/// A code that the desk printed for somebody.
async fn printed(world: &World, person: &Person) -> String {
    let body = json!({"reason": "passport shown at the desk"});
    world.staff.post(&format!("/logins/{}/recovery", person.id), &body).await.is(201).at("/code")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_guess_at_a_printed_code_counts_once() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let code = printed(&world, &client).await;
    let body = |code: &str| json!({"email": client.email, "code": code});
    five_guesses(&world, (&world.browser(), None), "/login/recover", &code, body).await.is(200);
    let late = sends(&world.browser(), None, "/login/recover", "one-guess-too-many", &body(&code)).await;
    late.is_problem(401, "sign-in-again");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_forty_wrong_printed_codes_at_once_five_are_compared_and_then_the_right_one_is_refused() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let code = printed(&world, &client).await;
    let compared = || world.log().iter().filter_map(|line| line["codes_compared"].as_u64()).sum::<u64>();
    let before = (compared(), counted(&world).await);
    let stem: String = code.chars().take(code.len() - 2).collect();
    let guesses = (0..40).map(|number| format!("{stem}{number:02}")).filter(|guess| *guess != code);
    let answers = join_all(guesses.map(|guess| {
        let (browser, body) = (world.browser(), json!({"email": client.email, "code": guess}));
        async move { browser.post("/login/recover", &body).await }
    }))
    .await;
    assert!(answers.iter().all(|answer| matches!(answer.status, 401 | 503)), "{answers:?}");
    assert!((1..=5).contains(&(compared() - before.0)), "{} were compared", compared() - before.0);
    assert_eq!(counted(&world).await, before.1 + 5);
    world
        .browser()
        .post("/login/recover", &json!({"email": client.email, "code": code}))
        .await
        .is_problem(401, "sign-in-again");
}
