//! The legal ground, and what it may allow at most.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Scope;

/// The legal ground of a grant. It caps the scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Authority {
    /// A parent of a minor (45 CFR 164.502(g)(3)).
    ParentalResponsibility,
    /// A guardian of a minor.
    Guardianship,
    /// A foster placement: daily care, no consent to treatment (clinic policy; states differ).
    FosterPlacement,
    /// An agency that has custody of a minor, acting through its worker; it may consent (clinic policy; states differ).
    AgencyCustody,
    /// An order of a court, of a minor or an adult.
    CourtOrder,
    /// An adult client's own consent to the help of another (45 CFR 164.510(b)).
    AdultConsent,
    /// The client himself or herself.
    #[serde(rename = "self")]
    Oneself,
}

impl Authority {
    /// Whether the ground falls away when the member comes of age.
    #[must_use]
    pub const fn rests_on_minority(self) -> bool {
        matches!(self, Self::ParentalResponsibility | Self::Guardianship | Self::FosterPlacement | Self::AgencyCustody)
    }

    /// The most that a grant on this ground may allow. A foster carer has the daily care: no signature, no money, no say in who
    /// else comes in. An adult's helper signs nothing in the client's name and brings in nobody. What a foster carer and an
    /// agency may do is clinic policy; states differ.
    #[must_use]
    pub const fn allows(self, scope: Scope) -> bool {
        match self {
            Self::ParentalResponsibility
            | Self::Guardianship
            | Self::AgencyCustody
            | Self::CourtOrder
            | Self::Oneself => true,
            Self::FosterPlacement => !matches!(
                scope,
                Scope::Sign | Scope::BillingRead | Scope::BillingPay | Scope::HouseholdDirectory | Scope::Invite
            ),
            Self::AdultConsent => !matches!(scope, Scope::Sign | Scope::Invite),
        }
    }
}
