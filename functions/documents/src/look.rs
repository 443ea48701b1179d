//! `GET /members/{member}/documents/{document}`: how far one document has come.

use hearth::domain::decide::{Action, Permit};
use hearth::domain::document::Document;
use hearth::domain::id::DocumentId;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::store::{Found, Key};

use crate::Context;
use crate::view::DocumentView;

/// Shows one document.
#[utoipa::path(
    get,
    path = "/members/{member}/documents/{document}",
    operation_id = "look_at_document",
    tag = "documents",
    params(
        ("member" = hearth::domain::id::MemberId, Path, description = "the member of the token"),
        ("document" = DocumentId, Path, description = "the document"),
    ),
    responses(
        (status = 200, description = "the document, without its pages", body = DocumentView),
        (status = 401, description = "sign in again", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "not there, or not for you", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "try again", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("member" = []))
)]
pub(crate) async fn look(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let key = Key::document(member, call.parameter("document")?);

    let mut found = gate.read_for(call, &claims).member(member).also(key.clone()).send().await?;
    let permit = gate.permit(Action::ListDocuments, &mut found).await?;

    let document = seen(&found, &key, &permit)?;
    Answer::ok(&DocumentView::of(document, permit.capacity(), found.now))
}

/// The document, as far as the caller may know of it; a paper for staff and a file that came too late do not exist for a family.
pub(crate) fn seen(found: &Found, key: &Key, permit: &Permit) -> Result<Document, Stop> {
    let document: Option<Document> = found.get(key)?;
    let seen = document.filter(|document| document.is_seen_by(permit.login(), permit.capacity()));
    Ok(seen.ok_or_else(Problem::not_found)?)
}
