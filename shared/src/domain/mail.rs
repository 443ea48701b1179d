//! What is mailed, without a word about whom: a mail names no child, no document, no other adult (design §9).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Version;
use super::id::{ChallengeId, InvitationId, MailId};
use super::login::{Language, Login, MailboxId};

/// Why a mail is sent. Codes and links are derived from the identifiers when it is sent, and stored nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "kebab-case")]
pub enum MailKind {
    /// The code that confirms a new device.
    SignInCode {
        /// For which sign-in.
        challenge: ChallengeId,
    },
    /// The link of an invitation.
    Invitation {
        /// Which.
        invitation: InvitationId,
        /// Which sending of it.
        generation: u32,
    },
    /// The code that proves the invited mailbox.
    InvitationCode {
        /// Which.
        invitation: InvitationId,
        /// Which sending of it.
        generation: u32,
        /// Which code of that sending.
        number: u32,
    },
    /// A signature is asked for.
    SignatureAsked,
    /// A request for a signature was closed.
    RequestClosed,
    /// The signed copy is ready.
    CopyReady,
    /// Who has access to a record changed.
    AccessChanged,
    /// Staff answered what the person asked for.
    RequestAnswered,
}

/// Whether a mail went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delivery {
    /// Not yet.
    Pending,
    /// The mail service took it.
    Sent,
    /// The mail service refused it for good.
    Refused,
}

/// A mail in the outbox, to exactly one mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Identifier.
    pub id: MailId,
    /// To whom.
    pub mailbox: MailboxId,
    /// In which language.
    pub language: Language,
    /// What about.
    #[serde(flatten)]
    pub kind: MailKind,
    /// Written when.
    pub created_at: Timestamp,
    /// Whether it went out.
    pub delivery: Delivery,
    /// Replaced how often.
    pub version: Version,
}

impl Mail {
    /// A mail to somebody's first mailbox, in that person's language; none for a person without a mailbox.
    #[must_use]
    pub fn to(login: &Login, kind: MailKind, id: MailId, now: Timestamp) -> Option<Self> {
        let mailbox = login.mailboxes.first()?.clone();
        let language = login.language;
        Some(Self { id, mailbox, language, kind, created_at: now, delivery: Delivery::Pending, version: 1 })
    }
}
