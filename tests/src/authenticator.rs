//! A device with passkeys, in software (W3C Web Authentication, level 3, §6): it does what a phone does, and what none should.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Flags of authenticator data (§6.1).
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const MAY_BE_SHARED: u8 = 0x08;
const HAS_KEY: u8 = 0x40;

/// A device, together with the browser's part of a ceremony. Its fields are what a test may bend.
#[derive(Debug, Clone)]
pub struct Device {
    /// The origin of the page that asks, as the browser sees it.
    pub origin: String,
    /// The host that keys are bound to, when it is not the one that the page asks for.
    pub rp_id: Option<String>,
    /// Whether the device checks finger, face or PIN.
    pub verifies: bool,
    /// Signatures so far; none for a device whose keys are shared with others, which count nothing.
    pub counter: Option<u32>,
    keys: Vec<Key>,
}

/// One passkey.
#[derive(Debug, Clone)]
struct Key {
    id: Vec<u8>,
    user: String,
    signs: SigningKey,
}

impl Device {
    /// A phone whose passkeys are shared with its owner's other devices.
    #[must_use]
    pub fn new(origin: &str) -> Self {
        Self { origin: origin.to_owned(), rp_id: None, verifies: true, counter: None, keys: Vec::new() }
    }

    /// A security key, which counts its signatures.
    #[must_use]
    pub fn counting(origin: &str) -> Self {
        Self { counter: Some(1), ..Self::new(origin) }
    }

    /// The persons whose passkeys the device holds, as the chooser would list them, the oldest first.
    #[must_use]
    pub fn users(&self) -> Vec<String> {
        self.keys.iter().map(|key| key.user.clone()).collect()
    }

    /// Makes a key, as the options ask for it. One person has one key for one portal on a device: a second replaces it.
    pub fn creates(&mut self, options: &Value) -> Value {
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required", "{options}");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required", "{options}");
        assert!(options["pubKeyCredParams"].as_array().unwrap().iter().any(|parameter| parameter["alg"] == -7));
        let excluded = options["excludeCredentials"].as_array().cloned().unwrap_or_default();
        let knows = |entry: &Value| self.keys.iter().any(|key| entry["id"] == json!(text(&key.id)));
        assert!(!excluded.iter().any(knows), "a browser would say that the device is registered");
        let key = Key {
            id: hearth::random::bytes::<32>().expect("randomness").to_vec(),
            user: options["user"]["id"].as_str().expect("a user").to_owned(),
            signs: SigningKey::from_slice(&hearth::random::bytes::<32>().expect("randomness")).expect("a key"),
        };
        let mut data = self.data(options["rp"]["id"].as_str().expect("a host"), HAS_KEY);
        data.extend([0; 16]);
        data.extend(u16::try_from(key.id.len()).expect("a short identifier").to_be_bytes());
        data.extend(&key.id);
        data.extend(public_key(&key.signs));
        let answer = json!({
            "client_data_json": text(&self.client_data("webauthn.create", options)),
            "attestation_object": text(&unattested(&data)),
        });
        self.keys.retain(|other| other.user != key.user);
        self.keys.push(key);
        answer
    }

    /// Signs for whom the person picks in the chooser.
    pub fn signs(&mut self, options: &Value, user: &str) -> Value {
        assert_eq!(options["userVerification"], "required", "{options}");
        assert_eq!(options["allowCredentials"], json!([]), "the portal must not say whose passkeys it wants");
        self.counter = self.counter.map(|counter| counter + 1);
        let key = self.keys.iter().find(|key| key.user == user).expect("a passkey of that person");
        let data = self.data(options["rpId"].as_str().expect("a host"), 0);
        let client_data = self.client_data("webauthn.get", options);
        let signed = [data.clone(), Sha256::digest(&client_data).to_vec()].concat();
        let signature: Signature = key.signs.sign(&signed);
        json!({
            "id": text(&key.id), "user_handle": key.user, "client_data_json": text(&client_data),
            "authenticator_data": text(&data), "signature": text(signature.to_der().as_bytes()),
        })
    }

    fn data(&self, asked: &str, flags: u8) -> Vec<u8> {
        let verified = if self.verifies { VERIFIED } else { 0 };
        let shared = if self.counter.is_none() { MAY_BE_SHARED } else { 0 };
        let mut data = Sha256::digest(self.rp_id.as_deref().unwrap_or(asked)).to_vec();
        data.push(PRESENT | verified | shared | flags);
        data.extend(self.counter.unwrap_or_default().to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let data = json!({
            "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }
}

/// Bytes as the portal and browsers write them.
fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A P-256 key in the form of COSE (RFC 9053 §7.1): key type 2, algorithm -7, curve 1, both coordinates.
fn public_key(key: &SigningKey) -> Vec<u8> {
    let point = key.verifying_key().to_encoded_point(false);
    // The first byte says that both coordinates follow.
    let (x, y) = point.as_bytes().split_at(1).1.split_at(32);
    [&[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20], x, &[0x22, 0x58, 0x20], y].concat()
}

/// An attestation object of format `none` in CBOR (RFC 8949): `{"fmt": "none", "attStmt": {}, "authData": …}`.
fn unattested(data: &[u8]) -> Vec<u8> {
    let length = u8::try_from(data.len()).expect("less than 256 bytes");
    [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".as_slice(), &[length], data].concat()
}
