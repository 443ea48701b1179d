//! What staff can ask about somebody: may this person do that?

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Action, Basis, Deny, judge};
use crate::domain::grant::{Authority, Grant};
use crate::domain::id::LoginId;
use crate::domain::login::Login;
use crate::domain::member::Member;
use crate::domain::policy::ClinicPolicy;
use crate::domain::signature::SigningCapacity;
use jiff::Timestamp;

/// Something that a family does with a record. The set is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// Open the record.
    OpenRecord,
    /// See name and date of birth.
    ReadProfile,
    /// See who else has access.
    ReadDirectory,
    /// Read who did what.
    ReadActivity,
    /// See and open documents.
    ReadDocuments,
    /// Send a document.
    SendDocument,
    /// Sign, in the role that the legal ground gives.
    Sign,
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
    /// Ask the clinic to give somebody access.
    AskForAccess,
    /// Lower the own access.
    LowerOwnAccess,
}

impl Question {
    /// Every question.
    pub const ALL: [Self; 14] = [
        Self::OpenRecord,
        Self::ReadProfile,
        Self::ReadDirectory,
        Self::ReadActivity,
        Self::ReadDocuments,
        Self::SendDocument,
        Self::Sign,
        Self::ReadAppointments,
        Self::BookAppointment,
        Self::UseMessages,
        Self::ReadBilling,
        Self::PayBill,
        Self::AskForAccess,
        Self::LowerOwnAccess,
    ];

    /// The name of the question, as requests have it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::OpenRecord => "open-record",
            Self::ReadProfile => "read-profile",
            Self::ReadDirectory => "read-directory",
            Self::ReadActivity => "read-activity",
            Self::ReadDocuments => "read-documents",
            Self::SendDocument => "send-document",
            Self::Sign => "sign",
            Self::ReadAppointments => "read-appointments",
            Self::BookAppointment => "book-appointment",
            Self::UseMessages => "use-messages",
            Self::ReadBilling => "read-billing",
            Self::PayBill => "pay-bill",
            Self::AskForAccess => "ask-for-access",
            Self::LowerOwnAccess => "lower-own-access",
        }
    }

    /// The action that the question is about, for a person whose access rests on `ground`.
    #[must_use]
    pub fn action(self, of: LoginId, ground: Option<Authority>) -> Action {
        match self {
            Self::OpenRecord => Action::OpenMember { with_reason: true },
            Self::ReadProfile => Action::ReadProfile,
            Self::ReadDirectory => Action::ReadDirectory,
            Self::ReadActivity => Action::ReadActivity,
            Self::ReadDocuments => Action::OpenDocument,
            Self::SendDocument => Action::UploadDocument,
            Self::Sign => {
                let fitting = |capacity: &SigningCapacity| ground.is_some_and(|ground| capacity.fits(ground));
                // Who fits no capacity is refused in each.
                let capacity =
                    SigningCapacity::OF_GROUNDS.into_iter().find(fitting).unwrap_or(SigningCapacity::Guardian);
                Action::FillSlot { holder: of, capacity }
            }
            Self::ReadAppointments => Action::ReadAppointments,
            Self::BookAppointment => Action::BookAppointment,
            Self::UseMessages => Action::UseMessages,
            Self::ReadBilling => Action::ReadBilling,
            Self::PayBill => Action::PayBill,
            Self::AskForAccess => Action::AskForAccess,
            Self::LowerOwnAccess => Action::LowerGrant { of, ground },
        }
    }

    /// The answer of [`judge`] for that person at `at`.
    ///
    /// # Errors
    /// The reason for a no.
    pub fn ask<'a>(
        self,
        person: (&Login, Option<&'a Grant>),
        member: &Member,
        policy: &ClinicPolicy,
        at: Timestamp,
    ) -> Result<Basis<'a>, Deny> {
        let (login, grant) = person;
        let ground = grant.map(|grant| grant.terms.authority);
        judge(self.action(login.id, ground), person, Some(member), policy, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_has_one_name() {
        for question in Question::ALL {
            assert_eq!(serde_json::to_value(question).unwrap(), question.code());
        }
    }
}
