//! What the signature record says. All texts come from the caller, who has
//! them from the signature events; nothing is looked up or computed here.

use hearth::domain::answers::Answers;

use super::{Labels, MAX_POINTS, MAX_SIGNATURES, MAX_TEXT, MAX_TEXTS, SealError};

/// Everything on the record of one packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Identifier of the packet.
    pub packet: String,
    /// Lines under the heading, for instance the clinic and the document's title.
    pub title_lines: Vec<String>,
    /// SHA-256 of the canonical file, for which every signer signed.
    pub document_sha256: [u8; 32],
    /// Pages of the canonical file.
    pub pages: u32,
    /// The answers to be drawn on the form; none, where nothing was filled in or each signer has a copy with the own ones.
    pub answers: Option<Answers>,
    /// The signatures, in the order in which they are printed.
    pub signatures: Vec<SignatureEvidence>,
    /// Further facts of the packet as name and value, for instance the head of
    /// the audit chain. May be empty.
    pub facts: Vec<(String, String)>,
    /// The fixed texts, see [`ENGLISH`](super::ENGLISH).
    pub labels: Labels,
}

/// One signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureEvidence {
    /// What the signer wrote.
    pub mark: Mark,
    /// The signer's name as the clinic has it.
    pub signer: String,
    /// In which capacity, for instance "as parent".
    pub capacity: String,
    /// On which authority, for instance "legal authority recorded on 3 May 2026".
    pub authority: String,
    /// The sentence that was agreed to by signing.
    pub attestation: String,
    /// Which text of the consent to electronic signing was agreed to.
    pub records_consent: String,
    /// When it was signed.
    pub signed_at: Moment,
    /// How the signer had signed in, for instance "password and a code sent by
    /// email".
    pub authentication: String,
    /// When that was.
    pub authenticated_at: Moment,
    /// SHA-256 of the answers that were signed, if any.
    pub answers_sha256: Option<[u8; 32]>,
    /// Further facts of this signature as name and value. May be empty.
    pub facts: Vec<(String, String)>,
}

/// What the signer wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// The name exactly as typed.
    Typed(String),
    /// Pen strokes as points from the top left, in any unit; they are scaled
    /// together into a box.
    Drawn(Vec<Vec<(u16, u16)>>),
}

/// A point in time, already put into words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// In UTC, for instance "2026-05-03 18:04:09 UTC".
    pub utc: String,
    /// In the clinic's time zone, for instance "3 May 2026, 14:04 EDT".
    pub local: String,
}

impl Evidence {
    /// Refuses what would make the record endless.
    pub(super) fn check(&self) -> Result<(), SealError> {
        let texts_fit = self.texts().all(|text| text.chars().count() <= MAX_TEXT)
            && self.texts().map(String::len).sum::<usize>() <= MAX_TEXTS;
        let marks_fit = self.signatures.iter().all(|signature| match &signature.mark {
            Mark::Typed(_) => true,
            Mark::Drawn(strokes) => {
                strokes.len() <= MAX_POINTS && strokes.iter().map(Vec::len).sum::<usize>() <= MAX_POINTS
            }
        });
        let facts_fit = self.facts.len() <= MAX_SIGNATURES
            && self.title_lines.len() <= MAX_SIGNATURES
            && self.signatures.iter().all(|signature| signature.facts.len() <= MAX_SIGNATURES);
        if texts_fit && marks_fit && facts_fit && self.signatures.len() <= MAX_SIGNATURES {
            Ok(())
        } else {
            Err(SealError::TooLarge)
        }
    }

    fn texts(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.packet)
            .chain(&self.title_lines)
            .chain(self.facts.iter().flat_map(|(name, value)| [name, value]))
            .chain(self.signatures.iter().flat_map(SignatureEvidence::texts))
    }
}

impl SignatureEvidence {
    fn texts(&self) -> impl Iterator<Item = &String> {
        let typed = match &self.mark {
            Mark::Typed(name) => Some(name),
            Mark::Drawn(_) => None,
        };
        [
            &self.signer,
            &self.capacity,
            &self.authority,
            &self.attestation,
            &self.records_consent,
            &self.signed_at.utc,
            &self.signed_at.local,
            &self.authentication,
            &self.authenticated_at.utc,
            &self.authenticated_at.local,
        ]
        .into_iter()
        .chain(typed)
        .chain(self.facts.iter().flat_map(|(name, value)| [name, value]))
    }
}
