//! Proofs that are half done.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::super::Version;
use super::super::id::{ChallengeId, LoginId, SessionId};
use super::Means;

/// What a code is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "kebab-case")]
pub enum Purpose {
    /// A new session. The password was right.
    #[default]
    SignIn,
    /// Fresh proof within a session. The password was right.
    StepUp {
        /// Which session.
        session: SessionId,
    },
    /// A new password. A recovery code or the desk's was right.
    Recover {
        /// Which.
        means: Means,
    },
}

/// A proof that is half done and waits for the mailed code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// Identifier; only the browser that gave the first half learns it.
    pub id: ChallengeId,
    /// Who it is.
    pub login: LoginId,
    /// What for.
    #[serde(default)]
    pub purpose: Purpose,
    /// Codes are refused from then on.
    pub expires_at: Timestamp,
    /// Replaced how often.
    pub version: Version,
}

impl Challenge {
    /// Life of a code (NIST SP 800-63B-4 §3.1.3: at most 10 minutes).
    pub const LIFE: SignedDuration = SignedDuration::from_mins(10);
    /// Guesses that are compared; each is counted before.
    pub const MOST_TRIES: u32 = 5;

    /// Whether a code may still be compared.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}
