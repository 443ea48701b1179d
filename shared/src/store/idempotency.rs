//! Answers kept for 24 hours under the client's `Idempotency-Key`.
//!
//! An answer can hold tokens and links. It is sealed with a key made from the idempotency key and the request itself: only
//! who sends the very same request again can open it, and the table alone opens nothing.

use aes_gcm::aead::Aead;
use aes_gcm::{Aes256Gcm, KeyInit};
use aws_sdk_dynamodb::types::AttributeValue;
use hkdf::Hkdf;
use jiff::SignedDuration;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::items::Item;
use super::{Key, Transaction};
use crate::http::stop::Internal;
use crate::http::{Answer, Call, Problem, Stop};
use crate::random;

/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// A client's key for one request: 16 to 128 letters, digits, dashes or underscores.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl std::str::FromStr for IdempotencyKey {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let fits = (16..=128).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if fits { Ok(Self(text.to_owned())) } else { Err(()) }
    }
}

/// 128 bits that are the same for every sending of one request of `scope`, by its idempotency key, and else by the request's own
/// identifier: for a thing whose beginning is found again by its name, and needs no kept answer.
///
/// # Errors
/// Malformed.
pub fn bits_of_one_act(call: &Call, scope: &str) -> Result<[u8; 16], Stop> {
    let key = call.idempotency_key()?.map_or_else(|| call.request_id(), |key| key.0.as_str());
    let digest = Sha256::new().chain_update(scope).chain_update([0]).chain_update(key).finalize();
    let mut bits = [0; 16];
    bits.iter_mut().zip(digest).for_each(|(bit, byte)| *bit = byte);
    Ok(bits)
}

/// Names one guess at a code: the same for every sending of one request with one idempotency key, another one for another code.
/// Without the key, which the table does not hold, it tells nothing of what was guessed.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct GuessName([u8; 16]);

impl AsRef<[u8]> for GuessName {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// The name of the guess that a call makes.
pub(super) fn name_of_guess(call: &Call) -> Result<GuessName, Stop> {
    let key = call.idempotency_key()?.map_or_else(|| call.request_id(), |key| key.0.as_str());
    Ok(GuessName(derived(key, &call.fingerprint(), "hearth counted guess")))
}

/// Bits that only who knows both the idempotency key and the request can compute.
fn derived<const N: usize>(key: &str, fingerprint: &[u8], purpose: &str) -> [u8; N] {
    let mut bits = [0; N];
    // HKDF-SHA-256 can give 8160 bytes; nothing here wants more than 32.
    let _ = Hkdf::<Sha256>::new(Some(key.as_bytes()), fingerprint).expand(purpose.as_bytes(), &mut bits);
    bits
}

/// The place for the answer to one request of one caller.
#[derive(Clone)]
pub struct Slot {
    key: Key,
    fingerprint: String,
    cipher_key: [u8; 32],
}

impl Slot {
    /// The place for the answer to the request with that fingerprint, among those of `scope`: a login, or nobody.
    #[must_use]
    pub fn new(scope: &str, key: &IdempotencyKey, fingerprint: &[u8]) -> Self {
        Self {
            key: Key::answer(scope, &hex::encode(Sha256::digest(&key.0))),
            // Not a plain hash: a request to sign in holds a password, and whoever had the table could try passwords on it.
            fingerprint: hex::encode(derived::<32>(&key.0, fingerprint, "hearth request")),
            cipher_key: derived(&key.0, fingerprint, "hearth kept answer"),
        }
    }

    /// Where the answer stands.
    #[must_use]
    pub fn key(&self) -> Key {
        self.key.clone()
    }

    /// The kept answer, when there is one.
    ///
    /// # Errors
    /// The problem that the key came with another request.
    pub fn kept(&self, item: Option<&Item>, now: Timestamp) -> Result<Option<Answer>, Stop> {
        let Some(item) = item else { return Ok(None) };
        let expires = item.get("expires").and_then(|value| value.as_n().ok()?.parse::<i64>().ok());
        if expires.is_some_and(|expires| expires <= now.as_second()) {
            return Ok(None);
        }
        if item.get("fingerprint").and_then(|value| value.as_s().ok()) != Some(&self.fingerprint) {
            return Err(Problem::key_reused().into());
        }
        let unreadable = Internal("a kept answer could not be read");
        let sealed = item.get("answer").and_then(|value| value.as_b().ok()).ok_or(unreadable)?;
        let (nonce, sealed) = sealed.as_ref().split_first_chunk::<12>().ok_or(unreadable)?;
        let answer = self.cipher()?.decrypt(nonce.into(), sealed).map_err(|_| unreadable)?;
        Ok(Some(serde_json::from_slice(&answer).map_err(|_| unreadable)?))
    }

    /// Adds the answer to the transaction that makes it true.
    ///
    /// # Errors
    /// An internal error.
    pub fn keep(&self, transaction: Transaction, answer: &Answer, now: Timestamp) -> Result<Transaction, Stop> {
        let unwritable = Internal("an answer could not be kept");
        let nonce: [u8; 12] = random::bytes()?;
        let plain = serde_json::to_vec(answer).map_err(|_| unwritable)?;
        let mut sealed = nonce.to_vec();
        sealed.extend(self.cipher()?.encrypt(&nonce.into(), plain.as_slice()).map_err(|_| unwritable)?);
        let item = Item::from([
            ("fingerprint".to_owned(), AttributeValue::S(self.fingerprint.clone())),
            ("answer".to_owned(), AttributeValue::B(sealed.into())),
        ]);
        Ok(transaction.keep(self.key(), item, now + KEPT))
    }

    fn cipher(&self) -> Result<Aes256Gcm, Internal> {
        Aes256Gcm::new_from_slice(&self.cipher_key).map_err(|_| Internal("a key has the wrong length"))
    }
}
