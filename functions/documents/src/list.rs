//! `GET /members/{member}/documents`: what was uploaded for a member, newest first.

use futures_util::future::try_join;
use hearth::domain::decide::Action;
use hearth::domain::document::Document;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Stop};
use hearth::store::Key;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;
use crate::view::DocumentView;

/// The documents of a member.
#[derive(Serialize, ToSchema)]
pub(crate) struct Documents {
    /// Newest first.
    documents: Vec<DocumentView>,
}

/// Lists documents.
#[utoipa::path(
    get,
    path = "/members/{member}/documents",
    operation_id = "list_documents",
    tag = "documents",
    params(("member" = hearth::domain::id::MemberId, Path, description = "the member of the token")),
    responses(
        (status = 200, description = "all documents, newest first", body = Documents),
        (status = 401, description = "sign in again", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "not there, or not for you", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "try again", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("member" = []))
)]
pub(crate) async fn list(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;

    // The list is read beside the facts and thrown away on a no: one round trip instead of two.
    let facts = gate.read_for(call, &claims).member(member).send();
    let member_key = Key::member(member);
    let documents = gate.store.list::<Document>(&member_key, "DOCUMENT#");
    let (mut found, documents) = try_join(facts, documents).await?;
    let permit = gate.permit(Action::ListDocuments, &mut found).await?;

    let documents = Document::listed(documents, permit.login(), permit.capacity())
        .into_iter()
        .map(|document| DocumentView::of(document, permit.capacity(), found.now))
        .collect();
    Answer::ok(&Documents { documents })
}
