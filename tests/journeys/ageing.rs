//! A child grows up: the record closes to parents step by step, and the young adult takes it over with its history.

use jiff::{SignedDuration, Timestamp};
use journeys::{Invited, Person, World, pdf, terms};
use serde_json::{Value, json};

/// Noon in New York, a day before the child's birthday.
const EVE: &str = "2026-11-21T17:00:00Z";

fn all(relationship: &str, authority: &str) -> Value {
    let mut terms = terms(relationship, authority);
    terms["scopes"] = json!([
        "profile",
        "documents-read",
        "documents-upload",
        "sign",
        "appointments-read",
        "appointments-book",
        "messages",
        "billing-read",
        "billing-pay",
        "household-directory",
        "invite",
    ]);
    terms
}

async fn parent(world: &World, child: &str, name: &str) -> Person {
    let email = format!("{name}@family.example");
    let invited = world.invites(&email, &[(child, all("PRN", "parental-responsibility"))]).await;
    world.joins(&invited, name).await
}

/// Lets time pass until everybody must sign in again.
async fn later(world: &mut World, at: &str, people: &mut [&mut Person]) {
    let at: Timestamp = at.parse().unwrap();
    world.passes(at.duration_since(world.clock.now()));
    world.staff = world.staff.clone().signs_in_with_code(world).await;
    for person in people {
        **person = person.clone().signs_in().await;
    }
}

