//! Everything about a signature that may be wrong, one thing at a time.

use super::{bent, entered, foreign_origins};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use journeys::World;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_signed_here_and_now_by_the_persons_own_device_is_refused_alike() {
    let world = World::new().await;
    let family = world.family().await;
    let (mut hers, mut his) = (world.phone(), world.phone());
    let (_, mother) = family.mother.adds_passkey(&mut hers, "Phone").await;
    let (_, father) = family.father.adds_passkey(&mut his, "Phone").await;
    let mut wrong: Vec<(String, Value)> = Vec::new();
    for origin in foreign_origins(&world) {
        let mut device = bent(&hers, |device| device.origin.clone_from(&origin));
        wrong.push((format!("origin {origin}"), world.signed(&mut device, &mother).await));
    }
    for host in ["evil.example", "portal.example.org", ""] {
        let mut device = bent(&hers, |device| device.rp_id = Some(host.to_owned()));
        wrong.push((format!("host {host}"), world.signed(&mut device, &mother).await));
    }
    let mut careless = bent(&hers, |device| device.verifies = false);
    wrong.push(("no verification of the user".to_owned(), world.signed(&mut careless, &mother).await));
    let (good, other) = (world.signed(&mut hers, &mother).await, world.signed(&mut his, &father).await);
    let with = |name: &str, value: &Value| {
        let mut body = good.clone();
        body["credential"][name] = value.clone();
        body
    };
    let of_other = |name: &str| with(name, &other["credential"][name]);
    for name in ["id", "user_handle", "client_data_json", "signature"] {
        wrong.push((format!("{name} of another person"), of_other(name)));
    }
    let mut crossed = of_other("id");
    crossed["credential"]["user_handle"] = other["credential"]["user_handle"].clone();
    wrong.push(("another person's name and key, own signature".to_owned(), crossed));
    let mut challenge = good.clone();
    challenge["ceremony"] = other["ceremony"].clone();
    wrong.push(("another ceremony's challenge".to_owned(), challenge));
    let adding = family.mother.post("/login/passkeys/begin", &json!({})).await.is(200).json();
    let mut purpose = good.clone();
    purpose["ceremony"] = adding["ceremony"].clone();
    wrong.push(("a ceremony for adding".to_owned(), purpose));
    let garbled = URL_SAFE_NO_PAD.encode([7; 70]);
    for name in ["authenticator_data", "client_data_json"] {
        wrong.push((format!("unreadable {name}"), with(name, &json!(garbled))));
    }
    wrong.push(("no signature at all".to_owned(), with("signature", &json!(garbled))));
    wrong.push(("a handle that is no login".to_owned(), with("user_handle", &json!(garbled))));
    for (name, value) in [("ceremony", json!(format!("cer_{}", "0".repeat(32)))), ("ceremony", json!("nonsense"))] {
        let mut body = good.clone();
        body[name] = value;
        wrong.push((format!("an unknown {name}"), body));
    }

    world.settled().await;
    let before = world.items().await;
    let (mut answers, mut faults) = (BTreeSet::new(), Vec::new());
    for (what, body) in &wrong {
        let reply = world.browser().post("/login/passkey", body).await;
        if reply.status != 401 {
            faults.push(format!("{what}: {} {}", reply.status, reply.text));
        }
        answers.insert(reply.text);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!((answers.len(), wrong.len()), (1, 25), "{answers:?}");
    assert_eq!(world.items().await, before, "a refused signature left a trace");
    // The library for passkeys would print the bytes that it cannot read; it has no voice in the log.
    let strange = world.log().into_iter().find(|line| line["_aws"].is_null() && line["level"] != "INFO");
    assert_eq!(strange, None);
    // What was bent signs in as it was, so each refusal was for what was bent.
    for (body, person) in [(&good, &family.mother), (&other, &family.father)] {
        let browser = world.browser();
        assert_eq!(entered(&browser, &browser.post("/login/passkey", body).await).id, person.id);
    }
}
