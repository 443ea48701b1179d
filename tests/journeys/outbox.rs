//! Mails: sent once, in the person's language, and with nothing in them that a wrong reader should know.

use hearth::clock::Clock;
use hearth_local::Options;
use jiff::SignedDuration;
use journeys::{Person, World, terms};
use serde_json::json;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_service_that_fails_twice_gets_the_mail_once_it_works() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    world.stack.fail_mails(2);
    let invited = world.invites("parent@family.example", &[(&child, terms("PRN", "parental-responsibility"))]).await;
    assert_eq!(world.mails_to(&invited.email).await.len(), 1);
    assert!(world.stack.dead_letters().is_empty());
    world.browser().post("/invitations/look", &json!({"token": invited.token})).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_was_given_up_is_sent_by_the_schedule_and_a_code_that_has_ended_is_not() {
    let clock = Clock::manual(jiff::Timestamp::now());
    let options = Options { clock, retry_delay: Duration::from_millis(1), ..Options::default() };
    let world = World::with(options).await;
    let child = world.registers("Child", "2016-01-01").await;
    let (_, client) = world.client_alone().await;
    // As often as Lambda tries a record (`MaximumRetryAttempts`), for two mails.
    let attempts = 51;
    world.stack.fail_mails(2 * attempts);
    let offer = json!({"member": child, "terms": terms("PRN", "parental-responsibility")});
    let body = json!({"email": "parent@family.example", "language": "en", "offers": [offer]});
    world.staff.post("/invitations", &body).await.is(201);
    Person::new(world.browser(), &client.email, journeys::PASSWORD).tries_to_sign_in().await.is(200);
    world.settled().await;
    world.stack.fail_mails(0);
    assert_eq!(world.stack.dead_letters().len(), 2);
    let codes = world.mails_to(&client.email).await.len();

    world.stack.strike().await.unwrap();
    assert!(world.mails_to("parent@family.example").await.is_empty(), "the stream may still be trying");
    world.passes(SignedDuration::from_mins(66));
    world.stack.strike().await.unwrap();
    world.stack.strike().await.unwrap();
    assert_eq!(world.mails_to("parent@family.example").await.len(), 1);
    assert_eq!(world.mails_to(&client.email).await.len(), codes, "a code that no page takes any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_speak_the_language_of_the_invited_and_then_of_the_person() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    let offer = json!({"member": child, "terms": terms("MTH", "parental-responsibility")});
    let email = "madre@family.example";
    let body = json!({"email": email, "language": "es", "offers": [offer]});
    world.staff.post("/invitations", &body).await.is(201);
    assert!(world.newest_mail(email).await.contains("Le invitamos"));
    let token = world.link_for(email).await;
    world.browser().post("/invitations/confirm", &json!({"token": token})).await.is(204);
    let code = world.code_for(email).await;
    let new_login = json!({"name": "Madre", "password": journeys::PASSWORD, "language": "es"});
    let body = json!({"token": token, "code": code, "new_login": new_login});
    world.browser().post("/invitations/accept", &body).await.is(200);
    let elsewhere = journeys::Person::new(world.browser(), email, journeys::PASSWORD);
    elsewhere.tries_to_sign_in().await.is(200);
    assert!(world.newest_mail(email).await.starts_with("Su código es"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_is_written_as_it_was_typed_and_found_in_any_case() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    let terms = terms("PRN", "parental-responsibility");
    let invited = world.invites("Parent.Name@Family.Example", &[(&child, terms)]).await;
    let person = world.joins(&invited, "Parent").await;
    let id = person.id.clone();
    assert_eq!(person.by_address("parent.name@family.example").signs_in().await.id, id);
}
