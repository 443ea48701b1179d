//! Tokens that must not count (RFC 8725), made with a key of the test's own.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::pkcs8::EncodePublicKey;
use serde_json::{Value, json};

use super::{Claims, Jws, PublicKey, Verifier};
use crate::Timestamp;
use crate::clock::Clock;
use crate::config::Environment;
use crate::domain::id::{LoginId, MemberId, SessionId};

fn key(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).unwrap()
}

fn der(key: &SigningKey) -> Vec<u8> {
    key.verifying_key().to_public_key_der().unwrap().as_bytes().to_vec()
}

fn verifier(keys: &[&SigningKey]) -> Verifier {
    let keys: Vec<String> = keys.iter().map(|key| STANDARD.encode(der(key))).collect();
    let variables: BTreeMap<String, String> =
        [("STACK_ID".to_owned(), "stack-a".to_owned()), ("TOKEN_PUBLIC_KEYS".to_owned(), keys.join(","))].into();
    Verifier::from_environment(&Environment::new(variables, Clock::system())).unwrap()
}

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn claims() -> Claims {
    Claims { login: LoginId::from_random([1; 16]), session: SessionId::from_random([2; 16]) }
}

fn header(key: &SigningKey) -> Value {
    json!({ "alg": "ES256", "typ": "session+jwt", "kid": PublicKey::id_of(&der(key)) })
}

fn payload() -> Value {
    let iat = now().as_second();
    json!({ "aud": "stack-a", "sub": claims().login, "sid": claims().session, "iat": iat, "nbf": iat, "exp": iat + 600 })
}

