//! Persons who sign in, and their sessions.

pub mod alias;
mod challenge;
mod lineage;
mod mailbox;
mod merge;
mod passkey;
mod proof;
mod recovery;
mod session;
mod sign_in_name;

pub use challenge::{Challenge, Purpose};
pub use lineage::{Lineage, MergedInto, Parted};
pub use mailbox::{AddressError, Mailbox, MailboxId};
pub use merge::{Merge, MergeError, MovedGrant, MovedSlot};
pub use passkey::{Ceremony, CeremonyKind, Passkey, PasskeyError, Standing, may_add};
pub use proof::{AddressProof, ProofError};
pub use recovery::{DeskRecovery, Means, RecoveryCodes};
pub use session::{AuthenticationMethod, Device, Refresh, Session};
pub use sign_in_name::SignInName;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Version;
use super::id::{AgencyId, LoginId};
use super::text::PersonName;

/// Language of mails and pages (BCP 47).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Spanish.
    #[serde(rename = "es")]
    Spanish,
}

/// What a login is to the clinic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A parent, guardian, caseworker, or client.
    Family,
    /// Works for the clinic.
    Staff,
}

impl Role {
    /// Whether a password needs a second factor beside it. On a device that the person confirmed before, a family's password
    /// is enough; staff reach every record, so theirs never is (45 CFR 164.312(d)).
    #[must_use]
    pub const fn wants_second_factor(self, knows_device: bool) -> bool {
        match self {
            Self::Family => !knows_device,
            Self::Staff => true,
        }
    }
}

/// One natural person who can sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// Identifier.
    pub id: LoginId,
    /// The person's own name.
    pub name: PersonName,
    /// What the person is to the clinic.
    pub role: Role,
    /// Language of mails to the person.
    pub language: Language,
    /// Argon2id hash of the password, as a PHC string.
    pub password_hash: String,
    /// Mailboxes that the person proved; the first receives mail.
    pub mailboxes: Vec<MailboxId>,
    /// The agency on whose roster the person is; what the person may do for the agency's children ends with it.
    #[serde(default)]
    pub agency: Option<AgencyId>,
    /// Other logins and addresses that were or became this person's.
    #[serde(default)]
    pub lineage: Lineage,
    /// Replaced how often.
    pub version: Version,
}
