//! Inviting a mailbox to one or several members (design §6).

mod awaited;

pub use awaited::{AwaitError, AwaitedSlot};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::Version;
use super::grant::{Authority, Terms};
use super::id::{InvitationId, LoginId, MemberId};
use super::login::{Language, MailboxId};
use super::member::Member;
use super::policy::ClinicPolicy;

/// One member within an invitation, and what the invited person will be allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// The member.
    pub member: MemberId,
    /// What, why, when.
    pub terms: Terms,
}

/// How the link reaches the invited person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Handing {
    /// By mail.
    #[default]
    Mail,
    /// On paper, at the clinic's desk, after somebody there saw who it is: for a teenager's own login, so that no parent who reads
    /// the mailbox enrols in the teenager's place.
    Desk,
}

/// Where an invitation stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum InvitationState {
    /// Can be answered until it expires.
    Open,
    /// Somebody accepted.
    Accepted {
        /// Who.
        by: LoginId,
        /// When.
        at: Timestamp,
    },
    /// The invited person declined.
    Declined,
    /// Staff took it back.
    Revoked,
}

/// An invitation of one mailbox to one or several members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Identifier.
    pub id: InvitationId,
    /// Which mailbox is invited.
    pub mailbox: MailboxId,
    /// To what.
    pub offers: Vec<Offer>,
    /// Language of the mail.
    pub language: Language,
    /// How the link is handed over.
    #[serde(default)]
    pub handing: Handing,
    /// Who invites.
    pub invited_by: LoginId,
    /// Counts sendings; each has its own token.
    pub generation: u32,
    /// SHA-256 of the token of this generation, in hexadecimal.
    pub token_hash: String,
    /// The token opens nothing from then on.
    pub expires_at: Timestamp,
    /// Codes sent to prove the mailbox, for this generation.
    pub codes_sent: u32,
    /// When the newest code was sent.
    pub code_sent_at: Option<Timestamp>,
    /// Signatures that wait for whoever accepts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub awaits: Vec<AwaitedSlot>,
    /// Where it stands.
    #[serde(flatten)]
    pub state: InvitationState,
    /// Replaced how often.
    pub version: Version,
}

/// Why an invitation cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvitationError {
    /// Answered, taken back, expired, or killed by wrong codes: to the outside it is gone.
    #[error("that link has been used or is too old; ask the clinic for a new one, or sign in")]
    Gone,
    /// Codes are sent once a minute.
    #[error("a code is on its way; look at your mail, and ask for a new one in a minute")]
    CodeTooSoon,
    /// Five codes were sent for this link.
    #[error("five codes were sent; use the newest, or ask the clinic for a new invitation")]
    NoMoreCodes,
    /// No code was sent, or it is too old.
    #[error("ask for a code first")]
    NoCode,
}

impl Invitation {
    /// How long a link lives (design §6).
    pub const LIFE: SignedDuration = SignedDuration::from_hours(72);
    /// Members in one invitation: what accepting writes must fit into one transaction of 100 items.
    pub const MOST_MEMBERS: usize = 15;
    /// Guesses at a code that are compared for one link, each counted before; then the link is dead (design §6).
    pub const MOST_TRIES: u32 = 5;
    /// Codes sent for one link: our choice, as many as guesses (design §6), so that nobody floods a mailbox.
    pub const MOST_CODES: u32 = 5;
    /// Time between two codes: our choice, time for a mail to come.
    pub const CODE_PAUSE: SignedDuration = SignedDuration::from_mins(1);
    /// How long a code lives (NIST SP 800-63B-4 §3.1.3: at most 10 minutes).
    pub const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);

    /// Whether this offer must be handed over at the desk: a minor's own login.
    #[must_use]
    pub fn needs_desk(offer: &Offer, member: &Member, policy: &ClinicPolicy, now: Timestamp) -> bool {
        offer.terms.authority == Authority::Oneself && !policy.is_of_age(member.birth_date, now)
    }

    /// An invitation that is about to be sent for the first time.
    #[must_use]
    pub fn new(
        id: InvitationId,
        (mailbox, language, handing): (MailboxId, Language, Handing),
        offers: Vec<Offer>,
        invited_by: LoginId,
        token_hash: String,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            mailbox,
            offers,
            language,
            handing,
            invited_by,
            generation: 1,
            token_hash,
            expires_at: now + Self::LIFE,
            codes_sent: 0,
            code_sent_at: None,
            awaits: Vec::new(),
            state: InvitationState::Open,
            version: 1,
        }
    }

    /// When the present link was sent.
    #[must_use]
    pub fn sent_at(&self) -> Timestamp {
        self.expires_at - Self::LIFE
    }

    /// Checks that the link can still be answered, but for the guesses, which are counted elsewhere.
    ///
    /// # Errors
    /// [`InvitationError::Gone`].
    pub fn open_at(&self, now: Timestamp) -> Result<(), InvitationError> {
        if self.state == InvitationState::Open && now < self.expires_at { Ok(()) } else { Err(InvitationError::Gone) }
    }

    /// The invitation with one more code on its way.
    ///
    /// # Errors
    /// [`InvitationError::Gone`], [`InvitationError::NoMoreCodes`] or [`InvitationError::CodeTooSoon`].
    pub fn with_code_sent(&self, now: Timestamp) -> Result<Self, InvitationError> {
        self.open_at(now)?;
        if self.codes_sent >= Self::MOST_CODES {
            return Err(InvitationError::NoMoreCodes);
        }
        if self.code_sent_at.is_some_and(|sent| now < sent + Self::CODE_PAUSE) {
            return Err(InvitationError::CodeTooSoon);
        }
        Ok(Self { codes_sent: self.codes_sent + 1, code_sent_at: Some(now), ..self.clone() })
    }

    /// Checks that there is a code to guess at.
    ///
    /// # Errors
    /// [`InvitationError::NoCode`].
    pub fn awaits_code(&self, now: Timestamp) -> Result<(), InvitationError> {
        match self.code_sent_at {
            Some(sent) if now < sent + Self::CODE_LIFE => Ok(()),
            _ => Err(InvitationError::NoCode),
        }
    }

    /// The invitation after it was answered or taken back.
    ///
    /// # Errors
    /// [`InvitationError::Gone`]; a link that merely expired can still be taken back.
    pub fn closed(&self, state: InvitationState, now: Timestamp) -> Result<Self, InvitationError> {
        match (&self.state, &state) {
            (InvitationState::Open, InvitationState::Revoked) => {}
            _ => self.open_at(now)?,
        }
        Ok(Self { state, ..self.clone() })
    }

    /// The invitation with a new link and a new 72 hours. Old links open nothing any more.
    ///
    /// # Errors
    /// [`InvitationError::Gone`] when it was answered or taken back.
    pub fn resent(&self, token_hash: String, now: Timestamp) -> Result<Self, InvitationError> {
        if self.state != InvitationState::Open {
            return Err(InvitationError::Gone);
        }
        Ok(Self {
            generation: self.generation + 1,
            token_hash,
            expires_at: now + Self::LIFE,
            codes_sent: 0,
            code_sent_at: None,
            ..self.clone()
        })
    }
}

#[cfg(test)]
mod tests;
