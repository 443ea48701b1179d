//! For whom a paper is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Document, DocumentState, RefusalCode};
use crate::domain::event::Capacity;
use crate::domain::id::LoginId;

/// For whom a paper is. A field of its own and not one of the states: a paper that only staff see is inspected like any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// For everybody who may read the member's documents.
    #[default]
    Family,
    /// For the clinic alone: the order of a court, which names the address that one parent keeps from the other.
    Staff,
}

impl Document {
    /// Whether the family sees it. That somebody's file came too late for the access would tell others what befell the access.
    #[must_use]
    pub fn is_for_family(&self) -> bool {
        self.audience == Audience::Family && self.is_told()
    }

    /// Whether a person who acts in that capacity sees it. Who sent a paper goes on seeing it when the clinic keeps it for staff:
    /// that it vanished would tell that a decision rests on it.
    #[must_use]
    pub fn is_seen_by(&self, login: LoginId, capacity: Capacity) -> bool {
        capacity == Capacity::Staff || self.is_for_family() || (self.uploaded_by == login && self.is_told())
    }

    fn is_told(&self) -> bool {
        self.state != DocumentState::Refused { refusal: RefusalCode::NotAllowed }
    }

    /// The documents that a person sees who acts in that capacity, newest first. Identifiers are random, so the order of keys says
    /// nothing.
    #[must_use]
    pub fn listed(mut documents: Vec<Self>, login: LoginId, capacity: Capacity) -> Vec<Self> {
        documents.retain(|document| document.is_seen_by(login, capacity));
        documents.sort_unstable_by_key(|document| std::cmp::Reverse((document.created_at, document.id)));
        documents
    }

    /// The paper once a decision of staff rests on it: for staff alone, whatever was said when it was sent. `None` when it is that
    /// already.
    #[must_use]
    pub fn kept_as_evidence(&self) -> Option<Self> {
        (self.audience == Audience::Family).then(|| Self { audience: Audience::Staff, ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::document::{CanonicalFile, Sha256Digest};
    use crate::domain::id::{DocumentId, MemberId};

    const SENDER: LoginId = LoginId::from_random([3; 16]);
    const OTHER: LoginId = LoginId::from_random([4; 16]);

    fn paper(audience: Audience, state: DocumentState) -> Document {
        Document {
            id: DocumentId::from_random([1; 16]),
            member: MemberId::from_random([2; 16]),
            title: "Order".parse().unwrap(),
            uploaded_by: SENDER,
            created_at: "2026-11-21T12:00:00Z".parse().unwrap(),
            announced_sha256: Sha256Digest::new([1; 32]),
            announced_bytes: 10,
            audience,
            state,
            version: 1,
        }
    }

    fn ready() -> DocumentState {
        DocumentState::Ready { canonical: CanonicalFile { sha256: Sha256Digest::new([2; 32]), bytes: 12, pages: 3 } }
    }

    #[test]
    fn a_paper_for_staff_is_seen_by_staff_and_by_who_sent_it() {
        let order = paper(Audience::Staff, ready());
        assert!(!order.is_for_family());
        assert!(order.is_seen_by(OTHER, Capacity::Staff) && order.is_seen_by(SENDER, Capacity::Family));
        for capacity in [Capacity::Family, Capacity::Nobody, Capacity::System] {
            assert!(!order.is_seen_by(OTHER, capacity), "{capacity:?}");
        }
        let listed =
            |login| Document::listed(vec![order.clone(), paper(Audience::Family, ready())], login, Capacity::Family);
        assert_eq!((listed(OTHER).len(), listed(SENDER).len()), (1, 2));
    }

    #[test]
    fn what_a_decision_rests_on_is_for_staff_from_then_on() {
        let consent = paper(Audience::Family, ready());
        assert!(consent.is_seen_by(OTHER, Capacity::Family));
        let kept = consent.kept_as_evidence().unwrap();
        assert!(!kept.is_seen_by(OTHER, Capacity::Family));
        assert_eq!(kept.kept_as_evidence(), None);
    }

    #[test]
    fn a_file_that_came_too_late_is_hidden_from_its_sender_as_well() {
        let late = paper(Audience::Family, DocumentState::Refused { refusal: RefusalCode::NotAllowed });
        assert!(!late.is_seen_by(SENDER, Capacity::Family) && late.is_seen_by(OTHER, Capacity::Staff));
    }

    #[test]
    fn papers_from_before_are_for_the_family() {
        let mut item = serde_json::to_value(paper(Audience::Staff, ready())).unwrap();
        item.as_object_mut().unwrap().remove("audience");
        assert_eq!(serde_json::from_value::<Document>(item).unwrap().audience, Audience::Family);
    }
}
