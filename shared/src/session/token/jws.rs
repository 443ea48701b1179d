//! Compact JSON Web Signatures (RFC 7515 §7.1), read as strictly as they are written here.
//!
//! `jsonwebtoken` verifies; its `decode` is not used, because it lets `crit`, keys and addresses of keys in the header pass
//! unheeded (RFC 7515 §4.1.11, RFC 8725 §3.10). What a header says here is an algorithm, a key and a type, and nothing else.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use p256::ecdsa::VerifyingKey;
use p256::pkcs8::DecodePublicKey;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::es256;

/// The public half of a key that signs tokens: P-256, and nothing but ES256.
#[derive(Clone)]
pub struct PublicKey {
    id: String,
    key: DecodingKey,
}

impl PublicKey {
    /// From `SubjectPublicKeyInfo` in DER, when it holds a point of P-256.
    #[must_use]
    pub fn from_der(der: &[u8]) -> Option<Self> {
        es256::install();
        let point = VerifyingKey::from_public_key_der(der).ok()?.to_encoded_point(false);
        Some(Self { id: Self::id_of(der), key: DecodingKey::from_ec_der(point.as_bytes()) })
    }

    /// How tokens name the key: the first 16 hexadecimal digits of its SHA-256.
    pub(super) fn id_of(der: &[u8]) -> String {
        hex::encode(Sha256::digest(der)).chars().take(16).collect()
    }

    /// How tokens name the key.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether this key made `signature`, in base64url, of `message`.
    fn signed(&self, message: &[u8], signature: &str) -> bool {
        jsonwebtoken::crypto::verify(signature, message, &self.key, Algorithm::ES256).unwrap_or(false)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    kid: String,
    typ: Option<String>,
}

/// A signed text that nobody has verified yet. Its parts are private: only what [`Jws::verified_by`] gives counts.
pub struct Jws<'a> {
    header: Header,
    message: &'a str,
    payload: &'a str,
    signature: &'a str,
}

impl<'a> Jws<'a> {
    /// Reads the header of three parts in base64url without padding.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        let (message, signature) = text.rsplit_once('.')?;
        let (header, payload) = message.split_once('.')?;
        let header: Header = object(&URL_SAFE_NO_PAD.decode(header).ok()?)?;
        (header.alg == "ES256").then_some(Self { header, message, payload, signature })
    }

    /// The key that the header names. It chooses among keys that are known, and brings none along.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.header.kid
    }

    /// The type that the header names.
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        self.header.typ.as_deref()
    }

    /// The payload, when the key signed header and payload.
    #[must_use]
    pub fn verified_by(&self, key: &PublicKey) -> Option<Vec<u8>> {
        let is_signed = key.signed(self.message.as_bytes(), self.signature);
        if is_signed { URL_SAFE_NO_PAD.decode(self.payload).ok() } else { None }
    }
}

/// Reads a JSON object, each name once. Serde would read the fields of a type from an array as well.
pub(super) fn object<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    json.trim_ascii_start().starts_with(b"{").then(|| serde_json::from_slice(json).ok()).flatten()
}

#[cfg(test)]
mod tests;
