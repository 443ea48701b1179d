//! What becomes of a file: the way it takes in the portal, from upload to seal, without the portal.

use hearth::domain::document::RefusalCode;
use intake::pdf::{Canonical, Limits, canonicalise};
use lopdf::{Document, Object};
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{Signature, SigningKey};
use pades::{Chain, Draft};
use seal::pdf::{ENGLISH, Evidence, Mark, Moment, Sealing, SignatureEvidence, append_evidence};

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It was rewritten, and sealed.
    Sealed {
        /// Pages.
        pages: u32,
    },
    /// Intake refused it.
    Refused(String),
    /// Something that must never happen.
    Failed(String),
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sealed { pages } => write!(formatter, "sealed {pages}"),
            Self::Refused(reason) => write!(formatter, "refused {reason}"),
            Self::Failed(cause) => write!(formatter, "failed {cause}"),
        }
    }
}

impl std::str::FromStr for Verdict {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        match word {
            "sealed" => Ok(Self::Sealed { pages: rest.parse().map_err(|_| format!("no page count: {text}"))? }),
            "refused" => Ok(Self::Refused(rest.to_owned())),
            "failed" => Ok(Self::Failed(rest.to_owned())),
            _ => Err(format!("no verdict: {text}")),
        }
    }
}

/// Inspects a file and, if it passes, seals it.
#[must_use]
pub fn of(raw: &[u8]) -> Verdict {
    let canonical = match canonicalise(raw, &Limits::default()) {
        Ok(canonical) => canonical,
        Err(refusal) => return Verdict::Refused(refusal.code().to_owned()),
    };
    match active_names(&canonical.bytes).and_then(|()| stable(&canonical)).and_then(|()| sealed(&canonical)) {
        Ok(()) => Verdict::Sealed { pages: canonical.pages },
        Err(cause) => Verdict::Failed(cause),
    }
}

/// Names that run, open, fetch, play, submit or carry something.
const ACTIVE: [&[u8]; 22] = [
    b"AA",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"FileAttachment",
    b"Filespec",
    b"GoToE",
    b"GoToR",
    b"ImportData",
    b"JS",
    b"JavaScript",
    b"Launch",
    b"Metadata",
    b"Movie",
    b"OpenAction",
    b"Rendition",
    b"ResetForm",
    b"RichMedia",
    b"Sound",
    b"SubmitForm",
    b"URI",
    b"XFA",
    b"NeedAppearances",
];

/// Maps whose keys somebody chose freely: there a name is only a name.
const CHOSEN: [&[u8]; 9] =
    [b"Font", b"XObject", b"ExtGState", b"ColorSpace", b"Pattern", b"Shading", b"Properties", b"N", b"CharProcs"];

/// Looks for active names with another eye than the rewriting has: in every object of the file, reached or not.
fn active_names(canonical: &[u8]) -> Result<(), String> {
    let document =
        Document::load_mem(canonical).map_err(|error| format!("the canonical file does not load: {error}"))?;
    document.objects.values().try_for_each(|object| search(object, false))
}

fn search(object: &Object, chosen: bool) -> Result<(), String> {
    let dictionary = match object {
        Object::Array(items) => return items.iter().try_for_each(|item| search(item, false)),
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => &stream.dict,
        _ => return Ok(()),
    };
    for (key, value) in dictionary {
        let typed = matches!(key.as_slice(), b"S" | b"Subtype" | b"Type" | b"Filter");
        let named = typed.then(|| value.as_name().ok()).flatten();
        let hit =
            named.filter(|name| ACTIVE.contains(name)).or((!chosen && ACTIVE.contains(&key.as_slice())).then_some(key));
        // A map of resources that is an object of its own is met without its key; its values are not scripts.
        let harmless = matches!(value, Object::Reference(_)) && named.is_none();
        if let Some(name) = hit.filter(|_| !harmless) {
            return Err(format!("active content is left: {}", String::from_utf8_lossy(name)));
        }
        search(value, CHOSEN.contains(&key.as_slice()))?;
    }
    Ok(())
}

/// A canonical file is canonical: inspected again it is accepted, with the same pages and nothing to remove.
fn stable(canonical: &Canonical) -> Result<(), String> {
    match canonicalise(&canonical.bytes, &Limits { bytes: usize::MAX, ..Limits::default() }) {
        Ok(again) if again.pages == canonical.pages => Ok(()),
        Ok(again) => Err(format!("{} pages became {}", canonical.pages, again.pages)),
        // What just fitted the bounds may be a little larger when it was written anew.
        Err(RefusalCode::TooComplex) => Ok(()),
        Err(refusal) => Err(format!("the canonical file is refused: {}", refusal.code())),
    }
}

fn sealed(canonical: &Canonical) -> Result<(), String> {
    let moment = || Moment { utc: "2026-05-03 18:04:09 UTC".into(), local: "3 May 2026, 14:04 EDT".into() };
    let signature = SignatureEvidence {
        answers_sha256: None,
        mark: Mark::Typed("Ana Example".into()),
        signer: "Ana Example".into(),
        capacity: "as parent".into(),
        authority: "legal authority recorded by the clinic".into(),
        attestation: "I have read this document and I agree to it.".into(),
        records_consent: "text of 1 March 2026".into(),
        signed_at: moment(),
        authentication: "password and a code sent by email".into(),
        authenticated_at: moment(),
        facts: Vec::new(),
    };
    let evidence = Evidence {
        answers: None,
        packet: "specimen".into(),
        title_lines: vec!["Riverside Clinic".into()],
        document_sha256: canonical.sha256,
        pages: canonical.pages,
        signatures: vec![signature],
        facts: Vec::new(),
        labels: ENGLISH,
    };
    let file = seal(&canonical.bytes, &evidence)?;
    if !file.starts_with(&canonical.bytes) {
        return Err("the seal changed what was signed".to_owned());
    }
    let pages =
        Document::load_mem(&file).map_err(|error| format!("the sealed file does not load: {error}"))?.get_pages();
    if pages.len() <= canonical.pages as usize { Err("the record is missing".to_owned()) } else { Ok(()) }
}

/// The file with its record, signed with a key that is nobody's, and verified.
fn seal(canonical: &[u8], evidence: &Evidence) -> Result<Vec<u8>, String> {
    let key = SigningKey::from_slice(&[7; 32]).map_err(|error| error.to_string())?;
    let certificate = pades::local::self_signed(&key, "CN=Specimens").map_err(|error| error.to_string())?;
    let chain = Chain::from_der(vec![certificate]).map_err(|error| error.to_string())?;
    let at = "2026-05-03T18:05:00Z".parse().map_err(|_| "no time".to_owned())?;
    let sealing = Sealing { chain: chain.clone().into(), time_stamp: false, at };
    let file = append_evidence(canonical, evidence, &sealing).map_err(|error| format!("no record: {error}"))?;
    let draft = Draft::new(file, canonical.len(), &chain).map_err(|error| format!("not sealed: {error}"))?;
    let signature: Signature = key.sign_prehash(&draft.digest()).map_err(|error| error.to_string())?;
    let signed = draft.sign(signature.to_der().as_bytes()).map_err(|error| format!("not sealed: {error}"))?;
    let file = signed.finish(None).map_err(|error| format!("not sealed: {error}"))?;
    pades::verify(&file, Some(&[chain.fingerprint()])).map_err(|error| format!("not proven: {error}"))?;
    Ok(file)
}
