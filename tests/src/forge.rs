//! Somebody who may let the stack's key sign: for tokens whose signature is right and whose words are not.

use crate::World;
use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{MessageType, SigningAlgorithmSpec};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hearth::aws::Aws;
use hearth::config::Environment;
use p256::ecdsa::Signature;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The stack's key, as the functions reach it.
#[derive(Debug)]
pub struct Forge {
    kms: Client,
    key: String,
    /// The public half, as `SubjectPublicKeyInfo` in DER.
    pub public_key: Vec<u8>,
}

impl World {
    /// The stack's key.
    #[must_use]
    pub fn forge(&self) -> Forge {
        let variables = self.stack.environment().clone();
        let public_key = STANDARD.decode(&variables["TOKEN_PUBLIC_KEYS"]).expect("one key in base64");
        let key = variables["TOKEN_KEY_ID"].clone();
        let env = Environment::new(variables, self.clock.clone());
        let aws = Aws::from_environment(&env).expect("the variables of a function");
        Forge { kms: aws.kms(&env), key, public_key }
    }
}

impl Forge {
    /// A token with that header and that payload, byte by byte, and a right signature.
    pub async fn signs(&self, header: &str, payload: &str) -> String {
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let digest = Blob::new(Sha256::digest(message.as_bytes()).to_vec());
        let request = self.kms.sign().key_id(&self.key).message_type(MessageType::Digest).message(digest);
        let answer = request.signing_algorithm(SigningAlgorithmSpec::EcdsaSha256).send().await.expect("a signature");
        let signature = Signature::from_der(answer.signature.expect("a signature").as_ref()).expect("a signature");
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }
}

/// Header and payload of a token.
#[must_use]
pub fn parts(token: &str) -> (Value, Value) {
    let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).expect("base64url"));
    let mut json = || serde_json::from_slice(&parts.next().expect("three parts")).expect("JSON");
    (json(), json())
}

/// A token with that header, that payload and any signature.
#[must_use]
pub fn compact(header: &str, payload: &str, signature: &[u8]) -> String {
    [header.as_bytes(), payload.as_bytes(), signature].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".")
}
