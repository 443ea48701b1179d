//! Two sign-ins of one person, by two spellings of one address: found, put together, taken apart.

use jiff::SignedDuration;
use journeys::{Person, World, pdf, terms};
use serde_json::{Value, json};

pub(crate) fn parent() -> Value {
    terms("PRN", "parental-responsibility")
}

pub(crate) async fn joined(world: &World, email: &str, member: &str, password: &str) -> Person {
    let invited = world.invites(email, &[(member, parent())]).await;
    world.joins_with(&invited, "Rosa", password).await
}

/// One person with two sign-ins, and the child of each.
pub(crate) struct Rosa {
    /// The sign-in that stays.
    pub(crate) stays: Person,
    /// Its child.
    pub(crate) own: String,
    /// The other one.
    pub(crate) other: Person,
    /// Its child.
    pub(crate) others: String,
}

pub(crate) const FIRST: &str = "Rosa.Diaz@gmail.com";
pub(crate) const SECOND: &str = "rosadiaz+Clinic@googlemail.com";

pub(crate) async fn rosa(world: &World) -> Rosa {
    let (own, others) = (world.registers("Older", "2020-01-01").await, world.registers("Younger", "2020-01-01").await);
    let stays = joined(world, FIRST, &own, "the password of the first").await;
    let other = joined(world, SECOND, &others, "the password of the second").await;
    Rosa { stays, own, other, others }
}

async fn found(person: &Person) -> Vec<Value> {
    person.get("/login/aliases").await.is(200).list("found")
}

pub(crate) async fn reached(person: &Person) -> Vec<String> {
    let mut reached: Vec<String> =
        person.members().await.iter().map(|member| member["id"].as_str().unwrap().to_owned()).collect();
    reached.sort_unstable();
    reached
}

fn sorted(members: &[&String]) -> Vec<String> {
    let mut sorted: Vec<String> = members.iter().map(|member| (*member).clone()).collect();
    sorted.sort_unstable();
    sorted
}

