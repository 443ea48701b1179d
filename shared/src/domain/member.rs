//! Client records of the clinic.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Version;
use super::id::{LoginId, MemberId};
use super::invitation::Invitation;
use super::login::{Login, MailboxId};
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
    /// Replaced how often.
    pub version: Version,
}

impl Member {
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
