//! A father is kept out of one child's record: at once, everywhere, silently, and whatever anybody sends him afterwards.

mod holds;
mod lifting;

use jiff::SignedDuration;
use journeys::{Family, Tab, World, pdf, terms};
use serde_json::{Value, json};

fn parent() -> Value {
    terms("FTH", "parental-responsibility")
}

/// Staff put a paper on record.
async fn paper(world: &World, member: &str) -> String {
    world.staff.opens_as_staff(member).await.uploads(world, "Paper", &pdf("Order of the court")).await
}

/// Staff keep somebody out of a record; returns the block.
async fn blocks(world: &World, member: &str, whom: &Value) -> Value {
    let mut body = json!({"reason": "safeguarding"});
    body.as_object_mut().unwrap().extend(whom.as_object().unwrap().clone());
    world.staff.opens_as_staff(member).await.post("/blocks", &body).await.is(201).json()
}

/// What the family's own list of what happened must never hold.
async fn shows_nothing(tab: &Tab) {
    let seen = tab.get("/activity").await.is(200).text;
    for word in ["block", "hold-set", "denied", "access-explained", "access-previewed"] {
        assert!(!seen.contains(word), "{word} in {seen}");
    }
}

fn children(members: &[Value]) -> Vec<&str> {
    members.iter().filter_map(|member| member["id"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_father_is_kept_out_from_the_next_request_on_and_learns_nothing() {
    let world = World::new().await;
    let Family { child, sibling, mother, father } = world.family().await;
    let document = mother.opens(&child).await.uploads(&world, "Consent", &pdf("Consent")).await;
    let packet = world.asks(&child, &document, &[(&mother, "parent"), (&father, "parent")]).await;
    let tab = father.opens(&child).await;
    let seen = tab.reads(&packet).await;
    let late = pdf("Sent too late");
    let announced = tab.announces("Sent too late", &late).await.is(201);
    let link = tab.post(&format!("/documents/{document}/open"), &json!({})).await.is(200).at("/url");
    let mails = world.mails_to(&father.email).await.len();

    // One login stands behind the address: that person is meant.
    let set = blocks(&world, &child, &json!({"email": father.email})).await;
    assert_eq!(set["login"], father.id.as_str());

    // The tab that was open, and everything else, answers as for a record that never was.
    let nothing = father.tries_to_open(&format!("mbr_{}", "0".repeat(32))).await.is_hidden().text;
    let slot = seen["mine"]["slot"].as_str().unwrap().to_owned();
    let sign = format!("/packets/{packet}/slots/{slot}/sign");
    let signing = journeys::signing(&seen, &json!({"kind": "typed", "name": "Other parent"}));
    for path in ["", "/documents", "/packets", "/activity", "/grants", "/blocks"] {
        assert_eq!(tab.get(path).await.is_hidden().text, nothing, "{path}");
    }
    for (path, body) in [
        (sign, signing),
        (format!("/documents/{document}/open"), json!({})),
        (format!("/grants/{}/end", father.id), json!({"reason": "request"})),
    ] {
        assert_eq!(tab.post(&path, &body).await.is_hidden().text, nothing, "{path}");
    }
    tab.announces("Another", b"%PDF-").await.is_hidden();
    assert_eq!(father.tries_to_open(&child).await.is_hidden().text, nothing);
    assert_eq!(children(&father.members().await), [sibling.as_str()]);
    father.opens(&sibling).await.get("").await.is(200);

    // A link to a file dies within a minute.
    world.passes(SignedDuration::from_secs(61));
    assert!(world.downloads(&link).await.is_err());

    // What he had announced before arrives, and is refused where only staff see it.
    assert!(world.puts(&announced.json()["upload"], &late).await.is_success());
    world.settled().await;
    let desk = world.staff.opens_as_staff(&child).await;
    let refused = desk.document(&announced.at("/id")).await;
    assert_eq!((&refused["state"], &refused["refusal"]), (&json!("refused"), &json!("not-allowed")));
    let hers = mother.opens(&child).await;
    assert!(!hers.get("/documents").await.is(200).text.contains("too late"));
    let file = format!("/documents/{}", announced.at("/id"));
    hers.get(&file).await.is_hidden();
    hers.get(&format!("{file}/fields")).await.is_hidden();
    hers.post(&format!("{file}/open"), &json!({})).await.is_hidden();
    shows_nothing(&hers).await;

    // His slot waits; staff see that, and why.
    let slots = desk.packet(&packet).await["slots"].clone();
    let his = slots.as_array().unwrap().iter().find(|slot| slot["login"] == father.id.as_str()).unwrap().clone();
    assert_eq!(his["state"], "waiting");
    assert_eq!(world.asks_why(&child, &father.id, "sign", None).await, Err("blocked".to_owned()));
    let listed = desk.get("/grants").await.is(200).list("grants");
    let access = listed.iter().find(|access| access["login"] == father.id.as_str()).unwrap();
    assert_eq!((&access["scopes_now"], &access["why_not"]["code"]), (&json!([]), &json!("blocked")));
    let events = desk.get("/activity").await.is(200).list("events");
    let late =
        events.iter().find(|event| event["object"] == announced.json()["id"] && event["kind"] == "access-denied");
    assert_eq!(late.expect("a record of the late file")["reason"], "blocked");
    assert_eq!(world.mails_to(&father.email).await.len(), mails, "a mail told him");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_invites_him_back() {
    let world = World::new().await;
    let Family { child, father, mother, .. } = world.family().await;
    let baby = world.registers("Baby", "2026-01-01").await;
    // Open when the block comes: one link that would bring him back as a helper, and one for him and a baby together.
    let open = world.invites(&father.email, &[(&child, parent()), (&baby, parent())]).await;
    let elsewhere = world.invites("new-address@family.example", &[(&child, parent())]).await;
    let third = world.invites("third-address@family.example", &[(&child, parent())]).await;
    let set = blocks(&world, &child, &json!({"login": father.id})).await;
    assert_eq!(set["invitations_revoked"], 1);

    let token = json!({"token": open.token});
    world.browser().post("/invitations/look", &token).await.is_problem(410, "gone");
    world.browser().post("/invitations/confirm", &token).await.is_problem(410, "gone");
    father.post("/invitations/accept", &token).await.is_problem(410, "gone");
    let staff = world.staff.opens_as_staff(&baby).await;
    assert!(staff.get("/grants").await.is(200).list("invitations").is_empty());

    // Staff hear it when they try again, by mistake or because he asks them to.
    let again =
        |email: &str| json!({"email": email, "language": "en", "offers": [{"member": child, "terms": parent()}]});
    let refused = world.staff.post("/invitations", &again(&father.email)).await.is_problem(422, "cannot-be-done");
    assert!(refused.at("/detail").contains("kept out"), "{}", refused.text);
    let give = json!({"login": father.id, "terms": parent(), "reason": "request"});
    let desk = world.staff.opens_as_staff(&child).await;
    assert_eq!(desk.post("/grants", &give).await.is_problem(422, "cannot-be-done").at("/field"), "login");

    // Another address: his own login is known, and a new login with his name as well.
    let code = world.proof_for(&elsewhere).await;
    let body = json!({"token": elsewhere.token, "code": code});
    father.post("/invitations/accept", &body).await.is_problem(410, "gone");
    let new_login = |name: &str| json!({"name": name, "password": journeys::PASSWORD, "language": "en"});
    let as_new = |name: &str| json!({"token": elsewhere.token, "code": code, "new_login": new_login(name)});
    world.browser().post("/invitations/accept", &as_new("OTHER  Párent")).await.is_problem(410, "gone");

    // Another address and another name: staff sent that link themselves, and see who came.
    world.browser().post("/invitations/accept", &as_new("Somebody else")).await.is(200);
    let names = desk.get("/grants").await.is(200).text;
    assert!(names.contains("Somebody else"));
    shows_nothing(&mother.opens(&child).await).await;

    // His login gets an address to which a link went before: nobody sends it there again.
    father.adds_address(&world, "third-address@family.example").await;
    let resend = format!("/invitations/{}/resend", third.id);
    let again = world.staff.post(&resend, &json!({})).await.is_problem(422, "cannot-be-done");
    assert_eq!(again.at("/detail"), refused.at("/detail"));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_couple_behind_one_mailbox_only_the_one_is_kept_out() {
    let world = World::new().await;
    let child = world.registers("Child", "2019-03-09").await;
    let shared = "both@family.example";
    let his = world.invites(shared, &[(&child, parent())]).await;
    let him = world.joins_with(&his, "Bernd", "his own long password").await;
    let hers = world.invites(shared, &[(&child, terms("MTH", "parental-responsibility"))]).await;
    let her = world.joins_with(&hers, "Anna", "her own long password").await;

    let desk = world.staff.opens_as_staff(&child).await;
    let who = desk.post("/blocks", &json!({"email": shared, "reason": "safeguarding"})).await;
    assert_eq!(who.is_problem(422, "cannot-be-done").at("/field"), "name");
    let nobody = json!({"email": shared, "name": "Carla", "reason": "safeguarding"});
    assert_eq!(desk.post("/blocks", &nobody).await.is_problem(422, "cannot-be-done").at("/field"), "name");
    let set = blocks(&world, &child, &json!({"email": shared, "name": "BERND"})).await;
    assert_eq!(set["login"], him.id.as_str());
    him.tries_to_open(&child).await.is_hidden();
    her.opens(&child).await.get("").await.is(200);
    // She can still be invited by the mailbox that they share, and he cannot use that link.
    let sibling = world.registers("Sibling", "2022-03-09").await;
    let link = world.invites(shared, &[(&child, parent()), (&sibling, parent())]).await;
    him.post("/invitations/accept", &json!({"token": link.token})).await.is_problem(410, "gone");
    her.post("/invitations/accept", &json!({"token": link.token})).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_without_a_login_is_kept_out_by_address_or_name() {
    let world = World::new().await;
    let child = world.registers("Child", "2019-03-09").await;
    let set = blocks(&world, &child, &json!({"email": "unknown@family.example"})).await;
    assert_eq!(set.get("login"), None);
    blocks(&world, &child, &json!({"name": "Max Mustermann"})).await;
    let offers = [(child.as_str(), parent())];
    let body =
        json!({"email": "Unknown@family.example", "language": "en", "offers": [{"member": child, "terms": parent()}]});
    world.staff.post("/invitations", &body).await.is_problem(422, "cannot-be-done");
    let invited = world.invites("somewhere@family.example", &offers).await;
    let code = world.proof_for(&invited).await;
    let new_login = json!({"name": "max-mustermann", "password": journeys::PASSWORD, "language": "en"});
    let body = json!({"token": invited.token, "code": code, "new_login": new_login});
    world.browser().post("/invitations/accept", &body).await.is_problem(410, "gone");

    let desk = world.staff.opens_as_staff(&child).await;
    let bare = desk.post("/blocks", &json!({"reason": "safeguarding"})).await.is_problem(422, "cannot-be-done");
    assert_eq!(bare.at("/field"), "login");
    let order = desk.post("/blocks", &json!({"name": "X", "reason": "order"})).await;
    assert_eq!(order.is_problem(422, "cannot-be-done").at("/field"), "evidence");
    let elsewhere = paper(&world, &world.registers("Other", "2019-03-09").await).await;
    let foreign = json!({"name": "X", "reason": "order", "evidence": elsewhere});
    assert_eq!(desk.post("/blocks", &foreign).await.is_problem(422, "cannot-be-done").at("/field"), "evidence");
    let own = paper(&world, &child).await;
    desk.post("/blocks", &json!({"name": "X", "reason": "order", "evidence": own})).await.is(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_touch_no_block_of_their_own_family_and_nobody_locks_a_client_out() {
    let world = World::new().await;
    let Family { child, father, .. } = world.family().await;
    let colleague = world.colleague().await;
    world.gives(&child, &colleague, &terms("AUNT", "court-order")).await;
    let block = blocks(&world, &child, &json!({"login": father.id})).await;
    let id = block["id"].as_str().unwrap();
    let hers = colleague.opens(&child).await;
    hers.post("/blocks", &json!({"name": "X", "reason": "misuse"})).await.is_hidden();
    hers.get("/blocks").await.is_hidden();
    hers.post(&format!("/blocks/{id}/lift"), &json!({"reason": "misuse"})).await.is_hidden();

    let (own, client) = world.client_alone().await;
    let desk = world.staff.opens_as_staff(&own).await;
    for whom in [json!({"login": client.id}), json!({"email": client.email})] {
        let mut body = whom;
        body["reason"] = json!("misuse");
        assert_eq!(desk.post("/blocks", &body).await.is_problem(422, "cannot-be-done").at("/field"), "login");
    }
    client.opens(&own).await.get("").await.is(200);
}
