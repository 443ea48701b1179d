//! What happened, who did it, and for whom: append-only, hash-chained per member and per login (design §9).

mod audience;
mod kind;

pub use audience::Reader;
pub use kind::EventKind;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::id::{LoginId, MemberId};

/// Whose record an event belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Subject {
    /// A member's record.
    Member(MemberId),
    /// A login's own record: sign-ins and the like.
    Login(LoginId),
}

/// Who acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Capacity {
    /// With a grant, for the family.
    Family,
    /// For the clinic.
    Staff,
    /// For nobody: the actor had no right.
    Nobody,
    /// The portal itself.
    System,
}

/// An event before it has its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// What happened.
    pub kind: EventKind,
    /// Who did it; nobody when the portal itself acted.
    pub actor: Option<LoginId>,
    /// In which capacity.
    pub capacity: Capacity,
    /// Identifier of what it happened to, when that is not the subject itself.
    pub object: Option<String>,
    /// A code from a closed list, or staff's own words for the reason.
    pub reason: Option<String>,
}

/// An event in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Whose record.
    pub subject: Subject,
    /// Place in the chain, from 1, without gaps.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
    /// Who.
    pub actor: Option<LoginId>,
    /// As what.
    pub capacity: Capacity,
    /// On what.
    pub object: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The request that did it, as in the log.
    pub request: String,
    /// Hash of the event before, or 64 zeros.
    pub previous: String,
    /// SHA-256 over all of the above, in lower-case hexadecimal.
    pub hash: String,
}

impl Event {
    /// The hash that the event must have.
    #[must_use]
    pub fn computed_hash(&self) -> String {
        let mut unhashed = self.clone();
        unhashed.hash = String::new();
        // Field order is the order of declaration, so the text is the same for the same event.
        let text = serde_json::to_vec(&unhashed).unwrap_or_default();
        hex::encode(Sha256::digest(text))
    }
}

/// The end of a chain, where the next event goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trail {
    subject: Subject,
    last: Option<(u64, String)>,
}

impl Trail {
    /// The end of the chain of `subject`, after `last`.
    #[must_use]
    pub fn after(subject: Subject, last: Option<&Event>) -> Self {
        Self { subject, last: last.map(|event| (event.sequence, event.hash.clone())) }
    }

    /// Puts an event at the end of the chain.
    #[must_use]
    pub fn append(&mut self, event: NewEvent, at: Timestamp, request: &str) -> Event {
        let (sequence, previous) = match &self.last {
            Some((sequence, hash)) => (sequence.saturating_add(1), hash.clone()),
            None => (1, "0".repeat(64)),
        };
        let mut event = Event {
            subject: self.subject,
            sequence,
            at,
            kind: event.kind,
            actor: event.actor,
            capacity: event.capacity,
            object: event.object,
            reason: event.reason,
            request: request.to_owned(),
            previous,
            hash: String::new(),
        };
        event.hash = event.computed_hash();
        self.last = Some((event.sequence, event.hash.clone()));
        event
    }
}

/// The first event of a chain that is not what was written, if any: its place.
#[must_use]
pub fn first_broken<'a>(events: impl IntoIterator<Item = &'a Event>) -> Option<u64> {
    let mut previous = "0".repeat(64);
    for (expected, event) in (1..).zip(events) {
        if event.sequence != expected || event.previous != previous || event.hash != event.computed_hash() {
            return Some(expected);
        }
        previous.clone_from(&event.hash);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(length: usize) -> Vec<Event> {
        let subject = Subject::Member(MemberId::from_random([3; 16]));
        let mut trail = Trail::after(subject, None);
        let at = "2026-11-21T12:00:00Z".parse().unwrap();
        (0..length)
            .map(|_| {
                let event = NewEvent {
                    kind: EventKind::MemberOpened,
                    actor: None,
                    capacity: Capacity::System,
                    object: None,
                    reason: None,
                };
                trail.append(event, at, "request")
            })
            .collect()
    }

    #[test]
    fn an_untouched_chain_holds() {
        assert_eq!(first_broken(&chain(5)), None);
    }

    #[test]
    fn a_changed_a_missing_and_a_moved_event_are_named() {
        let mut changed = chain(5);
        changed[2].kind = EventKind::DocumentOpened;
        assert_eq!(first_broken(&changed), Some(3));
        let mut missing = chain(5);
        missing.remove(1);
        assert_eq!(first_broken(&missing), Some(2));
        let mut moved = chain(5);
        moved.swap(3, 4);
        assert_eq!(first_broken(&moved), Some(4));
    }

    #[test]
    fn a_chain_goes_on_where_it_was_left() {
        let mut events = chain(2);
        let mut trail = Trail::after(events[1].subject, events.last());
        let event = NewEvent {
            kind: EventKind::PacketSigned,
            actor: None,
            capacity: Capacity::Family,
            object: None,
            reason: None,
        };
        events.push(trail.append(event, events[1].at, "later"));
        assert_eq!(first_broken(&events), None);
    }
}
