//! Proving that one reads a mailbox: a code goes there, and comes back from the session that asked.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::MailboxId;
use super::alias::AliasGroup;
use crate::domain::Version;
use crate::domain::id::{LoginId, ProofId, SessionId};

/// The mailbox that a login is proving now, or proved minutes ago: one at a time. It says nothing about who else reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressProof {
    /// Whose.
    pub login: LoginId,
    /// Names this proof; its code is computed from it.
    pub id: ProofId,
    /// The session that asked; a code typed anywhere else proves nothing.
    pub session: SessionId,
    /// Which mailbox.
    pub mailbox: MailboxId,
    /// Where its twins are found, if its provider has a rule.
    pub group: Option<AliasGroup>,
    /// When the code was sent.
    pub sent_at: Timestamp,
    /// Codes sent since `counted_from`.
    pub codes_sent: u32,
    /// From when codes are counted.
    pub counted_from: Timestamp,
    /// Whether the code came back.
    pub proved: bool,
    /// Whether what it proved was used up.
    pub spent: bool,
    /// Replaced how often.
    pub version: Version,
}

/// Why a mailbox cannot be proved now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProofError {
    /// Codes are sent once a minute.
    #[error("a code is on its way; look at your mail, and ask for a new one in a minute")]
    TooSoon,
    /// Five codes were sent within an hour.
    #[error("five codes were sent in an hour; wait a while, then ask for a new one")]
    TooMany,
    /// No code was sent, or it is too old, or was guessed at too often.
    #[error("ask for a new code first")]
    NoCode,
}

impl AddressProof {
    /// Life of a code, and of what it proved (NIST SP 800-63B-4 §3.1.3: at most 10 minutes).
    pub const LIFE: SignedDuration = SignedDuration::from_mins(10);
    /// Guesses at a code, and at what rests on it, that are compared; each is counted before.
    pub const MOST_TRIES: u32 = 5;
    /// Time between two codes, and codes in an hour: our choice, as for invitations, so that nobody floods a stranger's mailbox.
    pub const PAUSE: SignedDuration = SignedDuration::from_mins(1);
    /// Codes in [`AddressProof::HOUR`].
    pub const MOST_CODES: u32 = 5;
    /// In which codes are counted.
    pub const HOUR: SignedDuration = SignedDuration::from_hours(1);

    /// This proof, as the next one after `before`: the older code counts no more.
    ///
    /// # Errors
    /// [`ProofError::TooSoon`] or [`ProofError::TooMany`].
    pub fn after(self, before: Option<&Self>) -> Result<Self, ProofError> {
        let Some(before) = before else { return Ok(self) };
        if self.sent_at < before.sent_at + Self::PAUSE {
            return Err(ProofError::TooSoon);
        }
        if before.counted_from + Self::HOUR <= self.sent_at {
            return Ok(self);
        }
        if before.codes_sent >= Self::MOST_CODES {
            return Err(ProofError::TooMany);
        }
        Ok(Self { codes_sent: before.codes_sent + 1, counted_from: before.counted_from, ..self })
    }

    /// Whether a code can still be typed in `session`, or what it proved still counts there.
    ///
    /// # Errors
    /// [`ProofError::NoCode`].
    pub fn open_in(&self, session: SessionId, now: Timestamp) -> Result<(), ProofError> {
        if self.session == session && now < self.sent_at + Self::LIFE && !self.spent {
            Ok(())
        } else {
            Err(ProofError::NoCode)
        }
    }

    /// After the code came back.
    #[must_use]
    pub fn proven(&self) -> Self {
        Self { proved: true, ..self.clone() }
    }

    /// Used up: what it proved counts no more. The counts of codes stay.
    #[must_use]
    pub fn spent(&self) -> Self {
        Self { spent: true, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + seconds).unwrap()
    }

    fn proof(sent_at: Timestamp) -> AddressProof {
        AddressProof {
            login: LoginId::from_random([1; 16]),
            id: ProofId::from_random([2; 16]),
            session: SessionId::from_random([3; 16]),
            mailbox: MailboxId::from_hash([4; 32]),
            group: None,
            sent_at,
            codes_sent: 1,
            counted_from: sent_at,
            proved: false,
            spent: false,
            version: 1,
        }
    }

    #[test]
    fn codes_are_sent_once_a_minute_and_five_times_an_hour() {
        let mut last = proof(at(0));
        assert_eq!(proof(at(59)).after(Some(&last)), Err(ProofError::TooSoon));
        for number in 1..5 {
            last = proof(at(number * 60)).after(Some(&last)).unwrap();
        }
        assert_eq!(last.codes_sent, 5);
        assert_eq!(proof(at(3_599)).after(Some(&last)), Err(ProofError::TooMany));
        assert_eq!(proof(at(3_600)).after(Some(&last)).unwrap().codes_sent, 1);
    }

    #[test]
    fn a_code_counts_ten_minutes_in_its_own_session_and_once() {
        let (fresh, session) = (proof(at(0)), SessionId::from_random([3; 16]));
        assert_eq!(fresh.open_in(session, at(599)), Ok(()));
        assert_eq!(fresh.open_in(session, at(600)), Err(ProofError::NoCode));
        assert_eq!(fresh.open_in(SessionId::from_random([9; 16]), at(1)), Err(ProofError::NoCode));
        assert_eq!(fresh.proven().spent().open_in(session, at(1)), Err(ProofError::NoCode));
    }
}
