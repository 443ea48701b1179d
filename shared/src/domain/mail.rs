//! What is mailed, without a word about whom: a mail names no child, no document, no other adult (design §9).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Version;
use super::id::{ChallengeId, InvitationId, MailId, ProofId};
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
    /// The code for a new password.
    RecoveryCode {
        /// For which challenge.
        challenge: ChallengeId,
    },
    /// The code for fresh proof within a session.
    StepUpCode {
        /// For which challenge.
        challenge: ChallengeId,
    },
    /// A new password counts.
    PasswordChanged,
    /// A new password counts, which the desk's code set; every other way in ended with the old one.
    RecoveredAtDesk,
    /// A recovery code was used to sign in.
    RecoveryCodeUsed,
    /// The desk began a recovery.
    RecoveryStarted,
    /// A refresh token was used twice, and the session was ended.
    SessionStolen,
    /// A passkey was added to the login.
    PasskeyAdded,
    /// A passkey was removed from the login.
    PasskeyRemoved,
    /// A passkey of the login may have been copied, and works no more.
    PasskeySuspended,
    /// The code that proves a mailbox to somebody who is signed in.
    AddressCode {
        /// For which proof.
        proof: ProofId,
    },
    /// A person has other addresses than before.
    AddressesChanged,
    /// This address belongs to a person no more.
    AddressRemoved,
    /// Two sign-ins of a person became one.
    LoginsMerged,
    /// Staff took two sign-ins apart again.
    LoginsSeparated,
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
    /// A signature is still asked for.
    SignatureReminder,
    /// A request for a signature was closed.
    RequestClosed,
    /// The signed copy is ready.
    CopyReady,
    /// Who has access to a record changed.
    AccessChanged,
    /// Staff answered what the person asked for.
    RequestAnswered,
    /// A birthday will change who reaches what.
    BirthdayAhead,
}

impl MailKind {
    /// How long a code lives; a mail that brings it later is of no use.
    const CODE: SignedDuration = SignedDuration::from_mins(10);

    /// Whether the mail brings a code.
    #[must_use]
    pub const fn is_code(&self) -> bool {
        matches!(
            self,
            Self::SignInCode { .. }
                | Self::RecoveryCode { .. }
                | Self::StepUpCode { .. }
                | Self::AddressCode { .. }
                | Self::InvitationCode { .. }
        )
    }
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
    /// It would have brought a code that was not valid any more.
    TooLate,
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
    /// Whether it is too late to send it: its code has ended, and would only puzzle the reader.
    #[must_use]
    pub fn is_too_late(&self, now: Timestamp) -> bool {
        self.kind.is_code() && self.created_at + MailKind::CODE <= now
    }

    /// Notices to every mailbox of somebody, so that whoever took one of them over cannot hide what happened.
    ///
    /// # Errors
    /// What drawing an identifier says.
    pub fn to_all<E>(
        login: &Login,
        kind: &MailKind,
        mut id: impl FnMut() -> Result<MailId, E>,
        now: Timestamp,
    ) -> Result<Vec<Self>, E> {
        let one = |mailbox: &MailboxId| {
            let (mailbox, language) = (mailbox.clone(), login.language);
            let (kind, delivery) = (kind.clone(), Delivery::Pending);
            Ok(Self { id: id()?, mailbox, language, kind, created_at: now, delivery, version: 1 })
        };
        login.mailboxes.iter().map(one).collect()
    }

    /// A mail to a mailbox.
    #[must_use]
    pub fn to_mailbox(mailbox: &MailboxId, language: Language, kind: MailKind, id: MailId, now: Timestamp) -> Self {
        let mailbox = mailbox.clone();
        Self { id, mailbox, language, kind, created_at: now, delivery: Delivery::Pending, version: 1 }
    }

    /// A mail to somebody's first mailbox, in that person's language; none for a person without a mailbox.
    #[must_use]
    pub fn to(login: &Login, kind: MailKind, id: MailId, now: Timestamp) -> Option<Self> {
        Some(Self::to_mailbox(login.mailboxes.first()?, login.language, kind, id, now))
    }
}
