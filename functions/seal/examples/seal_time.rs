//! How long sealing takes: `seal_time PAPER RUNS` prints the milliseconds of each run and the most memory in KiB, for `infra/bench/seal.py`.
//!
//! One run is what the function does between reading a file and writing it: load it, draw the evidence pages of two signers, append,
//! hash, sign with a key in memory, and put the signature into its place.

use std::io::Write;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use lopdf::Document;
use p256::ecdsa::SigningKey;
use pades::local::{MemoryKey, self_signed};
use pades::{Chain, Draft, SealingKey};
use seal::pdf::{ENGLISH, Evidence, Mark, Moment, Sealing, SignatureEvidence, append_evidence};
use sha2::{Digest, Sha256};

type Failure = Box<dyn std::error::Error>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let (Some(paper), Some(runs)) = (arguments.next(), arguments.next()) else {
        return Err("say which paper and how often: seal_time PAPER RUNS".into());
    };
    let paper = std::fs::read(paper)?;
    let key = SigningKey::from_slice(&[41; 32])?;
    let chain = Arc::new(Chain::from_der(vec![self_signed(&key, "CN=Bench")?])?);
    let (key, now) = (MemoryKey(key), Timestamp::now());
    let sealing = Sealing { chain: Arc::clone(&chain), time_stamp: false, at: now };
    // Counted apart, so that the memory of counting is free again, as far as the allocator gives it back.
    let evidence = evidence(&paper, u32::try_from(Document::load_mem(&paper)?.get_pages().len())?);
    for _ in 0..runs.parse::<usize>()? {
        let start = Instant::now();
        let file = append_evidence(&paper, &evidence, &sealing)?;
        let draft = Draft::new(file, paper.len(), &chain)?;
        let signature = key.sign(draft.digest()).await?;
        let sealed = draft.sign(&signature)?.finish(None)?;
        writeln!(std::io::stdout(), "{:.3}", start.elapsed().as_secs_f64() * 1e3)?;
        drop(sealed);
    }
    // Linux alone tells; elsewhere nothing is printed, and nothing is compared.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(peak) = status.lines().find_map(|line| line.strip_prefix("VmHWM:")) {
        writeln!(std::io::stdout(), "peak {}", peak.trim().trim_end_matches(" kB"))?;
    }
    Ok(())
}

fn evidence(paper: &[u8], pages: u32) -> Evidence {
    let moment = || Moment { utc: "2026-11-21 14:04:09 UTC".to_owned(), local: String::new() };
    let signature = |name: &str| SignatureEvidence {
        answers_sha256: None,
        mark: Mark::Typed(name.to_owned()),
        signer: name.to_owned(),
        capacity: "as a parent of the client".to_owned(),
        authority: "parental responsibility".to_owned(),
        attestation: "I have read this document and I agree to it.".to_owned(),
        records_consent: "agreed to sign electronically".to_owned(),
        signed_at: moment(),
        authentication: "password and a code sent by email".to_owned(),
        authenticated_at: moment(),
        facts: Vec::new(),
    };
    Evidence {
        answers: None,
        packet: "pkt_bench".to_owned(),
        title_lines: vec!["Clinic".to_owned()],
        document_sha256: Sha256::digest(paper).into(),
        pages,
        signatures: vec![signature("María Núñez"), signature("Ольга Щербакова")],
        facts: Vec::new(),
        labels: ENGLISH,
    }
}
