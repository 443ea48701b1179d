//! Which bytes of a file a seal covers: all but the digits of the signature itself.

use std::ops::Range;

use sha2::{Digest, Sha256};

/// The entry as it is written first; offsets of ten digits are enough for 9 GB.
const UNKNOWN: &[u8] = b"/ByteRange[0 9999999999 9999999999 9999999999]";
const ENTRY: &[u8] = b"/ByteRange[";
const CONTENTS: &[u8] = b"/Contents<";
/// What stands in place of an offset until it is known.
pub(crate) const OFFSET: i64 = 9_999_999_999;
/// Places in a file that are looked at before it is given up.
const PLACES: usize = 16;

/// The range of one signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ByteRange {
    /// The digits of the signature and the brackets around them, which it cannot cover.
    pub(crate) gap: Range<usize>,
    /// Where the covered bytes end.
    pub(crate) end: usize,
}

impl ByteRange {
    /// Finds the place that is kept for a signature behind `from`, and writes into `file` what it will cover: all of it.
    /// `None` unless there is exactly one place.
    pub(crate) fn fix(file: &mut [u8], from: usize) -> Option<Self> {
        let end = file.len();
        let update = file.get(from..)?;
        let mut places = occurrences(update, UNKNOWN);
        let at = from + places.next()?;
        if places.next().is_some() {
            return None;
        }
        drop(places);
        let range = Self { gap: gap(file, at + UNKNOWN.len())?, end };
        let digits = file.get(range.gap.start + 1..range.gap.end - 1)?;
        if digits.is_empty() || digits.iter().any(|digit| *digit != b'0') {
            return None;
        }
        let text = range.text();
        file.get_mut(at..at + text.len())?.copy_from_slice(&text);
        Some(range)
    }

    /// Every signature that looks as this program writes it, the last first.
    pub(crate) fn all(file: &[u8]) -> Vec<Self> {
        let places: Vec<usize> = occurrences(file, ENTRY).collect();
        places.iter().rev().take(PLACES).filter_map(|at| Self::read(file, *at)).collect()
    }

    fn read(file: &[u8], at: usize) -> Option<Self> {
        let entry = file.get(at..at + UNKNOWN.len())?;
        let text = std::str::from_utf8(entry.strip_prefix(ENTRY)?).ok()?;
        let numbers: Vec<usize> =
            text.split(']').next()?.split(' ').map(|number| number.parse().ok()).collect::<Option<_>>()?;
        let gap = gap(file, at + UNKNOWN.len())?;
        let [0, before, after, rest] = *numbers.as_slice() else { return None };
        let range = Self { gap: before..after, end: after.checked_add(rest)? };
        // Written in one way only, and between exactly these brackets.
        (range.text() == entry && range.gap == gap && range.end <= file.len()).then_some(range)
    }

    /// The entry with all offsets, as long as it was without.
    fn text(&self) -> Vec<u8> {
        let (start, after) = (self.gap.start, self.gap.end);
        let mut text = format!("/ByteRange[0 {start} {after} {}]", self.end.saturating_sub(after)).into_bytes();
        text.resize(UNKNOWN.len(), b' ');
        text
    }

    /// The digits of the signature.
    pub(crate) fn digits(&self) -> Range<usize> {
        self.gap.start + 1..self.gap.end - 1
    }

    /// SHA-256 of the covered bytes.
    pub(crate) fn digest(&self, file: &[u8]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(file.get(..self.gap.start).unwrap_or_default());
        hash.update(file.get(self.gap.end..self.end).unwrap_or_default());
        hash.finalize().into()
    }
}

/// The brackets after `at`, with what is between them.
fn gap(file: &[u8], at: usize) -> Option<Range<usize>> {
    let rest = file.get(at..)?.strip_prefix(CONTENTS)?;
    let digits = rest.iter().position(|byte| !byte.is_ascii_hexdigit())?;
    let start = at + CONTENTS.len() - 1;
    (rest.get(digits) == Some(&b'>')).then_some(start..start + digits + 2)
}

fn occurrences<'a>(bytes: &'a [u8], what: &'static [u8]) -> impl Iterator<Item = usize> + 'a {
    // A slash begins every name: most bytes are passed by one comparison.
    let slashes = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
    slashes.filter(move |at| bytes.get(*at..).is_some_and(|rest| rest.starts_with(what)))
}
