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
    /// Access was narrowed.
    GrantNarrowed,
    /// Access came to its end.
    GrantEnded,
    /// Access was taken back.
    GrantRevoked,
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
    /// All signatures and the paper were put into one file.
    PacketSealed,
    /// Somebody opened the paper of a packet.
    PacketOpened,
    /// Access was denied; the reason says why.
    AccessDenied,
    /// A login came into being.
    LoginCreated,
    /// A code was sent to confirm a new device.
    CodeSent,
    /// Signed in.
    SignedIn,
    /// Signed out.
    SignedOut,
    /// A refresh token was used twice, and the session was ended.
    SessionReuseDetected,
}
