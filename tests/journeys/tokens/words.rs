//! Words that the stack's key would never sign, with a right signature.

use super::{Cases, Genuine, with};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use journeys::Forge;
use p256::ecdsa::SigningKey;
use serde_json::{Value, json};

/// `value` with more text at its beginning or end, where a name may stand twice.
fn beside(value: &Value, first: &str, last: &str) -> String {
    let text = value.to_string();
    let inner = text.trim_start_matches('{').trim_end_matches('}');
    let inner = [first, inner, last].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(",");
    format!("{{{inner}}}")
}

/// Words that only the stack's key could make count, with a right signature.
pub(super) async fn bent(forge: &Forge, genuine: &Genuine) -> Cases {
    let Genuine { header, payload, others, now, .. } = genuine;
    let kind = header["typ"].as_str().unwrap();
    let swapped = if kind == "session+jwt" { "member+jwt" } else { "session+jwt" };
    let stranger = SigningKey::from_slice(&[9; 32]).unwrap().verifying_key().to_encoded_point(false);
    let (x, y) = (URL_SAFE_NO_PAD.encode(stranger.x().unwrap()), URL_SAFE_NO_PAD.encode(stranger.y().unwrap()));
    let headers = [
        ("alg", json!("none")),
        ("alg", json!("HS256")),
        ("alg", json!("ES384")),
        ("alg", json!("es256")),
        ("alg", json!("ES256K")),
        ("alg", json!(["ES256"])),
        ("alg", json!("")),
        ("alg", Value::Null),
        ("typ", json!(swapped)),
        ("typ", json!("JWT")),
        ("typ", json!("refresh+jwt")),
        ("typ", json!(kind.to_uppercase())),
        ("typ", json!(format!("application/{kind}"))),
        ("typ", json!(format!("{kind} "))),
        ("typ", Value::Null),
        ("kid", json!("0123456789abcdef")),
        ("kid", json!("../../../../dev/null")),
        ("kid", json!("' OR '1'='1")),
        ("kid", json!("http://169.254.169.254/latest/meta-data")),
        ("kid", json!("")),
        ("kid", json!(0)),
        ("kid", Value::Null),
        ("jku", json!("https://evil.example/keys")),
        ("x5u", json!("https://evil.example/certificate")),
        ("jwk", json!({"kty": "EC", "crv": "P-256", "x": x, "y": y})),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("cty", json!("JWT")),
        ("zip", json!("DEF")),
        ("role", json!("staff")),
    ];
    let payloads = [
        ("aud", json!("another stack")),
        ("aud", json!([payload["aud"]])),
        ("aud", json!([payload["aud"], "another stack"])),
        ("aud", json!(format!("{} ", payload["aud"].as_str().unwrap()))),
        ("aud", json!("")),
        ("aud", Value::Null),
        ("sub", others.0.clone()),
        ("sub", json!(payload["sub"].as_str().unwrap().to_uppercase())),
        ("sub", json!(payload["sub"].as_str().unwrap().replace('o', "\u{43e}"))),
        ("sub", json!("log_٠١٢")),
        ("sub", json!(format!("{}\u{0}", payload["sub"].as_str().unwrap()))),
        ("sub", payload["sid"].clone()),
        ("sub", Value::Null),
        ("sid", others.1.clone()),
        ("sid", payload["sub"].clone()),
        ("sid", json!("")),
        ("sid", Value::Null),
        ("exp", json!((now + 600).to_string())),
        ("exp", json!(600.5 + f64::from(i32::try_from(*now).unwrap()))),
        ("exp", json!(now)),
        ("exp", json!(now - 1)),
        ("exp", json!(now + 601)),
        ("exp", json!(now + 100 * 365 * 86_400)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(u64::MAX)),
        ("exp", json!(-1)),
        ("exp", json!(true)),
        ("exp", Value::Null),
        ("nbf", json!(now + 6)),
        ("nbf", json!(now.to_string())),
        ("nbf", Value::Null),
        ("iat", json!(now + 6)),
        ("iat", json!(now - 1)),
        ("iat", json!(i64::MIN)),
        ("iat", Value::Null),
        ("scope", json!("staff")),
        ("iss", json!("https://evil.example")),
    ];
    let whole = [
        ("a name twice, the wrong one first", beside(header, r#""alg":"none""#, ""), payload.to_string()),
        ("a name twice, the wrong one last", beside(header, "", r#""alg":"none""#), payload.to_string()),
        ("a type twice", beside(header, &format!(r#""typ":"{swapped}""#), ""), payload.to_string()),
        ("sub twice, own last", header.to_string(), beside(payload, &format!(r#""sub":{}"#, others.0), "")),
        ("sub twice, own first", header.to_string(), beside(payload, "", &format!(r#""sub":{}"#, others.0))),
        ("exp twice", header.to_string(), beside(payload, r#""exp":1"#, "")),
        ("a header with more after it", format!("{header}{header}"), payload.to_string()),
        ("a payload with more after it", header.to_string(), format!("{payload} x")),
        ("a header as a list", json!([header["alg"], header["kid"], header["typ"]]).to_string(), payload.to_string()),
        (
            "a payload as a list",
            header.to_string(),
            json!([payload["aud"], payload["sub"], payload["sid"], payload["mbr"], now, now, now + 600]).to_string(),
        ),
        ("a mark before the header", format!("\u{feff}{header}"), payload.to_string()),
        ("no payload", header.to_string(), String::new()),
        ("an empty payload", header.to_string(), "{}".to_owned()),
        ("a payload that is null", header.to_string(), "null".to_owned()),
        ("a payload that is no JSON", header.to_string(), "foo".to_owned()),
        ("a token in a token", with(header, "cty", json!("JWT")), genuine.token.clone()),
        ("blanks up to 2,049 letters", header.to_string(), format!("{payload}{}", " ".repeat(1_500))),
        ("blanks up to 16,000 letters", header.to_string(), format!("{payload}{}", " ".repeat(12_000))),
    ];
    let mut cases = Cases::new();
    for (name, entry) in headers {
        let text = with(header, name, entry.clone());
        cases.push((format!("header {name}: {entry}"), forge.signs(&text, &payload.to_string()).await));
    }
    let mbr = if kind == "member+jwt" { Value::Null } else { json!(format!("mbr_{}", "0".repeat(32))) };
    for (name, entry) in payloads.into_iter().chain([("mbr", mbr)]) {
        let text = with(payload, name, entry.clone());
        cases.push((format!("payload {name}: {entry}"), forge.signs(&header.to_string(), &text).await));
    }
    for (what, header, payload) in whole {
        cases.push((what.to_owned(), forge.signs(&header, &payload).await));
    }
    cases
}
