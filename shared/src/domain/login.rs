//! Persons who sign in, and their sessions.

mod recovery;
mod session;

pub use recovery::{DeskRecovery, Means, RecoveryCodes};
pub use session::{AuthenticationMethod, Challenge, Device, Purpose, Refresh, Session};

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Version;
use super::id::{AgencyId, LoginId};
use super::text::{EmailAddress, PersonName};

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

/// A mailbox, named by the keyed hash of its address: 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MailboxId(String);

impl MailboxId {
    /// From the keyed hash of the canonical address.
    #[must_use]
    pub fn from_hash(hash: [u8; 32]) -> Self {
        Self(hex::encode(hash))
    }
}

impl fmt::Display for MailboxId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for MailboxId {
    type Err = hex::FromHexError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut hash = [0; 32];
        hex::decode_to_slice(text, &mut hash)?;
        Ok(Self::from_hash(hash))
    }
}

/// A mailbox and the persons who proved that they read it (FHIR `ContactPoint`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// Keyed hash of the address.
    pub id: MailboxId,
    /// The address, as it was first typed.
    pub address: EmailAddress,
    /// Persons behind the mailbox, at most [`Mailbox::MOST_LOGINS`].
    pub logins: Vec<LoginId>,
    /// Replaced how often.
    pub version: Version,
}

impl Mailbox {
    /// Persons behind one mailbox. Sign-in checks the password against this number of hashes, always, so that time tells
    /// nothing about how many there are; four cost 80 ms.
    pub const MOST_LOGINS: usize = 4;
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
    /// Replaced how often.
    pub version: Version,
}
