//! Passwords.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use super::TextError;

/// A password that somebody chooses or presents. It can be hashed and compared, not printed or stored.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Shortest password that may be chosen (NIST SP 800-63B-4 §3.1.1.2: 15 characters for a single factor).
    pub const SHORTEST: usize = 15;
    /// Longest password that is hashed; a bound on work, far above the 64 that NIST SP 800-63B-4 wants accepted.
    pub const LONGEST: usize = 200;

    /// The bytes to hash, in Unicode normalisation form C, so that every keyboard yields the same.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// A password that somebody presents to sign in: only the upper bound holds.
    ///
    /// # Errors
    /// [`TextError::Empty`] or [`TextError::TooLong`].
    pub fn presented(text: &str) -> Result<Self, TextError> {
        let text: String = text.nfc().collect();
        match text.chars().count() {
            0 => Err(TextError::Empty),
            length if length > Self::LONGEST => Err(TextError::TooLong(Self::LONGEST)),
            _ => Ok(Self(text)),
        }
    }

    /// A password that somebody chooses: long enough, no other rule.
    ///
    /// # Errors
    /// [`TextError::TooShort`] or [`TextError::TooLong`].
    pub fn chosen(text: &str) -> Result<Self, TextError> {
        let password = Self::presented(text)?;
        if password.0.chars().count() < Self::SHORTEST {
            return Err(TextError::TooShort(Self::SHORTEST));
        }
        Ok(password)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_password_is_long_and_a_debug_print_hides_it() {
        assert!(matches!(Password::chosen("fourteen chars"), Err(TextError::TooShort(15))));
        let password = Password::chosen("fifteen chars!!").unwrap();
        assert_eq!(format!("{password:?}"), "Password(…)");
    }
}
