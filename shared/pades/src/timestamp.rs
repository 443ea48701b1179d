//! Time stamps of an authority (RFC 3161): the request, and what must be true of the answer.
//!
//! An answer that is not proven is no time stamp, and nothing takes its place. What is not proven here: that the authority is one
//! that somebody trusts. Its certificate stands in the seal, and validators know the public ones.

mod token;

use der::asn1::{OctetString, Uint};
use der::{Decode, Encode};
use jiff::{SignedDuration, Timestamp};
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::asn1::{MessageImprint, SHA_256, TimeStampReq, TimeStampResp};

pub use token::Token;

/// Media type of a request.
pub const QUERY: &str = "application/timestamp-query";
/// Media type of an answer.
pub const REPLY: &str = "application/timestamp-reply";
/// Longest answer that is read, bytes.
pub const LONGEST: usize = 64 * 1024;
/// How far the authority's clock and the sealer's may be apart. Further apart, one of them is wrong.
pub const TOLERANCE: SignedDuration = SignedDuration::from_mins(60);

/// Why an answer is no time stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimeStampError {
    /// Not the answer of RFC 3161, or not in DER.
    #[error("the answer of the time-stamp authority could not be read; check its address")]
    Unreadable,
    /// The authority said no.
    #[error("the time-stamp authority refused the request; check its address and its limits")]
    Refused,
    /// The stamp is for something else.
    #[error("the time stamp is for something else than the seal")]
    OtherImprint,
    /// The stamp answers another request.
    #[error("the time stamp answers another request")]
    OtherNonce,
    /// The signature of the stamp, or its certificate, does not hold.
    #[error("the time stamp's own signature does not hold")]
    Unproven,
    /// The stamp's time is far from the clock's.
    #[error("the time stamp's time is far from the clock's; check both clocks")]
    OtherTime,
}

/// A request for a time stamp.
#[derive(Debug, Clone)]
pub struct Request {
    imprint: [u8; 32],
    nonce: Uint,
    encoded: Vec<u8>,
}

impl Request {
    /// Asks for the time of `imprint`, a SHA-256. The nonce must be random.
    ///
    /// # Errors
    /// [`TimeStampError::Unreadable`], never in practice.
    pub fn new(imprint: [u8; 32], nonce: [u8; 16]) -> Result<Self, TimeStampError> {
        let build = || {
            let nonce = Uint::new(&nonce)?;
            let hash_algorithm = AlgorithmIdentifierOwned { oid: SHA_256, parameters: None };
            let message_imprint = MessageImprint { hash_algorithm, hashed_message: OctetString::new(imprint)? };
            let request = TimeStampReq { version: 1, message_imprint, nonce: nonce.clone(), cert_req: true };
            Ok(Self { imprint, nonce, encoded: request.to_der()? })
        };
        build().map_err(|_: der::Error| TimeStampError::Unreadable)
    }

    /// The request in DER, to be sent as [`QUERY`].
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.encoded
    }

    /// Reads the authority's answer, which must hold in every respect.
    ///
    /// # Errors
    /// [`TimeStampError`].
    pub fn answered(&self, answer: &[u8], now: Timestamp) -> Result<Token, TimeStampError> {
        let answer = TimeStampResp::from_der(answer).map_err(|_| TimeStampError::Unreadable)?;
        // "granted", and "granted with modifications", which the checks below would notice.
        if answer.status.status > 1 {
            return Err(TimeStampError::Refused);
        }
        let info = answer.time_stamp_token.ok_or(TimeStampError::Refused)?;
        let token = Token::read(&token::tidied(&info)?, &self.imprint)?;
        if token.nonce() != Some(&self.nonce) {
            return Err(TimeStampError::OtherNonce);
        }
        if !token.is_near(now) {
            return Err(TimeStampError::OtherTime);
        }
        Ok(token)
    }
}
