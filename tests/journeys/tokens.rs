//! Tokens that must not count (RFC 8725), over HTTP: each is answered like no token at all, byte by byte, and changes nothing.
//!
//! Where it matters the signature is right: the stack's own key signs what the portal would never have it sign.

mod spelling;
mod strangers;
mod words;
mod wycheproof;

use jiff::SignedDuration;
use journeys::{Reply, World, parts, pdf, sha256};
use serde_json::{Value, json};

/// A genuine token, and what somebody may know who wants to bend it.
struct Genuine {
    token: String,
    header: Value,
    payload: Value,
    /// Login and session of somebody else.
    others: (Value, Value),
    now: i64,
}

type Cases = Vec<(String, String)>;

/// `value` with one entry set, or removed by null.
fn with(value: &Value, name: &str, entry: Value) -> String {
    let mut value = value.clone();
    let fields = value.as_object_mut().unwrap();
    match entry {
        Value::Null => drop(fields.remove(name)),
        entry => drop(fields.insert(name.to_owned(), entry)),
    }
    value.to_string()
}

/// A route of each class that takes the token.
struct Door {
    method: &'static str,
    path: String,
    body: Option<Value>,
}

impl Door {
    async fn knock(&self, world: &World, authorization: Option<&str>) -> Reply {
        let mut asking = world.browser().ask(self.method, &self.path);
        if let Some(value) = authorization {
            asking = asking.header("authorization", value);
        }
        if let Some(body) = &self.body {
            asking = asking.json(body);
        }
        asking.send().await
    }
}

