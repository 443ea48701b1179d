//! Client records of the clinic.

pub mod block;

pub use block::{Block, BlockError, Lifted};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Version;
use super::id::{BlockId, DocumentId, LoginId, MemberId};
use super::invitation::Invitation;
use super::login::{Login, Mailbox, MailboxId};
use super::text::PersonName;

/// Access of a person to a member that was narrowed, ended or revoked: invitations sent before do not bring it back, neither
/// to that login nor to a new one behind the same mailboxes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// Whose access.
    pub login: LoginId,
    /// The mailboxes that the person had proved.
    pub mailboxes: Vec<MailboxId>,
    /// When.
    pub at: Timestamp,
}

/// A client record (FHIR `Patient`): a child without email, or a person with a login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Identifier.
    pub id: MemberId,
    /// Name.
    pub name: PersonName,
    /// Date of birth; ages are derived from it at each decision.
    pub birth_date: Date,
    /// When staff registered the client.
    pub registered_at: Timestamp,
    /// Access that was lowered while invitations from before could still be answered.
    #[serde(default)]
    pub withdrawn: Vec<Withdrawal>,
    /// Who is kept out, whatever was granted.
    #[serde(default)]
    pub blocks: Vec<Block>,
    /// Replaced how often.
    pub version: Version,
}

impl Member {
    /// Whether `login` is kept out at `now`.
    #[must_use]
    pub fn is_barred(&self, login: &Login, now: Timestamp) -> bool {
        self.blocks.iter().any(|block| block.is_active(now) && block.bars(login))
    }

    /// Whether somebody of that name, about to get a login behind that mailbox, could be a person who is kept out at `now`.
    #[must_use]
    pub fn may_be_barred(&self, mailbox: &Mailbox, name: &PersonName, now: Timestamp) -> bool {
        self.blocks.iter().any(|block| block.is_active(now) && block.whom.could_be(mailbox, name))
    }

    /// Whether nobody else than people who are kept out at `now` reads that mailbox, as far as the clinic knows: inviting it would
    /// invite them.
    #[must_use]
    pub fn bars_mailbox(&self, mailbox: &Mailbox, now: Timestamp) -> bool {
        let active = || self.blocks.iter().filter(|block| block.is_active(now)).map(|block| &block.whom);
        let is_barred = |login: &LoginId| active().any(|whom| whom.login_id() == Some(*login));
        active().any(|whom| whom.reads(mailbox) && (whom.login_id().is_none() || mailbox.logins.iter().all(is_barred)))
    }

    /// The member with one more block or hold. Holds that are forgotten are left out.
    ///
    /// # Errors
    /// What [`Block::check`] finds.
    pub fn with_block(&self, block: Block) -> Result<Self, BlockError> {
        let mut member = self.clone();
        member.blocks.retain(|before| before.is_remembered(block.set_at));
        block.check(&member.blocks)?;
        member.blocks.push(block);
        Ok(member)
    }

    /// The member after a staff member wants a block or hold lifted, and what became of it; `None` when there is no such block.
    ///
    /// # Errors
    /// What [`Block::lifted`] finds.
    pub fn with_lifting(
        &self,
        block: BlockId,
        by: LoginId,
        evidence: Option<DocumentId>,
        now: Timestamp,
    ) -> Result<Option<(Self, Lifted)>, BlockError> {
        let Some(standing) = self.blocks.iter().find(|standing| standing.id == block) else { return Ok(None) };
        let lifted = standing.lifted(by, evidence, now)?;
        let mut member = self.clone();
        member.blocks.retain(|other| other.id != block);
        match &lifted {
            Lifted::Proposed(left) | Lifted::Ended(left) => member.blocks.push((**left).clone()),
            Lifted::Gone => {}
        }
        Ok(Some((member, lifted)))
    }

    /// The member after access of `login` was lowered. What is older than any open link is forgotten.
    #[must_use]
    pub fn with_withdrawal(&self, login: &Login, now: Timestamp) -> Self {
        let mut member = self.clone();
        member.withdrawn.retain(|withdrawal| withdrawal.login != login.id && now < withdrawal.at + Invitation::LIFE);
        member.withdrawn.push(Withdrawal { login: login.id, mailboxes: login.mailboxes.clone(), at: now });
        member
    }

    /// Whether `invitation`, accepted by `login`, would bring back what was lowered after it was sent.
    #[must_use]
    pub fn outlived(&self, invitation: &Invitation, login: LoginId) -> bool {
        self.withdrawn.iter().any(|withdrawal| {
            (withdrawal.login == login || withdrawal.mailboxes.contains(&invitation.mailbox))
                && invitation.sent_at() <= withdrawal.at
        })
    }
}

#[cfg(test)]
mod tests;
