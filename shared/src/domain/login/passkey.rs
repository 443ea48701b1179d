//! Passkeys: keys on a person's own devices that sign in without a password (W3C Web Authentication, level 3).
//!
//! A passkey names the person itself: the device hands out the login's identifier together with the signature. So neither a
//! shared mailbox nor a family's one phone can pick the wrong person, and nobody types an address that could be guessed.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;
use utoipa::ToSchema;

use super::super::Version;
use super::super::id::{CeremonyId, LoginId, PasskeyId, SessionId};
use super::super::text::Nickname;

impl PasskeyId {
    /// Names a passkey by its credential identifier: the first 128 bits of a SHA-256.
    ///
    /// A passkey is looked up by login and identifier together, both of which the device must present. An identifier that
    /// somebody else registered as well therefore leads to nobody but its own login, and needs no register of all of them.
    #[must_use]
    pub fn of_credential(credential: &[u8]) -> Self {
        let mut bits = [0; 16];
        for (bit, hashed) in bits.iter_mut().zip(Sha256::digest(credential)) {
            *bit = hashed;
        }
        Self::from_random(bits)
    }
}

/// A passkey of a login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// Identifier, from that of the credential.
    pub id: PasskeyId,
    /// Whose.
    pub login: LoginId,
    /// The host it was made for; browsers offer it nowhere else.
    pub rp_id: String,
    /// What the person calls it.
    pub nickname: Nickname,
    /// Public key, signature counter and backup flags, as the library for the ceremonies writes them.
    pub credential: String,
    /// When it was added.
    pub added_at: Timestamp,
    /// When it last proved who somebody is.
    pub used_at: Option<Timestamp>,
    /// Since when it proves nothing any more, because its counter went back.
    pub suspended_at: Option<Timestamp>,
    /// Replaced how often.
    pub version: Version,
}

/// Whether a passkey can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It signs in.
    Usable,
    /// Its counter went back, so two devices may hold it. It signs nobody in until it is removed and made anew.
    Suspended,
    /// It was made for another address of the portal, and works only there.
    OtherAddress,
}

impl Passkey {
    /// Passkeys of one login. Our choice: a phone, a tablet, a computer and a security key for each of two homes, and some.
    pub const MOST: usize = 10;

    /// Whether it can be used on the host `rp_id`.
    #[must_use]
    pub fn standing(&self, rp_id: &str) -> Standing {
        match self.suspended_at {
            Some(_) => Standing::Suspended,
            None if self.rp_id != rp_id => Standing::OtherAddress,
            None => Standing::Usable,
        }
    }

    /// The passkey after it proved who somebody is.
    #[must_use]
    pub fn used(&self, credential: String, now: Timestamp) -> Self {
        Self { credential, used_at: Some(now), ..self.clone() }
    }

    /// The passkey after its counter went back. Nobody can tell the person's device from the copy, so neither gets in; that is
    /// harsher than to refuse the one signature, which would shut out whichever of the two is behind.
    #[must_use]
    pub fn suspended(&self, now: Timestamp) -> Self {
        Self { suspended_at: Some(now), ..self.clone() }
    }
}

/// Whether a login with `present` passkeys may add one.
///
/// # Errors
/// [`PasskeyError::TooMany`].
pub const fn may_add(present: &[Passkey]) -> Result<(), PasskeyError> {
    if present.len() < Passkey::MOST { Ok(()) } else { Err(PasskeyError::TooMany) }
}

/// What a ceremony is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum CeremonyKind {
    /// Adding a passkey to a login, within the session that began it.
    Registration {
        /// Whose passkey.
        login: LoginId,
        /// In which session the person proved who is adding it.
        session: SessionId,
    },
    /// Proving who somebody is. Whoever that is, the passkey says.
    Authentication,
}

