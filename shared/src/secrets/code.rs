//! Codes that are mailed.

use subtle::ConstantTimeEq;

use crate::http::meter::note_code;
use crate::store::guesses::CountedGuess;

/// A one-time code of eight digits.
#[derive(Clone)]
pub struct Code(String);

impl Code {
    pub(super) fn from_mac(mac: [u8; 32]) -> Self {
        let (head, _) = mac.split_at(8);
        let number = head.iter().fold(0_u64, |number, &byte| (number << 8) | u64::from(byte));
        Self(format!("{:08}", number % 100_000_000))
    }

    /// The digits, in two groups for reading.
    #[must_use]
    pub fn for_reading(&self) -> String {
        let (left, right) = self.0.split_at_checked(4).unwrap_or((&self.0, ""));
        format!("{left} {right}")
    }

    /// Whether somebody typed this code, with or without spaces or dashes; takes the same time for every wrong one. A guess is
    /// counted first.
    #[must_use]
    pub fn matches(&self, typed: &str, _: CountedGuess) -> bool {
        note_code();
        let digits: String = typed.chars().filter(|character| !matches!(character, ' ' | '-' | '\u{a0}')).collect();
        self.0.as_bytes().ct_eq(digits.as_bytes()).into()
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Code(…)")
    }
}
