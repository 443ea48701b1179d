//! Passwords.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use super::TextError;
use super::guessable::{is_guessable, is_personal};

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

    /// A password that somebody chooses: long enough, and not one that many people choose. No rule about kinds of signs: they
    /// make passwords harder to remember, and hardly harder to guess.
    ///
    /// # Errors
    /// [`TextError::TooShort`], [`TextError::TooLong`] or [`TextError::Guessable`].
    pub fn chosen(text: &str) -> Result<Self, TextError> {
        let password = Self::presented(text)?;
        if password.0.chars().count() < Self::SHORTEST {
            return Err(TextError::TooShort(Self::SHORTEST));
        }
        if is_guessable(&password.0) {
            return Err(TextError::Guessable);
        }
        Ok(password)
    }

    /// Refuses a chosen password that is made of words that others know about the person: the names of person and clinic, the
    /// addresses.
    ///
    /// # Errors
    /// [`TextError::Personal`].
    pub fn avoids(&self, words: &[&str]) -> Result<(), TextError> {
        if is_personal(&self.0, words) { Err(TextError::Personal) } else { Ok(()) }
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

    #[test]
    fn length_counts_characters_after_normalisation() {
        // Fourteen letters, one of them written as two code points.
        assert!(matches!(Password::chosen("zoe\u{308} isst gerne"), Err(TextError::TooShort(15))));
        assert!(Password::chosen("zoe\u{308} isst gern Obst").is_ok());
        assert!(matches!(Password::chosen(&"x7 ".repeat(67)), Err(TextError::TooLong(200))));
        assert!(matches!(Password::chosen("passwordpassword"), Err(TextError::Guessable)));
        let personal = Password::chosen("Ana Ruiz Delgado 77").unwrap();
        assert_eq!(personal.avoids(&["Ana Ruiz Delgado"]), Err(TextError::Personal));
    }
}