/// A ceremony between its two requests. Its item is removed by the change that it leads to, so that it leads to one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ceremony {
    /// Identifier; only the browser that began learns it.
    pub id: CeremonyId,
    /// What for.
    #[serde(flatten)]
    pub kind: CeremonyKind,
    /// For which host.
    pub rp_id: String,
    /// The challenge and what was asked for, as the library for the ceremonies writes it. It never leaves the table.
    pub state: String,
    /// Answers are refused from then on.
    pub expires_at: Timestamp,
    /// Replaced how often.
    pub version: Version,
}

impl Ceremony {
    /// Life of a challenge: what the specification recommends as the longest time for a person to act (§15.1).
    pub const LIFE: SignedDuration = SignedDuration::from_mins(5);

    /// Whether an answer of this kind, on this host, still counts.
    ///
    /// # Errors
    /// [`PasskeyError::CeremonyOver`], whatever does not fit.
    pub fn admits(&self, kind: CeremonyKind, rp_id: &str, now: Timestamp) -> Result<(), PasskeyError> {
        if self.kind == kind && self.rp_id == rp_id && now < self.expires_at {
            Ok(())
        } else {
            Err(PasskeyError::CeremonyOver)
        }
    }
}

/// Why a passkey is not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PasskeyError {
    /// Unknown, used, begun by somebody else or too old.
    #[error("this took too long, or was done already; start again")]
    CeremonyOver,
    /// As many as a login holds.
    #[error("you have {} passkeys; remove one before you add another", Passkey::MOST)]
    TooMany,
    /// The device brought a passkey that the login has.
    #[error("this passkey is on your list already; use it, or remove it first")]
    Known,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn passkey(credential: &[u8]) -> Passkey {
        Passkey {
            id: PasskeyId::of_credential(credential),
            login: LoginId::from_random([1; 16]),
            rp_id: "portal.example.org".to_owned(),
            nickname: "Phone".parse().unwrap(),
            credential: "before".to_owned(),
            added_at: start(),
            used_at: None,
            suspended_at: None,
            version: 1,
        }
    }

    #[test]
    fn a_passkey_stands_only_where_it_was_made_and_never_once_suspended() {
        let made = passkey(b"one");
        assert_eq!(made.standing("portal.example.org"), Standing::Usable);
        assert_eq!(made.standing("example.org"), Standing::OtherAddress);
        let copied = made.suspended(start());
        assert_eq!(copied.standing("portal.example.org"), Standing::Suspended);
        assert_eq!(copied.used("after".to_owned(), start()).standing("portal.example.org"), Standing::Suspended);
        assert_ne!(passkey(b"two").id, made.id);
    }

    #[test]
    fn a_login_holds_ten_passkeys() {
        let many: Vec<Passkey> = (0..Passkey::MOST).map(|number| passkey(&number.to_be_bytes())).collect();
        assert_eq!(may_add(&many), Err(PasskeyError::TooMany));
        assert_eq!(may_add(&many[1..]), Ok(()));
    }

    #[test]
    fn a_ceremony_admits_its_own_kind_and_host_for_five_minutes() {
        let (mine, session) = (LoginId::from_random([1; 16]), SessionId::from_random([2; 16]));
        let kind = CeremonyKind::Registration { login: mine, session };
        let ceremony = Ceremony {
            id: CeremonyId::from_random([3; 16]),
            kind,
            rp_id: "portal.example.org".to_owned(),
            state: String::new(),
            expires_at: start() + Ceremony::LIFE,
            version: 1,
        };
        let last = start() + SignedDuration::from_secs(299);
        assert_eq!(ceremony.admits(kind, "portal.example.org", last), Ok(()));
        let over = Err(PasskeyError::CeremonyOver);
        assert_eq!(ceremony.admits(kind, "portal.example.org", start() + Ceremony::LIFE), over);
        assert_eq!(ceremony.admits(kind, "example.org", start()), over);
        let others = [
            CeremonyKind::Authentication,
            CeremonyKind::Registration { login: LoginId::from_random([9; 16]), session },
            CeremonyKind::Registration { login: mine, session: SessionId::from_random([9; 16]) },
        ];
        for other in others {
            assert_eq!(ceremony.admits(other, "portal.example.org", start()), over);
        }
    }
}