fn token(key: &SigningKey, header: &Value, payload: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(payload));
    let signature: Signature = key.sign(message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

/// `value` with one entry set, or removed by null.
fn with(mut value: Value, name: &str, entry: Value) -> Value {
    match entry {
        Value::Null => value.as_object_mut().unwrap().remove(name),
        entry => value.as_object_mut().unwrap().insert(name.to_owned(), entry),
    };
    value
}

#[test]
fn a_genuine_token_counts_for_ten_minutes() {
    let key = key(7);
    let token = token(&key, &header(&key), &payload());
    let verifier = verifier(&[&key]);
    assert_eq!(verifier.session(&token, now()), Some(claims()));
    let at = |seconds| Timestamp::from_second(now().as_second() + seconds).unwrap();
    assert_eq!(verifier.session(&token, at(599)), Some(claims()));
    assert_eq!(verifier.session(&token, at(600)), None);
    assert_eq!(verifier.session(&token, at(-5)), Some(claims()));
    assert_eq!(verifier.session(&token, at(-6)), None);
}

#[test]
fn the_older_of_two_keys_still_counts_and_a_third_never_does() {
    let (old, new, foreign) = (key(7), key(8), key(9));
    let verifier = verifier(&[&new, &old]);
    assert!(verifier.session(&token(&old, &header(&old), &payload()), now()).is_some());
    assert!(verifier.session(&token(&foreign, &header(&foreign), &payload()), now()).is_none());
    // Signed by a stranger in the name of a known key.
    assert!(verifier.session(&token(&foreign, &header(&old), &payload()), now()).is_none());
}

#[test]
fn headers_that_confuse_do_not_count() {
    let key = key(7);
    for (name, entry) in [
        ("alg", json!("none")),
        ("alg", json!("HS256")),
        ("alg", json!("ES384")),
        ("typ", json!("member+jwt")),
        ("typ", json!("JWT")),
        ("typ", Value::Null),
        ("kid", Value::Null),
        ("kid", json!("../../key")),
    ] {
        let token = token(&key, &with(header(&key), name, entry.clone()), &payload());
        assert_eq!(verifier(&[&key]).session(&token, now()), None, "{name}: {entry}");
    }
}

#[test]
fn payloads_that_lack_or_bend_a_claim_do_not_count() {
    let key = key(7);
    let member = MemberId::from_random([3; 16]);
    for (name, entry) in [
        ("aud", json!("stack-b")),
        ("aud", Value::Null),
        ("sub", Value::Null),
        ("sub", json!(member)),
        ("sid", Value::Null),
        ("exp", Value::Null),
        ("exp", json!("1795000000")),
        ("exp", json!(now().as_second() + 601)),
        ("nbf", json!(now().as_second() + 60)),
        ("nbf", Value::Null),
        ("mbr", json!(member)),
        ("scope", json!("staff")),
    ] {
        let token = token(&key, &header(&key), &with(payload(), name, entry.clone()));
        assert_eq!(verifier(&[&key]).session(&token, now()), None, "{name}: {entry}");
    }
}

#[test]
fn neither_kind_passes_for_the_other() {
    let key = key(7);
    let member = MemberId::from_random([3; 16]);
    let header = with(header(&key), "typ", json!("member+jwt"));
    let token = token(&key, &header, &with(payload(), "mbr", json!(member)));
    let verifier = verifier(&[&key]);
    assert_eq!(verifier.member(&token, now()), Some((claims(), member)));
    assert_eq!(verifier.session(&token, now()), None);
}

#[test]
fn a_changed_signature_and_a_huge_token_do_not_count() {
    let key = key(7);
    let genuine = token(&key, &header(&key), &payload());
    let unsigned = genuine.rsplit_once('.').map(|(message, _)| format!("{message}.")).unwrap();
    let huge = token(&key, &header(&key), &with(payload(), "aud", json!("a".repeat(1_000_000))));
    for bad in [unsigned, huge, format!("{genuine}A"), String::new(), "a.b.c".to_owned()] {
        assert_eq!(verifier(&[&key]).session(&bad, now()), None);
    }
}

#[test]
fn numbers_that_are_no_signature_are_no_signature() {
    let key = key(7);
    let known = PublicKey::from_der(&der(&key)).unwrap();
    let genuine = token(&key, &header(&key), &payload());
    let (message, right) = genuine.rsplit_once('.').unwrap();
    let verifies = |signature: &[u8]| {
        let text = format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature));
        Jws::read(&text).is_some_and(|jws| jws.verified_by(&known).is_some())
    };
    let right = URL_SAFE_NO_PAD.decode(right).unwrap();
    assert!(verifies(&right));
    assert!(verifier(&[&key]).session(&genuine, now()).is_some());

    // The order of the curve, and its neighbours (FIPS 186-5, SEC 2 §2.4.2).
    let order = hex::decode("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551").unwrap();
    let number = |last: u8| [[0; 31].as_slice(), &[last]].concat();
    let less = [&order[..31], &[0x50]].concat();
    let numbers = [number(0), number(1), less, order.clone(), vec![0xff; 32]];
    for r in &numbers {
        for s in &numbers {
            assert!(!verifies(&[r.as_slice(), s].concat()), "r {} s {}", hex::encode(r), hex::encode(s));
        }
    }
    let (r, s) = right.split_at(32);
    let der_form = Signature::from_slice(&right).unwrap().to_der();
    let longer = [&[0], r, &[0], s].concat();
    for wrong in [&right[..63], &[&right, &[0][..]].concat(), &[s, r].concat(), der_form.as_bytes(), &longer, &[]] {
        assert!(!verifies(wrong), "{}", hex::encode(wrong));
    }
    for place in 0..right.len() {
        let mut changed = right.clone();
        changed[place] ^= 1;
        assert!(!verifies(&changed), "bit 0 of byte {place}");
    }
}

#[test]
fn what_is_no_point_of_the_curve_is_no_key() {
    let right = der(&key(7));
    assert!(PublicKey::from_der(&right).is_some());
    let last = right.len() - 1;
    let changed = |place: usize| {
        let mut der = right.clone();
        der[place] ^= 1;
        der
    };
    // No such point; another curve's name (1.2.840.10045.3.1.6 for …7); nothing; half a key; a key and more.
    for wrong in [changed(last), changed(22), Vec::new(), right[..last].to_vec(), [&right[..], &[0]].concat()] {
        assert!(PublicKey::from_der(&wrong).is_none(), "{}", hex::encode(wrong));
    }
}
