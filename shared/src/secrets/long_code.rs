//! Codes for paper.

use subtle::ConstantTimeEq;

use crate::http::meter::note_code;
use crate::store::guesses::CountedGuess;

/// A code for paper: 80 bits in sixteen letters and digits (Crockford's base 32), which no guess finds.
#[derive(Clone)]
pub struct LongCode(String);

/// Without i, l, o and u, which are misread.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl LongCode {
    /// Letters that name a code to whoever looks for it; the ten after them are its secret, 50 bits.
    const NAME: usize = 6;

    pub(super) fn from_mac(mac: [u8; 32]) -> Self {
        let (head, _) = mac.split_at(10);
        let number = head.iter().fold(0_u128, |number, &byte| (number << 8) | u128::from(byte));
        let letter = |place: u32| {
            let index = usize::try_from((number >> (5 * place)) & 31).unwrap_or_default();
            LETTERS.get(index).map_or('0', |&letter| char::from(letter))
        };
        Self((0..16).rev().map(letter).collect())
    }

    /// Four groups of four.
    #[must_use]
    pub fn for_reading(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }

    /// Whether somebody typed this code; takes the same time for every wrong one of the same length.
    #[must_use]
    pub fn matches(&self, typed: &str) -> bool {
        self.0.as_bytes().ct_eq(Self::plain(typed).as_bytes()).into()
    }

    fn is_named_by(&self, typed: &str) -> bool {
        let typed = Self::plain(typed);
        let (Some(own), Some(given)) = (self.0.get(..Self::NAME), typed.get(..Self::NAME)) else { return false };
        own.as_bytes().ct_eq(given.as_bytes()).into()
    }

    /// What was typed, as the code is spelled: small or capital letters, with or without dashes, `O` for zero.
    fn plain(typed: &str) -> String {
        let spelled = |letter: char| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        typed.chars().filter(|letter| !matches!(letter, ' ' | '-' | '\u{a0}' | '–')).take(32).map(spelled).collect()
    }
}

/// The code that the desk prints: whoever reads its name from the paper has a few guesses at the rest, each counted first.
#[derive(Debug, Clone)]
pub struct DeskCode(LongCode);

impl DeskCode {
    pub(super) fn from_mac(mac: [u8; 32]) -> Self {
        Self(LongCode::from_mac(mac))
    }

    /// Four groups of four.
    #[must_use]
    pub fn for_reading(&self) -> String {
        self.0.for_reading()
    }

    /// Whether somebody typed this code's name, whatever comes after it.
    #[must_use]
    pub fn is_named_by(&self, typed: &str) -> bool {
        self.0.is_named_by(typed)
    }

    /// Whether somebody typed this code.
    #[must_use]
    pub fn matches(&self, typed: &str, _: CountedGuess) -> bool {
        note_code();
        self.0.matches(typed)
    }
}

impl std::fmt::Debug for LongCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("LongCode(…)")
    }
}
