//! Seals: PAdES signatures of baseline level B-B, with a time stamp B-T (ETSI EN 319 142-1), that certify a PDF with "no changes
//! allowed", and the program that proves one.
//!
//! Pure code: no I/O, no clock, no randomness. The private key, the time-stamp authority and the time are the caller's; so the
//! same module serves the function that seals, the command line, and any page that verifies.
//!
//! A seal is made in this order:
//!
//! 1. [`Field::add`] puts an empty signature, and the [`Record`] of what is sealed, into an incremental update.
//! 2. [`Draft::new`] fixes which bytes are signed: all but the hexadecimal digits of the signature itself.
//! 3. A [`SealingKey`] signs [`Draft::digest`], and [`Draft::sign`] checks the answer against the certificate.
//! 4. A time-stamp authority may answer a [`TimeStampRequest`](timestamp::Request) for [`Signed::imprint`].
//! 5. [`Signed::finish`] writes the signature into the place that was kept for it.
//!
//! [`verify()`] goes the other way, and rebuilds the signature from its parts: a seal with one odd bit is no seal.

mod asn1;
mod byte_range;
mod certificate;
mod cms;
mod field;
#[cfg(any(test, feature = "local"))]
pub mod local;
mod record;
mod signatures;
mod signing;
pub mod timestamp;
mod verify;

pub use certificate::{Chain, ChainError, Fingerprint};
pub use field::{Field, FieldError};
pub use record::{Document, Record, Statement};
pub use signing::{Draft, KeyError, SealingKey, Signature, Signed, SigningError};
pub use verify::{LARGEST, Unproven, Verified, verify};

#[cfg(test)]
mod tests;
