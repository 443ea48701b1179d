//! Persons who sign in, and their sessions.

pub mod alias;
mod mailbox;
mod merge;
mod proof;
mod session;

pub use mailbox::{AddressError, Mailbox, MailboxId, SignInName};
pub use merge::{Merge, MergeError, MergedInto, MovedGrant, MovedSlot};
pub use proof::{AddressProof, ProofError};
pub use session::{AuthenticationMethod, Challenge, Device, Refresh, Session};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Version;
use super::id::LoginId;
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
    /// The login that took this one's place, when the person had two: nobody signs in here any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<MergedInto>,
    /// Replaced how often.
    pub version: Version,
}
