//! Where items stand.

use std::fmt::Display;

use crate::domain::document::Sha256Digest;
use crate::domain::draft::Draft;
use crate::domain::event::Subject;
use crate::domain::id::{
    AgencyId, CeremonyId, ChallengeId, DocumentId, HandOverId, InvitationId, LoginId, MailId, MemberId, PacketId,
    PasskeyId, RequestId, SessionId, SlotId,
};
use crate::domain::limit::Bucket;
use crate::domain::login::MailboxId;
use crate::domain::login::alias::AliasGroup;

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

    /// The recovery codes of a login.
    #[must_use]
    pub fn recovery_codes(login: LoginId) -> Self {
        Self::new(format!("LOGIN#{login}"), "RECOVERY#CODES")
    }

    /// A recovery that the desk began for a login.
    #[must_use]
    pub fn desk_recovery(login: LoginId) -> Self {
        Self::new(format!("LOGIN#{login}"), "RECOVERY#DESK")
    }

    /// How many codes were mailed to a login of late.
    #[must_use]
    pub fn code_allowance(login: LoginId) -> Self {
        Self::new(format!("LOGIN#{login}"), "LIMIT#CODES")
    }

    /// How often something was tried of late.
    #[must_use]
    pub fn limit(bucket: &Bucket) -> Self {
        Self::new(format!("LIMIT#{bucket}"), META)
    }

    /// A passkey of a login.
    #[must_use]
    pub fn passkey(login: LoginId, passkey: PasskeyId) -> Self {
        Self::new(format!("LOGIN#{login}"), format!("PASSKEY#{passkey}"))
    }

    /// Adding or using a passkey. It stands by itself, for who uses one is known only when it ends.
    #[must_use]
    pub fn ceremony(ceremony: CeremonyId) -> Self {
        Self::new(format!("CEREMONY#{ceremony}"), META)
    }

    /// The mailbox that a login is proving.
    #[must_use]
    pub fn proof(login: LoginId) -> Self {
        Self::new(format!("LOGIN#{login}"), "PROOF")
    }

    /// How a login was put together with another one.
    #[must_use]
    pub fn merge(login: LoginId) -> Self {
        Self::new(format!("LOGIN#{login}"), "MERGE")
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

    /// What a person answers on the form of a slot.
    #[must_use]
    pub fn draft(login: LoginId, packet: PacketId, slot: SlotId) -> Self {
        Self::new(format!("LOGIN#{login}"), format!("ANSWERS#{packet}#{slot}"))
    }

    /// The pointer from a person and a form, by the hash of its file, to what the person answered on it.
    #[must_use]
    pub fn filled(draft: &Draft) -> Self {
        let Draft { login, member, packet, slot, document_sha256, .. } = draft;
        Self::filled_in(*login, document_sha256, (*member, *packet, *slot))
    }

    /// As [`Key::filled`], by its parts.
    #[must_use]
    pub fn filled_in(
        login: LoginId,
        form: &Sha256Digest,
        (member, packet, slot): (MemberId, PacketId, SlotId),
    ) -> Self {
        Self::new(format!("LOGIN#{login}"), format!("FILLED#{form}#{member}#{packet}#{slot}"))
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

    /// What a document's form asks for.
    #[must_use]
    pub fn form(member: MemberId, document: DocumentId) -> Self {
        Self::new(format!("MEMBER#{member}"), format!("FORM#{document}"))
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

    /// The pointer from a group of addresses that reach one mailbox to one of them, where somebody proved it.
    #[must_use]
    pub fn alias(group: &AliasGroup, mailbox: &MailboxId) -> Self {
        Self::new(format!("ALIAS#{group}"), format!("MAILBOX#{mailbox}"))
    }

    /// The partition of a group of addresses that reach one mailbox.
    #[must_use]
    pub fn aliases(group: &AliasGroup) -> Self {
        Self::new(format!("ALIAS#{group}"), META)
    }

    /// An invitation.
    #[must_use]
    pub fn invitation(invitation: InvitationId) -> Self {
        Self::new(format!("INVITATION#{invitation}"), META)
    }

    /// Who guessed at a code: at that of a sign-in, by its challenge, at those of an invitation, by the hash of the link, at that of
    /// an address, by its proof, or at the desk's, by its recovery.
    #[must_use]
    pub fn guesses(at: impl Display) -> Self {
        Self::new(format!("GUESSES#{at}"), META)
    }

    /// An agency.
    #[must_use]
    pub fn agency(agency: AgencyId) -> Self {
        Self::new(format!("AGENCY#{agency}"), META)
    }

    /// The pointer from an agency to a login on its roster.
    #[must_use]
    pub fn worker(agency: AgencyId, login: LoginId) -> Self {
        Self::new(format!("AGENCY#{agency}"), format!("WORKER#{login}"))
    }

    /// The passing of an agency's children from one worker to another.
    #[must_use]
    pub fn hand_over(agency: AgencyId, hand_over: HandOverId) -> Self {
        Self::new(format!("AGENCY#{agency}"), format!("HANDOVER#{hand_over}"))
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
