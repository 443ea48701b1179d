//! Text that people type. Each kind has one door that normalises it and refuses what could break a mail header, a page or a log.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

/// Why a text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TextError {
    /// Nothing is left after trimming.
    #[error("write something here")]
    Empty,
    /// Longer than the field allows, counted in Unicode scalar values.
    #[error("write at most {0} characters")]
    TooLong(usize),
    /// Shorter than the field allows, counted in Unicode scalar values.
    #[error("write at least {0} characters")]
    TooShort(usize),
    /// A control character, a line break or a character that reverses the direction of writing.
    #[error("use letters, digits and ordinary signs only, on one line")]
    Unprintable,
    /// Not an email address that a mail can be sent to.
    #[error("write one email address, such as name@example.org")]
    NotAnAddress,
}

/// Control characters, line and paragraph separators, and the marks that change the direction of writing: they can hide
/// text on a page (Unicode TR 36) or start a new mail header.
fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{feff}')
        || ('\u{202a}'..='\u{202e}').contains(&character)
        || ('\u{2066}'..='\u{2069}').contains(&character)
}

fn line(text: &str, longest: usize) -> Result<String, TextError> {
    if text.chars().any(is_unprintable) {
        return Err(TextError::Unprintable);
    }
    let text: String = text.trim().nfc().collect();
    match text.chars().count() {
        0 => Err(TextError::Empty),
        length if length > longest => Err(TextError::TooLong(longest)),
        _ => Ok(text),
    }
}

macro_rules! lines {
    ($($(#[$doc:meta])* $name:ident <= $longest:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// The text, in Unicode normalisation form C, without surrounding space.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            // Personal text must not reach a log by way of a debug print.
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        impl FromStr for $name {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                line(text, $longest).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .min_length(Some(1))
                    .max_length(Some($longest))
                    .build()
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    )*};
}

lines! {
    /// The name of a person, as the person writes it.
    PersonName <= 100;
    /// The title of a document or a packet.
    Title <= 120;
    /// A reason or remark in a few words, on one line.
    Note <= 500;
}

/// An email address as it was typed. Compare addresses by [`EmailAddress::canonical`] only.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The address as typed: what people see and what mail is sent to.
    #[must_use]
    pub fn as_typed(&self) -> &str {
        &self.0
    }

    /// Lower case throughout. RFC 5321 §2.4 lets a host tell local parts apart by case; no provider in use does, and people
    /// do not remember how they typed theirs.
    #[must_use]
    pub fn canonical(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("EmailAddress(…)")
    }
}

impl FromStr for EmailAddress {
    type Err = TextError;

    /// Only plain ASCII addresses with a domain that has a dot: SES delivers nothing else.
    fn from_str(text: &str) -> Result<Self, TextError> {
        let text = text.trim();
        let options =
            email_address::Options::default().with_required_tld().without_domain_literal().without_display_text();
        let plain = text.is_ascii() && !text.contains(['"', '(', ')', '\\']) && text.len() <= 254;
        if plain && email_address::EmailAddress::parse_with_options(text, options).is_ok() {
            Ok(Self(text.to_owned()))
        } else {
            Err(TextError::NotAnAddress)
        }
    }
}

impl Serialize for EmailAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for EmailAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for EmailAddress {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::Custom("email".to_owned())))
            .max_length(Some(254))
            .build()
            .into()
    }
}

impl utoipa::ToSchema for EmailAddress {}

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
    fn names_are_trimmed_and_normalised() {
        let name: PersonName = "  Zoe\u{308}  ".parse().unwrap();
        assert_eq!(name.as_str(), "Zoë");
    }

    #[test]
    fn line_breaks_and_direction_marks_are_refused() {
        for text in ["a\r\nBcc: b", "a\nb", "a\u{0}b", "a\u{202e}b", "a\u{2028}b", "a\u{2066}b"] {
            assert_eq!(text.parse::<PersonName>(), Err(TextError::Unprintable), "{text:?}");
        }
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert!("é".repeat(100).parse::<PersonName>().is_ok());
        assert_eq!("é".repeat(101).parse::<PersonName>(), Err(TextError::TooLong(100)));
        assert_eq!("   ".parse::<Title>(), Err(TextError::Empty));
    }

    #[test]
    fn addresses_are_shown_as_typed_and_compared_in_lower_case() {
        let address: EmailAddress = " Maria@Example.org ".parse().unwrap();
        assert_eq!(address.as_typed(), "Maria@Example.org");
        assert_eq!(address.canonical(), "maria@example.org");
    }

    #[test]
    fn what_is_not_one_plain_address_is_refused() {
        for text in [
            "",
            "maria",
            "a@b",
            "a@b.org, c@d.org",
            "M <a@b.org>",
            "a@[127.0.0.1]",
            "\"a b\"@c.org",
            "a@b.org\r\nBcc: x@y.org",
            "ä@b.org",
        ] {
            assert_eq!(text.parse::<EmailAddress>(), Err(TextError::NotAnAddress), "{text:?}");
        }
    }

    #[test]
    fn a_chosen_password_is_long_and_a_debug_print_hides_it() {
        assert!(matches!(Password::chosen("fourteen chars"), Err(TextError::TooShort(15))));
        let password = Password::chosen("fifteen chars!!").unwrap();
        assert_eq!(format!("{password:?}"), "Password(…)");
    }
}
