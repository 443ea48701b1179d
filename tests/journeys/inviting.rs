//! Invitations: one address for several members, new and existing logins, every way in which a link ends.

use jiff::SignedDuration;
use journeys::{Invited, World, terms};
use serde_json::{Value, json};

fn parent() -> Value {
    terms("PRN", "parental-responsibility")
}

async fn look(world: &World, invited: &Invited) -> journeys::Reply {
    world.browser().post("/invitations/look", &json!({"token": invited.token})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_is_invited_to_two_siblings_and_becomes_a_new_login() {
    let world = World::new().await;
    let older = world.registers("Older", "2014-01-01").await;
    let younger = world.registers("Younger", "2018-01-01").await;
    let invited = world.invites("parent@family.example", &[(&older, parent()), (&younger, parent())]).await;

    let seen = look(&world, &invited).await.is(200).json();
    assert_eq!((&seen["members"], &seen["needs_code"]), (&json!(2), &json!(true)));
    assert_eq!(seen["clinic"], "Maple Street Family Clinic");
    // Looking a hundred times consumes nothing; mail scanners look as well.
    assert_eq!(look(&world, &invited).await.is(200).json(), seen);

    let person = world.joins(&invited, "Parent").await;
    let members = person.members().await;
    let mut ids: Vec<&str> = members.iter().filter_map(|member| member["id"].as_str()).collect();
    ids.sort_unstable();
    let mut both = [older.as_str(), younger.as_str()];
    both.sort_unstable();
    assert_eq!(ids, both);
    assert_eq!(members[0]["relationship"], "PRN");
    look(&world, &invited).await.is_problem(410, "gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_parent_adds_an_invitation_to_an_own_login() {
    let world = World::new().await;
    let (own_child, person) = world.stranger().await;
    let child = world.registers("Child", "2016-01-01").await;

    // To the mailbox that the login proved before: no code.
    let same = world.invites(&person.email, &[(&child, parent())]).await;
    let seen = person.post("/invitations/look", &json!({"token": same.token})).await.is(200);
    assert_eq!(seen.json()["needs_code"], false);
    let accepted = person.post("/invitations/accept", &json!({"token": same.token})).await.is(200);
    assert_eq!(accepted.json(), json!({"login": person.id, "members": [child]}));

    // To another mailbox: a code from there, and it can be used to sign in from then on.
    let second = world.registers("Second child", "2019-01-01").await;
    let other = world.invites("second-address@other.example", &[(&second, parent())]).await;
    let bare = json!({"token": other.token});
    assert_eq!(person.post("/invitations/look", &bare).await.is(200).json()["needs_code"], true);
    let refused = person.post("/invitations/accept", &bare).await.is_problem(422, "cannot-be-done");
    assert_eq!(refused.at("/field"), "code");
    let code = world.proof_for(&other).await;
    let body = json!({"token": other.token, "code": code});
    person.post("/invitations/accept", &body).await.is(200);
    let mut members: Vec<String> =
        person.members().await.iter().map(|member| member["id"].as_str().unwrap().to_owned()).collect();
    members.sort_unstable();
    let mut expected = [own_child, child, second];
    expected.sort_unstable();
    assert_eq!(members, expected);
    assert_eq!(person.by_address(&other.email).signs_in().await.id, person.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_never_says_whether_the_address_has_a_login() {
    let world = World::new().await;
    let (_, person) = world.stranger().await;
    let child = world.registers("Child", "2016-01-01").await;
    let mut answers = Vec::new();
    for email in [person.email.as_str(), "unknown@family.example"] {
        let body = json!({"email": email, "language": "en", "offers": [{"member": child, "terms": parent()}]});
        let mut answer = world.staff.post("/invitations", &body).await.is(201).json();
        answer["id"] = Value::Null;
        let invited = Invited { id: String::new(), token: world.link_for(email).await, email: email.to_owned() };
        answers.push((answer, look(&world, &invited).await.is(200).json()));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn declining_ends_a_link_and_gives_nothing() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    let invited = world.invites("parent@family.example", &[(&child, parent())]).await;
    world.browser().post("/invitations/decline", &json!({"token": invited.token})).await.is(204);
    look(&world, &invited).await.is_problem(410, "gone");
    let resend = format!("/invitations/{}/resend", invited.id);
    world.staff.post(&resend, &json!({})).await.is_problem(410, "gone");
    let tab = world.staff.opens_as_staff(&child).await;
    assert_eq!(tab.get("/grants").await.is(200).json(), json!({"grants": [], "invitations": []}));
}

#[tokio::test(flavor = "multi_thread")]
async fn resending_kills_the_old_link_and_revoking_kills_the_new_one() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    let old = world.invites("parent@family.example", &[(&child, parent())]).await;
    let tab = world.staff.opens_as_staff(&child).await;
    assert_eq!(tab.get("/grants").await.is(200).list("invitations")[0]["id"], old.id.as_str());

    world.staff.post(&format!("/invitations/{}/resend", old.id), &json!({})).await.is(200);
    let new = Invited { token: world.link_for(&old.email).await, ..old.clone() };
    assert_ne!(new.token, old.token);
    look(&world, &old).await.is_problem(410, "gone");
    look(&world, &new).await.is(200);

    world.staff.post(&format!("/invitations/{}/revoke", old.id), &json!({})).await.is(204);
    look(&world, &new).await.is_problem(410, "gone");
    assert!(tab.get("/grants").await.is(200).list("invitations").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_lives_72_hours_and_not_a_second_longer() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    let invited = world.invites("parent@family.example", &[(&child, parent())]).await;
    world.passes(SignedDuration::from_secs(72 * 3600 - 1));
    look(&world, &invited).await.is(200);
    let code = world.proof_for(&invited).await;
    world.passes(SignedDuration::from_secs(1));
    look(&world, &invited).await.is_problem(410, "gone");
    let new_login = json!({"name": "Parent", "password": journeys::PASSWORD, "language": "en"});
    let late = json!({"token": invited.token, "code": code, "new_login": new_login});
    world.browser().post("/invitations/accept", &late).await.is_problem(410, "gone");

    let staff = world.staff.clone().signs_in_with_code(&world).await;
    staff.post(&format!("/invitations/{}/resend", invited.id), &json!({})).await.is(200);
    let again = Invited { token: world.link_for(&invited.email).await, ..invited };
    assert_eq!(world.joins(&again, "Parent").await.members().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_codes_kill_a_link_even_for_the_right_one() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    let invited = world.invites("parent@family.example", &[(&child, parent())]).await;
    let code = world.proof_for(&invited).await;
    let wrong = if code == "00000000" { "00000001" } else { "00000000" };
    let new_login = json!({"name": "Parent", "password": journeys::PASSWORD, "language": "en"});
    let accept = |code: &str| json!({"token": invited.token, "code": code, "new_login": new_login});
    for _ in 0..5 {
        let reply = world.browser().post("/invitations/accept", &accept(wrong)).await;
        assert_eq!(reply.is_problem(422, "cannot-be-done").at("/field"), "code");
    }
    world.browser().post("/invitations/accept", &accept(&code)).await.is_problem(410, "gone");
    look(&world, &invited).await.is_problem(410, "gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_mailed_once_a_minute_and_five_times_at_most() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    let invited = world.invites("parent@family.example", &[(&child, parent())]).await;
    let body = json!({"token": invited.token});
    for _ in 0..4 {
        world.browser().post("/invitations/confirm", &body).await.is(204);
        let soon = world.browser().post("/invitations/confirm", &body).await.is_problem(429, "too-many");
        assert!(!soon.header("retry-after").is_empty());
        world.passes(SignedDuration::from_mins(1));
    }
    world.browser().post("/invitations/confirm", &body).await.is(204);
    world.passes(SignedDuration::from_mins(1));
    world.browser().post("/invitations/confirm", &body).await.is_problem(409, "conflict");
    // The invitation and five codes.
    assert_eq!(world.mails_to(&invited.email).await.len(), 6);
}
