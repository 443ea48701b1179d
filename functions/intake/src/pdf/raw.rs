//! Bounds that can be checked without a parser, on the bytes as they came.
//!
//! Every name of an uncompressed dictionary starts at a `/` byte of the file,
//! so looking at every `/` sees at least every name that a parser can see,
//! wherever a hostile cross-reference table sends it.

use hearth::domain::document::RefusalCode;

use super::Limits;

/// Checks size, header, protection, revisions and the number of values.
pub(super) fn check(raw: &[u8], limits: &Limits) -> Result<(), RefusalCode> {
    if raw.len() > limits.bytes {
        return Err(RefusalCode::TooLarge);
    }
    if !raw.starts_with(b"%PDF-") {
        return Err(RefusalCode::NotAPdf);
    }
    let mut sizes = 0_usize;
    let mut previous = 0_usize;
    let mut contradicts = false;
    for (at, name, _) in names(raw) {
        match name.as_slice() {
            b"Encrypt" => return Err(RefusalCode::Encrypted),
            b"Size" => sizes += 1,
            b"Prev" => previous += 1,
            b"XRefStm" => {
                previous += 1;
                contradicts |= !follows_empty_table(raw.get(..at).unwrap_or_default());
            }
            _ => {}
        }
    }
    // Each cross-reference section has a Size and, but for one, is reached by a
    // Prev or XRefStm; both names also occur elsewhere, hence the smaller one.
    if sizes.min(previous + 1) > limits.revisions {
        return Err(RefusalCode::TooComplex);
    }
    if value_starts(raw) > limits.values {
        return Err(RefusalCode::TooComplex);
    }
    if contradicts { Err(RefusalCode::Ambiguous) } else { Ok(()) }
}

/// Whether the trailer that `head` ends in belongs to a table without rows.
///
/// In a hybrid file (ISO 32000-1, 7.5.8.4) a table and a stream list objects
/// side by side, and programs disagree about which one counts. A widespread
/// word processor writes its stream beside an empty table: there is nothing to
/// disagree about, and refusing its files would refuse most letters.
fn follows_empty_table(head: &[u8]) -> bool {
    let near = head.get(head.len().saturating_sub(4_096)..).unwrap_or_default();
    let table = near.windows(7).rposition(|word| word == b"trailer").and_then(|at| near.get(..at));
    let mut words = table.unwrap_or_default().rsplit(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    words.next() == Some(b"0") && words.next() == Some(b"0") && words.next() == Some(b"xref")
}

/// A copy in which no object stream can be expanded: the key `/First`, without
/// which an object stream cannot be read, is renamed at the same length.
///
/// # Errors
///
/// [`RefusalCode::Damaged`] when the key is spelled with escapes or the
/// replacement occurs already; no honest writer does that.
pub(super) fn without_object_streams(raw: &[u8]) -> Result<Vec<u8>, RefusalCode> {
    let mut copy = raw.to_vec();
    for (at, name, escaped) in names(raw) {
        if name == REPLACEMENT || (name == b"First" && escaped) {
            return Err(RefusalCode::Damaged);
        }
        if name == b"First"
            && let Some(target) = copy.get_mut(at + 1..at + 1 + REPLACEMENT.len())
        {
            target.copy_from_slice(REPLACEMENT);
        }
    }
    Ok(copy)
}

/// What `/First` is called in the copy of [`without_object_streams`].
pub(super) const REPLACEMENT: &[u8] = b"Xirst";

/// All short names of the file: position of the `/`, the decoded name, and
/// whether it was written with `#xx` escapes.
fn names(raw: &[u8]) -> impl Iterator<Item = (usize, Vec<u8>, bool)> + '_ {
    raw.iter().enumerate().filter(|(_, byte)| **byte == b'/').filter_map(|(at, _)| {
        let mut rest = raw.get(at + 1..)?.iter().copied();
        let mut name = Vec::new();
        let mut escaped = false;
        // The longest name of interest has seven letters; one more tells it
        // from a longer name.
        while name.len() < 9 {
            match rest.next() {
                Some(b'#') => {
                    let mut pair = rest.clone();
                    let digits = (pair.next().and_then(hex), pair.next().and_then(hex));
                    if let (Some(high), Some(low)) = digits {
                        name.push(high * 16 + low);
                        escaped = true;
                        rest = pair;
                    } else {
                        name.push(b'#');
                    }
                }
                Some(byte) if super::lexer::is_regular(byte) => name.push(byte),
                _ => break,
            }
        }
        // Most files hold many thousands of names; only a few matter.
        matches!(name.as_slice(), b"Encrypt" | b"Size" | b"Prev" | b"XRefStm" | b"First" | b"Xirst")
            .then_some((at, name, escaped))
    })
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Places where a value could start if the whole file were one object: an
/// upper bound on what parsing any one object can create.
fn value_starts(raw: &[u8]) -> u64 {
    let mut count = 0_u64;
    let mut before_regular = false;
    for byte in raw.iter().copied() {
        let regular = super::lexer::is_regular(byte);
        let starts = if regular {
            !before_regular && matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'n' | b't' | b'f')
        } else {
            matches!(byte, b'/' | b'(' | b'<' | b'[')
        };
        count += u64::from(starts);
        before_regular = regular;
    }
    count
}
