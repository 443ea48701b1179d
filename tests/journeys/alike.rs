//! Whether the clinic knows an address: nothing that anybody can ask tells, neither by its words nor by the calls behind it.
//!
//! How long the answers take is measured by `cargo run -p journeys --example timing`; no test here looks at a watch.

use jiff::SignedDuration;
use journeys::{Browser, DESK, PASSWORD, Person, Reply, World, terms};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn parent() -> Value {
    terms("PRN", "parental-responsibility")
}

/// Everything that a client sees, with every identifier and every moment masked, and every call that AWS saw.
fn shape(world: &World, reply: &Reply) -> String {
    let (line, mut seen) = (world.line(reply), String::new());
    for word in reply.seen().split_inclusive(['"', '.', '=', ';']) {
        let inner = word.trim_end_matches(['"', '.', '=', ';']);
        let is_name = inner.len() == 36 && inner.as_bytes()[3] == b'_';
        let is_sign_in_name = inner.len() == 9 && inner.as_bytes()[4] == b'-';
        let is_secret = inner.len() == 43 || is_sign_in_name || inner.ends_with('Z') && inner.contains("T");
        seen.push_str(if is_name || is_secret { "…" } else { word });
    }
    format!("{seen} after {} in {}", line["aws_operations"], line["aws_series"])
}

/// A wrong password, or a wrong recovery code.
async fn guesses(world: &World, browser: &Browser, email: &str, path: &str) -> String {
    // A second guess at the same address within 90 seconds takes one more write, known or not.
    world.passes(jiff::SignedDuration::from_secs(90));
    let body = match path {
        "/login" => json!({"email": email, "password": "not the password at all"}),
        _ => json!({"email": email, "code": "0000-0000-0000-0000"}),
    };
    shape(world, &browser.post(path, &body).await.is(401))
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_tells_nothing_of_an_address() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    for (address, persons) in [("one@family.example", 1), ("two@family.example", 2), ("four@family.example", 4)] {
        for number in 0..persons {
            let invited = world.invites(address, &[(&child, parent())]).await;
            world.accepts(&invited, &format!("Person {number}")).await;
        }
    }
    let invited = world.invites("joined@family.example", &[(&child, parent())]).await;
    let person = world.joins(&invited, "Person").await;
    // Invited, and not here yet; never heard of; no address at all.
    world.invites("invited@family.example", &[(&child, parent())]).await;
    let known = ["one@family.example", "two@family.example", "four@family.example", DESK];
    let unknown = ["invited@family.example", "nobody@family.example", "ONE@family.example.", "", "no address"];
    for path in ["/login", "/login/recover"] {
        for browser in [world.browser(), world.staff.browser.clone()] {
            let mut shapes = BTreeSet::new();
            for address in known.into_iter().chain(unknown) {
                // Limits on guessing have room again.
                world.passes(SignedDuration::from_mins(2));
                shapes.insert(guesses(&world, &browser, address, path).await);
            }
            assert_eq!(shapes.len(), 1, "{path}: {shapes:#?}");
        }
    }
    // With a passkey nobody says who is there: an address is not even taken, and a browser that somebody uses is any browser.
    for (body, status) in [(json!({"email": "one@family.example"}), 400), (json!({}), 200)] {
        let mut shapes = BTreeSet::new();
        for browser in [&world.browser(), &person.browser, &world.staff.browser] {
            shapes.insert(shape(&world, &browser.post("/login/passkey/begin", &body).await.is(status)));
        }
        assert_eq!(shapes.len(), 1, "{shapes:#?}");
    }
    // The test can tell a difference: the right password is answered otherwise.
    let right = Person::new(world.browser(), "one@family.example", PASSWORD).tries_to_sign_in().await.is(200);
    assert!(!shape(&world, &right).contains("401"));
}

