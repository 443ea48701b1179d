//! The two cookies: the refresh token, and the mark of a device that confirmed a code.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use sha2::{Digest, Sha256};

use crate::domain::id::{LoginId, SessionId};
use crate::random::{self, NoRandomness};

/// Name of the cookie with the refresh token. The prefix `__Host-` ties it to this host, to HTTPS and to all paths.
pub const REFRESH: &str = "__Host-refresh";
/// Name of the cookie that marks a confirmed device.
pub const DEVICE: &str = "__Host-device";

/// 256 random bits that only a browser holds; the table has their hash.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Draws a secret.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn draw() -> Result<Self, NoRandomness> {
        Ok(Self(URL_SAFE_NO_PAD.encode(random::bytes::<32>()?)))
    }

    /// A secret that was computed.
    pub(crate) fn computed(bits: [u8; 32]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bits))
    }

    /// SHA-256 of the secret, in hexadecimal.
    #[must_use]
    pub fn hash(&self) -> String {
        hash(&self.0)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}

/// The value of the refresh cookie: which session, and its secret.
#[must_use]
pub fn refresh_value(login: LoginId, session: SessionId, secret: &Secret) -> String {
    format!("{login}.{session}.{}", secret.0)
}

/// Reads the refresh cookie: login, session and its secret.
#[must_use]
pub fn read_refresh(value: &str) -> Option<(LoginId, SessionId, Secret)> {
    let mut parts = value.splitn(3, '.');
    let login = parts.next()?.parse().ok()?;
    let session = parts.next()?.parse().ok()?;
    Some((login, session, Secret(parts.next()?.to_owned())))
}

/// The value of the device cookie: the secret alone, so that the cookie names nobody.
#[must_use]
pub fn device_value(secret: &Secret) -> String {
    secret.0.clone()
}

/// The hash of the secret in a device cookie.
#[must_use]
pub fn read_device(value: &str) -> String {
    hash(value)
}

/// A `Set-Cookie` header that no script reads and no other site sends.
#[must_use]
pub fn set(name: &str, value: &str, life: SignedDuration) -> String {
    format!("{name}={value}; Max-Age={}; Path=/; Secure; HttpOnly; SameSite=Strict", life.as_secs())
}

/// A `Set-Cookie` header that removes the cookie.
#[must_use]
pub fn remove(name: &str) -> String {
    set(name, "", SignedDuration::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_refresh_cookie_survives_and_names_its_session() {
        let (login, session) = (LoginId::from_random([1; 16]), SessionId::from_random([2; 16]));
        let secret = Secret::draw().unwrap();
        let value = refresh_value(login, session, &secret);
        let read = read_refresh(&value).map(|(login, session, secret)| (login, session, secret.hash()));
        assert_eq!(read, Some((login, session, secret.hash())));
        assert!(read_refresh("nonsense").is_none());
    }
}
