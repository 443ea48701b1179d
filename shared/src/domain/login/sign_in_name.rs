//! Telling apart two persons with one address and one password.

use std::fmt;

/// What tells two persons apart who share a mailbox and happen to have the same password: eight letters and digits that the
/// portal gives to each login. Given and not chosen, so that nobody learns by choosing one that somebody else has it, and
/// unlike the person's name not known to the other one.
#[derive(Clone, PartialEq, Eq)]
pub struct SignInName(String);

impl SignInName {
    /// Crockford's base 32, lower case: no letter looks like a digit.
    const LETTERS: &'static [u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

    /// From a keyed hash of the login.
    #[must_use]
    pub fn from_hash(hash: [u8; 32]) -> Self {
        let letters =
            hash.iter().take(8).map(|byte| Self::LETTERS.get(usize::from(byte % 32)).copied().map_or('0', char::from));
        Self(letters.collect())
    }

    /// In two groups, for reading.
    #[must_use]
    pub fn for_reading(&self) -> String {
        let (left, right) = self.0.split_at_checked(4).unwrap_or((&self.0, ""));
        format!("{left}-{right}")
    }

    /// What somebody typed, in any case, with or without dashes and spaces, and with the letters that look like digits.
    #[must_use]
    pub fn typed(text: &str) -> Self {
        let letters = text.chars().filter(|letter| !matches!(letter, ' ' | '-' | '\u{a0}')).map(|letter| match letter
            .to_ascii_lowercase()
        {
            'o' => '0',
            'i' | 'l' => '1',
            letter => letter,
        });
        Self(letters.take(64).collect())
    }
}

impl fmt::Debug for SignInName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SignInName(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_name_is_read_however_it_is_typed() {
        let name = SignInName::from_hash([17; 32]);
        let reading = name.for_reading();
        assert_eq!(reading.len(), 9);
        for typed in [reading.clone(), reading.to_uppercase(), reading.replace('-', " "), reading.replace('-', "")] {
            assert_eq!(SignInName::typed(&typed), name);
        }
        assert_eq!(SignInName::typed("OIL"), SignInName::typed("011"));
        assert_ne!(SignInName::from_hash([18; 32]), name);
    }
}
