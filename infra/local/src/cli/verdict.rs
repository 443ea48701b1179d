//! What a sealed file proves, in words.

use std::path::Path;

use hearth::domain::answers::Answers;
use pades::{Chain, Statement, Unproven, Verified, verify};
use seal::pdf::fill_in;
use sha2::{Digest, Sha256};

/// The words for one file.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) lines: Vec<String>,
    /// Whether the file is as it was sealed.
    pub(super) holds: bool,
}

/// A file that cannot be judged.
#[derive(Debug, thiserror::Error)]
pub(super) enum VerdictError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The certificate is none.
    #[error("the certificate cannot be used: {0}")]
    Certificate(#[from] pades::ChainError),
}

/// Judges the file, with the certificate when there is one.
pub(super) fn read(file: &Path, certificate: Option<&Path>) -> Result<Verdict, VerdictError> {
    let open = |path: &Path| {
        std::fs::read(path).map_err(|source| VerdictError::Unreadable { path: path.display().to_string(), source })
    };
    let bytes = open(file)?;
    let trusted = match certificate {
        Some(path) => Some(String::from_utf8_lossy(&open(path)?).parse::<Chain>()?.fingerprint()),
        None => None,
    };
    Ok(match verify(&bytes, trusted.as_ref().map(std::slice::from_ref)) {
        Ok(verified) => {
            let drawn = drawn_again(&bytes, &verified);
            Verdict { lines: proven(&verified, trusted.is_some(), drawn), holds: true }
        }
        Err(unproven) => Verdict { lines: refused(unproven), holds: false },
    })
}

fn refused(unproven: Unproven) -> Vec<String> {
    vec![
        "NOT PROVEN".to_owned(),
        String::new(),
        format!("  ✗ {unproven}"),
        String::new(),
        "  Do not rely on what this file shows; ask the clinic for its own copy.".to_owned(),
    ]
}

/// Whether the pages show the answers of the record and nothing else: drawn once more on the document that was shown, they give the
/// same bytes. `None`, when nothing was filled in.
fn drawn_again(file: &[u8], verified: &Verified) -> Option<bool> {
    let answers: Answers = serde_json::from_str(verified.record.answers.as_deref()?).ok().unwrap_or_default();
    let length = usize::try_from(verified.record.document.bytes).ok()?;
    let filled = fill_in(file.get(..length)?, answers.by_field()).ok();
    Some(filled.is_some_and(|filled| file.starts_with(&filled)))
}

fn answers(verified: &Verified, drawn: bool) -> Vec<String> {
    let Some(answers) = &verified.record.answers else { return Vec::new() };
    let count = serde_json::from_str::<Answers>(answers).map_or(0, |answers| answers.by_field().len());
    let mark = if drawn { "✓ The pages show the" } else { "– It is not proven that the pages show the" };
    vec![
        format!("  {mark} {count} answer(s) of the record, filled in on that document, SHA-256"),
        format!("    {}", hex::encode(Sha256::digest(answers))),
    ]
}

fn proven(verified: &Verified, is_known: bool, drawn: Option<bool>) -> Vec<String> {
    let Verified { record, chain, .. } = verified;
    let document = &record.document;
    let evidence = verified.pages.saturating_sub(usize::try_from(document.pages).unwrap_or(usize::MAX));
    let mut lines = vec![
        "SEALED AND UNCHANGED".to_owned(),
        String::new(),
        "  Proven:".to_owned(),
        "  ✓ The seal covers the whole file, and its signature holds: no byte was changed, added or removed."
            .to_owned(),
        "  ✓ The seal certifies the file and allows no later change.".to_owned(),
        format!(
            "  ✓ The first {} bytes are the document that was shown: {} pages, SHA-256",
            document.bytes, document.pages
        ),
        format!("    {}", document.sha256),
        format!(
            "  ✓ {evidence} evidence page(s) follow, and the chain of {} signature(s) is whole:",
            record.signatures.len()
        ),
    ];
    lines.extend(record.signatures.iter().flat_map(signature));
    lines.extend(drawn.map(|drawn| answers(verified, drawn)).unwrap_or_default());
    lines.push(format!("    chain {}", record.chain()));
    if let Some(stamp) = &verified.time_stamp {
        lines.push(format!("  ✓ It was sealed before {}: time stamp of {}.", stamp.time(), stamp.authority()));
    }
    if is_known {
        lines.push("  ✓ It was sealed with the given certificate.".to_owned());
    }
    lines.extend([String::new(), "  Not proven by this file:".to_owned()]);
    if !is_known {
        lines.push(
            "  – whose seal it is: compare the fingerprint below with the clinic's, or give --certificate".to_owned(),
        );
    }
    lines.push(match &verified.time_stamp {
        Some(stamp) => format!("  – that {} is an authority to be trusted", stamp.authority()),
        None => format!("  – when it was sealed: {} is what the clinic's own clock said", verified.sealed_at),
    });
    lines.extend([
        "  – who the people are: the clinic established that, and says how in the evidence pages".to_owned(),
        "  – that the packet is still valid today: the clinic knows".to_owned(),
        String::new(),
        format!("  packet       {}", record.packet),
        format!("  certificate  {}", chain.subject()),
        format!("  fingerprint  {}", hex::encode(chain.fingerprint())),
        format!("  whole file   {}", hex::encode(verified.sha256)),
    ]);
    lines
}

fn signature(statement: &Statement) -> Vec<String> {
    let answers = statement.answers.as_ref().map(|hash| format!("      over the answers with SHA-256 {hash}"));
    let mut lines = vec![
        format!("    {}, {}, {} ({})", statement.signer, statement.capacity, statement.signed_at, statement.mark),
        format!("      signed in at {} with {}", statement.authenticated_at, statement.authentication),
    ];
    lines.extend(answers);
    lines
}
