//! The certificate that stands in the seal, with those that vouch for it.

use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use der::asn1::ObjectIdentifier;
use der::{Decode, Encode};
use jiff::Timestamp;
use p256::ecdsa::VerifyingKey;
use sha2::{Digest, Sha256};
use x509_cert::Certificate;

use crate::asn1::{EC_PUBLIC_KEY, P_256};
use crate::signatures::issued;

/// Most certificates of a chain.
const MOST: usize = 8;
const PEM_BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const PEM_END: &str = "-----END CERTIFICATE-----";

/// Why a text is no chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// Neither PEM nor base64 of DER, or not one to eight certificates.
    #[error("give one to eight certificates, as PEM or as base64 of DER with commas between, the seal's own first")]
    Unreadable,
    /// The first certificate is for a key of another kind.
    #[error("the first certificate must be for an ECDSA key on P-256")]
    OtherKey,
    /// A certificate did not issue the one before it.
    #[error("each certificate must have issued the one before it")]
    Unlinked,
}

/// SHA-256 of a certificate in DER.
pub type Fingerprint = [u8; 32];

/// A certificate for an ECDSA key on P-256, and those that issued it, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    certificates: Vec<Certificate>,
    encoded: Vec<Vec<u8>>,
    key: VerifyingKey,
}

impl FromStr for Chain {
    type Err = ChainError;

    fn from_str(text: &str) -> Result<Self, ChainError> {
        let parts: Vec<&str> = if text.contains(PEM_BEGIN) {
            text.split(PEM_BEGIN).skip(1).filter_map(|part| part.split(PEM_END).next()).collect()
        } else {
            text.split(',').collect()
        };
        let encoded = parts.into_iter().map(|part| {
            let digits: String = part.chars().filter(|character| !character.is_whitespace()).collect();
            STANDARD.decode(digits).map_err(|_| ChainError::Unreadable)
        });
        Self::from_der(encoded.collect::<Result<_, _>>()?)
    }
}

impl Chain {
    /// A chain of certificates in DER, the seal's own first.
    ///
    /// # Errors
    /// [`ChainError`].
    pub fn from_der(encoded: Vec<Vec<u8>>) -> Result<Self, ChainError> {
        let certificates = encoded.iter().map(|der| read(der).ok_or(ChainError::Unreadable));
        let certificates = certificates.collect::<Result<Vec<_>, _>>()?;
        let own = certificates.first().filter(|_| certificates.len() <= MOST).ok_or(ChainError::Unreadable)?;
        let info = &own.tbs_certificate.subject_public_key_info;
        let curve = info.algorithm.parameters.as_ref().and_then(|curve| curve.decode_as::<ObjectIdentifier>().ok());
        if info.algorithm.oid != EC_PUBLIC_KEY || curve != Some(P_256) {
            return Err(ChainError::OtherKey);
        }
        let key = VerifyingKey::from_sec1_bytes(info.subject_public_key.raw_bytes());
        let key = key.map_err(|_| ChainError::OtherKey)?;
        let linked = certificates.iter().zip(certificates.iter().skip(1)).all(|(one, issuer)| issued(issuer, one));
        if linked { Ok(Self { certificates, encoded, key }) } else { Err(ChainError::Unlinked) }
    }

    /// The certificates in DER, the seal's own first.
    #[must_use]
    pub fn der(&self) -> &[Vec<u8>] {
        &self.encoded
    }

    /// SHA-256 of the seal's own certificate, by which people compare it.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Sha256::digest(self.encoded.first().map(Vec::as_slice).unwrap_or_default()).into()
    }

    /// Whom the seal's own certificate names.
    #[must_use]
    pub fn subject(&self) -> String {
        self.own().map(|own| own.tbs_certificate.subject.to_string()).unwrap_or_default()
    }

    /// Whether the seal's own certificate counts at a moment.
    #[must_use]
    pub fn is_valid_at(&self, at: Timestamp) -> bool {
        self.own().is_some_and(|own| is_valid_at(own, at))
    }

    /// Whether the certificate with this fingerprint vouches for it: by being it, or by having issued it.
    #[must_use]
    pub fn is_under(&self, fingerprint: &Fingerprint) -> bool {
        self.encoded.iter().any(|one| Fingerprint::from(Sha256::digest(one)) == *fingerprint)
    }

    pub(crate) const fn key(&self) -> &VerifyingKey {
        &self.key
    }

    pub(crate) fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Bytes of all certificates.
    pub(crate) fn length(&self) -> usize {
        self.encoded.iter().map(Vec::len).sum()
    }

    fn own(&self) -> Option<&Certificate> {
        self.certificates.first()
    }
}

/// Reads a certificate that is written as DER has it, and in no other way.
fn read(der: &[u8]) -> Option<Certificate> {
    Certificate::from_der(der).ok().filter(|certificate| certificate.to_der().is_ok_and(|again| again == der))
}

/// Whether a certificate counts at a moment.
pub(crate) fn is_valid_at(certificate: &Certificate, at: Timestamp) -> bool {
    let validity = &certificate.tbs_certificate.validity;
    let seconds = u64::try_from(at.as_second()).unwrap_or_default();
    let (from, to) = (validity.not_before.to_unix_duration(), validity.not_after.to_unix_duration());
    (from.as_secs()..=to.as_secs()).contains(&seconds)
}
