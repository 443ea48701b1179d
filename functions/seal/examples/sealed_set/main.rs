//! Seals a set of papers of all kinds, for validators that somebody else wrote: `sealed_set FOLDER`.
//!
//! Each paper is written as `NAME.paper.pdf`, and sealed as `NAME.b-b.pdf` and, with a time stamp, `NAME.b-t.pdf`; beside them the
//! certificates that a validator must trust, `seal.pem` and `authority.pem`.

mod filled;
mod papers;

use std::path::Path;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use p256::ecdsa::SigningKey;
use pades::local::{Authority, MemoryKey, self_signed};
use pades::timestamp::Request;
use pades::{Chain, Draft, SealingKey};
use seal::pdf::{ENGLISH, Evidence, Mark, Moment, Sealing, SignatureEvidence, append_evidence};
use sha2::{Digest, Sha256};

type Failure = Box<dyn std::error::Error>;

/// Names in the scripts of families.
const NAMES: [&str; 5] =
    ["María José Núñez Ibáñez", "Γιώργος Παπαδόπουλος", "Ольга Щербакова", "Nguyễn Thị Thảo Ngọc", "שרה כהן"];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let folder = std::env::args().nth(1).ok_or("say where to: sealed_set FOLDER")?;
    let folder = Path::new(&folder);
    let (key, authority) = (SigningKey::from_slice(&[41; 32])?, Authority::new(SigningKey::from_slice(&[42; 32])?)?);
    let certificate = self_signed(&key, "CN=Seal of the test set")?;
    std::fs::write(folder.join("seal.pem"), pem(&certificate))?;
    std::fs::write(folder.join("authority.pem"), pem(&authority.certificate()?))?;
    let chain = Arc::new(Chain::from_der(vec![certificate])?);
    for paper in papers::all()? {
        std::fs::write(folder.join(format!("{}.paper.pdf", paper.name)), &paper.bytes)?;
        for (level, authority) in [("b-b", None), ("b-t", Some(&authority))] {
            let sealed = seal(&paper, &MemoryKey(key.clone()), &chain, authority).await?;
            std::fs::write(folder.join(format!("{}.{level}.pdf", paper.name)), sealed)?;
        }
    }
    Ok(())
}

async fn seal(
    paper: &papers::Paper,
    key: &MemoryKey,
    chain: &Arc<Chain>,
    authority: Option<&Authority>,
) -> Result<Vec<u8>, Failure> {
    let now = Timestamp::now();
    let sealing = Sealing { chain: Arc::clone(chain), time_stamp: authority.is_some(), at: now };
    let file = append_evidence(&paper.bytes, &evidence(paper, now), &sealing)?;
    let draft = Draft::new(file, paper.bytes.len(), chain)?;
    let signature = key.sign(draft.digest()).await?;
    let signed = draft.sign(&signature)?;
    let token = match authority {
        Some(authority) => {
            let request = Request::new(signed.imprint(), [7; 16])?;
            Some(request.answered(&authority.answer(request.der(), now)?, now)?)
        }
        None => None,
    };
    let sealed = signed.finish(token)?;
    pades::verify(&sealed, Some(&[chain.fingerprint()]))?;
    Ok(sealed)
}

fn evidence(paper: &papers::Paper, now: Timestamp) -> Evidence {
    let moment = || Moment { utc: now.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(), local: String::new() };
    let signature = |index: usize| SignatureEvidence {
        answers_sha256: paper.answers.as_ref().map(|answers| *answers.sha256().as_bytes()),
        mark: match (index % 2, NAMES.get(index % NAMES.len())) {
            (0, Some(name)) => Mark::Typed((*name).to_owned()),
            _ => Mark::Drawn(vec![vec![(0, 0), (900, 40), (300, 200)], vec![(10, 400)]]),
        },
        signer: NAMES.get(index % NAMES.len()).copied().unwrap_or_default().to_owned(),
        capacity: "as a parent of the client".to_owned(),
        authority: "parental responsibility, as the clinic recorded it".to_owned(),
        attestation: "I have read this document and I agree to it.".to_owned(),
        records_consent: "agreed to sign electronically".to_owned(),
        signed_at: moment(),
        authentication: "password and a code sent by email".to_owned(),
        authenticated_at: moment(),
        facts: Vec::new(),
    };
    Evidence {
        answers: paper.answers.clone(),
        packet: "pkt_example".to_owned(),
        title_lines: vec!["Clínica de la Familia".to_owned(), paper.name.clone()],
        document_sha256: Sha256::digest(&paper.bytes).into(),
        pages: paper.pages,
        signatures: (0..paper.signers).map(signature).collect(),
        facts: Vec::new(),
        labels: ENGLISH,
    }
}

fn pem(certificate: &[u8]) -> String {
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(certificate))
}
