//! Text that people type. Each kind has one door that normalises it and refuses what could break a mail header, a page or a log.

mod address;
mod guessable;
mod password;

pub use address::EmailAddress;
pub use password::Password;

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
    /// Nothing is left after trimming, or no letter and no digit.
    #[error("write something here")]
    Empty,
    /// Longer than the field allows, counted in Unicode scalar values.
    #[error("write at most {0} characters")]
    TooLong(usize),
    /// Shorter than the field allows, counted in Unicode scalar values.
    #[error("write at least {0} characters")]
    TooShort(usize),
    /// A control character, a line break, a character without a shape, or one that reverses the direction of writing.
    #[error("use letters, digits and ordinary signs only, on one line")]
    Unprintable,
    /// A password that many people choose, or that repeats itself.
    #[error("this is easy to guess; take four or five words that only you would put together")]
    Guessable,
    /// A password made of what others know about the person.
    #[error("leave out your name, your address and the clinic's name; take words that only you would put together")]
    Personal,
    /// Not an email address that a mail can be sent to.
    #[error("write one email address, such as name@example.org")]
    NotAnAddress,
}

/// Control characters, line and paragraph separators, and the marks that change the direction of writing: they can hide
/// text on a page (Unicode TR 36) or start a new mail header.
pub(super) fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{feff}')
        || ('\u{202a}'..='\u{202e}').contains(&character)
        || is_shapeless(character)
}

/// Characters that show nothing: those of `Default_Ignorable_Code_Point` (Unicode UAX 44), and the blank Braille pattern. They
/// make two names look alike, or one look empty. Three kinds pass, because they shape the characters beside them: the
/// joiners U+200C and U+200D (Persian, Indic scripts, emoji) and the variation selectors U+FE00 to U+FE0F (emoji). Alone they
/// are no text, for they are neither letters nor digits.
const fn is_shapeless(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e00ff}'
            | '\u{e01f0}'..='\u{e0fff}'
    )
}

fn line(text: &str, longest: usize) -> Result<String, TextError> {
    if text.chars().any(is_unprintable) {
        return Err(TextError::Unprintable);
    }
    let text: String = text.trim().nfc().collect();
    match text.chars().count() {
        // Dots and dashes name nobody and say nothing.
        _ if !text.chars().any(char::is_alphanumeric) => Err(TextError::Empty),
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
    /// What a person calls one of the own devices.
    Nickname <= 60;
    /// The name of an agency.
    AgencyName <= 100;
    /// The title of a document or a packet.
    Title <= 120;
    /// A reason or remark in a few words, on one line.
    Note <= 500;
}

impl PersonName {
    /// Whether it is the same name, however it is written: without case, accents and signs "Ana-María" is "ana maria".
    #[must_use]
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.folded().eq(other.folded())
    }

    fn folded(&self) -> impl Iterator<Item = char> {
        self.0.nfkd().flat_map(char::to_lowercase).filter(|letter| letter.is_alphanumeric())
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
    fn what_looks_blank_is_refused() {
        for blank in ["a\u{200b}b", "\u{3164}", "a\u{ad}b", "\u{2060}", "\u{2800}", "\u{115f}", "a\u{e0041}"] {
            assert_eq!(blank.parse::<PersonName>(), Err(TextError::Unprintable), "{blank:?}");
        }
        for blank in ["", "...", "—", "\u{200d}", "\u{fe0f}", "\u{a0}\u{3000}", "\u{301}"] {
            assert_eq!(blank.parse::<PersonName>(), Err(TextError::Empty), "{blank:?}");
            assert_eq!(blank.parse::<Title>(), Err(TextError::Empty), "{blank:?}");
            assert_eq!(blank.parse::<Note>(), Err(TextError::Empty), "{blank:?}");
        }
        // Joiners and variation selectors belong to real names and titles.
        for real in ["می\u{200c}نا", "ක්\u{200d}රිස්", "Thank you ❤\u{fe0f}", "李", "O'Neil-Ñu"] {
            assert!(real.parse::<PersonName>().is_ok(), "{real:?}");
        }
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert!("é".repeat(100).parse::<PersonName>().is_ok());
        assert_eq!("é".repeat(101).parse::<PersonName>(), Err(TextError::TooLong(100)));
        assert_eq!("   ".parse::<Title>(), Err(TextError::Empty));
    }
}
