//! Putting two logins of one person together, and taking them apart again.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::MailboxId;
use crate::domain::Version;
use crate::domain::grant::{Grant, GrantState, Reason, ReasonCode};
use crate::domain::id::{LoginId, MemberId, PacketId, SlotId};

/// What became of one grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedGrant {
    /// As it was before.
    pub before: Grant,
    /// Whether the other login has it now. If not, that login had a grant of its own for the member, and kept that.
    pub moved: bool,
    /// Version of the grant that the other login had right after: when it is another today, somebody changed it since.
    pub version_after: Version,
}

/// A signature that the other login is asked for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedSlot {
    /// For whom.
    pub member: MemberId,
    /// In which packet.
    pub packet: PacketId,
    /// Which.
    pub slot: SlotId,
}

/// All that happened when two logins were put together: what it takes to undo it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merge {
    /// The login that is no more.
    pub merged: LoginId,
    /// The login that stays.
    pub into: LoginId,
    /// When.
    pub at: Timestamp,
    /// What became of the grants.
    pub grants: Vec<MovedGrant>,
    /// What became of signatures that were asked for.
    pub slots: Vec<MovedSlot>,
    /// Mailboxes of the login that is no more, in its order.
    pub mailboxes: Vec<MailboxId>,
    /// Those of them that the login that stays did not have before.
    pub gained: Vec<MailboxId>,
    /// When staff undid it.
    pub undone_at: Option<Timestamp>,
    /// Replaced how often.
    pub version: Version,
}

/// Why two logins stay together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MergeError {
    /// After thirty days.
    #[error("these sign-ins were put together more than 30 days ago; invite the person anew instead")]
    TooLate,
    /// It was done before.
    #[error("these sign-ins were taken apart already")]
    Undone,
    /// No address is left to reach the person by.
    #[error("no address of that sign-in is left; invite the person anew instead")]
    NoAddress,
}

impl Grant {
    /// The grant, given to another login of the same person.
    #[must_use]
    pub fn moved_to(&self, login: LoginId, now: Timestamp) -> Self {
        Self { login, granted_at: now, reason: None, state: GrantState::Active, version: 1, ..self.clone() }
    }

    /// Whether this grant of the login that stays is kept beside one of the other login for the same member: when it counts or
    /// will, and when it was taken back. What staff took from a person does not come back by a second login.
    #[must_use]
    pub fn is_kept_in_merge(&self, now: Timestamp) -> bool {
        self.is_ahead(now) || self.state == GrantState::Revoked
    }
}

impl Merge {
    /// How long staff can undo it (the promise).
    pub const REVERSIBLE: SignedDuration = SignedDuration::from_hours(30 * 24);

    /// Whether staff can undo it now.
    ///
    /// # Errors
    /// [`MergeError::TooLate`] or [`MergeError::Undone`].
    pub fn reversible_at(&self, now: Timestamp) -> Result<(), MergeError> {
        if self.undone_at.is_some() {
            Err(MergeError::Undone)
        } else if self.at + Self::REVERSIBLE <= now {
            Err(MergeError::TooLate)
        } else {
            Ok(())
        }
    }

    /// The grant that the login gets back, given the grant that the other login has for the member today. What lowered access
    /// since stays: a grant that was narrowed comes back as narrow, one that was stopped or given anew does not come back.
    #[must_use]
    pub fn restored(&self, moved: &MovedGrant, today: Option<&Grant>) -> Option<Grant> {
        let today = today?;
        if today.version == moved.version_after {
            return Some(moved.before.clone());
        }
        let given_anew = moved.moved && today.granted_at != self.at;
        if given_anew || today.state != GrantState::Active {
            return None;
        }
        let reason = today.reason.clone().or_else(|| Reason::of(ReasonCode::Merged))?;
        let narrowed = moved.before.narrowed(today.terms.scopes.clone(), today.terms.not_after, reason).ok()?;
        // What else staff changed is theirs to decide anew.
        (narrowed.terms == today.terms).then_some(narrowed)
    }

    /// Whether the other login's grant came from the merge, still counts, and so goes when it is undone.
    #[must_use]
    pub fn goes(&self, moved: &MovedGrant, today: &Grant) -> bool {
        moved.moved && today.granted_at == self.at && today.state == GrantState::Active
    }

    /// The mailboxes that the login gets back: those that the other login, which has `today`, did not remove since.
    ///
    /// # Errors
    /// [`MergeError::NoAddress`].
    pub fn mailboxes_left(&self, today: &[MailboxId]) -> Result<Vec<MailboxId>, MergeError> {
        let left: Vec<MailboxId> = self.mailboxes.iter().filter(|mailbox| today.contains(mailbox)).cloned().collect();
        if left.is_empty() { Err(MergeError::NoAddress) } else { Ok(left) }
    }
}

#[cfg(test)]
mod tests;
