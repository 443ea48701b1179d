//! People who want more than they were given: what the reviewers tried, and what must come of it.

use jiff::SignedDuration;
use journeys::{World, terms};
use serde_json::{Value, json};

fn parent() -> Value {
    terms("PRN", "parental-responsibility")
}

fn minute() -> SignedDuration {
    SignedDuration::from_mins(1)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_from_before_a_revocation_brings_nothing_back() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    let first = world.invites("parent@family.example", &[(&child, parent())]).await;
    let second = world.invites("parent@family.example", &[(&child, parent())]).await;
    let third = world.invites("other@family.example", &[(&child, parent())]).await;
    let person = world.joins(&first, "Parent").await;
    world.passes(minute());
    world.stops(&child, &person, "revoke").await;
    world.passes(minute());

    // Neither with the old login, nor as somebody new behind the same mailbox, nor with the old login by another mailbox.
    let bare = json!({"token": second.token});
    person.post("/invitations/accept", &bare).await.is_problem(410, "gone");
    let code = world.proof_for(&second).await;
    let newcomer = json!({"name": "New", "password": "a password of fifteen", "language": "en"});
    let body = json!({"token": second.token, "code": code, "new_login": newcomer});
    world.browser().post("/invitations/accept", &body).await.is_problem(410, "gone");
    let code = world.proof_for(&third).await;
    let body = json!({"token": third.token, "code": code});
    person.post("/invitations/accept", &body).await.is_problem(410, "gone");
    person.tries_to_open(&child).await.is_hidden();

    // What staff send afterwards counts.
    let anew = world.invites("parent@family.example", &[(&child, parent())]).await;
    person.post("/invitations/accept", &json!({"token": anew.token})).await.is(200);
    person.opens(&child).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_does_not_hasten_access_that_begins_later() {
    let world = World::new().await;
    let (_, person) = world.stranger().await;
    let child = world.registers("Child", "2016-01-01").await;
    let invited = world.invites(&person.email, &[(&child, parent())]).await;
    let mut later = terms("PRN", "parental-responsibility");
    later["not_before"] = json!("2100-01-01T00:00:00Z");
    later["scopes"] = json!(["profile"]);
    world.gives(&child, &person, &later).await;
    person.post("/invitations/accept", &json!({"token": invited.token})).await.is(200);
    person.tries_to_open(&child).await.is_hidden();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_gives_nothing_to_who_knows_only_the_idempotency_key() {
    let world = World::new().await;
    let (_, person) = world.stranger().await;
    let key = "a-key-of-sixteen-or-more";
    person.browser.ask("POST", "/login/refresh").key(key).json(&json!({})).send().await.is(200);
    let thief = world.browser();
    let nobody = format!("log_{0}.ses_{0}.x", "0".repeat(32));
    thief.set_cookie("__Host-refresh", Some(&nobody));
    thief.ask("POST", "/login/refresh").key(key).json(&json!({})).send().await.is_problem(401, "sign-in-again");
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_cannot_invite_themselves_nor_do_office_work_on_their_own_family() {
    let world = World::new().await;
    let (_, colleague) = world.stranger().await;
    let child = world.registers("Child", "2016-01-01").await;
    let invited = world.invites(&world.staff.email, &[(&child, parent())]).await;
    let body = json!({"token": invited.token});
    world.staff.post("/invitations/accept", &body).await.is_problem(422, "cannot-be-done");
    let tab = world.staff.opens_as_staff(&child).await;
    let own = json!({"login": world.staff.id, "terms": parent(), "reason": "request"});
    tab.post("/grants", &own).await.is_problem(422, "cannot-be-done");
    tab.post("/grants", &json!({"login": colleague.id, "terms": parent(), "reason": "request"})).await.is(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_handle_no_invitation_to_a_record_of_their_own_family() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    let colleague = world.colleague().await;
    world.gives(&child, &colleague, &parent()).await;
    let other = world.invites("other-parent@family.example", &[(&child, parent())]).await;
    for (act, status) in [("resend", 200), ("revoke", 204)] {
        let path = format!("/invitations/{}/{act}", other.id);
        let refused = colleague.post(&path, &json!({})).await.is_problem(422, "cannot-be-done");
        assert!(refused.at("/detail").contains("your own family"), "{}", refused.text);
        world.staff.post(&path, &json!({})).await.is(status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denied_person_cannot_fill_the_record_or_hold_others_up() {
    let world = World::new().await;
    let family = world.family().await;
    let record = world.registers("Other child", "2015-01-01").await;
    let denials = async || {
        let tab = world.staff.opens_as_staff(&record).await;
        let events = tab.get("/activity").await.is(200).list("events");
        events.iter().filter(|event| event["kind"] == "access-denied").count()
    };
    for _ in 0..5 {
        family.mother.tries_to_open(&record).await.is_hidden();
    }
    assert_eq!(denials().await, 1);
    family.father.tries_to_open(&record).await.is_hidden();
    assert_eq!(denials().await, 2);
    // An hour later the next attempt is on record again.
    world.passes(SignedDuration::from_mins(61));
    let mother = family.mother.signs_in().await;
    mother.tries_to_open(&record).await.is_hidden();
    let staff = world.staff.clone().signs_in_with_code(&world).await;
    let tab = staff.opens_as_staff(&record).await;
    let events = tab.get("/activity").await.is(200).list("events");
    assert_eq!(events.iter().filter(|event| event["kind"] == "access-denied").count(), 3);
}
