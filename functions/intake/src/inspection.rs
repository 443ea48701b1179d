//! From an uploaded file to a verdict on record.

use std::time::Duration;

use futures_util::future::{try_join, try_join3};
use hearth::domain::decide::{Action, Deny, judge as judge_action};
use hearth::domain::document::{CanonicalFile, Document, DocumentState, RefusalCode, Sha256Digest};
use hearth::domain::event::{Capacity, EventKind, NewEvent, Subject};
use hearth::domain::form::Form;
use hearth::domain::grant::Grant;
use hearth::domain::login::Login;
use hearth::domain::member::Member;
use hearth::files::FileKey;
use hearth::http::Stop;
use hearth::store::{Key, Transaction};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::Context;
use crate::pdf::{Canonical, Limits, canonicalise};
use crate::upload::Upload;

/// Tries to put the verdict on record. Others write to the same member's record; each collision means that one of them got
/// on, and the event comes again if all tries collide.
const MOST_TRIES: u32 = 8;

/// How long the inspection of one file may take. All bounds together allow a few seconds; this one is for what nobody thought of,
/// and leaves time to say so before the function's own timeout.
const WITHIN: Duration = Duration::from_secs(40);

/// What became of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It can be opened and signed.
    Ready {
        /// Pages.
        pages: u32,
        /// Length of the canonical file in bytes.
        bytes: u64,
        /// Active or foreign parts that were left out.
        removed: u32,
    },
    /// It cannot be used.
    Refused(RefusalCode),
    /// Nothing was to be done.
    Ignored(&'static str),
}

/// Inspects an upload and puts the verdict on record.
pub(crate) async fn run(context: &Context, upload: &Upload) -> Result<Outcome, Stop> {
    let key = Key::document(upload.member, upload.document);
    let Some(document) = context.store.get::<Document>(&key).await? else {
        return Ok(Outcome::Ignored("unknown-document"));
    };
    if document.announced_sha256 != upload.sha256 {
        return Ok(Outcome::Ignored("other-file"));
    }
    if document.state != DocumentState::Awaiting {
        return Ok(Outcome::Ignored("inspected-before"));
    }
    // Before the work and again with the verdict: access may end while the file is on its way, or while it is read.
    if Uploader::read(context, upload, &document).await?.may_send(context, &document, context.clock.now()).is_err() {
        let refusal = RefusalCode::NotAllowed;
        return conclude(context, upload, &Err(refusal), Outcome::Refused(refusal)).await;
    }
    match inspect(context, upload, &document).await? {
        Ok(canonical) => accept(context, upload, canonical).await,
        Err(refusal) => {
            let outcome = Outcome::Refused(refusal);
            conclude(context, upload, &Err(refusal), outcome).await
        }
    }
}

/// Puts on record that a file never came, or could not be inspected.
pub(crate) async fn give_up(context: &Context, upload: &Upload) -> Result<Outcome, Stop> {
    let refusal = RefusalCode::Lost;
    conclude(context, upload, &Err(refusal), Outcome::Refused(refusal)).await
}

/// Reads the file and judges it, away from the thread on which requests wait.
async fn inspect(
    context: &Context,
    upload: &Upload,
    document: &Document,
) -> Result<Result<Canonical, RefusalCode>, Stop> {
    if upload.bytes.is_some_and(|bytes| bytes > Document::LARGEST) {
        return Ok(Err(RefusalCode::TooLarge));
    }
    let Some(raw) = context.files.read(&upload.key(), Document::LARGEST).await? else {
        return Err(Stop::Unavailable("an uploaded file was not there"));
    };
    let (bytes, sha256) = (document.announced_bytes, document.announced_sha256);
    match tokio::time::timeout(WITHIN, tokio::task::spawn_blocking(move || judge(&raw, bytes, &sha256))).await {
        Ok(Ok(verdict)) => Ok(verdict),
        Err(_) => Ok(Err(RefusalCode::TooComplex)),
        // A file on which the parser falls over is refused like any other that cannot be read.
        Ok(Err(error)) if error.is_panic() => Ok(Err(RefusalCode::Damaged)),
        Ok(Err(_)) => Err(Stop::Unavailable("the inspection was interrupted")),
    }
}

/// Judges the bytes of a file. S3 takes no other bytes than the announced ones, so others mean that something broke.
fn judge(raw: &[u8], bytes: u64, sha256: &Sha256Digest) -> Result<Canonical, RefusalCode> {
    let received = Sha256Digest::new(Sha256::digest(raw).into());
    if u64::try_from(raw.len()) != Ok(bytes) || received != *sha256 {
        return Err(RefusalCode::Damaged);
    }
    canonicalise(raw, &Limits::default())
}

/// Keeps the canonical file, then says so. The other way round a reader could be sent to a file that is not there.
async fn accept(context: &Context, upload: &Upload, canonical: Canonical) -> Result<Outcome, Stop> {
    let file = CanonicalFile {
        sha256: Sha256Digest::new(canonical.sha256),
        bytes: u64::try_from(canonical.bytes.len()).unwrap_or(u64::MAX),
        pages: canonical.pages,
    };
    let outcome = Outcome::Ready { pages: file.pages, bytes: file.bytes, removed: canonical.removed };
    let form = Form { member: upload.member, document: upload.document, fields: canonical.fields, version: 1 };
    let key = FileKey::canonical(upload.member, upload.document, &file.sha256);
    // A file that is there already was written by a run that died before the next step, and has the same bytes.
    context.files.write_once(&key, canonical.bytes, &file.sha256).await?;
    conclude(context, upload, &Ok((file, form)), outcome).await
}

