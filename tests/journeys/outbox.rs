//! Mails: sent once, in the person's language, and with nothing in them that a wrong reader should know.

use journeys::{World, terms};
use serde_json::json;

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