/// An invitation whose link staff hand over on paper.
async fn at_the_desk(world: &World, member: &str, email: &str) -> Invited {
    world.invites_at_the_desk(member, email, &all("ONESELF", "self")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn at_thirteen_documents_and_messages_close_to_parents_at_midnight() {
    let mut world = World::at(EVE.parse().unwrap()).await;
    let child = world.registers("Growing child", "2013-11-22").await;
    let mut mother = parent(&world, &child, "mother").await;
    let listed = mother.members().await;
    assert_eq!(listed[0]["birthday"], json!({"on": "2026-11-22", "guardians_reach": "limited"}));
    let tab = mother.opens(&child).await;
    let document = tab.uploads(&world, "Letter", &pdf("Letter")).await;
    tab.get(&format!("/documents/{document}")).await.is(200);

    // Midnight in New York is 05:00 in UTC.
    later(&mut world, "2026-11-22T04:59:59Z", &mut [&mut mother]).await;
    let tab = mother.opens(&child).await;
    tab.get("/documents").await.is(200);
    world.passes(SignedDuration::from_secs(1));
    tab.get("/documents").await.is_hidden();
    tab.announces("Another", &pdf("Another")).await.is(201);
    let scopes = mother.members().await[0]["scopes"].clone();
    for (scope, stays) in [("documents-read", false), ("messages", false), ("sign", true), ("appointments-book", true)]
    {
        assert_eq!(scopes.as_array().unwrap().contains(&json!(scope)), stays, "{scope}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_teenager_enrols_at_the_desk_and_no_parent_in_the_teenagers_place() {
    let mut world = World::at(EVE.parse().unwrap()).await;
    let child = world.registers("Teenager", "2013-11-22").await;
    let mut mother = parent(&world, &child, "mother").await;
    let invite = |email: &str, handing: &str| json!({"email": email, "language": "en", "handing": handing, "offers": [{"member": child, "terms": all("ONESELF", "self")}]});
    let refused = world.staff.post("/invitations", &invite("teen@own.example", "desk")).await.is(422);
    assert!(refused.at("/detail").contains("too young"), "{}", refused.text);

    later(&mut world, "2026-11-22T17:00:00Z", &mut [&mut mother]).await;
    let by_mail = world.staff.post("/invitations", &invite("teen@own.example", "mail")).await.is(422);
    assert_eq!(by_mail.at("/field"), "handing");
    let to_mother = world.staff.post("/invitations", &invite("mother@family.example", "desk")).await.is(422);
    assert_eq!(to_mother.at("/field"), "email");
    let given = json!({"login": mother.id, "terms": all("ONESELF", "self"), "reason": "request"});
    world.staff.opens_as_staff(&child).await.post("/grants", &given).await.is(422);

    let invited = at_the_desk(&world, &child, "teen@own.example").await;
    assert!(world.mails_to("teen@own.example").await.is_empty(), "the link is on paper alone");
    let teenager = world.joins(&invited, "Teenager").await;
    let tab = teenager.opens(&child).await;
    tab.get("/documents").await.is(200);
    assert_eq!(tab.get("/directory").await.is(200).list("people").len(), 2);
    tab.post("/helpers", &json!({"login": mother.id, "scopes": ["profile"]})).await.is_hidden();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_young_adult_takes_the_record_over_and_chooses_whom_to_keep() {
    let mut world = World::at("2030-11-01T17:00:00Z".parse().unwrap()).await;
    let child = world.registers("Nearly grown", "2012-11-22").await;
    let (mut mother, mut father) = (parent(&world, &child, "mother").await, parent(&world, &child, "father").await);
    let announced = mother.opens(&child).await.uploads(&world, "School letter", &pdf("School letter")).await;
    let invited = at_the_desk(&world, &child, "teen@own.example").await;
    let mut own = world.joins(&invited, "Nearly grown").await;
    let listed = own.members().await;
    assert_eq!(listed[0]["birthday"], json!({"on": "2030-11-22", "guardians_reach": "ended"}));

    later(&mut world, "2030-11-22T05:00:00Z", &mut [&mut mother, &mut father, &mut own]).await;
    for guardian in [&mother, &father] {
        guardian.tries_to_open(&child).await.is_hidden();
        assert!(guardian.members().await.is_empty());
    }
    // What was there is there: the paper, and who did what.
    let tab = own.opens(&child).await;
    tab.get(&format!("/documents/{announced}")).await.is(200);
    let events = tab.get("/activity").await.is(200).list("events");
    assert!(events.iter().any(|event| event["kind"] == "upload-started" && event["name"] == "mother"), "{events:?}");

    let directory = tab.get("/directory").await.is(200);
    assert_eq!(directory.list("people").len(), 1);
    assert_eq!(directory.list("before").len(), 2);
    let keep = |scopes: Value| json!({"login": mother.id, "scopes": scopes});
    tab.post("/helpers", &keep(json!(["profile", "sign"]))).await.is(422);
    tab.post("/helpers", &keep(json!(["profile", "appointments-book"]))).await.is(204);
    let scopes = &mother.members().await[0]["scopes"];
    assert_eq!(scopes, &json!(["profile", "appointments-book"]));
    mother.opens(&child).await.get("/documents").await.is_hidden();
    father.tries_to_open(&child).await.is_hidden();
    // The helper's access is the client's to end, and nobody else's.
    let path = format!("/grants/{}/revoke", mother.id);
    tab.post(&path, &json!({"reason": "request"})).await.is(204);
    mother.tries_to_open(&child).await.is_hidden();
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_a_birthday_concerns_is_mailed_six_months_and_one_month_ahead_once() {
    let mut world = World::at("2026-05-21T14:30:00Z".parse().unwrap()).await;
    let child = world.registers("Growing child", "2013-11-22").await;
    let mut mother = parent(&world, &child, "mother").await;
    let father = parent(&world, &child, "father").await;
    let tab = world.staff.opens_as_staff(&child).await;
    tab.post(&format!("/grants/{}/revoke", father.id), &json!({"reason": "misuse"})).await.is(204);
    let notices = async |world: &World| {
        world.stack.strike().await.expect("every schedule does its work");
        let mails = world.mails_to("mother@family.example").await;
        mails.iter().filter(|mail| mail.text.as_deref().unwrap_or_default().starts_with("A birthday is near.")).count()
    };

    assert_eq!(notices(&world).await, 0, "a day too early");
    later(&mut world, "2026-05-22T14:30:00Z", &mut [&mut mother]).await;
    assert_eq!(notices(&world).await, 1);
    assert_eq!(notices(&world).await, 1, "a second run the same day");
    later(&mut world, "2026-05-29T14:30:00Z", &mut []).await;
    assert_eq!(notices(&world).await, 1, "a week later");
    later(&mut world, "2026-10-22T14:30:00Z", &mut []).await;
    assert_eq!(notices(&world).await, 2, "a month ahead");
    let father = world.mails_to("father@family.example").await;
    assert!(father.iter().all(|mail| !mail.text.as_deref().unwrap_or_default().contains("birthday")), "has no access");
    let newest = world.newest_mail("mother@family.example").await;
    assert!(!newest.contains("Growing"), "names nobody");
}
