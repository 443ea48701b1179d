//! Organisations whose workers look after children, and the passing of children from one worker to another.
//!
//! A grant of an agency counts only while its holder is on the agency's roster. A hand-over is one act of one staff member: it
//! names who passes which children to whom, and why. Many children move in batches; what is left to move is asked of the grants
//! themselves, so there is no place to lose.

mod passing;

pub use passing::{Kept, Passing, Refusal, Refused};

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::Version;
use super::grant::{Grant, Reason};
use super::id::{AgencyId, HandOverId, LoginId, MemberId};
use super::invitation::Invitation;
use super::login::Login;
use super::member::Withdrawal;
use super::text::AgencyName;

/// An organisation whose workers look after children (FHIR `Organization`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agency {
    /// Identifier.
    pub id: AgencyId,
    /// Name.
    pub name: AgencyName,
    /// When staff registered it.
    pub registered_at: Timestamp,
    /// Workers who left the roster while invitations from before could still be answered.
    #[serde(default)]
    pub left: Vec<Withdrawal>,
    /// Replaced how often.
    pub version: Version,
}

impl Agency {
    /// The agency after `login` left its roster. What is older than any open link is forgotten.
    #[must_use]
    pub fn without(&self, login: &Login, now: Timestamp) -> Self {
        let mut agency = self.clone();
        agency.left.retain(|left| left.login != login.id && now < left.at + Invitation::LIFE);
        agency.left.push(Withdrawal { login: login.id, mailboxes: login.mailboxes.clone(), at: now });
        agency
    }

    /// Whether `invitation`, accepted by `login` or a newcomer, would bring somebody back who left after it was sent.
    #[must_use]
    pub fn outlived(&self, invitation: &Invitation, login: Option<LoginId>) -> bool {
        self.left.iter().any(|left| {
            (login == Some(left.login) || left.mailboxes.contains(&invitation.mailbox))
                && invitation.sent_at() <= left.at
        })
    }
}

/// Why somebody cannot come onto a roster, or children cannot be passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AgencyError {
    /// One person works for one agency.
    #[error("this person is on the roster of another agency; take the person off that roster first")]
    OtherRoster,
    /// The one who takes over is not on the roster.
    #[error("the person who takes over is not on this agency's roster; put the person on it first")]
    NotOnRoster,
    /// The one who passes children on works for another agency by now.
    #[error("the person who passes the children on works for another agency; give access child by child")]
    WorksElsewhere,
    /// From and to are one person.
    #[error("choose two different people")]
    SamePerson,
    /// Nobody decides about the own children, or takes children over by the own word.
    #[error("nobody hands children over to herself; ask a colleague")]
    OwnHand,
    /// Nothing to pass.
    #[error("this person has none of these children for the agency; choose children whom the person has now")]
    NotHeld,
    /// Too many children in one list.
    #[error("choose 1 to 1000 children, each of them once, or `all`")]
    Count,
}

/// Which children are passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Which {
    /// All that the worker has for the agency.
    All(All),
    /// These.
    These(BTreeSet<MemberId>),
}

/// The word `all`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum All {
    /// All of them.
    All,
}

impl Which {
    /// Children in one list: what fits into a request.
    pub const MOST: usize = 1000;

    /// Whether the child is meant.
    #[must_use]
    pub fn includes(&self, member: MemberId) -> bool {
        match self {
            Self::All(All::All) => true,
            Self::These(members) => members.contains(&member),
        }
    }
}

/// The passing of an agency's children from one worker to another: one act, however many children.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// Identifier.
    pub id: HandOverId,
    /// Whose children.
    pub agency: AgencyId,
    /// Who passes them on.
    pub from: LoginId,
    /// Who takes them over.
    pub to: LoginId,
    /// Which of them.
    pub which: Which,
    /// Why.
    pub reason: Reason,
    /// The staff member whose act it is.
    pub by: LoginId,
    /// When it began; what `from` was given later stays.
    pub at: Timestamp,
    /// How many children have moved.
    pub moved: u32,
    /// Children who stay, and why.
    #[serde(default)]
    pub refused: Vec<Refused>,
    /// When nothing was left to move.
    pub finished_at: Option<Timestamp>,
    /// Replaced how often.
    pub version: Version,
}

impl HandOver {
    /// Checks the act against the two workers and what `from` holds.
    ///
    /// # Errors
    /// The first [`AgencyError`] found.
    pub fn check(&self, from: &Login, to: &Login, held: &[Grant]) -> Result<(), AgencyError> {
        if self.from == self.to {
            return Err(AgencyError::SamePerson);
        }
        self.check_hands(self.by, to)?;
        // Who left the roster can still pass on what nobody else reaches; who works for another agency is another story.
        if from.agency.is_some_and(|agency| agency != self.agency) {
            return Err(AgencyError::WorksElsewhere);
        }
        let left: BTreeSet<MemberId> = self.left(held).map(|grant| grant.member).collect();
        match &self.which {
            Which::These(members) if !(1..=Which::MOST).contains(&members.len()) => Err(AgencyError::Count),
            Which::These(members) if !members.is_subset(&left) => Err(AgencyError::NotHeld),
            Which::All(All::All) if left.is_empty() => Err(AgencyError::NotHeld),
            _ => Ok(()),
        }
    }

    /// Checks that the one who takes over is still on the roster, and that the staff member at work is neither of the two.
    ///
    /// # Errors
    /// [`AgencyError::OwnHand`], [`AgencyError::NotOnRoster`].
    pub fn check_hands(&self, staff: LoginId, to: &Login) -> Result<(), AgencyError> {
        if staff == self.to || staff == self.from {
            return Err(AgencyError::OwnHand);
        }
        if to.agency == Some(self.agency) { Ok(()) } else { Err(AgencyError::NotOnRoster) }
    }

    /// Whether it is the same act, begun by a repeated request.
    #[must_use]
    pub fn is_same_act(&self, other: &Self) -> bool {
        let act = |hand_over: &Self| (hand_over.id, hand_over.agency, hand_over.from, hand_over.to, hand_over.by);
        act(self) == act(other) && self.which == other.which && self.reason == other.reason
    }

    /// The grants of `from` that are still to be passed.
    pub fn left<'a>(&'a self, held: &'a [Grant]) -> impl Iterator<Item = &'a Grant> {
        held.iter().filter(|grant| {
            self.finished_at.is_none()
                && grant.login == self.from
                && grant.terms.agency == Some(self.agency)
                && grant.is_ahead(self.at)
                && grant.granted_at <= self.at
                && self.which.includes(grant.member)
                && !self.refused.iter().any(|refused| refused.member == grant.member)
        })
    }

    /// Whether the child was within the act and has left the hands of `from`.
    #[must_use]
    pub fn took(&self, grant: &Grant) -> bool {
        grant.login == self.from
            && grant.terms.agency == Some(self.agency)
            && !grant.is_ahead(self.at)
            && grant.granted_at <= self.at
            && self.which.includes(grant.member)
    }

    /// The act after one batch of children.
    #[must_use]
    pub fn advanced(&self, moved: usize, refused: Vec<Refused>, is_last: bool, now: Timestamp) -> Self {
        let mut next = self.clone();
        next.moved = next.moved.saturating_add(u32::try_from(moved).unwrap_or(u32::MAX));
        next.refused.extend(refused);
        next.finished_at = is_last.then_some(now);
        next
    }
}

#[cfg(test)]
mod tests;
