//! Why access changed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a grant changed (the closed list of the NHS Validated Relationships Service, shortened).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonCode {
    /// Somebody's safety.
    Safeguarding,
    /// An order of a court.
    Order,
    /// The agreed time is over.
    EndDate,
    /// The relationship changed: a placement ended, a worker changed.
    ChangeInRelationship,
    /// The access was misused.
    Misuse,
    /// The person, the member or a guardian asked for it.
    Request,
    /// A review of access.
    Review,
    /// The person put two logins together, or staff took them apart.
    Merged,
    /// Something else; a note says what.
    Other,
}

impl ReasonCode {
    /// The code as events hold it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Safeguarding => "safeguarding",
            Self::Order => "order",
            Self::EndDate => "end-date",
            Self::ChangeInRelationship => "change-in-relationship",
            Self::Misuse => "misuse",
            Self::Request => "request",
            Self::Review => "review",
            Self::Merged => "merged",
            Self::Other => "other",
        }
    }
}
