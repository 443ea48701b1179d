//! What was sealed, for programs: the same as the evidence pages say to people.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The form of a record without answers. A program that meets a greater number than it knows is too old to judge.
const FORMAT: u32 = 1;
/// The form of a record of a filled-in form.
const FORMAT_WITH_ANSWERS: u32 = 2;

/// The record of one sealed file. It stands in the file itself, so the seal covers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    format: u32,
    /// Which packet.
    pub packet: String,
    /// The document that everybody was shown.
    pub document: Document,
    /// Whether the seal carries a time stamp: without this sentence one could be cut away unseen.
    pub time_stamp: bool,
    /// The answers that are drawn on the document, as the very bytes whose hash the signers agreed to; none, where nothing was
    /// filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<String>,
    /// What each person signed, in the order of the evidence pages.
    pub signatures: Vec<Statement>,
    /// The end of the chain of hashes over all of this, printed on the evidence pages as well.
    chain: String,
}

/// The document that everybody was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// Length: so many bytes of the sealed file are the document.
    pub bytes: u64,
    /// Pages.
    pub pages: u32,
}

/// What one person signed, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The person's name as the clinic has it.
    pub signer: String,
    /// In which capacity.
    pub capacity: String,
    /// On which authority.
    pub authority: String,
    /// The sentence that was agreed to.
    pub attestation: String,
    /// When, in UTC.
    pub signed_at: String,
    /// How the person had signed in.
    pub authentication: String,
    /// When, in UTC.
    pub authenticated_at: String,
    /// The name as typed, or the SHA-256 of what was drawn.
    pub mark: String,
    /// SHA-256 of the answers on the form that the person signed, in hexadecimal digits; none, where there was nothing to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<String>,
}

impl Record {
    /// A record with its chain.
    #[must_use]
    pub fn new(packet: String, document: Document, time_stamp: bool, signatures: Vec<Statement>) -> Self {
        let chain = String::new();
        let mut record = Self { format: FORMAT, packet, document, time_stamp, answers: None, signatures, chain };
        record.format = record.expected_format();
        record.chain = record.head();
        record
    }

    /// The same record with the answers that are drawn on the document.
    #[must_use]
    pub fn with_answers(mut self, answers: Option<String>) -> Self {
        self.answers = answers;
        self.format = self.expected_format();
        self.chain = self.head();
        self
    }

    fn expected_format(&self) -> u32 {
        let answers = self.answers.is_some() || self.signatures.iter().any(|signature| signature.answers.is_some());
        if answers { FORMAT_WITH_ANSWERS } else { FORMAT }
    }

    /// Whether everybody who agreed to answers agreed to those that are drawn, and somebody did.
    fn agreed(&self) -> bool {
        let Some(answers) = &self.answers else { return true };
        let hash = hex::encode(Sha256::digest(answers));
        let mut signed = self.signatures.iter().filter_map(|signature| signature.answers.as_ref()).peekable();
        signed.peek().is_some() && signed.all(|signed| *signed == hash)
    }

    /// The end of the chain, in hexadecimal digits.
    #[must_use]
    pub fn chain(&self) -> &str {
        &self.chain
    }

    /// The record as it stands in the file.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        json(self)
    }

    /// Reads a record that this program wrote; `None` when it is of another form, its chain is broken, or it
    /// contradicts itself.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let record: Self = serde_json::from_slice(bytes).ok()?;
        let is_known = record.format == record.expected_format();
        (is_known && record.chain == record.head() && record.agreed() && record.to_json() == bytes).then_some(record)
    }

    /// Begins with the hash of packet and document; each signature is hashed together with what comes before it.
    fn head(&self) -> String {
        let first = match &self.answers {
            None => json(&(self.format, &self.packet, &self.document, self.time_stamp)),
            Some(answers) => json(&(self.format, &self.packet, &self.document, self.time_stamp, answers)),
        };
        let mut head: [u8; 32] = Sha256::digest(first).into();
        for signature in &self.signatures {
            head = Sha256::new().chain_update(head).chain_update(json(signature)).finalize().into();
        }
        hex::encode(head)
    }
}

fn json(value: &impl Serialize) -> Vec<u8> {
    // Texts and numbers can always be written.
    serde_json::to_vec(value).unwrap_or_default()
}
