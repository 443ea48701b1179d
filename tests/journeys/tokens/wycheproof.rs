//! The vectors of Project Wycheproof for JSON Web Signatures, in `tests/wycheproof`: read and verified by what reads and verifies
//! tokens, and sent as tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hearth::session::token::{Jws, PublicKey};
use journeys::World;
use p256::ecdsa::VerifyingKey;
use p256::pkcs8::EncodePublicKey;
use p256::{EncodedPoint, FieldBytes};
use serde_json::Value;

const VECTORS: &str = include_str!("../../wycheproof/json_web_signature.json");

/// The key, when a clinic could have it. What a JWK says of its use is not for the portal to read: its keys are configured as
/// points of P-256, and KMS makes them for nothing but signing. So a key for something else is none here.
fn clinics(key: &Value) -> Option<PublicKey> {
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

#[tokio::test(flavor = "multi_thread")]
async fn wycheproof_vectors_are_judged_as_labelled_and_open_nothing() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let groups = vectors["testGroups"].as_array().unwrap();
    let any_clinics = groups.iter().find_map(|group| clinics(&group["public"])).unwrap();
    let world = World::new().await;
    let ordinary = world.browser().get("/members").await.is_problem(401, "sign-in-again").seen();
    let before = world.items().await;
    let (mut accepted, mut refused, mut faults) = (Vec::new(), 0, Vec::new());
    for group in groups {
        // What is made for another algorithm must not count under a clinic's key either. Only a key of P-256 that is no clinic's
        // leaves nothing to verify with.
        let own = clinics(&group["public"]);
        let key = if group["public"]["crv"] == "P-256" { own.as_ref() } else { Some(&any_clinics) };
        for vector in group["tests"].as_array().unwrap() {
            // What is no compact serialisation is sent as the JSON that it is.
            let text = vector["jws"].as_str().map_or_else(|| vector["jws"].to_string(), str::to_owned);
            let counts = key.and_then(|key| Jws::read(&text)?.verified_by(key)).is_some();
            if counts {
                accepted.push(vector["tcId"].as_u64().unwrap());
            } else {
                refused += 1;
            }
            if counts != (own.is_some() && vector["result"] == "valid") {
                faults.push(format!("accepted is {counts}: {vector}"));
            }
            let sent = world.browser().ask("GET", "/members").bearer(&text).send().await;
            if sent.seen() != ordinary {
                faults.push(format!("HTTP {} {}: {vector}", sent.status, sent.text));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!((accepted, refused), (vec![18, 378], 141), "vectors are missing");
    assert_eq!(world.items().await, before);
}
