//! From a file with an empty seal to a sealed one.

use std::fmt::Debug;
use std::pin::Pin;

use der::Encode;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use sha2::{Digest, Sha256};

use crate::byte_range::ByteRange;
use crate::certificate::Chain;
use crate::cms::{Parts, signed_attributes};
use crate::timestamp::Token;

/// Why a key did not sign, in words for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KeyError(pub &'static str);

/// A signature that is being made: ECDSA, in DER.
pub type Signature<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, KeyError>> + Send + 'a>>;

/// A private key on P-256, wherever it lives.
pub trait SealingKey: Debug + Send + Sync {
    /// Signs a SHA-256 digest.
    fn sign(&self, digest: [u8; 32]) -> Signature<'_>;
}

/// Why a file cannot be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SigningError {
    /// The empty seal is not where it was put, or there are two.
    #[error("the place for the seal is not in the file; report this as a fault")]
    NoPlace,
    /// The signature is none, or another key's.
    #[error("the key's signature does not fit the certificate; check that both belong together")]
    OtherKey,
    /// The signature is longer than the place that was kept for it.
    #[error("the seal does not fit into its place; use fewer certificates or another time-stamp authority")]
    TooLong,
    /// The signature cannot be written.
    #[error("the seal could not be written; report this as a fault")]
    Encoding,
}

/// A file with an empty seal, whose covered bytes are fixed.
#[derive(Debug)]
pub struct Draft<'a> {
    file: Vec<u8>,
    range: ByteRange,
    chain: &'a Chain,
    /// SHA-256 of the covered bytes.
    covered: [u8; 32],
    /// SHA-256 of the signed attributes.
    digest: [u8; 32],
}

impl<'a> Draft<'a> {
    /// Fixes which bytes of `file` are covered. The empty seal is looked for behind `from`, the end of the original.
    ///
    /// # Errors
    /// [`SigningError::NoPlace`].
    pub fn new(mut file: Vec<u8>, from: usize, chain: &'a Chain) -> Result<Self, SigningError> {
        let range = ByteRange::fix(&mut file, from).ok_or(SigningError::NoPlace)?;
        let covered = range.digest(&file);
        let attributes = signed_attributes(chain, &covered).and_then(|attributes| attributes.to_der());
        let digest = Sha256::digest(attributes.map_err(|_| SigningError::Encoding)?).into();
        Ok(Self { file, range, chain, covered, digest })
    }

    /// What the key must sign.
    #[must_use]
    pub const fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// Takes the key's signature, after checking it.
    ///
    /// # Errors
    /// [`SigningError::OtherKey`].
    pub fn sign(self, signature: &[u8]) -> Result<Signed<'a>, SigningError> {
        let signature = p256::ecdsa::Signature::from_der(signature).map_err(|_| SigningError::OtherKey)?;
        // Both values that verify are good; one of them is written, so that nobody can write the other unseen.
        let signature = signature.normalize_s().unwrap_or(signature);
        let key = self.chain.key();
        key.verify_prehash(&self.digest, &signature).map_err(|_| SigningError::OtherKey)?;
        Ok(Signed { draft: self, signature })
    }
}

/// A file that is signed, but does not hold the signature yet.
#[derive(Debug)]
pub struct Signed<'a> {
    draft: Draft<'a>,
    signature: p256::ecdsa::Signature,
}

impl Signed<'_> {
    /// SHA-256 of the signature, for a time stamp.
    #[must_use]
    pub fn imprint(&self) -> [u8; 32] {
        Sha256::digest(self.signature.to_der().as_bytes()).into()
    }

    /// Writes the signature, with the time stamp when there is one, into its place.
    ///
    /// # Errors
    /// [`SigningError::TooLong`].
    pub fn finish(self, token: Option<Token>) -> Result<Vec<u8>, SigningError> {
        let Draft { mut file, range, chain, covered, .. } = self.draft;
        let token = token.map(Token::into_der);
        let parts = Parts { chain: chain.clone(), digest: covered, signature: self.signature, token };
        let signature = parts.write().map_err(|_| SigningError::Encoding)?;
        let place = file.get_mut(range.digits()).ok_or(SigningError::NoPlace)?;
        let digits = hex::encode(signature).into_bytes();
        place.get_mut(..digits.len()).ok_or(SigningError::TooLong)?.copy_from_slice(&digits);
        Ok(file)
    }
}
