//! Limits on guessing: how often, and after how long a pause (NIST SP 800-63B-4 §3.2.2).
//!
//! The generic cell rate algorithm (ITU-T I.371): a bucket holds one number, the moment at which it is empty again. A guess
//! moves that moment on by a fixed interval and is refused where it lies too far ahead. So a pause gives back exactly what it
//! should, nothing has to be tidied up, and one number can be changed by a conditional write.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Version;
use super::id::LoginId;
use super::login::MailboxId;

/// A moment in milliseconds since 1970: finer than seconds, for limits of many guesses a second.
pub type Millis = i64;

/// How often something may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    burst: i64,
    interval: i64,
}

impl Rate {
    /// `burst` tries at once, and one more for every `interval` that passes.
    #[must_use]
    pub const fn new(burst: u32, interval: SignedDuration) -> Self {
        // Shorter than a millisecond would be no limit; the cast keeps every interval that a rule here has.
        let millis = interval.as_secs() * 1000 + (interval.subsec_nanos() / 1_000_000) as i64;
        Self { burst: burst as i64, interval: if millis < 1 { 1 } else { millis } }
    }

    /// What a try adds.
    #[must_use]
    pub const fn interval(&self) -> Millis {
        self.interval
    }

    /// What the first try after a pause leaves in the bucket.
    #[must_use]
    pub fn first(&self, now: Timestamp) -> Millis {
        now.as_millisecond().saturating_add(self.interval)
    }

    /// Up to where the bucket may be filled for one more try to fit.
    #[must_use]
    pub fn latest(&self, now: Timestamp) -> Millis {
        now.as_millisecond().saturating_add(self.interval.saturating_mul(self.burst - 1))
    }

    /// When a bucket that takes no try from `now` on is empty for certain.
    #[must_use]
    pub fn emptied(&self, now: Timestamp) -> Timestamp {
        Timestamp::from_millisecond(self.latest(now).saturating_add(self.interval)).unwrap_or(Timestamp::MAX)
    }

    /// The bucket after one more try.
    ///
    /// # Errors
    /// How long to wait.
    pub fn take(&self, filled: Option<Millis>, now: Timestamp) -> Result<Millis, Wait> {
        match filled {
            Some(filled) if filled > self.latest(now) => Err(self.wait(filled, now)),
            Some(filled) if filled >= now.as_millisecond() => Ok(filled.saturating_add(self.interval)),
            _ => Ok(self.first(now)),
        }
    }

    /// How long to wait until a bucket has room again.
    #[must_use]
    pub fn wait(&self, filled: Millis, now: Timestamp) -> Wait {
        let millis = filled.saturating_sub(self.latest(now));
        let seconds = millis.saturating_add(999) / 1000;
        Wait { seconds: u32::try_from(seconds.max(1)).unwrap_or(u32::MAX) }
    }
}

/// Too many tries: the time to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wait {
    /// In whole seconds, at least one.
    pub seconds: u32,
}

/// Where guesses come from: one IPv4 address, or the /64 that an IPv6 network gives to one house. Only its keyed hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockId(String);

impl BlockId {
    /// From the keyed hash of the block.
    #[must_use]
    pub fn from_hash(hash: [u8; 32]) -> Self {
        Self(hex::encode(hash))
    }
}

/// What counts guesses. A stranger fills the first three; who comes with the mark of a device that the same person confirmed
/// before is judged by that device alone. So nobody who knows an address can lock its owner out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bucket {
    /// All guesses of all strangers: a bound on what a flood can cost.
    Total,
    /// Guesses from one place.
    Block(BlockId),
    /// Guesses at the persons behind one address, whether it exists or not.
    Mailbox(MailboxId),
    /// Guesses from one device, by the hash of its mark.
    Device(String),
    /// Guesses at a password within an open session.
    StepUp(LoginId),
}

impl Bucket {
    /// How fast it may be filled. Our choice, within NIST's 100 failed tries: ten passwords at once, then one in 90 seconds. Of
    /// one place 300, because a mobile network or a clinic hides many families behind one address; of all together what four
    /// processors can hash.
    #[must_use]
    pub const fn rate(&self) -> Rate {
        match self {
            Self::Total => Rate::new(500, SignedDuration::from_millis(20)),
            Self::Block(_) => Rate::new(300, SignedDuration::from_millis(7_500)),
            Self::Mailbox(_) | Self::Device(_) | Self::StepUp(_) => Rate::new(10, SignedDuration::from_secs(90)),
        }
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Total => formatter.write_str("total"),
            Self::Block(block) => write!(formatter, "block#{}", block.0),
            Self::Mailbox(mailbox) => write!(formatter, "mailbox#{mailbox}"),
            Self::Device(hash) => write!(formatter, "device#{hash}"),
            Self::StepUp(login) => write!(formatter, "step-up#{login}"),
        }
    }
}

/// Codes mailed to one person. Counted in the transaction that sends the mail, so it never differs from what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeAllowance {
    /// Whose.
    pub login: LoginId,
    /// When the bucket is empty again.
    pub filled: Millis,
    /// Replaced how often.
    pub version: Version,
}

impl CodeAllowance {
    /// Ten codes at once, then one in four minutes: staff without a passkey prove themselves every five.
    pub const RATE: Rate = Rate::new(10, SignedDuration::from_mins(4));

    /// The allowance after one more code.
    ///
    /// # Errors
    /// How long to wait.
    pub fn after_one_more(before: Option<&Self>, login: LoginId, now: Timestamp) -> Result<Self, Wait> {
        let filled = Self::RATE.take(before.map(|before| before.filled), now)?;
        Ok(Self { login, filled, version: before.map_or(1, |before| before.version) })
    }
}

#[cfg(test)]
mod tests;
