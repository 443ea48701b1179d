//! Appending the **signature record** to a canonical PDF.
//!
//! Pure code: bytes in, bytes out; no clock and no randomness, so the same
//! input gives the same file. The pages of the record are added as one
//! incremental update (ISO 32000-1, 7.5.6): the file that every signer was
//! shown stays a byte-exact prefix of the file that is kept, and anybody can
//! cut it off again and compare its hash with the printed one. The same update
//! holds the place for the seal, see [`pades`].

mod answers;
mod append;
mod compose;
mod draw;
mod evidence;
mod fonts;
mod labels;
mod layout;
mod statement;
mod writing;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod tests;

pub use answers::fill_in;
pub use evidence::{Evidence, Mark, Moment, SignatureEvidence};
pub use fonts::{BOLD, REGULAR};
pub use labels::{ENGLISH, Labels};

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use pades::{Chain, FieldError};
use sha2::{Digest, Sha256};

/// Most signatures on one record.
pub const MAX_SIGNATURES: usize = 100;
/// Most characters of one text of the record.
pub const MAX_TEXT: usize = 2_000;
/// Most bytes of all texts of the record together.
pub const MAX_TEXTS: usize = 400_000;
/// Most points of one drawn signature.
pub const MAX_POINTS: usize = 20_000;

/// Why a record could not be appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The canonical file cannot be read, or its table had to be guessed.
    #[error("the canonical file is damaged; take it from storage again")]
    Damaged,
    /// The canonical file is encrypted, which intake never lets through.
    #[error("the canonical file is encrypted; check where it came from")]
    Encrypted,
    /// The file's SHA-256 is not the one that was signed.
    #[error("the file is not the one that was signed; compare its hash with the signature events")]
    OtherDocument,
    /// The file's page count is not the one that was signed.
    #[error("the file does not have the pages that were signed; compare it with the signature events")]
    OtherPages,
    /// More signatures, characters or points than the record can hold.
    #[error("the evidence is too large for a signature record; check its limits")]
    TooLarge,
    /// The canonical file is signed, which intake never lets through.
    #[error("the canonical file is signed already; check where it came from")]
    SignedAlready,
    /// The pages of the record could not be made.
    #[error("the signature record could not be drawn; report this as a fault")]
    Drawing,
}

impl From<FieldError> for SealError {
    fn from(error: FieldError) -> Self {
        match error {
            FieldError::Damaged => Self::Damaged,
            FieldError::SignedAlready => Self::SignedAlready,
        }
    }
}

/// Whose seal the file will carry.
#[derive(Debug, Clone)]
pub struct Sealing {
    /// The certificate, and those above it.
    pub chain: Arc<Chain>,
    /// Whether a time-stamp authority is asked.
    pub time_stamp: bool,
    /// When, by the sealer's clock.
    pub at: Timestamp,
}

/// Appends the answers of the evidence, when there are any, and the signature record, with an empty seal, to `canonical`.
///
/// The first `canonical.len()` bytes of the result are `canonical`.
///
/// # Errors
///
/// [`SealError::OtherDocument`] and [`SealError::OtherPages`] when `canonical`
/// is not what the evidence says was signed; otherwise see [`SealError`].
pub fn append_evidence(canonical: &[u8], evidence: &Evidence, sealing: &Sealing) -> Result<Vec<u8>, SealError> {
    if <[u8; 32]>::from(Sha256::digest(canonical)) != evidence.document_sha256 {
        return Err(SealError::OtherDocument);
    }
    evidence.check()?;
    let filled = match &evidence.answers {
        Some(answers) => Cow::Owned(fill_in(canonical, answers.by_field())?),
        None => Cow::Borrowed(canonical),
    };
    let original = append::Original::load(&filled)?;
    if u32::try_from(original.pages()).ok() != Some(evidence.pages) {
        return Err(SealError::OtherPages);
    }
    let (evidence, statements) = printed(canonical.len(), evidence, sealing);
    let sheets = compose::compose(&evidence, original.paper());
    let record = draw::draw(&sheets, &evidence)?;
    let name = evidence.title_lines.first().map_or("Hearth", String::as_str);
    let field = pades::Field { name, at: sealing.at, chain: &sealing.chain, record: &statements };
    original.append(&filled, &record, &field)
}

/// The evidence with what is known of the seal, and the record of both.
fn printed(length: usize, evidence: &Evidence, sealing: &Sealing) -> (Evidence, pades::Record) {
    let statements = statement::record(length, evidence, sealing.time_stamp);
    let mut evidence = evidence.clone();
    let labels = evidence.labels;
    let time = if sealing.time_stamp { labels.time_stamped } else { labels.time_unstamped };
    evidence.facts.push((labels.time.to_owned(), time.to_owned()));
    evidence.facts.push((labels.chain.to_owned(), statements.chain().to_owned()));
    (evidence, statements)
}
