//! Passwords: Argon2id with the parameters of design §11, and the stack's pepper.

use argon2::password_hash::{PasswordHash, SaltString};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

use crate::domain::text::Password;
use crate::http::Stop;
use crate::http::stop::Internal;
use crate::random;

/// Memory in KiB and passes (OWASP's minimum, measured at 20 ms on one virtual CPU).
const MEMORY: u32 = 19_456;
const PASSES: u32 = 2;

/// A hash of a password that nobody has: what is computed for an unknown address, so that it takes as long as a known one.
pub const DUMMY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$aGVhcnRoZHVtbXlzYWx0$ma0gs1GYqlzQmyuGS1M6PT0mZGrcmYVgNdBb3VvSVz4";

fn hasher(pepper: &[u8; 32]) -> Result<Argon2<'_>, Internal> {
    let unusable = Internal("argon2 refused its parameters");
    let params = Params::new(MEMORY, PASSES, 1, None).map_err(|_| unusable)?;
    Argon2::new_with_secret(pepper, Algorithm::Argon2id, Version::V0x13, params).map_err(|_| unusable)
}

/// Hashes a chosen password, as a PHC string.
///
/// # Errors
/// An internal error.
pub fn hash(password: &Password, pepper: &[u8; 32]) -> Result<String, Stop> {
    let unhashable = Internal("a password could not be hashed");
    let salt = SaltString::encode_b64(&random::bytes::<16>()?).map_err(|_| unhashable)?;
    let hash = hasher(pepper)?.hash_password(password.as_bytes(), &salt).map_err(|_| unhashable)?;
    Ok(hash.to_string())
}

/// Whether the password is the one that was hashed. A hash that cannot be read matches nothing, after the same work.
///
/// # Errors
/// An internal error.
pub fn matches(password: &Password, phc: &str, pepper: &[u8; 32]) -> Result<bool, Stop> {
    let parsed = PasswordHash::new(phc).or_else(|_| PasswordHash::new(DUMMY));
    let parsed = parsed.map_err(|_| Internal("the dummy hash is not a hash"))?;
    Ok(hasher(pepper)?.verify_password(password.as_bytes(), &parsed).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_and_the_pepper_together_match() {
        let password = Password::chosen("tulips for the neighbour").unwrap();
        let phc = hash(&password, &[1; 32]).unwrap();
        assert!(matches(&password, &phc, &[1; 32]).unwrap());
        assert!(!matches(&password, &phc, &[2; 32]).unwrap());
        assert!(!matches(&Password::presented("other").unwrap(), &phc, &[1; 32]).unwrap());
    }

    #[test]
    fn the_dummy_is_a_hash_of_full_cost_that_nothing_matches() {
        let dummy = PasswordHash::new(DUMMY).unwrap();
        assert_eq!(dummy.params.get_decimal("m"), Some(MEMORY));
        assert_eq!(dummy.params.get_decimal("t"), Some(PASSES));
        assert!(
            !matches(&Password::presented("").unwrap_or(Password::presented("x").unwrap()), DUMMY, &[0; 32]).unwrap()
        );
    }
}
