//! Inviting a mailbox to one or several members (design §6).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::Version;
use super::grant::Terms;
use super::id::{InvitationId, LoginId, MemberId};
use super::login::{Language, MailboxId};

/// One member within an invitation, and what the invited person will be allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// The member.
    pub member: MemberId,
    /// What, why, when.
    pub terms: Terms,
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
    /// Wrong guesses at a code, for this generation, counted before they are compared.
    pub tries: u32,
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
    /// Wrong codes that kill a link (design §6).
    pub const MOST_TRIES: u32 = 5;
    /// Codes sent for one link: our choice, as many as guesses (design §6), so that nobody floods a mailbox.
    pub const MOST_CODES: u32 = 5;
    /// Time between two codes: our choice, time for a mail to come.
    pub const CODE_PAUSE: SignedDuration = SignedDuration::from_mins(1);
    /// How long a code lives (NIST SP 800-63B-4 §3.1.3: at most 10 minutes).
    pub const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);

    /// An invitation that is about to be sent for the first time.
    #[must_use]
    pub fn new(
        id: InvitationId,
        (mailbox, language): (MailboxId, Language),
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
            invited_by,
            generation: 1,
            token_hash,
            expires_at: now + Self::LIFE,
            codes_sent: 0,
            code_sent_at: None,
            tries: 0,
            state: InvitationState::Open,
            version: 1,
        }
    }

    /// When the present link was sent.
    #[must_use]
    pub fn sent_at(&self) -> Timestamp {
        self.expires_at - Self::LIFE
    }

    /// Checks that the link can still be answered.
    ///
    /// # Errors
    /// [`InvitationError::Gone`].
    pub fn open_at(&self, now: Timestamp) -> Result<(), InvitationError> {
        if self.state == InvitationState::Open && now < self.expires_at && self.tries < Self::MOST_TRIES {
            Ok(())
        } else {
            Err(InvitationError::Gone)
        }
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

    /// The invitation with one more guess counted.
    ///
    /// # Errors
    /// [`InvitationError::Gone`] or [`InvitationError::NoCode`].
    pub fn with_guess(&self, now: Timestamp) -> Result<Self, InvitationError> {
        self.open_at(now)?;
        if self.code_sent_at.is_none_or(|sent| sent + Self::CODE_LIFE <= now) {
            return Err(InvitationError::NoCode);
        }
        Ok(Self { tries: self.tries + 1, ..self.clone() })
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
            tries: 0,
            ..self.clone()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation(now: Timestamp) -> Invitation {
        Invitation {
            id: InvitationId::from_random([1; 16]),
            mailbox: MailboxId::from_hash([2; 32]),
            offers: Vec::new(),
            language: Language::English,
            invited_by: LoginId::from_random([3; 16]),
            generation: 1,
            token_hash: "first".to_owned(),
            expires_at: now + Invitation::LIFE,
            codes_sent: 0,
            code_sent_at: None,
            tries: 0,
            state: InvitationState::Open,
            version: 1,
        }
    }

    fn noon() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_link_lives_72_hours_and_resending_starts_them_anew() {
        let sent = invitation(noon());
        let last = noon() + Invitation::LIFE - SignedDuration::from_secs(1);
        assert_eq!(sent.open_at(last), Ok(()));
        assert_eq!(sent.open_at(noon() + Invitation::LIFE), Err(InvitationError::Gone));
        let again = sent.resent("second".to_owned(), noon() + Invitation::LIFE).unwrap();
        assert_eq!((again.generation, again.token_hash.as_str()), (2, "second"));
        assert_eq!(again.open_at(noon() + Invitation::LIFE), Ok(()));
    }

    #[test]
    fn the_fifth_wrong_code_kills_the_link() {
        let mut current = invitation(noon()).with_code_sent(noon()).unwrap();
        for _ in 0..Invitation::MOST_TRIES {
            current = current.with_guess(noon()).unwrap();
        }
        assert_eq!(current.with_guess(noon()), Err(InvitationError::Gone));
        assert_eq!(current.closed(InvitationState::Declined, noon()), Err(InvitationError::Gone));
    }

    #[test]
    fn codes_are_sent_once_a_minute_and_live_ten() {
        let first = invitation(noon()).with_code_sent(noon()).unwrap();
        assert_eq!(first.with_code_sent(noon() + SignedDuration::from_secs(59)), Err(InvitationError::CodeTooSoon));
        assert!(first.with_code_sent(noon() + Invitation::CODE_PAUSE).is_ok());
        assert_eq!(first.with_guess(noon() + Invitation::CODE_LIFE), Err(InvitationError::NoCode));
        assert_eq!(invitation(noon()).with_guess(noon()), Err(InvitationError::NoCode));
        let last = Invitation { codes_sent: Invitation::MOST_CODES, ..first };
        assert_eq!(last.with_code_sent(noon() + Invitation::CODE_PAUSE), Err(InvitationError::NoMoreCodes));
    }

    #[test]
    fn an_answer_is_final_but_an_expired_link_can_be_taken_back() {
        let declined = invitation(noon()).closed(InvitationState::Declined, noon()).unwrap();
        assert_eq!(declined.closed(InvitationState::Revoked, noon()), Err(InvitationError::Gone));
        assert_eq!(declined.resent("x".to_owned(), noon()), Err(InvitationError::Gone));
        let late = noon() + Invitation::LIFE;
        assert!(invitation(noon()).closed(InvitationState::Revoked, late).is_ok());
        assert!(invitation(noon()).closed(InvitationState::Declined, late).is_err());
    }
}
