//! Keeping somebody out, whatever anybody granted or will grant (design §5): deny wins and outlives grants.
//!
//! A block stands on the member's own record, which every decision must find. It is bound to the person: to the login, and where
//! there is none yet, to the mailboxes and the name that staff know. The person never learns of it. One staff member may hold
//! somebody out for up to 72 hours while a paper is looked at; a block has no end, and two staff members lift it, with a document.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::domain::grant::{Reason, ReasonCode};
use crate::domain::id::{BlockId, DocumentId, LoginId};
use crate::domain::login::{Login, Mailbox, MailboxId};
use crate::domain::text::PersonName;

/// Why a block or hold cannot be as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BlockError {
    /// Nobody is named.
    #[error("say who is blocked: a person with a login, an address, or a name")]
    Nobody,
    /// An order needs the paper.
    #[error("upload the order first and name it here; until then a hold keeps the person out for 72 hours")]
    OrderMissing,
    /// A hold longer than allowed, or one that is over already.
    #[error("choose an end within the next 72 hours; for longer, set a block")]
    HoldTooLong,
    /// The same person was held out moments ago.
    #[error("this person was held out within the last 30 days; for longer, set a block")]
    HeldBefore,
    /// The second lifts what the first proposed.
    #[error("another colleague has to confirm this")]
    SamePerson,
    /// A block that stands for the same person.
    #[error("a block stands for this person already")]
    Stands,
    /// Nobody lifts a block without a paper.
    #[error("upload the paper that allows this first, and name it here")]
    PaperMissing,
    /// A hold that is over keeps nobody out.
    #[error("this hold is over already")]
    Over,
}

/// Who is kept out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Barred {
    login: Option<LoginId>,
    mailboxes: Vec<MailboxId>,
    name: Option<PersonName>,
}

impl Barred {
    /// Somebody with a login. The mailboxes and the name keep the same person from coming in by a new one.
    #[must_use]
    pub fn login(login: &Login) -> Self {
        Self { login: Some(login.id), mailboxes: login.mailboxes.clone(), name: Some(login.name.clone()) }
    }

    /// Somebody without a login, as far as staff know the person.
    ///
    /// # Errors
    /// [`BlockError::Nobody`].
    pub fn unknown(mailbox: Option<MailboxId>, name: Option<PersonName>) -> Result<Self, BlockError> {
        if mailbox.is_none() && name.is_none() {
            return Err(BlockError::Nobody);
        }
        Ok(Self { login: None, mailboxes: mailbox.into_iter().collect(), name })
    }

    /// The login, when the person has one.
    #[must_use]
    pub const fn login_id(&self) -> Option<LoginId> {
        self.login
    }

    /// The mailboxes that stand for the person.
    #[must_use]
    pub fn mailboxes(&self) -> &[MailboxId] {
        &self.mailboxes
    }

    /// The name, when staff know it.
    #[must_use]
    pub const fn name(&self) -> Option<&PersonName> {
        self.name.as_ref()
    }

    /// Whether it is this person, by this login, by one that became part of it, or by an address given up. Who shares a mailbox
    /// with a barred person is not barred: the login tells them apart. Only where staff know no login, the mailbox stands for the
    /// person.
    #[must_use]
    pub fn is(&self, login: &Login) -> bool {
        match self.login {
            Some(barred) => login.is_or_was(barred),
            None => self.mailboxes.iter().any(|mailbox| login.has_or_had(mailbox)),
        }
    }

    /// Whether the person reads that mailbox, as far as the clinic knows.
    #[must_use]
    pub fn reads(&self, mailbox: &Mailbox) -> bool {
        self.mailboxes.contains(&mailbox.id) || self.login.is_some_and(|login| mailbox.logins.contains(&login))
    }

    /// Whether somebody who is about to get a login could be this person: by the mailbox, or by the name. Staff sort out the
    /// few who only share it.
    #[must_use]
    pub fn could_be(&self, mailbox: &Mailbox, name: &PersonName) -> bool {
        self.reads(mailbox) || self.name.as_ref().is_some_and(|barred| barred.is_same_as(name))
    }
}

/// The first of two staff members who want a block lifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifting {
    /// Who.
    pub by: LoginId,
    /// When.
    pub at: Timestamp,
    /// The paper that allows it.
    pub evidence: DocumentId,
}

