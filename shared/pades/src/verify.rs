//! What a sealed file proves.
//!
//! First the seal over the whole file, by bytes alone and without a PDF parser; only what it covers is then read as a PDF. With
//! `trusted` certificates, nothing is parsed that their key did not seal: that bounds the work for a page that anybody may use.

mod structure;

use der::{Reader, SliceReader};
use jiff::Timestamp;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use sha2::{Digest, Sha256};

use crate::byte_range::ByteRange;
use crate::certificate::{Chain, Fingerprint};
use crate::cms::{self, Parts, signed_attributes};
use crate::record::Record;
use crate::timestamp::Token;

/// Longest file that is looked at, bytes.
pub const LARGEST: usize = 64 * 1024 * 1024;

/// A file that is as it was when it was sealed, and what else its seal says.
#[derive(Debug, Clone)]
pub struct Verified {
    /// SHA-256 of the whole file.
    pub sha256: [u8; 32],
    /// The certificate of the key that sealed it, and those above.
    pub chain: Chain,
    /// When, by the clock of who sealed.
    pub sealed_at: Timestamp,
    /// When, by the clock of a time-stamp authority.
    pub time_stamp: Option<Token>,
    /// What was sealed. The document's hash and length were compared with the file's beginning, and the chain was counted again.
    pub record: Record,
    /// Pages of the file, evidence included.
    pub pages: usize,
}

/// Why a file proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    /// Longer than [`LARGEST`].
    #[error("the file is longer than any that is sealed here")]
    TooLong,
    /// No PDF.
    #[error("the file is not a PDF, or its beginning was changed")]
    NotPdf,
    /// No seal, or none that this program writes.
    #[error(
        "the file carries no seal of this portal: it was never sealed, or the seal was cut off, or it is another program's"
    )]
    NoSeal,
    /// Sealed, and changed somewhere in what was sealed.
    #[error("the file carries a seal that does not fit: the file or the seal was changed after sealing")]
    Changed,
    /// Sealed, and something was added behind.
    #[error(
        "something was added behind the sealed file: its first {sealed} bytes are sealed and unchanged, what a viewer shows may be anything"
    )]
    Extended {
        /// Length of the sealed file.
        sealed: usize,
    },
    /// Sealed by a key that is not among the trusted ones.
    #[error("the file was sealed with another certificate than the given one")]
    OtherCertificate,
    /// Not certified against changes, or not by this seal.
    #[error("the seal does not certify the file against changes")]
    NotCertified,
    /// The record is missing or contradicts itself.
    #[error("the record of what was sealed is missing, or its chain is broken")]
    NoRecord,
    /// The file does not begin with the document of the record.
    #[error("the file does not begin with the document that its record names")]
    OtherDocument,
    /// The time stamp is missing although it was asked for, or does not hold.
    #[error("the time stamp is missing, or does not hold")]
    NoTimeStamp,
    /// The certificate did not count when the file was sealed.
    #[error("the certificate was not valid when the file was sealed")]
    NotValidThen,
}

/// Proves a sealed file, or says what is wrong with it. Everything must hold. With `trusted`, one of these certificates must be
/// that of the seal, or have issued it; who issued those does not count, an authority issues for others as well.
///
/// # Errors
/// [`Unproven`].
pub fn verify(file: &[u8], trusted: Option<&[Fingerprint]>) -> Result<Verified, Unproven> {
    if file.len() > LARGEST {
        return Err(Unproven::TooLong);
    }
    if !file.starts_with(b"%PDF-") {
        return Err(Unproven::NotPdf);
    }
    let (range, parts) = seal(file)?;
    if trusted.is_some_and(|trusted| !trusted.iter().any(|one| parts.chain.is_under(one))) {
        return Err(Unproven::OtherCertificate);
    }
    let structure = structure::read(file, &range)?;
    let record = structure.record;
    let length = usize::try_from(record.document.bytes).ok().filter(|length| *length < range.gap.start);
    let document = length.and_then(|length| file.get(..length)).ok_or(Unproven::OtherDocument)?;
    let pages = usize::try_from(record.document.pages).ok();
    if hex::encode(Sha256::digest(document)) != record.document.sha256
        || pages.is_none_or(|pages| pages == 0 || pages >= structure.pages)
    {
        return Err(Unproven::OtherDocument);
    }

    let imprint = Sha256::digest(parts.signature.to_der().as_bytes()).into();
    let time_stamp = match (&parts.token, record.time_stamp) {
        (Some(token), true) => Some(Token::read(token, &imprint).map_err(|_| Unproven::NoTimeStamp)?),
        (None, false) => None,
        _ => return Err(Unproven::NoTimeStamp),
    };
    let sealed_at = structure.sealed_at;
    if time_stamp.as_ref().is_some_and(|token| !token.is_near(sealed_at)) {
        return Err(Unproven::NoTimeStamp);
    }
    if !parts.chain.is_valid_at(time_stamp.as_ref().map_or(sealed_at, Token::time)) {
        return Err(Unproven::NotValidThen);
    }
    let sha256 = Sha256::digest(file).into();
    Ok(Verified { sha256, chain: parts.chain, sealed_at, time_stamp, record, pages: structure.pages })
}

/// The seal over the whole file.
fn seal(file: &[u8]) -> Result<(ByteRange, Parts), Unproven> {
    let ranges = ByteRange::all(file);
    if ranges.is_empty() {
        return Err(Unproven::NoSeal);
    }
    for range in ranges {
        let Some(parts) = signature(file, &range) else { continue };
        return if range.end == file.len() {
            Ok((range, parts))
        } else {
            Err(Unproven::Extended { sealed: range.end })
        };
    }
    Err(Unproven::Changed)
}

/// The signature in the gap of `range`, when it holds for the bytes around it.
fn signature(file: &[u8], range: &ByteRange) -> Option<Parts> {
    let digits = file.get(range.digits())?;
    if digits.iter().any(u8::is_ascii_uppercase) {
        return None;
    }
    let bytes = hex::decode(digits).ok()?;
    let mut reader = SliceReader::new(&bytes).ok()?;
    let encoded = reader.tlv_bytes().ok()?;
    // Whatever follows the signature is covered by nothing.
    if bytes.get(encoded.len()..)?.iter().any(|byte| *byte != 0) {
        return None;
    }
    let parts = cms::read(encoded, range.digest(file))?;
    let attributes = signed_attributes(&parts.chain, &parts.digest).ok()?;
    let digest = Sha256::digest(der::Encode::to_der(&attributes).ok()?);
    parts.chain.key().verify_prehash(&digest, &parts.signature).ok()?;
    Some(parts)
}
