//! `POST /members/{member}/documents`: announce a file and get a link that takes exactly its bytes.

use std::collections::BTreeMap;

use hearth::domain::decide::Action;
use hearth::domain::document::{Audience, Document, DocumentState, FileKind, Sha256Digest};
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::id::DocumentId;
use hearth::domain::text::Title;
use hearth::files::FileKey;
use hearth::gate::event;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop, field};
use hearth::random;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;

/// What is about to be uploaded.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Announcement {
    /// Title under which the family and the clinic find the document.
    #[schema(min_length = 1, max_length = 120)]
    title: String,
    /// Length of the file in bytes.
    #[schema(minimum = 1, maximum = 26_214_400)]
    bytes: u64,
    /// What kind of file it is; a PDF, when nothing is said.
    #[serde(default)]
    content_type: FileKind,
    /// SHA-256 of the file. S3 takes no other bytes.
    sha256: Sha256Digest,
    /// For whom it is: for the family, when nothing is said. Only staff send papers for staff.
    #[serde(default)]
    audience: Audience,
}

/// The new document and the link for its file.
#[derive(Serialize, ToSchema)]
pub(crate) struct Started {
    /// Identifier of the document.
    id: DocumentId,
    /// How to send the file.
    upload: Upload,
}

/// A request that the browser sends to S3 itself, with the file as its body.
#[derive(Serialize, ToSchema)]
pub(crate) struct Upload {
    /// Address, with the signature in it.
    url: String,
    /// Method.
    #[schema(pattern = "^PUT$")]
    method: &'static str,
    /// Headers that must be sent as they are.
    headers: BTreeMap<String, String>,
    /// Seconds within which the request must begin.
    expires_in: i64,
}

/// Announces a file.
#[utoipa::path(
    post,
    path = "/members/{member}/documents",
    operation_id = "start_upload",
    tag = "documents",
    params(
        ("member" = hearth::domain::id::MemberId, Path, description = "the member of the token"),
        ("Idempotency-Key" = Option<String>, Header, description = "the same answer for the same key, for 24 hours"),
    ),
    request_body = Announcement,
    responses(
        (status = 201, description = "send the file now", body = Started),
        (status = 400, description = "the body has the wrong form", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "sign in again", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "not there, or not for you", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "a field breaks a rule", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "unknown whether it was done", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("member" = []))
)]
pub(crate) async fn start(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let announcement: Announcement = call.json()?;
    let title: Title = field("title", &announcement.title)?;
    check_length(announcement.bytes)?;

    let mut found = gate.read_for(call, &claims).member(member).send().await?;
    let permit = gate.permit(Action::uploading(announcement.audience), &mut found).await?;

    let document = Document {
        id: DocumentId::from_random(random::bytes()?),
        member,
        title,
        uploaded_by: permit.login(),
        created_at: found.now,
        announced_sha256: announcement.sha256,
        announced_bytes: announcement.bytes,
        audience: announcement.audience,
        state: DocumentState::Awaiting,
        version: 1,
    };
    let key = FileKey::upload(member, document.id, &document.announced_sha256);
    let life = Document::UPLOAD_WITHIN;
    let link = context
        .files
        .upload_link(&key, announcement.content_type, &document.announced_sha256, document.announced_bytes, life)
        .await?;
    let answer = Answer::created(&Started {
        id: document.id,
        upload: Upload {
            url: link.url,
            method: "PUT",
            headers: link.headers.into_iter().collect(),
            expires_in: life.as_secs(),
        },
    })?;

    let started = NewEvent { object: Some(document.id.to_string()), ..event(&permit, EventKind::UploadStarted) };
    let change = gate.change(&permit, &found).create(&document).record(found.trail(Subject::Member(member))?, started);
    gate.commit(change, &found, answer).await
}

/// Refuses what intake would refuse, before anybody waits for an upload.
fn check_length(bytes: u64) -> Result<(), Stop> {
    match bytes {
        0 => Err(Problem::cannot("bytes", "this file is empty; choose another one").into()),
        bytes if bytes > Document::LARGEST => Err(Problem::cannot(
            "bytes",
            "this file is larger than 25 MB; scan it again with a lower resolution, or split it",
        )
        .into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_and_oversized_files_are_refused() {
        assert!(check_length(0).is_err());
        assert_eq!(check_length(1), Ok(()));
        assert_eq!(check_length(Document::LARGEST), Ok(()));
        assert!(check_length(Document::LARGEST + 1).is_err());
    }

    #[test]
    fn the_description_names_the_real_limit() {
        assert_eq!(Document::LARGEST, 26_214_400);
    }
}
