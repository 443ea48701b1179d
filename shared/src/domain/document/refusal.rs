//! Why a file cannot be used.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why an uploaded file was refused, in a word that stays the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalCode {
    /// Larger than the limit.
    TooLarge,
    /// No photograph, and `%PDF-` is not at the very first byte: bytes before it move all offsets, and viewers disagree about what they then see.
    NotAPdf,
    /// Locked with a password.
    Encrypted,
    /// Signed electronically already; a copy would break that signature.
    SignedAlready,
    /// Broken: it could only be read by guessing.
    Damaged,
    /// Two readers see different pages in it, or may: what one person signs would not be what another one sees.
    Ambiguous,
    /// No page to show.
    NoPages,
    /// More pages than the limit.
    TooManyPages,
    /// More objects, nesting or data than a form has: a bound on memory or work was reached.
    TooComplex,
    /// An XFA form without real pages: all viewers but one show "please wait".
    DynamicForm,
    /// An envelope with other files in it.
    Portfolio,
    /// Announced, and it never arrived or could not be inspected.
    Lost,
    /// The file came after the uploader's access was taken away. Only staff see such a document.
    NotAllowed,
}

impl RefusalCode {
    /// Every code, for tables of texts and for tests.
    pub const ALL: [Self; 13] = [
        Self::TooLarge,
        Self::NotAPdf,
        Self::Encrypted,
        Self::SignedAlready,
        Self::Damaged,
        Self::Ambiguous,
        Self::NoPages,
        Self::TooManyPages,
        Self::TooComplex,
        Self::DynamicForm,
        Self::Portfolio,
        Self::Lost,
        Self::NotAllowed,
    ];

    /// The code as events, logs and the API have it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::NotAPdf => "not-a-pdf",
            Self::Encrypted => "encrypted",
            Self::SignedAlready => "signed-already",
            Self::Damaged => "damaged",
            Self::Ambiguous => "ambiguous",
            Self::NoPages => "no-pages",
            Self::TooManyPages => "too-many-pages",
            Self::TooComplex => "too-complex",
            Self::DynamicForm => "dynamic-form",
            Self::Portfolio => "portfolio",
            Self::Lost => "lost",
            Self::NotAllowed => "not-allowed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_has_one_word_everywhere() {
        for refusal in RefusalCode::ALL {
            assert_eq!(serde_json::to_value(refusal).unwrap(), refusal.code());
        }
    }
}
