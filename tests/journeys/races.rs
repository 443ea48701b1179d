//! Many at once: exactly one wins, and nobody wins twice.

use futures_util::future::join_all;
use journeys::{Browser, PASSWORD, Person, Reply, World, pdf, signing, terms};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

/// Items whose keys begin so.
async fn items(world: &World, partition: &str, sort: &str) -> Vec<Value> {
    let text = |item: &Value, key: &str| item["item"][key]["S"].as_str().unwrap_or_default().to_owned();
    let all = world.items().await.into_iter();
    all.filter(|item| text(item, "pk").starts_with(partition) && text(item, "sk").starts_with(sort)).collect()
}

/// Events of a member, oldest first, as staff read them.
async fn events(world: &World, member: &str) -> Vec<String> {
    let tab = world.staff.opens_as_staff(member).await;
    let events = tab.get("/activity").await.is(200).list("events");
    events.iter().rev().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn six_accept_one_invitation_at_once_and_one_of_them_gets_in() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    let invited = world.invites("parent@family.example", &[(&child, terms("PRN", "parental-responsibility"))]).await;
    let code = world.proof_for(&invited).await;
    let before = items(&world, "LOGIN#", "META").await.len();
    let answers = join_all((0..6).map(|number| {
        let (browser, token, code) = (world.browser(), invited.token.clone(), code.clone());
        async move {
            let new_login = json!({"name": format!("Parent {number}"), "password": PASSWORD, "language": "en"});
            let body = json!({"token": token, "code": code, "new_login": new_login});
            browser.post("/invitations/accept", &body).await
        }
    }))
    .await;
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(won, 1);
    for answer in answers.into_iter().filter(|answer| answer.status != 200) {
        answer.is_problem(410, "gone");
    }
    assert_eq!(items(&world, "LOGIN#", "META").await.len(), before + 1);
    assert_eq!(items(&world, "LOGIN#", "GRANT#").await.len(), 1);
    let listed = world.staff.opens_as_staff(&child).await.get("/grants").await.is(200);
    assert_eq!((listed.list("grants").len(), listed.list("invitations").len()), (1, 0));
    let accepted = events(&world, &child).await;
    assert_eq!(accepted.iter().filter(|kind| *kind == "invitation-accepted").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_stands_before_the_revocation_or_not_at_all() {
    let world = World::new().await;
    let (own, mother) = world.stranger().await;
    let document = mother.opens(&own).await.uploads(&world, "Consent", &pdf("Consent")).await;
    for _ in 0..6 {
        let packet = world.asks(&own, &document, &[(&mother, "parent")]).await;
        let (tab, desk) = (mother.opens(&own).await, world.staff.opens_as_staff(&own).await);
        let seen = tab.reads(&packet).await;
        let sign = format!("/packets/{packet}/slots/{}/sign", seen["mine"]["slot"].as_str().unwrap());
        let (body, reason) =
            (signing(&seen, &json!({"kind": "typed", "name": "P"})), json!({"reason": "safeguarding"}));
        let revoke = format!("/grants/{}/revoke", mother.id);
        let past = events(&world, &own).await.len();
        let (signed, revoked) = tokio::join!(tab.post(&sign, &body), desk.post(&revoke, &reason));
        revoked.is(204);
        tab.post(&sign, &body).await.is_hidden();
        world.settled().await;

        let happened = events(&world, &own).await.split_off(past);
        let place = |kind: &str| happened.iter().position(|event| event == kind);
        let count = desk.packet(&packet).await["signed"].clone();
        match signed.status {
            200 => {
                assert!(place("packet-signed").unwrap() < place("grant-revoked").unwrap(), "{happened:?}");
                assert_eq!(count, 1);
            }
            _ => {
                signed.is_hidden();
                assert_eq!((place("packet-signed"), count), (None, json!(0)));
            }
        }
        let terms = terms("PRN", "parental-responsibility");
        world.gives(&own, &mother, &terms).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_last_signers_at_once_make_one_sealed_file() {
    let world = World::new().await;
    let family = world.family().await;
    let (mother, father) = (family.mother.opens(&family.child).await, family.father.opens(&family.child).await);
    let document = mother.uploads(&world, "Consent", &pdf("Consent")).await;
    for round in 1..=3 {
        let people = [(&family.mother, "parent"), (&family.father, "parent")];
        let packet = world.asks(&family.child, &document, &people).await;
        let mark = json!({"kind": "typed", "name": "Parent"});
        let (one, two) = tokio::join!(mother.tries_to_sign(&packet, &mark), father.tries_to_sign(&packet, &mark));
        one.is(200);
        two.is(200);
        world.settled().await;
        assert_eq!(mother.packet(&packet).await["state"], "sealed");
        let sealed = world.stack.objects().unwrap().into_iter().filter(|(_, key)| key.starts_with("sealed/"));
        assert_eq!(sealed.count(), round);
        let sealings = events(&world, &family.child).await.into_iter().filter(|kind| kind == "packet-sealed");
        assert_eq!(sealings.count(), round);
    }
    assert!(world.stack.dead_letters().is_empty());
}

/// Browsers that hold the same cookies, each for itself.
fn copies(world: &World, person: &Person, count: usize) -> Vec<Browser> {
    let cookie = person.browser.cookie("__Host-refresh");
    let copy = || {
        let browser = world.browser();
        browser.set_cookie("__Host-refresh", cookie.as_deref());
        browser
    };
    std::iter::repeat_with(copy).take(count).collect()
}

/// Opens ten connections from browsers to the portal and from sign-in to the table, so that nobody waits for one later.
async fn warm(world: &World) {
    let nothing = "0".repeat(32);
    let body = json!({"challenge": format!("log_{nothing}.cha_{nothing}"), "code": "0"});
    join_all((0..10).map(|_| {
        let (browser, body) = (world.browser(), &body);
        async move { browser.post("/login/code", body).await.is(401) }
    }))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_refreshes_at_once_rotate_once_and_keep_the_session() {
    let world = World::new().await;
    let body = json!({});
    for _ in 0..5 {
        warm(&world).await;
        let browsers = copies(&world, &world.staff, 10);
        let answers = join_all(browsers.iter().map(|browser| browser.post("/login/refresh", &body))).await;
        answers.into_iter().for_each(|answer| drop(answer.is(200)));
        // Whoever was first: all of them hold the one successor, and go on with it.
        let cookies: BTreeSet<_> = browsers.iter().map(|browser| browser.cookie("__Host-refresh")).collect();
        assert_eq!(cookies.len(), 1);
        world.staff.get("/members").await.is(200);
        let cookie = browsers[0].cookie("__Host-refresh");
        assert_ne!(cookie, world.staff.browser.cookie("__Host-refresh"));
        world.staff.browser.set_cookie("__Host-refresh", cookie.as_deref());
    }
    assert_eq!(items(&world, "LOGIN#", "SESSION#").await.len(), 1);
}

/// Two hundred codes, and none of them right.
fn wrong_codes(right: &str) -> impl Iterator<Item = String> {
    (0..201).map(|number| format!("{number:08}")).filter(move |wrong| *wrong != right).take(200)
}

/// Asks until there is an answer: a machine that is busy with two hundred at once may say that it does not know (503), and whoever
/// guesses asks again. Counts those answers.
async fn insists(unknown: &AtomicU64, ask: impl AsyncFn() -> Reply) -> Reply {
    loop {
        let reply = ask().await;
        if reply.status != 503 {
            return reply;
        }
        unknown.fetch_add(1, Ordering::Relaxed);
    }
}

/// Five were counted, and exactly those compared; but one for which the count itself was not answered is compared by nobody.
async fn five_were_compared(world: &World, before: (u64, u64), unknown: &AtomicU64) -> u64 {
    let after = compared(world).await;
    let (by_functions, by_table) = (after.0 - before.0, after.1 - before.1);
    let least = 5_u64.saturating_sub(unknown.load(Ordering::Relaxed));
    assert!(by_table == 5 && (least..=5).contains(&by_functions), "{by_functions} compared, {by_table} counted");
    by_functions
}

/// Codes that were compared so far: as the functions counted them when they compared, and as the table counted them before.
async fn compared(world: &World) -> (u64, u64) {
    let by_functions = world.log().iter().filter_map(|line| line["codes_compared"].as_u64()).sum();
    let counts = items(world, "GUESSES#", "META").await;
    let by_table: usize = counts.iter().map(|item| item["item"]["guesses"]["BS"].as_array().unwrap().len()).sum();
    (by_functions, by_table as u64)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_hundred_wrong_codes_at_once_five_are_compared_and_then_the_right_one_is_refused() {
    let world = World::new().await;
    let elsewhere = Person::new(world.browser(), &world.staff.email, PASSWORD);
    let challenge = elsewhere.tries_to_sign_in().await.is(200).at("/challenge");
    let code = world.code_for(&elsewhere.email).await;
    let unknown = AtomicU64::new(0);
    let guess = |code: String| {
        let (browser, body) = (world.browser(), json!({"challenge": challenge, "code": code}));
        insists(&unknown, async move || browser.post("/login/code", &body).await)
    };
    let before = compared(&world).await;
    for answer in join_all(wrong_codes(&code).map(guess)).await {
        answer.is_problem(401, "sign-in-again");
    }
    let five = five_were_compared(&world, before, &unknown).await;
    guess(code).await.is_problem(401, "sign-in-again");
    assert_eq!(five_were_compared(&world, before, &unknown).await, five);
    assert_eq!(items(&world, "LOGIN#", "SESSION#").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fifth_guess_may_be_right_and_a_right_one_signs_in_once_however_often_it_comes() {
    let world = World::new().await;
    let elsewhere = Person::new(world.browser(), &world.staff.email, PASSWORD);
    let challenge = elsewhere.tries_to_sign_in().await.is(200).at("/challenge");
    let code = world.code_for(&elsewhere.email).await;
    for wrong in wrong_codes(&code).take(3) {
        let body = json!({"challenge": challenge, "code": wrong});
        elsewhere.browser.post("/login/code", &body).await.is_problem(401, "sign-in-again");
    }
    let right = json!({"challenge": challenge, "code": code});
    let (browsers, body) = ([world.browser(), world.browser()], &right);
    let answers = join_all(browsers.iter().map(|browser| browser.post("/login/code", body))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(items(&world, "LOGIN#", "SESSION#").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_hundred_wrong_codes_for_an_invitation_at_once_five_are_compared_and_the_link_is_dead() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    let invited = world.invites("parent@family.example", &[(&child, terms("PRN", "parental-responsibility"))]).await;
    let code = world.proof_for(&invited).await;
    let unknown = AtomicU64::new(0);
    let guess = |code: String| {
        let new_login = json!({"name": "Guesser", "password": PASSWORD, "language": "en"});
        let (browser, body) = (world.browser(), json!({"token": invited.token, "code": code, "new_login": new_login}));
        insists(&unknown, async move || browser.post("/invitations/accept", &body).await)
    };
    let before = compared(&world).await;
    let answers = join_all(wrong_codes(&code).map(guess)).await;
    let five = five_were_compared(&world, before, &unknown).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 422).count() as u64, five);
    for answer in answers.into_iter().filter(|answer| answer.status != 422) {
        answer.is_problem(410, "gone");
    }
    guess(code).await.is_problem(410, "gone");
    assert_eq!(five_were_compared(&world, before, &unknown).await, five);
    assert!(items(&world, "LOGIN#", "GRANT#").await.is_empty());
    // The link is dead for everything, and staff can send another, whose guesses count anew.
    let dead = json!({"token": invited.token});
    for path in ["/invitations/look", "/invitations/confirm", "/invitations/decline"] {
        world.browser().post(path, &dead).await.is_problem(410, "gone");
    }
    world.staff.post(&format!("/invitations/{}/resend", invited.id), &json!({})).await.is(200);
    let resent = journeys::Invited { token: world.link_for(&invited.email).await, ..invited };
    world.joins(&resent, "Parent").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_can_put_right_costs_no_guess() {
    let world = World::new().await;
    let (_, person) = world.stranger().await;
    let child = world.registers("Child", "2016-01-01").await;
    let invited = world.invites("parent@family.example", &[(&child, terms("PRN", "parental-responsibility"))]).await;
    let code = world.proof_for(&invited).await;
    let newcomer = json!({"name": "New", "password": PASSWORD, "language": "en"});
    let before = compared(&world).await;
    let mistaken = json!({"token": invited.token, "code": code, "new_login": newcomer});
    for _ in 0..6 {
        // Signed in, and yet a new login; not signed in, and no new login.
        person.post("/invitations/accept", &mistaken).await.is_problem(422, "cannot-be-done");
        let nobody = json!({"token": invited.token, "code": code});
        world.browser().post("/invitations/accept", &nobody).await.is_problem(422, "cannot-be-done");
    }
    assert_eq!(compared(&world).await, before);
    world.browser().post("/invitations/accept", &mistaken).await.is(200);
}
