//! `POST /members/{member}/documents/{document}/open`: a link to the canonical file, for one minute.

use hearth::domain::decide::Action;
use hearth::domain::document::{Document, DocumentState};
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::id::DocumentId;
use hearth::files::{FileKey, LINK_LIFE};
use hearth::gate::event;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Nothing, Problem, Stop};
use hearth::store::Key;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;
use crate::look::seen;

/// A link to a file.
#[derive(Serialize, ToSchema)]
pub(crate) struct DocumentLink {
    /// Address of the file, as a download.
    url: String,
    /// Seconds for which the address works.
    expires_in: i64,
}

/// Opens a document.
#[utoipa::path(
    post,
    path = "/members/{member}/documents/{document}/open",
    operation_id = "open_document",
    tag = "documents",
    params(
        ("member" = hearth::domain::id::MemberId, Path, description = "the member of the token"),
        ("document" = DocumentId, Path, description = "the document"),
        ("Idempotency-Key" = Option<String>, Header, description = "the same answer for the same key, for 24 hours"),
    ),
    request_body = Nothing,
    responses(
        (status = 200, description = "a link that works for one minute", body = DocumentLink),
        (status = 400, description = "the body has the wrong form", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "sign in again", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "not there, or not for you", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "not inspected yet, or refused", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "the idempotency key came with another request", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "unknown whether it was done", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("member" = []))
)]
pub(crate) async fn open(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let key = Key::document(member, call.parameter("document")?);
    let Nothing {} = call.json()?;

    let mut found = gate.read_for(call, &claims).member(member).also(key.clone()).send().await?;
    let permit = gate.permit(Action::OpenDocument, &mut found).await?;

    let document = seen(&found, &key, &permit)?;
    let link = context.files.download_link(&canonical_key(&document)?).await?;
    let answer = Answer::ok(&DocumentLink { url: link.url, expires_in: LINK_LIFE.as_secs() })?;

    // The event stands before anybody gets the link: what was opened is on record, always. The document is pinned, for staff may
    // keep it for themselves at this moment.
    let opened = NewEvent { object: Some(document.id.to_string()), ..event(&permit, EventKind::DocumentOpened) };
    let change = gate.change(&permit, &found).pin(&document).record(found.trail(Subject::Member(member))?, opened);
    gate.commit(change, &found, answer).await
}

/// Where the file of a ready document stands.
fn canonical_key(document: &Document) -> Result<FileKey, Stop> {
    match &document.state {
        DocumentState::Ready { canonical } => Ok(FileKey::canonical(document.member, document.id, &canonical.sha256)),
        state => Err(Problem::conflict(state.why_not_ready()).into()),
    }
}
