//! The signature record for programs: what its pages say, as data.

use pades::{Document, Record, Statement};
use sha2::{Digest, Sha256};

use super::evidence::{Evidence, Mark, SignatureEvidence};

/// The record of `evidence` for a canonical file of this length.
pub(super) fn record(length: usize, evidence: &Evidence, time_stamp: bool) -> Record {
    let document = Document {
        sha256: hex::encode(evidence.document_sha256),
        bytes: u64::try_from(length).unwrap_or(u64::MAX),
        pages: evidence.pages,
    };
    let statements = evidence.signatures.iter().map(statement).collect();
    let answers = evidence.answers.as_ref().map(|answers| String::from_utf8_lossy(&answers.canonical()).into_owned());
    Record::new(evidence.packet.clone(), document, time_stamp, statements).with_answers(answers)
}

fn statement(signature: &SignatureEvidence) -> Statement {
    Statement {
        signer: signature.signer.clone(),
        capacity: signature.capacity.clone(),
        authority: signature.authority.clone(),
        attestation: signature.attestation.clone(),
        signed_at: signature.signed_at.utc.clone(),
        authentication: signature.authentication.clone(),
        authenticated_at: signature.authenticated_at.utc.clone(),
        answers: signature.answers_sha256.map(hex::encode),
        mark: match &signature.mark {
            Mark::Typed(name) => format!("typed: {name}"),
            Mark::Drawn(strokes) => format!("drawn: {}", hex::encode(drawing(strokes))),
        },
    }
}

/// SHA-256 of a drawing: of each stroke its number of points, and the points.
fn drawing(strokes: &[Vec<(u16, u16)>]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for stroke in strokes {
        hash.update(u64::try_from(stroke.len()).unwrap_or(u64::MAX).to_be_bytes());
        for (x, y) in stroke {
            hash.update(x.to_be_bytes());
            hash.update(y.to_be_bytes());
        }
    }
    hash.finalize().into()
}
