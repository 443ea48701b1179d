//! Client records of the clinic.

pub mod block;

pub use block::Block;

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
        self.blocks.iter().any(|block| block.is_active(now) && block.whom.is(login))
    }

    /// Whether somebody of that name, about to get a login behind that mailbox, could be a person who is kept out at `now`.
    #[must_use]
    pub fn may_be_barred(&self, mailbox: &MailboxId, name: &PersonName, now: Timestamp) -> bool {
        self.blocks.iter().any(|block| block.is_active(now) && block.whom.could_be(mailbox, name))
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
mod tests {
    use super::*;
    use crate::domain::id::InvitationId;
    use crate::domain::invitation::InvitationState;
    use crate::domain::login::{Language, Role};
    use jiff::SignedDuration;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + seconds).unwrap()
    }

    fn mailbox(number: u8) -> MailboxId {
        MailboxId::from_hash([number; 32])
    }

    fn login(number: u8) -> Login {
        Login {
            id: LoginId::from_random([number; 16]),
            name: "Parent".parse().unwrap(),
            role: Role::Family,
            language: Language::English,
            password_hash: String::new(),
            mailboxes: vec![mailbox(number)],
            agency: None,
            version: 1,
        }
    }

    fn invitation(number: u8, sent: Timestamp) -> Invitation {
        Invitation {
            id: InvitationId::from_random([9; 16]),
            mailbox: mailbox(number),
            offers: Vec::new(),
            language: Language::English,
            handing: crate::domain::invitation::Handing::Mail,
            invited_by: LoginId::from_random([8; 16]),
            generation: 1,
            token_hash: String::new(),
            expires_at: sent + Invitation::LIFE,
            codes_sent: 0,
            code_sent_at: None,
            tries: 0,
            state: InvitationState::Open,
            version: 1,
        }
    }

    fn member() -> Member {
        Member {
            id: MemberId::from_random([7; 16]),
            name: "Child".parse().unwrap(),
            birth_date: "2018-01-01".parse().unwrap(),
            registered_at: at(0),
            withdrawn: Vec::new(),
            blocks: Vec::new(),
            version: 1,
        }
    }

    #[test]
    fn only_what_was_sent_after_the_withdrawal_counts_for_that_person_and_mailbox() {
        let member = member().with_withdrawal(&login(1), at(100));
        let (person, newcomer) = (login(1).id, login(2).id);
        assert!(member.outlived(&invitation(1, at(99)), person));
        assert!(member.outlived(&invitation(1, at(100)), newcomer), "a new login behind the same mailbox");
        assert!(member.outlived(&invitation(3, at(99)), person), "the same login by another mailbox");
        assert!(!member.outlived(&invitation(1, at(101)), person));
        assert!(!member.outlived(&invitation(2, at(99)), newcomer), "somebody else");
    }

    #[test]
    fn withdrawals_are_kept_while_links_from_before_can_live() {
        let first = member().with_withdrawal(&login(1), at(0));
        let last = at(0) + Invitation::LIFE - SignedDuration::from_secs(1);
        assert_eq!(first.with_withdrawal(&login(2), last).withdrawn.len(), 2);
        assert_eq!(first.with_withdrawal(&login(2), at(0) + Invitation::LIFE).withdrawn.len(), 1);
        assert_eq!(first.with_withdrawal(&login(1), at(5)).withdrawn.len(), 1);
    }
}