/// Puts the verdict on the document and on the member's record, in one transaction.
async fn conclude(
    context: &Context,
    upload: &Upload,
    verdict: &Result<(CanonicalFile, Form), RefusalCode>,
    outcome: Outcome,
) -> Result<Outcome, Stop> {
    let key = Key::document(upload.member, upload.document);
    let subject = Subject::Member(upload.member);
    for _ in 0..MOST_TRIES {
        let now = context.clock.now();
        let (document, mut trail) = try_join(context.store.get::<Document>(&key), context.store.trail(subject)).await?;
        let Some(document) = document else { return Ok(Outcome::Ignored("unknown-document")) };
        let uploader = Uploader::read(context, upload, &document).await?;
        let (verdict, outcome, event) = match uploader.may_send(context, &document, now) {
            Ok(()) => (verdict.clone(), outcome, event(upload, outcome)),
            Err(deny) => {
                let refusal = RefusalCode::NotAllowed;
                (Err(refusal), Outcome::Refused(refusal), denial(upload, &document, deny))
            }
        };
        let (verdict, form) = match verdict {
            Ok((file, form)) => (Ok(file), Some(form)),
            Err(refusal) => (Err(refusal), None),
        };
        let Some(inspected) = document.inspected(verdict) else { return Ok(Outcome::Ignored("inspected-before")) };
        let change = Transaction::unpermitted(now, &upload.request).replace(&document, inspected);
        // Most papers are no forms.
        let change = form.iter().filter(|form| !form.fields.is_empty()).fold(change, Transaction::create);
        let change = uploader.pinned(change).record(&mut trail, event);
        match change.commit(&context.store).await {
            Ok(()) => return Ok(outcome),
            Err(Stop::Changed) => {}
            Err(stop) => return Err(stop),
        }
    }
    Err(Stop::Changed)
}

/// Who announced a file, and what the right to send it rests on.
struct Uploader {
    login: Option<Login>,
    grant: Option<Grant>,
    member: Option<Member>,
}

impl Uploader {
    async fn read(context: &Context, upload: &Upload, document: &Document) -> Result<Self, Stop> {
        let (store, login) = (&context.store, document.uploaded_by);
        let (login_key, grant_key) = (Key::login(login), Key::grant(login, upload.member));
        let member_key = Key::member(upload.member);
        let (login, grant, member) =
            try_join3(store.get(&login_key), store.get(&grant_key), store.get(&member_key)).await?;
        Ok(Self { login, grant, member })
    }

    /// Whether the person may still send a file: the same rule as when it was announced.
    fn may_send(&self, context: &Context, document: &Document, now: Timestamp) -> Result<(), Deny> {
        let login = self.login.as_ref().ok_or(Deny::NoGrant)?;
        let person = (login, self.grant.as_ref());
        let action = Action::uploading(document.audience);
        judge_action(action, person, self.member.as_ref(), &context.policy, now).map(|_| ())
    }

    /// The change, when nothing of this is changed meanwhile.
    fn pinned(&self, change: Transaction) -> Transaction {
        let change = self.login.iter().fold(change, Transaction::pin);
        let change = self.grant.iter().fold(change, Transaction::pin);
        self.member.iter().fold(change, Transaction::pin)
    }
}

/// A file that came after its sender's access had ended: on record for staff alone, as every no.
fn denial(upload: &Upload, document: &Document, deny: Deny) -> NewEvent {
    NewEvent {
        kind: EventKind::AccessDenied,
        actor: Some(document.uploaded_by),
        capacity: Capacity::Nobody,
        object: Some(upload.document.to_string()),
        reason: Some(deny.to_string()),
    }
}

/// What the member's record says about it.
fn event(upload: &Upload, outcome: Outcome) -> NewEvent {
    let (kind, reason) = match outcome {
        Outcome::Refused(refusal) => (EventKind::DocumentRefused, Some(refusal.code().to_owned())),
        _ => (EventKind::DocumentReady, None),
    };
    NewEvent { kind, actor: None, capacity: Capacity::System, object: Some(upload.document.to_string()), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_and_the_inspection_have_the_same_limit() {
        assert_eq!(u64::try_from(Limits::default().bytes), Ok(Document::LARGEST));
    }

    #[test]
    fn other_bytes_than_announced_are_refused_before_they_are_parsed() {
        let raw = b"%PDF-1.7";
        let sha256 = Sha256Digest::new(Sha256::digest(raw).into());
        assert_eq!(judge(raw, 9, &sha256), Err(RefusalCode::Damaged));
        assert_eq!(judge(raw, 8, &Sha256Digest::new([0; 32])), Err(RefusalCode::Damaged));
        let text = b"hello";
        let sha256 = Sha256Digest::new(Sha256::digest(text).into());
        assert_eq!(judge(text, 5, &sha256), Err(RefusalCode::NotAPdf));
    }
}
