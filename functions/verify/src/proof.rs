//! The answer: what is proven, or what is wrong.

use jiff::Timestamp;
use pades::{Fingerprint, Statement, Unproven, Verified};
use serde::Serialize;
use utoipa::ToSchema;

/// What a file proves.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub(crate) enum Proof {
    /// It is as the clinic sealed it. Who the people are, and whether the paper still counts, no file can prove.
    Proven(Box<Sealed>),
    /// Nobody should rely on it.
    NotProven {
        /// Why.
        reason: Reason,
    },
}

/// What the seal of a file says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Sealed {
    /// Which packet.
    packet: String,
    /// SHA-256 of the whole file, in hexadecimal digits.
    sha256: String,
    /// SHA-256 of the document that everybody was shown: the file begins with it.
    document_sha256: String,
    /// Length of the document, in bytes.
    document_bytes: u64,
    /// Its pages.
    document_pages: u32,
    /// Pages of the whole file.
    pages: usize,
    /// What people signed, in the order of the pages behind the document.
    signatures: Vec<Signature>,
    /// The end of the chain of hashes over document and signatures, as it is printed on the last page.
    chain: String,
    /// When it was sealed, by the clinic's clock.
    #[schema(value_type = String, format = DateTime)]
    sealed_at: Timestamp,
    /// When at the latest it was sealed, by the clock of somebody else.
    time_stamp: Option<TimeStamp>,
    /// Whom the clinic's certificate names.
    certificate: String,
    /// SHA-256 of the certificate, in hexadecimal digits.
    fingerprint: String,
}

/// What one person signed.
#[derive(Debug, Serialize, ToSchema)]
struct Signature {
    /// The person's name as the clinic has it.
    signer: String,
    /// In which capacity.
    capacity: String,
    /// When.
    signed_at: String,
}

/// The word of a time-stamp authority (RFC 3161).
#[derive(Debug, Serialize, ToSchema)]
struct TimeStamp {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Whom its certificate names. Whether to trust it is for the reader to know.
    authority: String,
}

/// Why a file proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reason {
    /// No PDF, or its beginning was changed.
    NotPdf,
    /// Never sealed here, or the seal was cut off.
    NoSeal,
    /// The file or the seal was changed after sealing.
    Changed,
    /// Something was added behind the sealed file.
    Extended,
    /// Sealed with a certificate that is not this clinic's.
    NotThisClinic,
    /// Sealed by this clinic, and incomplete or contradicting itself.
    Incomplete,
}

impl Proof {
    /// Judges a file by the clinic's certificates. Nothing is read as a PDF that none of them sealed.
    pub(crate) fn of(file: &[u8], clinic: &[Fingerprint]) -> Self {
        match pades::verify(file, Some(clinic)) {
            Ok(verified) => Self::Proven(Box::new(verified.into())),
            Err(unproven) => Self::NotProven { reason: unproven.into() },
        }
    }
}

impl From<Verified> for Sealed {
    fn from(verified: Verified) -> Self {
        let Verified { sha256, chain, sealed_at, time_stamp, record, pages } = verified;
        Self {
            sha256: hex::encode(sha256),
            chain: record.chain().to_owned(),
            packet: record.packet,
            document_sha256: record.document.sha256,
            document_bytes: record.document.bytes,
            document_pages: record.document.pages,
            pages,
            signatures: record.signatures.into_iter().map(Signature::from).collect(),
            sealed_at,
            time_stamp: time_stamp.map(|stamp| TimeStamp { at: stamp.time(), authority: stamp.authority().to_owned() }),
            certificate: chain.subject(),
            fingerprint: hex::encode(chain.fingerprint()),
        }
    }
}

impl From<Statement> for Signature {
    fn from(statement: Statement) -> Self {
        Self { signer: statement.signer, capacity: statement.capacity, signed_at: statement.signed_at }
    }
}

impl From<Unproven> for Reason {
    fn from(unproven: Unproven) -> Self {
        match unproven {
            Unproven::NotPdf => Self::NotPdf,
            Unproven::NoSeal | Unproven::TooLong => Self::NoSeal,
            Unproven::Changed => Self::Changed,
            Unproven::Extended { .. } => Self::Extended,
            Unproven::OtherCertificate => Self::NotThisClinic,
            Unproven::NotCertified
            | Unproven::NoRecord
            | Unproven::OtherDocument
            | Unproven::NoTimeStamp
            | Unproven::NotValidThen => Self::Incomplete,
        }
    }
}
