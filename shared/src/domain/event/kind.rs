//! The kinds of events.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// Staff registered the member.
    MemberRegistered,
    /// Somebody opened the member's record.
    MemberOpened,
    /// Access was given.
    GrantGiven,
    /// Access was given other terms.
    GrantChanged,
    /// Access was narrowed.
    GrantNarrowed,
    /// Access came to its end.
    GrantEnded,
    /// Access was taken back.
    GrantRevoked,
    /// An agency's worker passed the child on to another; the object names the hand-over.
    ChildHandedOver,
    /// Somebody is kept out.
    BlockSet,
    /// Somebody is kept out for up to 72 hours.
    HoldSet,
    /// The first of two wants somebody let in again.
    BlockLiftProposed,
    /// A block or hold was lifted.
    BlockLifted,
    /// Staff looked at what somebody may see.
    AccessPreviewed,
    /// Staff looked at why somebody may or may not do something.
    AccessExplained,
    /// Somebody was invited.
    InvitationCreated,
    /// An invitation was sent again.
    InvitationResent,
    /// An invitation was accepted.
    InvitationAccepted,
    /// An invitation was declined.
    InvitationDeclined,
    /// An invitation was taken back.
    InvitationRevoked,
    /// Somebody asked for access for another person, or for another member of the family.
    RequestMade,
    /// Staff approved a request.
    RequestApproved,
    /// Staff refused a request.
    RequestRefused,
    /// A document is on its way.
    UploadStarted,
    /// A document passed inspection.
    DocumentReady,
    /// A document did not pass inspection.
    DocumentRefused,
    /// Somebody opened a document.
    DocumentOpened,
    /// Signatures were asked for.
    PacketCreated,
    /// Somebody signed.
    PacketSigned,
    /// Somebody declined to sign.
    PacketDeclined,
    /// Staff took the request for signatures back.
    PacketVoided,
    /// Somebody signed an own copy, which nobody else hears of.
    CopySigned,
    /// Somebody opened the paper to sign an own copy, which nobody else hears of.
    CopyOpened,
    /// A signature and the paper were put into the signer's own file.
    CopySealed,
    /// Somebody asked to sign on paper.
    PaperAsked,
    /// Staff keep what somebody signed on paper.
    PaperKept,
    /// Staff decided that a packet goes on without a signature; the reason is staff's.
    SlotExcused,
    /// Staff named who signs where nobody was named.
    SlotNamed,
    /// All signatures and the paper were put into one file.
    PacketSealed,
    /// Somebody opened the paper of a packet.
    PacketOpened,
    /// Access was denied; the reason says why.
    AccessDenied,
    /// A login came into being.
    LoginCreated,
    /// Staff registered an agency.
    AgencyRegistered,
    /// The person came onto an agency's roster.
    RosterJoined,
    /// The person left an agency's roster.
    RosterLeft,
    /// Children began to pass from this person, or to this person; the object names the hand-over.
    HandOverBegun,
    /// A person proved one more address.
    AddressAdded,
    /// A person gave an address up.
    AddressRemoved,
    /// Another address of a person receives mail.
    AddressPreferred,
    /// Two logins of one person were put together; the object is the one that is no more.
    LoginsMerged,
    /// Staff took two logins apart again.
    LoginsSeparated,
    /// A code was sent to confirm a new device or an address.
    CodeSent,
    /// Signed in.
    SignedIn,
    /// Proved once more, within a session.
    ProvedAgain,
    /// Somebody ended a session of one's own.
    SessionEnded,
    /// New recovery codes were shown; the old ones count no more.
    RecoveryCodesMade,
    /// A recovery code was used up.
    RecoveryCodeUsed,
    /// Staff began a recovery at the desk, after checking a document.
    RecoveryStarted,
    /// A new password counts, and every session was ended.
    PasswordChanged,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
    /// A passkey's counter went back, so that two devices may hold it; it signs nobody in any more.
    PasskeySuspended,
    /// Signed out.
    SignedOut,
    /// A refresh token was used twice, and the session was ended.
    SessionReuseDetected,
}

impl EventKind {
    /// Whether only the clinic reads it, even where it is about the reader or the reader did it: who is kept out must not learn of
    /// it, then or later.
    #[must_use]
    pub const fn is_for_staff(self) -> bool {
        matches!(
            self,
            Self::BlockSet
                | Self::HoldSet
                | Self::BlockLiftProposed
                | Self::BlockLifted
                | Self::AccessPreviewed
                | Self::AccessExplained
                | Self::AccessDenied
        )
    }
}
