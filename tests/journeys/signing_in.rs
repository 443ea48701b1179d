//! Signing in, staying signed in, signing out.

use jiff::SignedDuration;
use journeys::{PASSWORD, Person, World, terms};
use serde_json::json;

const REFRESH: &str = "__Host-refresh";

#[tokio::test(flavor = "multi_thread")]
async fn a_new_device_needs_a_code_and_a_known_one_does_not() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    assert_eq!(client.tries_to_sign_in().await.is(200).at("/result"), "signed-in");

    let elsewhere = Person::new(world.browser(), &client.email, PASSWORD);
    let challenge = elsewhere.tries_to_sign_in().await.is(200).at("/challenge");
    assert!(elsewhere.browser.cookie("__Host-refresh").is_none());
    let wrong = json!({"challenge": challenge, "code": "0000 0000"});
    elsewhere.browser.post("/login/code", &wrong).await.is_problem(401, "sign-in-again");
    let right = json!({"challenge": challenge, "code": world.code_for(&client.email).await});
    elsewhere.browser.post("/login/code", &right).await.is(200);
    // A code is good for one sign-in.
    elsewhere.browser.post("/login/code", &right).await.is_problem(401, "sign-in-again");
    assert_eq!(elsewhere.tries_to_sign_in().await.is(200).at("/result"), "signed-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_and_unknown_addresses_are_answered_alike() {
    let world = World::new().await;
    let wrong = Person::new(world.browser(), &world.staff.email, "not the password at all");
    let unknown = Person::new(world.browser(), "nobody@family.example", PASSWORD);
    let nonsense = Person::new(world.browser(), "no address", PASSWORD);
    let mut answers = Vec::new();
    for person in [wrong, unknown, nonsense] {
        answers.push(person.tries_to_sign_in().await.is_problem(401, "sign-in-again").text);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_dies_after_ten_minutes_and_a_device_after_ninety_days() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let elsewhere = Person::new(world.browser(), &client.email, PASSWORD);
    let challenge = elsewhere.tries_to_sign_in().await.is(200).at("/challenge");
    let code = world.code_for(&elsewhere.email).await;
    world.passes(SignedDuration::from_mins(10));
    let late = json!({"challenge": challenge, "code": code});
    elsewhere.browser.post("/login/code", &late).await.is_problem(401, "sign-in-again");

    world.passes(SignedDuration::from_hours(89 * 24));
    assert_eq!(client.tries_to_sign_in().await.is(200).at("/result"), "signed-in");
    world.passes(SignedDuration::from_hours(24));
    assert_eq!(client.tries_to_sign_in().await.is(200).at("/result"), "code-sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_get_a_code_every_time_on_every_device() {
    let world = World::new().await;
    let desk = &world.staff;
    assert!(desk.browser.cookie("__Host-device").is_some());
    for _ in 0..2 {
        assert_eq!(desk.tries_to_sign_in().await.is(200).at("/result"), "code-sent");
        desk.clone().signs_in_with_code(&world).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_is_long_and_hard_to_guess_and_nothing_else_is_asked_of_it() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    let invited =
        world.invites("maria.lopez@family.example", &[(&child, terms("MTH", "parental-responsibility"))]).await;
    let code = world.proof_for(&invited).await;
    let accept = |password: &str| {
        let new_login = json!({"name": "Maria Lopez", "password": password, "language": "en"});
        let body = json!({"token": invited.token, "code": code, "new_login": new_login});
        let browser = world.browser();
        async move { browser.post("/invitations/accept", &body).await }
    };
    let told = async |password: &str| {
        let refused = accept(password).await.is_problem(422, "cannot-be-done");
        assert_eq!(refused.at("/field"), "new_login.password", "{password}");
        refused.at("/detail")
    };
    // Fourteen characters, one of them two code points.
    assert!(told("zoe\u{308} eats plums").await.contains("at least 15"));
    for common in ["passwordpassword", "12345678901234567890", "qwertyuiopasdfgh", "Summer2026Summer2026"] {
        assert!(told(common).await.contains("easy to guess"), "{common}");
    }
    for personal in ["Maria Lopez 1985!", "maria.lopez@family.example"] {
        assert!(told(personal).await.contains("your name"), "{personal}");
    }
    accept("kobu wase nilo tagi").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_lives_by_refreshing_and_dies_idle_or_after_twelve_hours() {
    let world = World::new().await;
    let mut desk = world.staff.clone();
    let first_token = desk.token();
    world.passes(SignedDuration::from_mins(10));
    desk.get("/members").await.is_problem(401, "sign-in-again");
    desk.refreshes().await;
    desk.get("/members").await.is(200);
    assert_ne!(desk.token(), first_token);

    for _ in 0..28 {
        world.passes(SignedDuration::from_mins(25));
        desk.refreshes().await;
    }
    // 11 hours 50 minutes have passed.
    world.passes(SignedDuration::from_mins(10));
    desk.browser.post("/login/refresh", &json!({})).await.is_problem(401, "sign-in-again");

    let desk = desk.signs_in_with_code(&world).await;
    world.passes(SignedDuration::from_mins(30));
    desk.browser.post("/login/refresh", &json!({})).await.is_problem(401, "sign-in-again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_refresh_token_ends_the_session() {
    let world = World::new().await;
    let mut desk = world.staff.clone();
    let thief = world.browser();
    thief.set_cookie("__Host-refresh", desk.browser.cookie("__Host-refresh").as_deref());
    desk.refreshes().await;
    world.passes(SignedDuration::from_secs(20));
    thief.post("/login/refresh", &json!({})).await.is_problem(401, "sign-in-again");
    // Nobody knows who of the two is the thief, so both are out.
    desk.get("/members").await.is_problem(401, "sign-in-again");
    desk.browser.post("/login/refresh", &json!({})).await.is_problem(401, "sign-in-again");
    // And she hears of it.
    assert!(world.newest_mail(&desk.email).await.contains("signed you out"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_got_the_answer_to_a_refresh_gets_it_again_for_twenty_seconds() {
    let world = World::new().await;
    let desk = &world.staff;
    let spent = desk.browser.cookie(REFRESH).unwrap();
    let rotated = desk.browser.post("/login/refresh", &json!({})).await.is(200);
    let next = desk.browser.cookie(REFRESH).unwrap();
    assert_ne!(next, spent);
    let before = world.items().await;
    // The answer never came: the browser still has the old cookie, whether the page knows its key or was loaded anew.
    for seconds in [0, 19] {
        world.passes(SignedDuration::from_secs(seconds));
        let browser = world.browser();
        browser.set_cookie(REFRESH, Some(&spent));
        let mut again = Person::new(browser, &desk.email, &desk.password);
        again.refreshes().await;
        assert_eq!(again.browser.cookie(REFRESH).unwrap(), next, "one successor, whoever asks");
        again.get("/members").await.is(200);
    }
    assert_eq!(world.items().await, before, "nothing is exchanged twice");
    assert_eq!(rotated.at("/session/login/id"), desk.id);
    // It goes on from there.
    world.passes(SignedDuration::from_mins(9));
    desk.clone().refreshes().await;
    assert!(!world.newest_mail(&desk.email).await.contains("signed you out"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thief_within_the_twenty_seconds_is_found_at_the_next_exchange() {
    let world = World::new().await;
    let desk = &world.staff;
    for owner_is_first in [true, false] {
        let mut owner = Person::new(world.browser(), &desk.email, &desk.password).signs_in_with_code(&world).await;
        let mut thief = owner.at_browser(&world.browser());
        thief.browser.set_cookie(REFRESH, owner.browser.cookie(REFRESH).as_deref());
        owner.refreshes().await;
        thief.refreshes().await;
        world.passes(SignedDuration::from_mins(5));
        let (first, second) = if owner_is_first { (&mut owner, &mut thief) } else { (&mut thief, &mut owner) };
        first.refreshes().await;
        world.passes(SignedDuration::from_secs(20));
        second.browser.post("/login/refresh", &json!({})).await.is_problem(401, "sign-in-again");
        for one in [&owner, &thief] {
            one.browser.post("/login/refresh", &json!({})).await.is_problem(401, "sign-in-again");
            one.get("/members").await.is_problem(401, "sign-in-again");
        }
        assert!(world.newest_mail(&desk.email).await.contains("signed you out"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_kills_every_token_of_the_session() {
    let world = World::new().await;
    let (member, client) = world.client_alone().await;
    let tab = client.opens(&member).await;
    let refresh = client.browser.cookie("__Host-refresh").unwrap();
    client.post("/login/sign-out", &json!({})).await.is(204);
    assert!(client.browser.cookie("__Host-refresh").is_none());
    client.get("/members").await.is_problem(401, "sign-in-again");
    tab.get("").await.is_problem(401, "sign-in-again");
    client.browser.set_cookie("__Host-refresh", Some(&refresh));
    client.browser.post("/login/refresh", &json!({})).await.is_problem(401, "sign-in-again");
    // The device is still known.
    client.signs_in().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_persons_behind_one_mailbox_are_told_apart_by_their_passwords() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    let shared = "both@family.example";
    let mut persons = Vec::new();
    for (name, password) in [("First", "the password of the first"), ("Second", "the password of the second")] {
        let terms = terms("PRN", "parental-responsibility");
        let invited = world.invites(shared, &[(&child, terms)]).await;
        persons.push(world.joins_with(&invited, name, password).await);
    }
    assert_ne!(persons[0].id, persons[1].id);
    for person in persons {
        let id = person.id.clone();
        assert_eq!(person.signs_in().await.id, id);
    }
    let neither = Person::new(world.browser(), shared, PASSWORD);
    neither.tries_to_sign_in().await.is_problem(401, "sign-in-again");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_sites_change_nothing() {
    let world = World::new().await;
    let body = json!({"name": "Child", "birth_date": "2016-01-01"});
    let before = world.items().await;
    for (header, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        world.staff.ask("POST", "/members").header(header, value).json(&body).send().await.is_hidden();
    }
    assert_eq!(world.items().await, before);
    let own = world.staff.ask("POST", "/members").header("origin", world.stack.url());
    own.json(&body).send().await.is(201);
}
