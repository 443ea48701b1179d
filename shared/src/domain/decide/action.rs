//! What people want to do, and what each of it takes.

use crate::domain::document::Audience;
use crate::domain::grant::{Authority, Scope};
use crate::domain::id::LoginId;
use crate::domain::signature::SigningCapacity;

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Use what every signed-in person may use: the list of one's own members, one's sessions, signing out.
    UseOwnLogin,
    /// Change how one signs in, or an address.
    ChangeOwnLogin,
    /// Help somebody back in at the desk, or undo a merge of logins.
    MendLogin,
    /// Add a client record.
    RegisterMember,
    /// List every client of the clinic.
    ListAllMembers,
    /// See and change agencies and their rosters.
    ManageAgencies,
    /// Pass children from one caseworker to another.
    HandOver,
    /// Open a member's record: get a member token. Staff say why.
    OpenMember {
        /// Whether a reason was given.
        with_reason: bool,
    },
    /// See name and date of birth.
    ReadProfile,
    /// See who has access and who is invited, with everything staff know; preview and explain what somebody may do.
    ReadPeople,
    /// See the names of those who have access, and what they did.
    ReadDirectory,
    /// Give somebody access, or change it.
    GiveGrant,
    /// Narrow, end or revoke the access of a login.
    LowerGrant {
        /// Whose access.
        of: LoginId,
        /// On which ground it rests.
        ground: Option<Authority>,
    },
    /// Keep a former guardian as a helper.
    KeepHelper,
    /// Keep somebody out of a record, or hold somebody out for a while.
    Block,
    /// Let somebody in again.
    LiftBlock,
    /// Read who did what.
    ReadActivity,
    /// Invite a mailbox, resend or take back an invitation.
    Invite,
    /// Ask the clinic to give somebody access, or for another member of the family.
    AskForAccess,
    /// Read what was asked for: a family the own requests, staff all of them.
    ReadRequests,
    /// Approve or refuse what somebody asks for.
    AnswerRequest,
    /// Start an upload.
    UploadDocument,
    /// Start an upload of a paper that only staff see.
    UploadForStaff,
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
    /// Get a link to the sealed file that the caller signed. The signer keeps it for as long as the record is open to the signer at
    /// all, although no more may be signed.
    OpenOwnCopy,
    /// Fill one's own slot: sign it, or decline.
    FillSlot {
        /// Whom the slot asks.
        holder: LoginId,
        /// In which capacity; the legal ground of the holder's grant must still fit it.
        capacity: SigningCapacity,
    },
    /// See appointments.
    ReadAppointments,
    /// Ask for, move or cancel an appointment.
    BookAppointment,
    /// Read and write messages.
    UseMessages,
    /// See statements.
    ReadBilling,
    /// Pay.
    PayBill,
}

/// What a family needs for an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// A live grant that allows this.
    Scope(Scope),
    /// Any live grant.
    AnyGrant,
    /// To be the client, and of age.
    OwnRecord,
}

impl Action {
    /// To send a paper for that audience.
    #[must_use]
    pub const fn uploading(audience: Audience) -> Self {
        match audience {
            Audience::Family => Self::UploadDocument,
            Audience::Staff => Self::UploadForStaff,
        }
    }

    /// What `caller` needs a grant for, if any grant allows the action.
    pub(super) fn takes(self, caller: LoginId) -> Option<Takes> {
        Some(match self {
            Self::OpenMember { .. } | Self::ReadProfile | Self::ReadActivity => Takes::Scope(Scope::Profile),
            Self::ReadDirectory => Takes::Scope(Scope::HouseholdDirectory),
            Self::AskForAccess | Self::ReadRequests => Takes::Scope(Scope::Invite),
            Self::UploadDocument => Takes::Scope(Scope::DocumentsUpload),
            Self::ListDocuments | Self::OpenDocument => Takes::Scope(Scope::DocumentsRead),
            Self::FillSlot { .. }
            | Self::ReadPackets
            | Self::ReadPacket { holds_slot: true }
            | Self::OpenPacket { holds_slot: true } => Takes::Scope(Scope::Sign),
            Self::ReadAppointments => Takes::Scope(Scope::AppointmentsRead),
            Self::BookAppointment => Takes::Scope(Scope::AppointmentsBook),
            Self::UseMessages => Takes::Scope(Scope::Messages),
            Self::ReadBilling => Takes::Scope(Scope::BillingRead),
            Self::PayBill => Takes::Scope(Scope::BillingPay),
            Self::LowerGrant { of, .. } if of == caller => Takes::AnyGrant,
            Self::OpenOwnCopy => Takes::AnyGrant,
            // An adult client ends the help that he or she agreed to; what a court ordered, only staff change.
            Self::LowerGrant { ground: Some(Authority::AdultConsent), .. } | Self::KeepHelper => Takes::OwnRecord,
            Self::UseOwnLogin
            | Self::ChangeOwnLogin
            | Self::MendLogin
            | Self::RegisterMember
            | Self::ListAllMembers
            | Self::ManageAgencies
            | Self::HandOver
            | Self::ReadPeople
            | Self::GiveGrant
            | Self::LowerGrant { .. }
            | Self::Block
            | Self::LiftBlock
            | Self::Invite
            | Self::AnswerRequest
            | Self::UploadForStaff
            | Self::CreatePacket
            | Self::VoidPacket
            | Self::ReadPacket { holds_slot: false }
            | Self::OpenPacket { holds_slot: false } => return None,
        })
    }

    /// Whether the action touches nothing but the person's own login.
    pub(super) const fn concerns_own_login(self) -> bool {
        matches!(self, Self::UseOwnLogin | Self::ChangeOwnLogin)
    }

    /// Whether the action concerns one member, whose record must then exist.
    pub(super) const fn needs_member(self) -> bool {
        !matches!(
            self,
            Self::UseOwnLogin
                | Self::ChangeOwnLogin
                | Self::MendLogin
                | Self::RegisterMember
                | Self::ListAllMembers
                | Self::ManageAgencies
                | Self::HandOver
                | Self::Invite
        )
    }

    /// Whether staff may do it for the clinic. Nobody at the clinic signs, pays, asks or chooses in a family's name.
    pub(super) const fn is_staff_work(self) -> bool {
        match self {
            Self::FillSlot { capacity, .. } => capacity.is_for_staff(),
            Self::PayBill | Self::AskForAccess | Self::KeepHelper => false,
            _ => true,
        }
    }

    /// Whether the person must have proved moments ago who he or she is: what binds, what lets somebody in, and what changes how
    /// to sign in. Lowering access and keeping somebody out are never held up.
    #[must_use]
    pub const fn wants_fresh_proof(self) -> bool {
        matches!(
            self,
            Self::FillSlot { .. }
                | Self::Invite
                | Self::GiveGrant
                | Self::KeepHelper
                | Self::LiftBlock
                | Self::AnswerRequest
                | Self::HandOver
                | Self::ChangeOwnLogin
                | Self::MendLogin
        )
    }
}