/// What kinds of items changed, came or went since, each as often as it did: what DynamoDB had to write.
fn written(before: &[Value], after: &[Value]) -> String {
    let place = |item: &Value, key: &str| item["item"][key]["S"].as_str().unwrap_or_default().to_owned();
    let kind = |item: &Value| {
        let first = |key: &str| place(item, key).split('#').next().unwrap_or_default().to_owned();
        format!("{}/{}", first("pk"), first("sk"))
    };
    // A value that was replaced differs from the one before, and is one item.
    let touched =
        before.iter().filter(|item| !after.contains(item)).chain(after.iter().filter(|item| !before.contains(item)));
    let places: BTreeSet<_> = touched.map(|item| (kind(item), place(item, "pk"), place(item, "sk"))).collect();
    places.into_iter().map(|(kind, ..)| kind).collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_types_who_is_signed_in_tells_nothing_of_an_address() {
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    for (address, persons) in [("one@family.example", 1), ("four@family.example", 4)] {
        for number in 0..persons {
            let invited = world.invites(address, &[(&child, parent())]).await;
            world.accepts(&invited, &format!("Person {number}")).await;
        }
    }
    world.invites("invited@family.example", &[(&child, parent())]).await;
    let mut may_ask = parent();
    may_ask["scopes"] = json!(["profile", "invite"]);
    let invited = world.invites("asker@family.example", &[(&child, may_ask)]).await;
    let mut asker = world.joins(&invited, "Asker").await;
    let mut shapes: Vec<BTreeSet<String>> = vec![BTreeSet::new(); 3];
    let mut writes = BTreeSet::new();
    for address in
        ["one@family.example", "four@family.example", DESK, "invited@family.example", "nobody@family.example"]
    {
        // Codes go out five times an hour.
        world.passes(SignedDuration::from_mins(15));
        asker.refreshes().await;
        asker.proves_again(&world).await;
        world.settled().await;
        let before = world.items().await;
        let sent = asker.post("/login/mailboxes", &json!({"email": address})).await.is(204);
        world.settled().await;
        writes.insert(written(&before, &world.items().await));
        let wrong = asker.post("/login/mailboxes/confirm", &json!({"code": "0"})).await.is(422);
        let wish = json!({"kind": "access", "name": "Rosa", "email": address, "relationship": "GRMTH"});
        let asked = asker.opens(&child).await.post("/requests", &json!({"wish": wish})).await.is(201);
        for (shapes, reply) in shapes.iter_mut().zip(&[sent, wrong, asked]) {
            shapes.insert(shape(&world, reply));
        }
    }
    for shapes in shapes {
        assert_eq!(shapes.len(), 1, "{shapes:#?}");
    }
    assert_eq!(writes.len(), 1, "{writes:#?}");
    assert!(writes.iter().all(|kinds| kinds.contains("MAILBOX/META") && kinds.contains("LOGIN/PROOF")), "{writes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_tells_nothing_of_its_address() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let mut shapes: Vec<BTreeSet<String>> = vec![BTreeSet::new(); 8];
    for address in [client.email.as_str(), "nobody@family.example"] {
        // A child of its own: who has access already is told, which takes a call.
        let child = world.registers("Child", "2016-01-01").await;
        let invited = world.invites(address, &[(&child, parent())]).await;
        let declined = world.invites(address, &[(&child, parent())]).await;
        let bare = json!({"token": invited.token});
        let newcomer = json!({"name": "New", "password": PASSWORD, "language": "en"});
        let accept = |code: &str| json!({"token": invited.token, "code": code, "new_login": newcomer});
        let post = async |path: &str, body: Value| world.browser().post(path, &body).await;
        let looked = post("/invitations/look", bare.clone()).await.is(200);
        let too_early = post("/invitations/accept", accept("0")).await.is(422);
        let confirmed = post("/invitations/confirm", bare.clone()).await.is(204);
        let again = post("/invitations/confirm", bare).await.is(429);
        let wrong = post("/invitations/accept", accept("0")).await.is(422);
        let right = post("/invitations/accept", accept(&world.code_for(address).await)).await.is(200);
        let used = post("/invitations/accept", accept("0")).await.is(410);
        let no = post("/invitations/decline", json!({"token": declined.token})).await.is(204);
        let replies = [looked, too_early, confirmed, again, wrong, right, used, no];
        for (shapes, reply) in shapes.iter_mut().zip(&replies) {
            shapes.insert(shape(&world, reply));
        }
    }
    for shapes in shapes {
        assert_eq!(shapes.len(), 1, "{shapes:#?}");
    }
}
