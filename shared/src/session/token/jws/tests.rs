//! Signatures as ES256 writes them (RFC 7518 §3.4), by the vectors of Project Wycheproof in `tests/wycheproof`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::PublicKey;

const VECTORS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/wycheproof/ecdsa_p256_sha256_p1363.json"));

#[test]
fn wycheproof_signatures_are_judged_as_labelled() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let bytes = |value: &Value| hex::decode(value.as_str().unwrap()).unwrap();
    let (mut right, mut wrong, mut faults) = (0, 0, Vec::new());
    for group in vectors["testGroups"].as_array().unwrap() {
        let key = PublicKey::from_der(&bytes(&group["publicKeyDer"])).unwrap();
        for vector in group["tests"].as_array().unwrap() {
            let signed = key.signed(&bytes(&vector["msg"]), &URL_SAFE_NO_PAD.encode(bytes(&vector["sig"])));
            if signed {
                right += 1;
            } else {
                wrong += 1;
            }
            if signed != (vector["result"] == "valid") {
                faults.push(vector.to_string());
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!((right, wrong), (173, 89), "vectors are missing");
}
