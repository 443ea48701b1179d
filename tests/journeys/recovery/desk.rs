//! Back in by the clinic's desk.

use super::{NEW, codes, recovers, renewal};
use jiff::SignedDuration;
use journeys::{Person, World};
use serde_json::{Value, json};

async fn prints(world: &World, person: &Person) -> String {
    let body = json!({"reason": "passport shown at the desk"});
    world.staff.post(&format!("/logins/{}/recovery", person.id), &body).await.is(201).at("/code")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_lets_somebody_back_in_and_the_person_hears_of_it() {
    let world = World::new().await;
    let (member, client) = world.client_alone().await;
    let before = world.mails_to(&client.email).await.len();
    let printed = prints(&world, &client).await;
    assert_eq!(world.mails_to(&client.email).await.len(), before + 1);
    assert!(world.newest_mail(&client.email).await.contains("desk printed a code"));
    // The person is not signed out by it.
    client.get("/members").await.is(200);

    let body = renewal(&world, &client.email, &printed, NEW).await;
    let fresh = world.browser();
    fresh.post("/login/recover/confirm", &body).await.is(204);
    Person::new(fresh, &client.email, NEW).signs_in().await.opens(&member).await;
    recovers(&world, &client.email, &printed).await.is_problem(401, "sign-in-again");

    // It stands on the chain of the login, with the reason.
    let events: Vec<Value> =
        world.items().await.into_iter().filter(|item| item["item"]["kind"]["S"] == "recovery-started").collect();
    assert_eq!(events.len(), 1);
    let event = &events[0]["item"];
    assert_eq!(event["pk"]["S"], format!("LOGIN#{}", client.id));
    assert_eq!(event["reason"]["S"], "passport shown at the desk");
    assert_eq!((&event["actor"]["S"], &event["capacity"]["S"]), (&json!(world.staff.id), &json!("staff")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printed_code_ends_after_a_day_or_five_wrong_tries_or_the_next_one() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let first = prints(&world, &client).await;
    let second = prints(&world, &client).await;
    recovers(&world, &client.email, &first).await.is_problem(401, "sign-in-again");
    // Only who knows how the code begins uses tries up.
    for _ in 0..6 {
        recovers(&world, &client.email, "0000-0000-0000-0000").await.is_problem(401, "sign-in-again");
    }
    let last = if second.ends_with('0') { '1' } else { '0' };
    let near: String = second.chars().take(18).chain([last]).collect();
    for _ in 0..4 {
        recovers(&world, &client.email, &near).await.is_problem(401, "sign-in-again");
    }
    recovers(&world, &client.email, &second).await.is(200);
    recovers(&world, &client.email, &near).await.is_problem(401, "sign-in-again");
    recovers(&world, &client.email, &second).await.is_problem(401, "sign-in-again");

    let third = prints(&world, &client).await;
    world.passes(SignedDuration::from_secs(24 * 3600 - 1));
    recovers(&world, &client.email, &third).await.is(200);
    world.passes(SignedDuration::from_secs(1));
    recovers(&world, &client.email, &third).await.is_problem(401, "sign-in-again");
}

#[tokio::test(flavor = "multi_thread")]
async fn families_print_no_codes_and_staff_none_for_themselves() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let (_, stranger) = world.stranger().await;
    let body = json!({"reason": "passport shown at the desk"});
    stranger.post(&format!("/logins/{}/recovery", client.id), &body).await.is_hidden();
    client.post(&format!("/logins/{}/recovery", client.id), &body).await.is_hidden();
    world.staff.post(&format!("/logins/{}/recovery", world.staff.id), &body).await.is_problem(409, "conflict");
    world.staff.post(&format!("/logins/log_{}/recovery", "0".repeat(32)), &body).await.is_hidden();
    let nothing = json!({"reason": "..."});
    world.staff.post(&format!("/logins/{}/recovery", client.id), &nothing).await.is_problem(422, "cannot-be-done");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_desk_helped_no_other_way_in_is_left() {
    let world = World::new().await;
    let family = world.family().await;
    let mother = &family.mother;
    // Her telephone, with a passkey and a remembered browser, and her sheet of codes are in somebody else's hands.
    let mut phone = world.phone();
    let (_, user) = mother.adds_passkey(&mut phone, "Phone").await;
    let sheet = codes(mother).await;
    let signed = world.signed(&mut phone, &user).await;
    let mut taken = Person::new(world.browser(), "", "");
    taken.takes_session(&taken.browser.post("/login/passkey", &signed).await.is(200));
    let began = taken.makes_passkey(&mut world.phone(), "Other phone").await;
    let pending = renewal(&world, &mother.email, &sheet[0], "somebody elses password").await;
    // A minute later there is another code.
    world.passes(SignedDuration::from_mins(2));

    let printed = prints(&world, mother).await;
    let body = renewal(&world, &mother.email, &printed, NEW).await;
    let fresh = world.browser();
    fresh.post("/login/recover/confirm", &body).await.is(204);
    let told = world.newest_mail(&mother.email).await;
    assert!(told.contains("Your passkeys and your recovery codes work no more"), "{told}");

    taken.get("/members").await.is_problem(401, "sign-in-again");
    taken.browser.post("/login/refresh", &json!({})).await.is_problem(401, "sign-in-again");
    taken.post("/login/passkeys", &began).await.is_problem(401, "sign-in-again");
    world.tries_passkey(&world.browser(), &mut phone, &user).await.is_problem(401, "sign-in-again");
    world.browser().post("/login/recover/confirm", &pending).await.is_problem(401, "sign-in-again");
    for code in &sheet {
        world.passes(SignedDuration::from_mins(2));
        recovers(&world, &mother.email, code).await.is_problem(401, "sign-in-again");
    }
    let on_old_device = Person::new(mother.browser.clone(), &mother.email, NEW);
    assert_eq!(on_old_device.tries_to_sign_in().await.is(200).at("/result"), "code-sent");

    // She is in, with nothing but the new password, and starts anew. The father's ways in are his own.
    let mother = Person::new(fresh, &mother.email, NEW).signs_in().await;
    assert!(mother.passkeys().await.is_empty());
    mother.adds_passkey(&mut world.phone(), "New phone").await;
    codes(&mother).await;
    mother.opens(&family.child).await;
    family.father.clone().signs_in().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_own_recovery_code_leaves_passkeys_and_the_other_codes() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let mut phone = world.phone();
    let (_, user) = client.adds_passkey(&mut phone, "Phone").await;
    let sheet = codes(&client).await;
    let body = renewal(&world, &client.email, &sheet[0], NEW).await;
    world.browser().post("/login/recover/confirm", &body).await.is(204);
    client.get("/members").await.is_problem(401, "sign-in-again");
    world.tries_passkey(&world.browser(), &mut phone, &user).await.is(200);
    world.passes(SignedDuration::from_mins(2));
    recovers(&world, &client.email, &sheet[1]).await.is(200);
}
