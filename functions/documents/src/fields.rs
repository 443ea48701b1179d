//! `GET /members/{member}/documents/{document}/fields`: what the form asks for.

use hearth::domain::decide::Action;
use hearth::domain::document::DocumentState;
use hearth::domain::form::{Form, FormField};
use hearth::domain::id::DocumentId;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::store::Key;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;
use crate::look::seen;

/// The fields that a person can fill in.
#[derive(Serialize, ToSchema)]
pub(crate) struct DocumentFields {
    /// In the order of the form; none, when the document is no form.
    fields: Vec<FormField>,
}

/// Shows the fields of a form.
#[utoipa::path(
    get,
    path = "/members/{member}/documents/{document}/fields",
    operation_id = "list_fields",
    tag = "documents",
    params(
        ("member" = hearth::domain::id::MemberId, Path, description = "the member of the token"),
        ("document" = DocumentId, Path, description = "the document"),
    ),
    responses(
        (status = 200, description = "what can be filled in", body = DocumentFields),
        (status = 401, description = "sign in again", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "not there, or not for you", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "not inspected yet, or refused", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "try again", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("member" = []))
)]
pub(crate) async fn fields(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let document = call.parameter("document")?;
    let (key, form_key) = (Key::document(member, document), Key::form(member, document));

    let reading = gate.read_for(call, &claims).member(member).also(key.clone()).also(form_key.clone());
    let mut found = reading.send().await?;
    let permit = gate.permit(Action::ListDocuments, &mut found).await?;

    match seen(&found, &key, &permit)?.state {
        DocumentState::Ready { .. } => {
            let form: Option<Form> = found.get(&form_key)?;
            Answer::ok(&DocumentFields { fields: form.map(|form| form.fields).unwrap_or_default() })
        }
        state => Err(Problem::conflict(state.why_not_ready()).into()),
    }
}