impl Lifting {
    /// How long a proposal waits for a colleague: what allowed it may be out of date later.
    pub const WAITS: SignedDuration = SignedDuration::from_hours(14 * 24);
}

/// A block, or a hold when it has an end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Identifier.
    pub id: BlockId,
    /// Who is kept out.
    pub whom: Barred,
    /// Why.
    pub reason: Reason,
    /// The paper, among the member's documents.
    pub evidence: Option<DocumentId>,
    /// Who set it.
    pub set_by: LoginId,
    /// When.
    pub set_at: Timestamp,
    /// End of a hold; a block has none.
    pub until: Option<Timestamp>,
    /// Who proposed to lift it.
    pub lifting: Option<Lifting>,
}

/// What becomes of a block when a staff member wants it lifted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lifted {
    /// It stands until a colleague confirms.
    Proposed(Box<Block>),
    /// The hold ends now. It stays known, so that the next is not set right after it.
    Ended(Box<Block>),
    /// It is gone.
    Gone,
}

impl Block {
    /// Longest hold: time to look at a paper, not to decide a case.
    pub const LONGEST_HOLD: SignedDuration = SignedDuration::from_hours(72);
    /// How long a hold that is over is remembered, so that holds do not become a block without its paper.
    pub const HOLD_REMEMBERED: SignedDuration = SignedDuration::from_hours(30 * 24);

    /// Whether it is about this person: by the login it names, or by one that was the same when the block was set. What is set while
    /// two logins are one holds for both once they are taken apart, on every record.
    #[must_use]
    pub fn bars(&self, login: &Login) -> bool {
        self.whom.is(login) || self.whom.login_id().is_some_and(|barred| login.was_one_with(barred, self.set_at))
    }

    /// Whether it counts at `now`.
    #[must_use]
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    /// Whether it must still be known at `now`, although it may not count any more.
    #[must_use]
    pub fn is_remembered(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until + Self::HOLD_REMEMBERED)
    }

    /// The proposal to lift it that a colleague can confirm at `now`.
    #[must_use]
    pub fn lifting_at(&self, now: Timestamp) -> Option<Lifting> {
        self.lifting.filter(|first| now < first.at + Lifting::WAITS)
    }

    /// Checks a new block or hold against what stands on the record.
    ///
    /// # Errors
    /// The first [`BlockError`] found.
    pub fn check(&self, before: &[Self]) -> Result<(), BlockError> {
        let same = |other: &&Self| {
            other.whom == self.whom || (other.whom.login.is_some() && other.whom.login == self.whom.login)
        };
        match self.until {
            None if self.reason.code() == ReasonCode::Order && self.evidence.is_none() => {
                return Err(BlockError::OrderMissing);
            }
            Some(until) if until <= self.set_at || self.set_at + Self::LONGEST_HOLD < until => {
                return Err(BlockError::HoldTooLong);
            }
            _ => {}
        }
        let mut others = before.iter().filter(same);
        if others.clone().any(|other| other.until.is_none()) {
            Err(BlockError::Stands)
        } else if self.until.is_some() && others.any(|other| other.is_remembered(self.set_at)) {
            Err(BlockError::HeldBefore)
        } else {
            Ok(())
        }
    }

    /// Lifts a hold at once, a block on the second of two staff members, both with a paper.
    ///
    /// # Errors
    /// [`BlockError::SamePerson`], [`BlockError::PaperMissing`], [`BlockError::Over`].
    pub fn lifted(&self, by: LoginId, evidence: Option<DocumentId>, now: Timestamp) -> Result<Lifted, BlockError> {
        if self.until.is_some() {
            let ended = Self { until: Some(now), ..self.clone() };
            return if self.is_active(now) { Ok(Lifted::Ended(Box::new(ended))) } else { Err(BlockError::Over) };
        }
        let evidence = evidence.ok_or(BlockError::PaperMissing)?;
        match self.lifting_at(now) {
            Some(first) if first.by == by => Err(BlockError::SamePerson),
            Some(_) => Ok(Lifted::Gone),
            None => {
                let lifting = Some(Lifting { by, at: now, evidence });
                Ok(Lifted::Proposed(Box::new(Self { lifting, ..self.clone() })))
            }
        }
    }
}

#[cfg(test)]
mod tests;
