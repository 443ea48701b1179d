//! The extent of a value in the text of an object stream, without creating it.
//!
//! An object stream may list the same large array under many numbers; the
//! loader would then create it many times. Walking each listed value first and
//! adding up what it costs bounds that.

/// Whether a byte is part of a name, number or keyword (ISO 32000-1, 7.2.2).
pub(super) fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

/// What reading the value at the start of `text` costs: one for each value in
/// it and one for every sixteen bytes walked.
///
/// Stops as soon as the cost exceeds `left`, and then returns `None`.
pub(super) fn value_cost(text: &[u8], left: u64) -> Option<u64> {
    let mut values = 0_u64;
    let mut depth = 0_u64;
    let mut at = 0_usize;
    while let Some(byte) = text.get(at).copied() {
        let next = text.get(at + 1).copied();
        let token = match (byte, next) {
            (b'%', _) => {
                at += run(text, at, |byte| byte != b'\r' && byte != b'\n');
                false
            }
            (b'(', _) => {
                at = string_end(text, at);
                true
            }
            (b'<', Some(b'<')) => {
                depth += 1;
                at += 2;
                true
            }
            (b'>', Some(b'>')) => {
                depth = depth.saturating_sub(1);
                at += 2;
                true
            }
            (b'<', _) => {
                at += run(text, at, |byte| byte != b'>') + 1;
                true
            }
            (b'[', _) => {
                depth += 1;
                at += 1;
                true
            }
            (b']', _) => {
                depth = depth.saturating_sub(1);
                at += 1;
                true
            }
            (b'/', _) => {
                at += 1 + run(text, at + 1, is_regular);
                true
            }
            _ if is_regular(byte) => {
                at += run(text, at, is_regular);
                true
            }
            _ => {
                at += 1;
                false
            }
        };
        values += u64::from(token);
        let cost = values + u64::try_from(at).unwrap_or(u64::MAX) / 16;
        if cost > left {
            return None;
        }
        if token && depth == 0 {
            return Some(cost);
        }
    }
    Some(values + u64::try_from(at).unwrap_or(u64::MAX) / 16)
}

/// How many bytes from `at` on satisfy `keep`.
fn run(text: &[u8], at: usize, keep: impl Fn(u8) -> bool) -> usize {
    text.get(at..).unwrap_or_default().iter().take_while(|byte| keep(**byte)).count()
}

/// The position after the literal string that starts at `at`.
fn string_end(text: &[u8], mut at: usize) -> usize {
    let mut depth = 0_u32;
    while let Some(byte) = text.get(at) {
        match byte {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
        if depth == 0 {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::value_cost;

    #[test]
    fn a_value_ends_where_it_ends() {
        assert_eq!(value_cost(b"7 8 9", 99), Some(1));
        assert_eq!(value_cost(b"[1 2 [3]] 4", 99), Some(7));
        assert_eq!(value_cost(b"<</A (x\\) () 0 >>) /B <41>>> 5", 99), Some(7));
        assert_eq!(value_cost(b"% ]\n[1 % ]\n]", 99), Some(3));
    }

    #[test]
    fn it_stops_at_the_budget() {
        assert_eq!(value_cost(&b"[ 0 0 0 0 0 0 0 0".repeat(1000), 50), None);
    }
}
