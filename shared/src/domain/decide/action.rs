//! What people want to do, and what each of it takes.

use crate::domain::grant::Scope;
use crate::domain::id::LoginId;
use crate::domain::signature::SigningCapacity;

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Use what every signed-in person may use: the list of one's own members, signing out.
    UseOwnLogin,
    /// Add, prefer or remove an own address.
    ChangeOwnAddresses,
    /// Put another login of one's own together with the one that is signed in.
    MergeLogins,
    /// Take two logins apart that were put together.
    SeparateLogins,
    /// Add a client record.
    RegisterMember,
    /// List every client of the clinic.
    ListAllMembers,
    /// Open a member's record: get a member token. Staff say why.
    OpenMember {
        /// Whether a reason was given.
        with_reason: bool,
    },
    /// See name and date of birth.
    ReadProfile,
    /// See who has access and who is invited.
    ReadPeople,
    /// Give somebody access.
    GiveGrant,
    /// Narrow, end or revoke the access of a login.
    LowerGrant {
        /// Whose access.
        of: LoginId,
    },
    /// Read who did what.
    ReadActivity,
    /// Invite a mailbox, resend or take back an invitation.
    Invite,
    /// Start an upload.
    UploadDocument,
    /// List documents and see their state.
    ListDocuments,
    /// Get a link to a document.
    OpenDocument,
    /// Ask for signatures.
    CreatePacket,
    /// Take a request for signatures back.
    VoidPacket,
    /// List packets: a family those that ask the reader, staff all of them.
    ReadPackets,
    /// See one packet and its state.
    ReadPacket {
        /// Whether the caller is asked to sign it. Who is not asked learns nothing of it, not even that it exists.
        holds_slot: bool,
    },
    /// Get a link to the paper of a packet.
    OpenPacket {
        /// Whether the caller is asked to sign it.
        holds_slot: bool,
    },
    /// Fill one's own slot: sign it, or decline.
    FillSlot {
        /// Whom the slot asks.
        holder: LoginId,
        /// In which capacity; the legal ground of the holder's grant must still fit it.
        capacity: SigningCapacity,
    },
}

impl Action {
    /// The scope with which a grant allows the action, if any grant does.
    pub(super) const fn scope(self) -> Option<Scope> {
        match self {
            Self::OpenMember { .. } | Self::ReadProfile | Self::ReadActivity => Some(Scope::Profile),
            Self::UploadDocument => Some(Scope::DocumentsUpload),
            Self::ListDocuments | Self::OpenDocument => Some(Scope::DocumentsRead),
            Self::FillSlot { .. }
            | Self::ReadPackets
            | Self::ReadPacket { holds_slot: true }
            | Self::OpenPacket { holds_slot: true } => Some(Scope::Sign),
            Self::UseOwnLogin
            | Self::ChangeOwnAddresses
            | Self::MergeLogins
            | Self::SeparateLogins
            | Self::RegisterMember
            | Self::ListAllMembers
            | Self::ReadPeople
            | Self::GiveGrant
            | Self::LowerGrant { .. }
            | Self::Invite
            | Self::CreatePacket
            | Self::VoidPacket
            | Self::ReadPacket { holds_slot: false }
            | Self::OpenPacket { holds_slot: false } => None,
        }
    }

    /// Whether the action concerns one member, whose record must then exist.
    pub(super) const fn needs_member(self) -> bool {
        !self.is_about_own_login()
            && !matches!(self, Self::SeparateLogins | Self::RegisterMember | Self::ListAllMembers | Self::Invite)
    }

    /// Whether the action concerns nobody but the person who is signed in.
    pub(super) const fn is_about_own_login(self) -> bool {
        matches!(self, Self::UseOwnLogin | Self::ChangeOwnAddresses | Self::MergeLogins)
    }

    /// Whether staff may do it for the clinic. Nobody at the clinic signs in a family's name.
    pub(super) const fn is_staff_work(self) -> bool {
        !matches!(self, Self::FillSlot { .. })
    }
}
