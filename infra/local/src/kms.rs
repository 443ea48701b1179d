//! KMS's `Sign` and `GetPublicKey` for the stack's keys (`ECC_NIST_P256`, `SIGN_VERIFY`).

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value as Json, json};

const ALGORITHM: &str = "ECDSA_SHA_256";
/// Bytes of a SHA-256 digest.
const DIGEST_LENGTH: usize = 32;
/// Longest `RAW` message that KMS signs, bytes.
const RAW_LIMIT: usize = 4096;

/// The embedded KMS.
pub(crate) struct Kms {
    pub(crate) keys: Vec<Key>,
}

/// One key.
pub(crate) struct Key {
    pub(crate) arn: String,
    pub(crate) key: SigningKey,
    /// `SubjectPublicKeyInfo` in DER.
    pub(crate) public_key: Vec<u8>,
}

impl Key {
    /// Whether a request means this key: by its ARN, or by the identifier at the end of it.
    fn is_called(&self, name: &str) -> bool {
        self.arn == name || self.arn.rsplit('/').next() == Some(name)
    }

    fn sign(&self, kind: &str, message: &[u8]) -> Result<Signature, Refusal> {
        match kind {
            "DIGEST" if message.len() == DIGEST_LENGTH => {
                self.key.sign_prehash(message).map_err(|_| ("KMSInternalException", "The digest could not be signed"))
            }
            "DIGEST" => Err(("ValidationException", "Digest is invalid length for algorithm ECDSA_SHA_256")),
            "RAW" | "" if (1..=RAW_LIMIT).contains(&message.len()) => Ok(self.key.sign(message)),
            _ => Err(("ValidationException", "The message or its type is not valid")),
        }
    }
}

/// An exception's name and message.
type Refusal = (&'static str, &'static str);

impl Kms {
    /// Answers one call: status and JSON document.
    pub(crate) fn call(&self, target: &str, body: &[u8]) -> (StatusCode, Json) {
        match self.dispatch(target, body) {
            Ok(answer) => (StatusCode::OK, answer),
            Err((name, message)) => (StatusCode::BAD_REQUEST, json!({"__type": name, "message": message})),
        }
    }

    fn dispatch(&self, target: &str, body: &[u8]) -> Result<Json, Refusal> {
        let request: Json =
            serde_json::from_slice(body).map_err(|_| ("SerializationException", "The request is not JSON"))?;
        let get = |name: &str| request.get(name).and_then(Json::as_str).unwrap_or_default();
        let name = get("KeyId");
        let key = self.keys.iter().find(|key| key.is_called(name));
        let key = key.ok_or(("NotFoundException", "The key does not exist"))?;
        match target {
            "TrentService.GetPublicKey" => Ok(json!({
                "KeyId": key.arn,
                "PublicKey": STANDARD.encode(&key.public_key),
                "KeySpec": "ECC_NIST_P256",
                "CustomerMasterKeySpec": "ECC_NIST_P256",
                "KeyUsage": "SIGN_VERIFY",
                "SigningAlgorithms": [ALGORITHM],
            })),
            "TrentService.Sign" => {
                if get("SigningAlgorithm") != ALGORITHM {
                    return Err(("InvalidKeyUsageException", "The key signs with ECDSA_SHA_256 only"));
                }
                let message = STANDARD
                    .decode(get("Message"))
                    .map_err(|_| ("ValidationException", "The message is not base64"))?;
                let signature = key.sign(get("MessageType"), &message)?;
                Ok(json!({
                    "KeyId": key.arn,
                    "Signature": STANDARD.encode(signature.to_der()),
                    "SigningAlgorithm": ALGORITHM,
                }))
            }
            _ => Err(("UnknownOperationException", "Only Sign and GetPublicKey are emulated locally")),
        }
    }
}
