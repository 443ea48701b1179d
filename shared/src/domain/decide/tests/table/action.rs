//! The actions, by the names that the table has for them.

use super::super::domain::decide::Action;
use super::super::domain::signature::SigningCapacity;
use super::{Authority, Row, other, own};

impl Row {
    /// What the person asks for.
    pub(crate) fn action(&self, number: u16) -> Action {
        let fill = |holder, capacity| Action::FillSlot { holder, capacity };
        match self.does.as_str() {
            "use-own-login" => Action::UseOwnLogin,
            "change-own-login" => Action::ChangeOwnLogin,
            "mend-login" => Action::MendLogin,
            "register-member" => Action::RegisterMember,
            "list-all-members" => Action::ListAllMembers,
            "manage-agencies" => Action::ManageAgencies,
            "hand-over" => Action::HandOver,
            "open-member" => Action::OpenMember { with_reason: false },
            "open-member-with-reason" => Action::OpenMember { with_reason: true },
            "read-profile" => Action::ReadProfile,
            "read-people" => Action::ReadPeople,
            "read-directory" => Action::ReadDirectory,
            "give-grant" => Action::GiveGrant,
            "lower-own-grant" => {
                Action::LowerGrant { of: own(number), ground: Some(Authority::ParentalResponsibility) }
            }
            "lower-parents-grant" => {
                Action::LowerGrant { of: other(number), ground: Some(Authority::ParentalResponsibility) }
            }
            "lower-helpers-grant" => Action::LowerGrant { of: other(number), ground: Some(Authority::AdultConsent) },
            "lower-unknown-grant" => Action::LowerGrant { of: other(number), ground: None },
            "keep-helper" => Action::KeepHelper,
            "block" => Action::Block,
            "lift-block" => Action::LiftBlock,
            "read-activity" => Action::ReadActivity,
            "invite" => Action::Invite,
            "ask-for-access" => Action::AskForAccess,
            "read-requests" => Action::ReadRequests,
            "answer-request" => Action::AnswerRequest,
            "upload-document" => Action::UploadDocument,
            "upload-for-staff" => Action::UploadForStaff,
            "list-documents" => Action::ListDocuments,
            "open-document" => Action::OpenDocument,
            "create-packet" => Action::CreatePacket,
            "void-packet" => Action::VoidPacket,
            "read-packets" => Action::ReadPackets,
            "read-own-packet" => Action::ReadPacket { holds_slot: true },
            "read-others-packet" => Action::ReadPacket { holds_slot: false },
            "open-own-packet" => Action::OpenPacket { holds_slot: true },
            "open-own-copy" => Action::OpenOwnCopy,
            "open-others-packet" => Action::OpenPacket { holds_slot: false },
            "sign-as-parent" => fill(own(number), SigningCapacity::Parent),
            "sign-as-guardian" => fill(own(number), SigningCapacity::Guardian),
            "sign-as-patient" => fill(own(number), SigningCapacity::Patient),
            "sign-as-assent" => fill(own(number), SigningCapacity::Assent),
            "sign-as-witness" => fill(own(number), SigningCapacity::Witness),
            "sign-for-clinic" => fill(own(number), SigningCapacity::Clinic),
            "sign-for-another" => fill(other(number), SigningCapacity::Parent),
            "read-appointments" => Action::ReadAppointments,
            "book-appointment" => Action::BookAppointment,
            "use-messages" => Action::UseMessages,
            "read-billing" => Action::ReadBilling,
            "pay-bill" => Action::PayBill,
            unknown => panic!("no action is called `{unknown}`"),
        }
    }
}