async fn genuine(world: &World, token: String, others: &str) -> Genuine {
    let (header, payload) = parts(&token);
    let (_, other) = parts(others);
    let others = (other["sub"].clone(), other["sid"].clone());
    Genuine { token, header, payload, others, now: world.clock.now().as_second() }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_token_that_the_portal_did_not_issue_opens_anything() {
    let world = World::new().await;
    let family = world.family().await;
    let invited =
        world.invites("other@family.example", &[(&family.child, journeys::terms("AUNT", "court-order"))]).await;
    let (child, forge) = (&family.child, world.forge());
    let member = family.mother.opens(child).await.token;
    let session = family.mother.token();
    let file = pdf("More");
    let announced = json!({"title": "More", "bytes": file.len(), "sha256": sha256(&file)});
    let door = |method, path: &str, body| Door { method, path: path.to_owned(), body };
    let of_session = [
        door("GET", "/members", None),
        door("POST", &format!("/members/{child}/switch"), Some(json!({}))),
        door("POST", "/invitations/look", Some(json!({"token": invited.token}))),
        door("POST", "/login/sign-out", Some(json!({}))),
    ];
    let of_member = [
        door("GET", &format!("/members/{child}"), None),
        door("GET", &format!("/members/{child}/documents"), None),
        door("POST", &format!("/members/{child}/documents"), Some(announced)),
    ];
    // What else people hold: none of it is a token.
    let challenge = journeys::Person::new(world.browser(), &family.mother.email, journeys::PASSWORD);
    let challenge = challenge.tries_to_sign_in().await.is(200).at("/challenge");
    let elsewhere = World::at(world.clock.now()).await;
    let held = [
        ("the refresh cookie", family.mother.browser.cookie("__Host-refresh").unwrap()),
        ("the device cookie", family.mother.browser.cookie("__Host-device").unwrap()),
        ("the link of an invitation", invited.token.clone()),
        ("a challenge", challenge),
        ("the token of another clinic", elsewhere.staff.token()),
    ];

    let ordinary = of_session[0].knock(&world, None).await.is_problem(401, "sign-in-again").seen();
    world.settled().await;
    let before = world.items().await;
    let (mut faults, mut refused) = (Vec::new(), 0);
    for (token, other_kind, doors) in [(&session, &member, &of_session[..]), (&member, &session, &of_member[..])] {
        let genuine = genuine(&world, token.clone(), &family.father.token()).await;
        let mut cases = words::bent(&forge, &genuine).await;
        cases.extend(strangers::forged(&forge, &genuine));
        cases.extend(spelling::rewritten(&forge, &genuine).await);
        cases.extend(held.iter().map(|(what, text)| ((*what).to_owned(), text.clone())));
        cases.push(("the token of the other kind".to_owned(), other_kind.clone()));
        let bearers = cases.into_iter().map(|(what, token)| (what, format!("Bearer {token}")));
        let schemes = ["", "Basic ", "DPoP ", "Bearer", "Bearer\t"]
            .map(|scheme| (format!("scheme {scheme:?}"), format!("{scheme}{token}")));
        for (what, authorization) in bearers.chain(schemes) {
            for door in doors {
                let reply = door.knock(&world, Some(&authorization)).await;
                refused += 1;
                if reply.seen() != ordinary {
                    faults.push(format!("{what}: {}: {} {}", reply.asked, reply.status, reply.text));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} of {refused}:\n{}", faults.len(), faults.join("\n"));
    assert_eq!(world.items().await, before);

    // And yet each of these doors opens to the genuine token, also when the stack's key signs it anew, up to five seconds early.
    for (token, doors) in [(&member, &of_member[..]), (&session, &of_session[..])] {
        let genuine = genuine(&world, token.clone(), &family.father.token()).await;
        let early = json!(genuine.now + 5);
        let mut payload = genuine.payload.clone();
        (payload["iat"], payload["nbf"], payload["exp"]) = (early.clone(), early, json!(genuine.now + 605));
        let anew = forge.signs(&genuine.header.to_string(), &payload.to_string()).await;
        for door in doors {
            let reply = door.knock(&world, Some(&format!("bearer {anew}"))).await;
            assert!(reply.status < 300, "{}: {} {}", reply.asked, reply.status, reply.text);
        }
    }
    assert!(refused > 900, "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_signature_is_no_right_to_a_record() {
    let world = World::new().await;
    let (own, mother) = world.stranger().await;
    let family = world.family().await;
    let forge = world.forge();
    let (header, payload) = parts(&mother.opens(&own).await.token);
    let signed = async |changes: &[(&str, &str)]| {
        let mut payload = payload.clone();
        for (name, value) in changes {
            payload[*name] = json!(value);
        }
        forge.signs(&header.to_string(), &payload.to_string()).await
    };
    let child = &family.child;
    let ask = async |member: &str, token: &str| {
        world.browser().ask("GET", &format!("/members/{member}")).bearer(token).send().await
    };
    ask(&own, &signed(&[]).await).await.is(200);
    let unknown = ask(&own, &signed(&[("mbr", &format!("mbr_{}", "0".repeat(32)))]).await).await.is_hidden().seen();
    // Somebody else's member, in the token and in the path; in the token only; in the path only.
    let theirs = signed(&[("mbr", child)]).await;
    assert_eq!(ask(child, &theirs).await.seen(), unknown);
    assert_eq!(ask(&own, &theirs).await.seen(), unknown);
    assert_eq!(ask(child, &signed(&[]).await).await.seen(), unknown);
    // Staff's login, with a session that is not staff's.
    let staff = signed(&[("mbr", child), ("sub", &world.staff.id)]).await;
    ask(child, &staff).await.is_problem(401, "sign-in-again");
    // A session that ended.
    let token = signed(&[]).await;
    mother.post("/login/sign-out", &json!({})).await.is(204);
    ask(&own, &token).await.is_problem(401, "sign-in-again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_dies_at_its_second_and_no_word_in_it_keeps_it_alive() {
    let world = World::new().await;
    let (_, person) = world.stranger().await;
    let (forge, token) = (world.forge(), person.token());
    let (header, mut payload) = parts(&token);
    let ask = async |token: &str| world.browser().ask("GET", "/members").bearer(token).send().await;
    world.passes(SignedDuration::from_secs(599));
    ask(&token).await.is(200);
    world.passes(SignedDuration::from_secs(1));
    ask(&token).await.is_problem(401, "sign-in-again");
    // The key's holder may date a token anew; the session is what counts then, and it ends idle.
    world.passes(SignedDuration::from_mins(20));
    let now = world.clock.now().as_second();
    (payload["iat"], payload["nbf"], payload["exp"]) = (json!(now), json!(now), json!(now + 600));
    let anew = forge.signs(&header.to_string(), &payload.to_string()).await;
    ask(&anew).await.is_problem(401, "sign-in-again");
}
