//! Sessions, and the devices that are known.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::Version;
use super::super::id::{LoginId, SessionId};

/// How somebody proved who he or she is, for the record (RFC 8176 names where one fits).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum AuthenticationMethod {
    /// Password on a device that was confirmed before.
    #[serde(rename = "pwd")]
    Password,
    /// Password, and a code from the mailbox.
    #[serde(rename = "pwd+otp")]
    PasswordAndMailedCode,
    /// Password, and one of the recovery codes: the mailbox was out of reach.
    #[serde(rename = "pwd+rec")]
    PasswordAndRecoveryCode,
    /// Passkey, on a device that checked its user: possession of a key (`pop`), and with the finger, face or PIN a second
    /// factor (`mfa`). Not `hwk` or `swk`, since nobody can tell where a key is that its owner's devices share.
    #[serde(rename = "pop+mfa")]
    Passkey,
}

/// One sign-in on one device. Its item is removed when it ends, so that absence means "not signed in".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Identifier.
    pub id: SessionId,
    /// Who signed in.
    pub login: LoginId,
    /// How.
    pub method: AuthenticationMethod,
    /// When the person proved who he or she is.
    pub authenticated_at: Timestamp,
    /// The session ends at this moment whatever happens.
    pub ends_at: Timestamp,
    /// The session ends unless it is refreshed before this moment.
    pub idle_at: Timestamp,
    /// SHA-256 of the refresh token that is valid now.
    pub refresh_hash: String,
    /// SHA-256 of the refresh token before that.
    pub previous_hash: Option<String>,
    /// Until when the token before is answered with its successor instead of an alarm.
    pub previous_until: Option<Timestamp>,
    /// Replaced how often.
    pub version: Version,
}

impl Session {
    /// Longest life of a session (NIST SP 800-63B-4 §2.2.3: at most 24 hours; a working day suffices).
    pub const LONGEST: SignedDuration = SignedDuration::from_hours(12);
    /// Longest time without a refresh (45 CFR 164.312(a)(2)(iii), automatic logoff).
    pub const IDLE: SignedDuration = SignedDuration::from_mins(30);
    /// How long the token before the present one is taken for another tab, or for a browser that never got the answer. Our choice:
    /// tabs that wake together and people who try again ask within seconds, and a thief has no more than these.
    pub const GRACE: SignedDuration = SignedDuration::from_secs(20);

    /// How long a proof of who somebody is counts as fresh (design §8: at most five minutes before a signature).
    pub const FRESH: SignedDuration = SignedDuration::from_mins(5);

    /// Whether the person proved who he or she is moments ago, to the second of [`Session::FRESH`].
    #[must_use]
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now <= self.authenticated_at + Self::FRESH
    }

    /// Whether the session still counts at `now`.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.ends_at && now < self.idle_at
    }

    /// When the person signed in.
    #[must_use]
    pub fn began_at(&self) -> Timestamp {
        self.ends_at - Self::LONGEST
    }

    /// When the session was last used, to the hour: enough to know one's own device by, too little to follow anybody.
    #[must_use]
    pub fn last_used(&self) -> Timestamp {
        let used = (self.idle_at - Self::IDLE).as_second();
        Timestamp::from_second(used - used.rem_euclid(3600)).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// What a presented refresh token means.
    #[must_use]
    pub fn judge_refresh(&self, presented_hash: &str, now: Timestamp) -> Refresh {
        if !self.is_live(now) {
            Refresh::Ended
        } else if presented_hash == self.refresh_hash {
            Refresh::Rotate
        } else if self.previous_hash.as_deref() == Some(presented_hash)
            && self.previous_until.is_some_and(|until| now < until)
        {
            Refresh::Repeated
        } else {
            Refresh::Reused
        }
    }

    /// The session after the person proved once more who he or she is.
    #[must_use]
    pub fn proved(&self, method: AuthenticationMethod, now: Timestamp) -> Self {
        Self { method, authenticated_at: now, ..self.clone() }
    }

    /// The session after its refresh token was exchanged.
    #[must_use]
    pub fn rotated(&self, new_hash: String, now: Timestamp) -> Self {
        Self {
            previous_hash: Some(self.refresh_hash.clone()),
            previous_until: Some(now + Self::GRACE),
            refresh_hash: new_hash,
            idle_at: now + Self::IDLE,
            ..self.clone()
        }
    }
}

/// What a presented refresh token means (RFC 9700 §4.14.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refresh {
    /// The present token: exchange it.
    Rotate,
    /// The token before, moments later: another tab of the same browser was faster, or the answer was lost on its way. It is given
    /// the present token once more; nothing is exchanged.
    Repeated,
    /// An old token: somebody else holds a copy. The session must end.
    Reused,
    /// The session is over.
    Ended,
}

/// A device on which a login confirmed a mailed code before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Whose device.
    pub login: LoginId,
    /// SHA-256 of the token in the device's cookie.
    pub token_hash: String,
    /// From then on a code is asked for again.
    pub expires_at: Timestamp,
    /// Replaced how often.
    pub version: Version,
}

impl Device {
    /// How long a confirmed device is remembered. Our choice: a quarter, so that families between two visits are rarely asked,
    /// and a device given away is forgotten.
    pub const REMEMBERED: SignedDuration = SignedDuration::from_hours(90 * 24);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(now: Timestamp) -> Session {
        Session {
            id: SessionId::from_random([1; 16]),
            login: LoginId::from_random([2; 16]),
            method: AuthenticationMethod::Password,
            authenticated_at: now,
            ends_at: now + Session::LONGEST,
            idle_at: now + Session::IDLE,
            refresh_hash: "a".to_owned(),
            previous_hash: None,
            previous_until: None,
            version: 1,
        }
    }

    #[test]
    fn a_refresh_token_rotates_once_is_repeated_for_moments_and_then_raises_the_alarm() {
        let start: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let first = session(start);
        assert_eq!(first.judge_refresh("a", start), Refresh::Rotate);
        let second = first.rotated("b".to_owned(), start);
        assert_eq!(second.judge_refresh("b", start), Refresh::Rotate);
        assert_eq!(second.judge_refresh("a", start + SignedDuration::from_secs(19)), Refresh::Repeated);
        assert_eq!(second.judge_refresh("a", start + Session::GRACE), Refresh::Reused);
        assert_eq!(second.judge_refresh("x", start), Refresh::Reused);
    }

    #[test]
    fn a_session_tells_the_hour_of_its_last_use_and_when_it_began() {
        let start: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let session = session(start).rotated("b".to_owned(), start + SignedDuration::from_mins(119));
        assert_eq!(session.began_at(), start);
        assert_eq!(session.last_used(), start + SignedDuration::from_hours(1));
        let proved = session.proved(AuthenticationMethod::Password, start + SignedDuration::from_mins(130));
        assert_eq!((proved.began_at(), proved.idle_at), (start, session.idle_at));
    }

    #[test]
    fn a_session_ends_when_idle_and_at_its_absolute_end() {
        let start: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let idle = session(start);
        assert!(idle.is_live(start + SignedDuration::from_secs(30 * 60 - 1)));
        assert_eq!(idle.judge_refresh("a", start + Session::IDLE), Refresh::Ended);
        let mut busy = session(start);
        busy.idle_at = start + Session::LONGEST + Session::LONGEST;
        assert_eq!(busy.judge_refresh("a", start + Session::LONGEST), Refresh::Ended);
    }
}
