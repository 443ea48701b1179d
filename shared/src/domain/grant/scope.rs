//! What a grant can allow, one by one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One thing that a grant can allow. The set is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// See the member's name and date of birth, and the activity that concerns the reader.
    Profile,
    /// List and open documents.
    DocumentsRead,
    /// Upload documents.
    DocumentsUpload,
    /// Sign, or decline to sign, in the member's name.
    Sign,
    /// See appointments.
    AppointmentsRead,
    /// Ask for, move and cancel appointments.
    AppointmentsBook,
    /// Read and write messages.
    Messages,
    /// See statements.
    BillingRead,
    /// Pay.
    BillingPay,
    /// See who else has access, and what they did. In a custody dispute the leak is often not the record but this.
    HouseholdDirectory,
    /// Ask the clinic to give somebody else access.
    Invite,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 11] = [
        Self::Profile,
        Self::DocumentsRead,
        Self::DocumentsUpload,
        Self::Sign,
        Self::AppointmentsRead,
        Self::AppointmentsBook,
        Self::Messages,
        Self::BillingRead,
        Self::BillingPay,
        Self::HouseholdDirectory,
        Self::Invite,
    ];

    /// Whether guardians keep it while a teenager's record is limited to them: what a family must arrange stays, what the
    /// teenager told the clinic closes (the limited level that hospital portals use).
    #[must_use]
    pub const fn stays_when_limited(self) -> bool {
        !matches!(self, Self::DocumentsRead | Self::Messages)
    }
}
