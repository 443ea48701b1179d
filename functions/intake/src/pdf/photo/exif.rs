//! The one thing that is wanted from EXIF: which side is up.

use super::Turn;

/// Reads the orientation of a TIFF header (EXIF 2.32, 4.6.4); without one that can be read, a picture stays as it is.
pub(super) fn turn(tiff: &[u8]) -> Turn {
    orientation(tiff).map_or(Turn::None, Turn::from_tag)
}

fn orientation(tiff: &[u8]) -> Option<u32> {
    let little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(u32::from(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) }))
    };
    let long = |at: usize| {
        let bytes: [u8; 4] = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    };
    let directory = usize::try_from(long(4)?).ok()?;
    let entries = usize::try_from(short(directory)?).ok()?;
    (0..entries).find_map(|entry| {
        let at = directory.checked_add(2)?.checked_add(entry * 12)?;
        // Tag, type SHORT, one value, which stands in the entry itself.
        (short(at)? == 274 && short(at + 2)? == 3 && long(at + 4)? == 1).then(|| short(at + 8)).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(little: bool, tag: u16, value: u16) -> Vec<u8> {
        let short = |number: u16| if little { number.to_le_bytes() } else { number.to_be_bytes() }.to_vec();
        let long = |number: u32| if little { number.to_le_bytes() } else { number.to_be_bytes() }.to_vec();
        let mark = if little { b"II*\0" } else { b"MM\0*" }.to_vec();
        let other = [short(256), short(3), long(1), short(9), short(0)].concat();
        let entry = [short(tag), short(3), long(1), short(value), short(0)].concat();
        [mark, long(8), short(2), other, entry].concat()
    }

    #[test]
    fn the_orientation_is_found_in_both_orders_of_bytes() {
        for little in [true, false] {
            assert_eq!(turn(&header(little, 274, 6)), Turn::Right);
            assert_eq!(turn(&header(little, 274, 77)), Turn::None);
            assert_eq!(turn(&header(little, 275, 6)), Turn::None);
        }
    }

    #[test]
    fn a_header_that_is_cut_off_or_points_outside_means_nothing() {
        let whole = header(true, 274, 6);
        for length in 0..whole.len() - 2 {
            assert_eq!(turn(&whole[..length]), Turn::None, "{length} bytes");
        }
        assert_eq!(turn(b"II*\0\xff\xff\xff\xff"), Turn::None);
        let many = [b"II*\0\x08\0\0\0\xff\xff".as_slice(), &[0; 40]].concat();
        assert_eq!(turn(&many), Turn::None);
    }
}
