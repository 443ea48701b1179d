//! What somebody can send who has no key, or only a key of his own.

use super::{Cases, Genuine, with};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use journeys::{Forge, compact, sha256};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::pkcs8::EncodePublicKey;
use serde_json::json;
use sha2::Sha256;

/// No algorithm, another algorithm, another key, and what is no signature.
pub(super) fn forged(forge: &Forge, genuine: &Genuine) -> Cases {
    let Genuine { token, header, payload, .. } = genuine;
    let payload_text = payload.to_string();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let mut cases = Cases::new();
    for none in ["none", "None", "NONE", "nOnE", "none ", ""] {
        let header = with(header, "alg", json!(none));
        cases.push((format!("alg {none:?} without a signature"), compact(&header, &payload_text, &[])));
        cases.push((format!("alg {none:?} with one"), compact(&header, &payload_text, &signature)));
    }

    let der = &forge.public_key;
    let lines: Vec<String> =
        STANDARD.encode(der).as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into()).collect();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"));
    let point = &der[der.len() - 65..];
    let secrets = [
        ("DER", der.clone()),
        ("PEM", pem.clone().into_bytes()),
        ("PEM without its last line break", pem.trim_end().as_bytes().to_vec()),
        ("base64", STANDARD.encode(der).into_bytes()),
        ("point", point.to_vec()),
        ("x", point[1..33].to_vec()),
        ("key id", header["kid"].as_str().unwrap().as_bytes().to_vec()),
        ("nothing", Vec::new()),
    ];
    let symmetric = with(header, "alg", json!("HS256"));
    for (what, secret) in secrets {
        let unsigned = compact(&symmetric, &payload_text, &[]);
        let mac = Hmac::<Sha256>::new_from_slice(&secret).unwrap().chain_update(unsigned.trim_end_matches('.'));
        let code = mac.finalize().into_bytes();
        cases.push((format!("HS256 with {what} as the secret"), compact(&symmetric, &payload_text, &code)));
        cases.push((format!("ES256 with the code of {what}"), compact(&header.to_string(), &payload_text, &code)));
    }

    let own = SigningKey::from_slice(&[9; 32]).unwrap();
    let own_der = own.verifying_key().to_public_key_der().unwrap();
    let point = own.verifying_key().to_encoded_point(false);
    let jwk = json!({"kty": "EC", "crv": "P-256", "kid": header["kid"],
        "x": URL_SAFE_NO_PAD.encode(point.x().unwrap()), "y": URL_SAFE_NO_PAD.encode(point.y().unwrap())});
    let headers = [
        ("in the stack's name", header.to_string()),
        ("in its own name", with(header, "kid", json!(&sha256(own_der.as_bytes())[..16]))),
        ("brought along as jwk", with(header, "jwk", jwk)),
        ("at an address", with(header, "jku", json!("https://evil.example/keys"))),
        ("in a certificate", with(header, "x5c", json!([STANDARD.encode(own_der.as_bytes())]))),
    ];
    for (what, header) in headers {
        let unsigned = compact(&header, &payload_text, &[]);
        let signature: Signature = own.sign(unsigned.trim_end_matches('.').as_bytes());
        cases.push((format!("another key {what}"), compact(&header, &payload_text, &signature.to_bytes())));
    }

    let text = |part: &[u8]| URL_SAFE_NO_PAD.encode(part);
    let signatures = [
        ("no signature", Vec::new()),
        ("zeros", vec![0; 64]),
        ("ones", vec![0xff; 64]),
        ("half a signature", signature[..32].to_vec()),
        ("a longer signature", [&signature[..], &[0]].concat()),
        ("halves exchanged", [&signature[32..], &signature[..32]].concat()),
        ("DER", Signature::from_slice(&signature).unwrap().to_der().as_bytes().to_vec()),
    ];
    cases.extend(signatures.map(|(what, signature)| (what.to_owned(), format!("{message}.{}", text(&signature)))));
    cases
}
