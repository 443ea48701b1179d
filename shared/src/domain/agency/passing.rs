//! What becomes of one child.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::HandOver;
use crate::domain::decide::not_own_case;
use crate::domain::grant::{Grant, GrantState, Reason, ReasonCode};
use crate::domain::id::MemberId;
use crate::domain::login::Login;
use crate::domain::member::Member;

/// Why a child stays where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// The one who would take over is kept out of the child's record.
    Blocked,
    /// It is the record of the staff member's own family; a colleague passes it on.
    OwnCase,
}

/// A child who stays, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Refused {
    /// The child.
    pub member: MemberId,
    /// Why.
    pub code: Refusal,
}

/// What the one who takes over has for the child after the passing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// What `from` had, on the same terms.
    Passed(Box<Grant>),
    /// The access that the person had before.
    Before,
}

/// How one child passes: both in one transaction, so that at no moment both or none of the two have the child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passing {
    /// The grant of `from`, stopped.
    pub stopped: Grant,
    /// What `to` has.
    pub taken: Kept,
}

impl HandOver {
    /// How a child passes at `now`.
    ///
    /// # Errors
    /// Why it stays: a [`Refusal`].
    pub fn pass(
        &self,
        child: &Member,
        (held, before): (&Grant, Option<&Grant>),
        to: &Login,
        own: Option<&Grant>,
        now: Timestamp,
    ) -> Result<Passing, Refusal> {
        not_own_case(own).map_err(|_| Refusal::OwnCase)?;
        if child.is_barred(to, now) {
            return Err(Refusal::Blocked);
        }
        let reason = Reason::of(ReasonCode::ChangeInRelationship);
        let stopped = Grant { state: GrantState::Ended, reason: reason.clone(), ..held.clone() };
        let taken = match before {
            // Access that counts today stays as staff gave it; one of another agency or of another time would leave the child
            // with nobody.
            Some(before) if before.is_live(now) && before.terms.agency.is_none_or(|other| other == self.agency) => {
                Kept::Before
            }
            _ => Kept::Passed(Box::new(Grant {
                login: to.id,
                reason,
                granted_by: self.by,
                granted_at: now,
                version: 1,
                ..held.clone()
            })),
        };
        Ok(Passing { stopped, taken })
    }
}
