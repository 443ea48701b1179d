//! Where items stand.

use crate::domain::event::Subject;
use crate::domain::id::{
    ChallengeId, DocumentId, InvitationId, LoginId, MailId, MemberId, PacketId, RequestId, SessionId,
};
use crate::domain::login::MailboxId;

/// Partition and sort key of an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
}

const META: &str = "META";

impl Key {
    fn new(pk: String, sk: impl Into<String>) -> Self {
        Self { pk, sk: sk.into() }
    }

    /// A login.
    #[must_use]
    pub fn login(login: LoginId) -> Self {
        Self::new(format!("LOGIN#{login}"), META)
    }

    /// A session of a login.
    #[must_use]
    pub fn session(login: LoginId, session: SessionId) -> Self {
        Self::new(format!("LOGIN#{login}"), format!("SESSION#{session}"))
    }

    /// A device that a login confirmed, by the hash of its token.
    #[must_use]
    pub fn device(login: LoginId, token_hash: &str) -> Self {
        Self::new(format!("LOGIN#{login}"), format!("DEVICE#{token_hash}"))
    }

    /// A sign-in that waits for its code.
    #[must_use]
    pub fn challenge(login: LoginId, challenge: ChallengeId) -> Self {
        Self::new(format!("LOGIN#{login}"), format!("CHALLENGE#{challenge}"))
    }

    /// The grant of a login for a member.
    #[must_use]
    pub fn grant(login: LoginId, member: MemberId) -> Self {
        Self::new(format!("LOGIN#{login}"), format!("GRANT#{member}"))
    }

    /// A signature that waits for a login.
    #[must_use]
    pub fn todo(login: LoginId, member: MemberId, packet: PacketId) -> Self {
        Self::new(format!("LOGIN#{login}"), format!("TODO#{member}#{packet}"))
    }

    /// A member.
    #[must_use]
    pub fn member(member: MemberId) -> Self {
        Self::new(format!("MEMBER#{member}"), META)
    }

    /// The pointer from a member to a login with a grant.
    #[must_use]
    pub fn grantee(member: MemberId, login: LoginId) -> Self {
        Self::new(format!("MEMBER#{member}"), format!("GRANTEE#{login}"))
    }

    /// The pointer from a member to an open invitation.
    #[must_use]
    pub fn invited(member: MemberId, invitation: InvitationId) -> Self {
        Self::new(format!("MEMBER#{member}"), format!("INVITATION#{invitation}"))
    }

    /// That access of a login to a member was denied a while ago.
    #[must_use]
    pub fn denied(member: MemberId, login: LoginId) -> Self {
        Self::new(format!("MEMBER#{member}"), format!("DENIED#{login}"))
    }

    /// A document.
    #[must_use]
    pub fn document(member: MemberId, document: DocumentId) -> Self {
        Self::new(format!("MEMBER#{member}"), format!("DOCUMENT#{document}"))
    }

    /// A packet.
    #[must_use]
    pub fn packet(member: MemberId, packet: PacketId) -> Self {
        Self::new(format!("MEMBER#{member}"), format!("PACKET#{packet}"))
    }

    /// What somebody asked for on a member's record.
    #[must_use]
    pub fn request(member: MemberId, request: RequestId) -> Self {
        Self::new(format!("MEMBER#{member}"), format!("REQUEST#{request}"))
    }

    /// An event. Ten digits keep the order of numbers in the order of text.
    #[must_use]
    pub fn event(subject: Subject, sequence: u64) -> Self {
        Self::new(Self::of_subject(subject).pk, format!("EVENT#{sequence:010}"))
    }

    /// The item of the member or login that events are about.
    #[must_use]
    pub fn of_subject(subject: Subject) -> Self {
        match subject {
            Subject::Member(member) => Self::member(member),
            Subject::Login(login) => Self::login(login),
        }
    }

    /// A mailbox.
    #[must_use]
    pub fn mailbox(mailbox: &MailboxId) -> Self {
        Self::new(format!("MAILBOX#{mailbox}"), META)
    }

    /// An invitation.
    #[must_use]
    pub fn invitation(invitation: InvitationId) -> Self {
        Self::new(format!("INVITATION#{invitation}"), META)
    }

    /// A mail in the outbox.
    #[must_use]
    pub fn mail(mail: MailId) -> Self {
        Self::new(format!("MAIL#{mail}"), META)
    }

    /// A kept answer.
    #[must_use]
    pub fn answer(scope: &str, key_hash: &str) -> Self {
        Self::new(format!("ANSWER#{scope}#{key_hash}"), META)
    }
}
