//! A document as a client sees it.

use hearth::domain::document::{Audience, Document, DocumentState, RefusalCode, Sha256Digest};
use hearth::domain::event::Capacity;
use hearth::domain::id::DocumentId;
use hearth::domain::text::Title;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::refusal;

/// From then on a file that was announced counts as lost: the link lives 5 minutes, a slow line takes a few more for 25 MB,
/// and inspection is tried three times within as many minutes.
const ARRIVES_WITHIN: SignedDuration = SignedDuration::from_mins(15);

/// A document, without its pages.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct DocumentView {
    /// Identifier.
    id: DocumentId,
    /// Title.
    title: Title,
    /// When the upload was started.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// For whom it is; for staff only. Families see what is for families.
    #[serde(skip_serializing_if = "Option::is_none")]
    audience: Option<Audience>,
    /// How far it has come.
    state: State,
    /// Pages, once it is ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<u32>,
    /// Length of the canonical file in bytes, once it is ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    /// SHA-256 of the canonical file, once it is ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<Sha256Digest>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<RefusalCode>,
    /// What to tell the person who sent it, when there is something to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

/// How far a document has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// The file has not arrived, or is being inspected.
    Awaiting,
    /// It can be opened and signed.
    Ready,
    /// It could not be used.
    Refused,
}

/// A sentence for a person, in every language of the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Message {
    /// In English.
    pub(crate) en: &'static str,
    /// In Spanish.
    pub(crate) es: &'static str,
}

impl DocumentView {
    /// What somebody who acts in that capacity sees of the document at `now`.
    pub(crate) fn of(document: Document, capacity: Capacity, now: Timestamp) -> Self {
        let is_late = now >= document.created_at + ARRIVES_WITHIN;
        let mut view = Self {
            id: document.id,
            title: document.title,
            created_at: document.created_at,
            audience: (capacity == Capacity::Staff).then_some(document.audience),
            state: State::Awaiting,
            pages: None,
            bytes: None,
            sha256: None,
            refusal: None,
            message: is_late.then_some(refusal::LOST),
        };
        match document.state {
            DocumentState::Awaiting => {}
            DocumentState::Ready { canonical } => {
                view.state = State::Ready;
                view.pages = Some(canonical.pages);
                view.bytes = Some(canonical.bytes);
                view.sha256 = Some(canonical.sha256);
                view.message = None;
            }
            DocumentState::Refused { refusal } => {
                view.state = State::Refused;
                view.refusal = Some(refusal);
                view.message = Some(refusal::message(refusal));
            }
        }
        view
    }
}

#[cfg(test)]
mod tests {
    use hearth::domain::document::CanonicalFile;
    use hearth::domain::id::{LoginId, MemberId};

    use super::*;

    const ANNOUNCED: Sha256Digest = Sha256Digest::new([1; 32]);
    const CANONICAL: Sha256Digest = Sha256Digest::new([2; 32]);

    fn document(state: DocumentState) -> Document {
        Document {
            id: DocumentId::from_random([1; 16]),
            member: MemberId::from_random([2; 16]),
            title: "Consent".parse().unwrap(),
            uploaded_by: LoginId::from_random([3; 16]),
            created_at: "2026-11-21T12:00:00Z".parse().unwrap(),
            announced_sha256: ANNOUNCED,
            announced_bytes: 10,
            audience: Audience::Staff,
            state,
            version: 1,
        }
    }

    #[test]
    fn a_ready_document_shows_the_canonical_file_and_never_what_was_sent() {
        let canonical = CanonicalFile { sha256: CANONICAL, bytes: 12, pages: 3 };
        let document = document(DocumentState::Ready { canonical });
        let later = document.created_at + ARRIVES_WITHIN;
        let view = DocumentView::of(document, Capacity::Staff, later);
        assert_eq!((view.state, view.pages, view.bytes), (State::Ready, Some(3), Some(12)));
        assert_eq!((view.sha256, view.message), (Some(CANONICAL), None));
        assert_eq!(view.audience, Some(Audience::Staff));
    }

    #[test]
    fn a_refused_document_says_what_to_do() {
        let document = document(DocumentState::Refused { refusal: RefusalCode::Encrypted });
        let now = document.created_at;
        let view = DocumentView::of(document, Capacity::Family, now);
        assert_eq!((view.state, view.refusal), (State::Refused, Some(RefusalCode::Encrypted)));
        assert_eq!(view.message, Some(refusal::message(RefusalCode::Encrypted)));
        assert_eq!((view.sha256, view.bytes, view.audience), (None, None, None));
    }

    #[test]
    fn a_file_that_never_came_is_told_after_a_while() {
        let document = document(DocumentState::Awaiting);
        let now = document.created_at;
        assert_eq!(DocumentView::of(document.clone(), Capacity::Family, now).message, None);
        let late = DocumentView::of(document, Capacity::Family, now + ARRIVES_WITHIN);
        assert_eq!((late.state, late.message), (State::Awaiting, Some(refusal::LOST)));
    }
}
