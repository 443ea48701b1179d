//! Runs Project Wycheproof's vectors of JSON Web Signatures (github.com/C2SP/wycheproof, Apache-2.0) against the portal:
//!
//! ```sh
//! cargo run -p journeys --example wycheproof -- path/to/testvectors_v1/json_web_signature_test.json
//! ```
//!
//! Each vector is read and verified as a token's signature is, with the vector's key where it is one that the portal could
//! have, and is then sent to a running stack as a bearer token. Ends with 1 when any is accepted that must not be, or refused
//! that must not be.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hearth::session::token::{Jws, PublicKey};
use journeys::World;
use p256::ecdsa::VerifyingKey;
use p256::pkcs8::EncodePublicKey;
use p256::{EncodedPoint, FieldBytes};
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::ExitCode;

/// The key of a group, when the clinic could have it: P-256, for ES256. A clinic's key is made for nothing but signing, so what a
/// JWK says of its use is not for the portal to read: such a key is none here.
fn known(group: &Value) -> Option<PublicKey> {
    let key = &group["public"];
    let names = [("kty", "EC"), ("crv", "P-256"), ("alg", "ES256"), ("use", "sig")];
    if names.iter().any(|&(name, value)| key[name] != value) {
        return None;
    }
    let number = |name: &str| {
        let bytes: [u8; 32] = URL_SAFE_NO_PAD.decode(key[name].as_str()?).ok()?.try_into().ok()?;
        Some(FieldBytes::from(bytes))
    };
    let point = EncodedPoint::from_affine_coordinates(&number("x")?, &number("y")?, false);
    let der = VerifyingKey::from_encoded_point(&point).ok()?.to_public_key_der().ok()?;
    PublicKey::from_der(der.as_bytes())
}

/// Whether the token's signature counts. The header's name of the key is compared with the vector's, as the portal compares it
/// with its own.
fn counts(group: &Value, text: &str) -> bool {
    let Some(key) = known(group) else { return false };
    Jws::read(text).is_some_and(|jws| group["public"]["kid"] == jws.key_id() && jws.verified_by(&key).is_some())
}

#[tokio::main]
async fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        println!("name the file json_web_signature_test.json");
        return ExitCode::FAILURE;
    };
    let vectors: Value = serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON");
    let world = World::new().await;
    let ordinary = world.browser().get("/members").await.is_problem(401, "sign-in-again").seen();
    let before = world.items();
    let (mut results, mut wrong): (BTreeMap<(bool, bool, String), usize>, usize) = (BTreeMap::new(), 0);
    for group in vectors["testGroups"].as_array().expect("groups") {
        for test in group["tests"].as_array().expect("tests") {
            // What is no compact serialisation is sent as the JSON that it is.
            let text = test["jws"].as_str().map_or_else(|| test["jws"].to_string(), str::to_owned);
            let (is_ours, accepted, label) = (known(group).is_some(), counts(group, &text), test["result"].as_str());
            let should = is_ours && label == Some("valid");
            if accepted != should {
                wrong += 1;
                println!("vector {} ({}): accepted is {accepted}", test["tcId"], test["comment"]);
            }
            let sent = world.browser().ask("GET", "/members").bearer(&text).send().await;
            if sent.seen() != ordinary {
                wrong += 1;
                println!("vector {} ({}): HTTP {} {}", test["tcId"], test["comment"], sent.status, sent.text);
            }
            *results.entry((is_ours, accepted, label.unwrap_or_default().to_owned())).or_default() += 1;
        }
    }
    for ((is_ours, accepted, label), count) in &results {
        let key = if *is_ours { "ES256 key" } else { "any other key" };
        let verdict = if *accepted { "accepted" } else { "refused" };
        println!("{count:>4} {key}, labelled {label}: {verdict}");
    }
    if world.items() != before {
        wrong += 1;
        println!("the table changed");
    }
    println!("{wrong} of {} wrong", results.values().sum::<usize>());
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
