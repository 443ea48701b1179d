//! Signing in with passkeys, and proving with them once more.

use super::{count, entered, parent, told};
use futures_util::future::join_all;
use jiff::SignedDuration;
use journeys::{DESK, Device, World};
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_signs_in_without_an_address_and_staff_need_nothing_else() {
    let world = World::new().await;
    let (member, client) = world.client_alone().await;
    for (person, nickname) in [(&client, "My phone"), (&world.staff, "Desk")] {
        let mut phone = world.phone();
        let (passkey, user) = person.adds_passkey(&mut phone, nickname).await;
        let browser = world.browser();
        let reply = world.tries_passkey(&browser, &mut phone, &user).await;
        let entered = entered(&browser, &reply);
        assert_eq!(entered.id, person.id);
        entered.get("/members").await.is(200);
        let listed = entered.passkeys().await;
        assert_eq!((listed.len(), &listed[0]["id"], &listed[0]["nickname"]), (1, &json!(passkey), &json!(nickname)));
        assert_eq!((&listed[0]["state"], &listed[0]["used_at"]), (&json!("usable"), &json!(world.clock.now())));
        let events = told(&world, &person.id).await;
        assert_eq!(events[events.len() - 2..], ["passkey-added psk", "signed-in psk"]);
    }
    // The session is one like any other: it opens records, and refreshes.
    let mut phone = world.phone();
    let (_, user) = client.adds_passkey(&mut phone, "Tablet").await;
    let browser = world.browser();
    let mut again = entered(&browser, &world.tries_passkey(&browser, &mut phone, &user).await);
    again.opens(&member).await.get("").await.is(200);
    again.refreshes().await;
    assert!(world.newest_mail(&client.email).await.contains("A passkey was added to your login"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_renews_the_proof_of_a_session_and_only_of_its_own() {
    let world = World::new().await;
    let family = world.family().await;
    let (mut hers, mut his) = (world.phone(), world.phone());
    let (_, mother) = family.mother.adds_passkey(&mut hers, "Phone").await;
    let (_, father) = family.father.adds_passkey(&mut his, "Phone").await;
    world.passes(SignedDuration::from_mins(6));
    let nothing = json!({});
    let begin = || family.mother.post("/login/passkeys/begin", &nothing);
    begin().await.is_problem(401, "prove-again");

    let others = world.signed(&mut his, &father).await;
    family.mother.post("/login/passkey", &others).await.is_problem(422, "cannot-be-done");
    begin().await.is_problem(401, "prove-again");
    let sessions = count(&world, "LOGIN#", "SESSION#").await;
    let own = world.signed(&mut hers, &mother).await;
    assert_eq!(family.mother.post("/login/passkey", &own).await.is(200).at("/result"), "proved");
    begin().await.is(200);
    assert_eq!(count(&world, "LOGIN#", "SESSION#").await, sessions, "renewing opened a session");
    assert_eq!(told(&world, &family.mother.id).await.last().unwrap(), "proved-again psk");
    // His signature is his still, for nobody used it up.
    world.browser().post("/login/passkey", &others).await.is(200);
    // A session that is over is not renewed.
    family.mother.post("/login/sign-out", &json!({})).await.is(204);
    let own = world.signed(&mut hers, &mother).await;
    family.mother.post("/login/passkey", &own).await.is_problem(401, "sign-in-again");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_signature_sent_many_times_at_once_exactly_one_signs_in() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let mut phone = world.phone();
    let (_, user) = client.adds_passkey(&mut phone, "Phone").await;
    let sessions = async || count(&world, &format!("LOGIN#{}", client.id), "SESSION#").await;
    let before = sessions().await;
    let signed = world.signed(&mut phone, &user).await;
    let attempts = (0..12).map(|_| {
        let (browser, signed) = (world.browser(), signed.clone());
        async move { browser.post("/login/passkey", &signed).await.status }
    });
    let mut statuses = join_all(attempts).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [[200].as_slice(), &[401; 11]].concat());
    assert_eq!(sessions().await, before + 1);
    world.browser().post("/login/passkey", &signed).await.is_problem(401, "sign-in-again");

    // The same for renewing, which the caller's own session does not make repeatable.
    let signed = world.signed(&mut phone, &user).await;
    let renewals = join_all((0..6).map(|_| client.post("/login/passkey", &signed))).await;
    assert_eq!(renewals.iter().filter(|reply| reply.status == 200).count(), 1);
    assert_eq!(renewals.iter().filter(|reply| reply.status == 422).count(), 5);
    assert_eq!(sessions().await, before + 1);
    assert_eq!(count(&world, "CEREMONY#", "META").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ceremony_ends_after_five_minutes() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let mut phone = world.phone();
    let (_, user) = client.adds_passkey(&mut phone, "Phone").await;
    let (late, last) = (world.signed(&mut phone, &user).await, world.signed(&mut phone, &user).await);
    let mut tablet = world.phone();
    let (added_late, added_last) =
        (client.makes_passkey(&mut tablet.clone(), "Late").await, client.makes_passkey(&mut tablet, "Last").await);
    world.passes(SignedDuration::from_secs(299));
    world.browser().post("/login/passkey", &last).await.is(200);
    client.post("/login/passkeys", &added_last).await.is(201);
    world.passes(SignedDuration::from_secs(1));
    world.browser().post("/login/passkey", &late).await.is_problem(401, "sign-in-again");
    client.post("/login/passkeys", &added_late).await.is_problem(410, "gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_copied_is_switched_off_for_both_who_hold_it() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let mut own = Device::counting(world.stack.url());
    let (passkey, user) = client.adds_passkey(&mut own, "Security key").await;
    let mut copy = own.clone();
    let (one, two) = (world.browser(), world.browser());
    // The copy was quicker; the counter shows it when the person comes.
    entered(&one, &world.tries_passkey(&one, &mut copy, &user).await);
    let sessions = count(&world, "LOGIN#", "SESSION#").await;
    world.tries_passkey(&two, &mut own, &user).await.is_problem(401, "sign-in-again");
    assert_eq!(client.passkeys().await[0]["state"], "suspended");
    assert_eq!(told(&world, &client.id).await.last().unwrap(), "passkey-suspended psk");
    assert!(world.newest_mail(&client.email).await.contains("may have been copied"));
    // Neither gets in from now on, whatever the counter says.
    for device in [&mut own, &mut copy] {
        device.counter = Some(1_000);
        world.tries_passkey(&two, device, &user).await.is_problem(401, "sign-in-again");
    }
    assert_eq!(count(&world, "LOGIN#", "SESSION#").await, sessions);
    // The password still works, and so does a new passkey on the same device.
    let client = client.signs_in().await;
    client.removes_passkey(&passkey).await.is(204);
    let (_, user) = client.adds_passkey(&mut own, "Security key").await;
    for _ in 0..3 {
        world.tries_passkey(&two, &mut own, &user).await.is(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_spouses_with_one_phone_and_one_mailbox_are_never_taken_for_each_other() {
    let world = World::new().await;
    let mut phone = world.phone();
    let mut spouses = Vec::new();
    for (name, password) in [("First", "the password of the first"), ("Second", "the password of the second")] {
        let child = world.registers(&format!("Child of {name}"), "2016-01-01").await;
        let invited = world.invites("both@family.example", &[(&child, parent())]).await;
        let person = world.joins_with(&invited, name, password).await;
        let (_, user) = person.adds_passkey(&mut phone, "Our phone").await;
        spouses.push((person.id, child, user));
    }
    assert_eq!(phone.users().len(), 2);
    let shared = world.browser();
    let mut crossed = 0;
    for round in 0..4 {
        for (login, child, user) in &spouses {
            // One browser for both, whose cookies are the other's; and a browser of one's own.
            let browser = if round % 2 == 0 { shared.clone() } else { world.browser() };
            let person = entered(&browser, &world.tries_passkey(&browser, &mut phone, user).await);
            let members: Vec<String> =
                person.members().await.iter().map(|member| member["id"].as_str().unwrap().to_owned()).collect();
            crossed += usize::from(person.id != *login || members != [child.as_str()]);
            for (_, _, theirs) in spouses.iter().filter(|(other, ..)| other != login) {
                // The other one's passkey renews no proof here.
                let signed = world.signed(&mut phone, theirs).await;
                crossed += usize::from(person.post("/login/passkey", &signed).await.status != 422);
                // Nor does any mixture of the two sign in as either.
                for (named, signing) in [(user, theirs), (theirs, user)] {
                    let mut mixed = world.signed(&mut phone, signing).await;
                    mixed["credential"]["user_handle"] = json!(named);
                    crossed += usize::from(world.browser().post("/login/passkey", &mixed).await.status != 401);
                }
            }
        }
    }
    assert_eq!(crossed, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_beginning_by_nobody_costs_one_small_item_for_five_minutes() {
    let world = World::new().await;
    world.settled().await;
    let before: BTreeSet<String> = world.items().await.iter().map(Value::to_string).collect();
    let browser = world.browser();
    let mut challenges = BTreeSet::new();
    for _ in 0..3 {
        let asked = browser.ask("POST", "/login/passkey/begin").key("0123456789abcdef").json(&json!({}));
        challenges.insert(asked.send().await.is(200).json()["public_key"]["challenge"].to_string());
    }
    assert_eq!(challenges.len(), 3);
    let items = world.items().await;
    // That somebody asked is counted, in items that there are few of.
    let is_count = |item: &Value| item["item"]["pk"]["S"].as_str().is_some_and(|pk| pk.starts_with("LIMIT#"));
    let new: Vec<&Value> = items.iter().filter(|item| !before.contains(&item.to_string()) && !is_count(item)).collect();
    assert_eq!(new.len(), 3, "{new:#?}");
    for item in new {
        let expires: i64 = item["item"]["expires"]["N"].as_str().unwrap().parse().unwrap();
        assert_eq!(expires - world.clock.now().as_second(), 300);
        assert!(item["item"].to_string().len() < 700, "{item}");
        assert!(!item.to_string().contains(DESK));
    }
}