#[tokio::test(flavor = "multi_thread")]
async fn another_spelling_is_found_only_by_who_has_just_proved_the_mailbox() {
    let world = World::new().await;
    let Rosa { stays, .. } = rosa(&world).await;
    // Having proved the address once is not enough: that may be long ago, and a former partner's.
    let listed = stays.get("/login/aliases").await.is(200).json();
    assert_eq!((&listed["addresses"][0]["address"], &listed["found"]), (&json!(FIRST), &json!([])));
    stays.adds_address(&world, FIRST).await;
    // As it was typed, with nobody's name.
    assert_eq!(stays.get("/login/aliases").await.is(200).json()["found"], json!([SECOND]));
    // Not in another session, and not ten minutes later.
    let elsewhere = Person::new(world.browser(), FIRST, &stays.password).signs_in_with_code(&world).await;
    assert!(found(&elsewhere).await.is_empty());
    world.passes(SignedDuration::from_mins(10));
    let mut later = stays.clone();
    later.refreshes().await;
    assert!(found(&later).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sign_ins_become_one_and_the_other_is_no_more() {
    let world = World::new().await;
    let Rosa { stays, own, other, others } = rosa(&world).await;
    let tab = other.opens(&others).await;
    let document = tab.uploads(&world, "Consent", &pdf("Consent")).await;
    let packet = world.asks(&others, &document, &[(&other, "parent")]).await;

    stays.merges(&world, &other).await.is(204);
    assert_eq!(reached(&stays).await, sorted(&[&own, &others]));
    assert_eq!(stays.addresses().await, [FIRST, SECOND], "shown as typed");
    // What waited for the other one waits for this one, and can be signed.
    let tab = stays.opens(&others).await;
    tab.tries_to_sign(&packet, &json!({"kind": "typed", "name": "Rosa"})).await.is(200);

    // The other one: no session, no refresh, no sign-in, no access.
    other.get("/members").await.is_problem(401, "sign-in-again");
    other.browser.post("/login/refresh", &json!({})).await.is_problem(401, "sign-in-again");
    other.tries_to_sign_in().await.is_problem(401, "sign-in-again");
    other.by_address(FIRST).tries_to_sign_in().await.is_problem(401, "sign-in-again");
    assert_eq!(stays.by_address(SECOND).signs_in().await.id, stays.id);
    // Staff see both on the record, and cannot give access to what is no more.
    let desk = world.staff.opens_as_staff(&others).await;
    let grants = desk.get("/grants").await.is(200).list("grants");
    let state = |person: &Person| {
        let of = |grant: &&Value| grant["login"] == person.id.as_str();
        grants.iter().find(of).map(|grant| grant["state"].clone()).unwrap()
    };
    assert_eq!((state(&stays), state(&other)), (json!("active"), json!("ended")));
    desk.post("/grants", &json!({"login": other.id, "terms": parent(), "reason": "request"}))
        .await
        .is_problem(422, "cannot-be-done");
    let events = desk.get("/activity").await.is(200).list("events");
    assert!(events.iter().any(|event| event["kind"] == "logins-merged"), "{events:?}");

    // Both addresses were told, nobody is named.
    for address in [FIRST, SECOND] {
        let texts: Vec<String> = world.mails_to(address).await.into_iter().filter_map(|mail| mail.text).collect();
        assert_eq!(texts.iter().filter(|text| text.contains("put together")).count(), 1, "{texts:?}");
        assert!(!texts.iter().any(|text| text.contains("Rosa")), "{texts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_code_or_the_secret_nothing_is_put_together() {
    let world = World::new().await;
    let Rosa { stays, own, other, .. } = rosa(&world).await;
    let body = |code: &str, password: &str| json!({"code": code, "password": password});
    let refused = async |code: &str, password: &str, field: &str| {
        let reply = stays.post("/login/merge", &body(code, password)).await.is_problem(422, "cannot-be-done");
        assert_eq!(reply.at("/field"), field);
    };
    // No code was asked for.
    refused("00000000", &other.password, "code").await;
    let code = stays.asks_for_address(&world, SECOND).await;
    let wrong = if code == "00000000" { "00000001" } else { "00000000" };
    refused(wrong, &other.password, "code").await;
    refused(&code, "not the password at all", "password").await;
    // The own password is no secret of the other sign-in.
    refused(&code, &stays.password, "password").await;
    refused(&code, "a guess at the password", "password").await;
    refused(&code, "another guess at it", "password").await;
    // Five guesses, at either, are all.
    refused(&code, &other.password, "code").await;
    assert_eq!(reached(&stays).await, [own]);
    assert_eq!(other.clone().signs_in().await.id, other.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_to_the_own_spelling_is_no_proof_of_the_other_sign_in() {
    let world = World::new().await;
    let Rosa { stays, own, other, .. } = rosa(&world).await;
    let code = stays.asks_for_address(&world, FIRST).await;
    let body = json!({"code": code, "password": other.password});
    stays.post("/login/merge", &body).await.is_problem(422, "cannot-be-done");
    assert_eq!(reached(&stays).await, [own]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_provider_proposes_nothing_and_puts_nothing_together() {
    let world = World::new().await;
    for (one, other) in [
        ("ann@clinic.example", "ann+kids@clinic.example"),
        ("ann-b@family.example", "ann-c@family.example"),
        ("rosa@yahoo.com", "rosa+a@yahoo.com"),
    ] {
        let (child, second) = (world.registers("A", "2020-01-01").await, world.registers("B", "2020-01-01").await);
        let first = joined(&world, one, &child, "the password of the first").await;
        let twin = joined(&world, other, &second, "the password of the second").await;
        first.adds_address(&world, one).await;
        assert!(found(&first).await.is_empty(), "{one} and {other}");
        world.passes(SignedDuration::from_mins(1));
        let refused = first.merges(&world, &twin).await.is_problem(422, "cannot-be-done");
        assert_eq!(refused.at("/field"), "code");
        assert_eq!(reached(&first).await, [child]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_persons_behind_one_address_are_not_put_together() {
    let world = World::new().await;
    let (one, other) = (world.registers("A", "2020-01-01").await, world.registers("B", "2020-01-01").await);
    let first = joined(&world, FIRST, &one, "the password of the first").await;
    let second = joined(&world, FIRST, &other, "the password of the second").await;
    first.adds_address(&world, FIRST).await;
    assert!(found(&first).await.is_empty());
    world.passes(SignedDuration::from_mins(1));
    first.merges(&world, &second).await.is_problem(422, "cannot-be-done");
    assert_eq!(reached(&second).await, [other]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_access_does_not_come_back_by_a_second_sign_in() {
    let world = World::new().await;
    let Rosa { stays, own, other, .. } = rosa(&world).await;
    world.gives(&own, &other, &parent()).await;
    world.stops(&own, &stays, "revoke").await;
    stays.merges(&world, &other).await.is(204);
    stays.tries_to_open(&own).await.is_hidden();
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_fits_one_act_is_refused_kindly_and_changes_nothing() {
    let world = World::new().await;
    let Rosa { stays, own, other, .. } = rosa(&world).await;
    for number in 0..20 {
        let member = world.registers(&format!("Child {number}"), "2020-01-01").await;
        world.gives(&member, &other, &parent()).await;
    }
    let refused = stays.merges(&world, &other).await.is_problem(409, "conflict");
    assert!(refused.at("/detail").contains("too many records"));
    assert_eq!((reached(&stays).await, reached(&other).await.len()), (vec![own], 21));
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_sign_ins_stay_apart() {
    let world = World::new().await;
    let Rosa { other, .. } = rosa(&world).await;
    world.staff.merges(&world, &other).await.is_problem(409, "conflict");
    other.clone().signs_in().await;
}
