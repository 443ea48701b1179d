//! Client records of the clinic.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Version;
use super::id::MemberId;
use super::text::PersonName;

/// A client record (FHIR `Patient`): a child without email, or a person with a login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Identifier.
    pub id: MemberId,
    /// Name.
    pub name: PersonName,
    /// Date of birth; ages are derived from it at each decision.
    pub birth_date: Date,
    /// When staff registered the client.
    pub registered_at: Timestamp,
    /// Replaced how often.
    pub version: Version,
}
