//! Ways back for somebody who lost the password or the mailbox (NIST SP 800-63B-4 §4.2).
//!
//! A mailbox alone never sets a password: whoever reads it may be somebody else of the family. Beside the code from the mailbox
//! stands one that only the person has: a recovery code kept since it was shown, or one that the desk printed after checking a
//! document. Either is derived from an identifier when it is shown and when it is presented; the table holds none.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::super::Version;
use super::super::id::{LoginId, RecoveryId};

/// A person's recovery codes: ten, each good for one use. A new set replaces the old one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryCodes {
    /// Whose.
    pub login: LoginId,
    /// Names the set; the codes are derived from it and from their numbers.
    pub set: RecoveryId,
    /// Numbers of the codes that are left.
    pub left: Vec<u8>,
    /// Shown when.
    pub made_at: Timestamp,
    /// Replaced how often.
    pub version: Version,
}

impl RecoveryCodes {
    /// Codes in a set.
    pub const COUNT: u8 = 10;

    /// A whole new set.
    #[must_use]
    pub fn new(login: LoginId, set: RecoveryId, now: Timestamp) -> Self {
        Self { login, set, left: (1..=Self::COUNT).collect(), made_at: now, version: 1 }
    }

    /// The set after one of its codes was used; none when that code was used before.
    #[must_use]
    pub fn without(&self, number: u8) -> Option<Self> {
        let mut rest = self.clone();
        rest.left.retain(|&left| left != number);
        (rest.left.len() < self.left.len()).then_some(rest)
    }
}

/// A recovery that staff began at the desk, after they had checked a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskRecovery {
    /// Names it; the printed code is derived from it.
    pub id: RecoveryId,
    /// For whom.
    pub login: LoginId,
    /// Who checked the document.
    pub started_by: LoginId,
    /// The printed code is refused from then on.
    pub expires_at: Timestamp,
    /// Replaced how often.
    pub version: Version,
}

impl DeskRecovery {
    /// Life of a printed code: until the person is at home and has time. Our choice.
    pub const LIFE: SignedDuration = SignedDuration::from_hours(24);
    /// Codes that are compared; each is counted before.
    pub const MOST_TRIES: u32 = 5;

    /// Whether the printed code still counts.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

/// What somebody showed to be let back in, beside the code from the mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Means {
    /// A recovery code.
    RecoveryCode {
        /// Of which set.
        set: RecoveryId,
        /// Which of it.
        number: u8,
    },
    /// The code that the desk printed.
    Desk {
        /// Which recovery.
        recovery: RecoveryId,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_code_is_used_once() {
        let now = "2026-11-21T12:00:00Z".parse().unwrap();
        let codes = RecoveryCodes::new(LoginId::from_random([1; 16]), RecoveryId::from_random([2; 16]), now);
        assert_eq!(codes.left.len(), 10);
        let rest = codes.without(3).unwrap();
        assert_eq!(rest.left.len(), 9);
        assert_eq!(rest.without(3), None);
        assert_eq!(codes.without(11), None);
    }

    #[test]
    fn a_printed_code_ends_after_a_day() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let recovery = DeskRecovery {
            id: RecoveryId::from_random([1; 16]),
            login: LoginId::from_random([2; 16]),
            started_by: LoginId::from_random([3; 16]),
            expires_at: now + DeskRecovery::LIFE,
            version: 1,
        };
        assert!(recovery.is_open(now + SignedDuration::from_secs(24 * 3600 - 1)));
        assert!(!recovery.is_open(now + DeskRecovery::LIFE));
    }
}
