//! JPEG (ITU-T T.81): taken apart into its segments, and put together again from those that draw.

use hearth::domain::document::RefusalCode;

use super::{Picture, Turn, check_sides, exif};

/// Most scans of one picture. A progressive one has about ten; each more costs every viewer the work of a whole picture.
const MOST_SCANS: usize = 40;

/// Whether the bytes begin as a JPEG does.
pub(super) fn is(raw: &[u8]) -> bool {
    raw.starts_with(&[0xff, 0xd8, 0xff])
}

/// What a JPEG says of itself before its first scan.
#[derive(Default)]
struct Frame {
    width: u32,
    height: u32,
    components: u8,
}

/// Reads the picture, leaving out everything that does not draw: EXIF with its places and times, thumbnails, comments, profiles,
/// and whatever follows the end.
pub(super) fn read(raw: &[u8]) -> Result<Picture, RefusalCode> {
    let mut data = vec![0xff, 0xd8];
    let mut frame = None;
    let mut turn = Turn::None;
    let (mut tables, mut scans) = (false, 0);
    let mut rest = raw.get(2..).unwrap_or_default();
    loop {
        let (marker, after) = next_marker(rest)?;
        match marker {
            // The end.
            0xd9 => break,
            // Markers that stand alone do not stand here.
            0x00..=0x01 | 0xd0..=0xd8 => return Err(RefusalCode::Damaged),
            _ => {}
        }
        let length = after.get(..2).and_then(|bytes| bytes.try_into().ok()).map(u16::from_be_bytes);
        let length = usize::from(length.filter(|length| *length >= 2).ok_or(RefusalCode::Damaged)?);
        let (segment, behind) = after.split_at_checked(length).ok_or(RefusalCode::Damaged)?;
        let body = segment.get(2..).unwrap_or_default();
        rest = behind;
        match marker {
            // Baseline, extended, progressive.
            0xc0..=0xc2 if frame.is_none() => frame = Some(read_frame(body)?),
            // Lossless, hierarchical and arithmetic coding, a second frame, a height that comes later: viewers differ.
            0xc0..=0xc3 | 0xc5..=0xcf | 0xdc..=0xdf => return Err(RefusalCode::Damaged),
            0xdb => tables = true,
            0xe1 if body.starts_with(b"Exif\0\0") => {
                turn = exif::turn(body.get(6..).unwrap_or_default());
                continue;
            }
            // Adobe's word on how the colours are coded.
            0xee if body.starts_with(b"Adobe") && body.len() == 12 => {}
            0xe0..=0xef | 0xfe => continue,
            _ => {}
        }
        data.extend_from_slice(&[0xff, marker]);
        data.extend_from_slice(segment);
        if marker == 0xda {
            scans += 1;
            if frame.is_none() || !tables || scans > MOST_SCANS {
                return Err(if scans > MOST_SCANS { RefusalCode::TooComplex } else { RefusalCode::Damaged });
            }
            let (scan, behind) = rest.split_at(scan_length(rest));
            data.extend_from_slice(scan);
            rest = behind;
        }
    }
    let frame = frame.filter(|_| scans > 0).ok_or(RefusalCode::Damaged)?;
    data.extend_from_slice(&[0xff, 0xd9]);
    let colours = if frame.components == 1 { "/DeviceGray" } else { "/DeviceRGB" };
    Ok(Picture {
        width: frame.width,
        height: frame.height,
        turn,
        entries: format!("/Filter /DCTDecode /ColorSpace {colours}"),
        data,
    })
}

/// The next marker, after any fill bytes.
fn next_marker(bytes: &[u8]) -> Result<(u8, &[u8]), RefusalCode> {
    let filled = bytes.iter().take_while(|byte| **byte == 0xff).count();
    match bytes.get(filled..).and_then(<[u8]>::split_first) {
        Some((marker, after)) if filled > 0 => Ok((*marker, after)),
        _ => Err(RefusalCode::Damaged),
    }
}

fn read_frame(body: &[u8]) -> Result<Frame, RefusalCode> {
    let [8, height_1, height_2, width_1, width_2, components @ (1 | 3), samples @ ..] = body else {
        return Err(RefusalCode::Damaged);
    };
    if samples.len() != usize::from(*components) * 3 {
        return Err(RefusalCode::Damaged);
    }
    let width = u32::from(u16::from_be_bytes([*width_1, *width_2]));
    let height = u32::from(u16::from_be_bytes([*height_1, *height_2]));
    check_sides(width, height)?;
    Ok(Frame { width, height, components: *components })
}

/// How long the coded data are: up to a marker that is neither a zero byte's shield nor a restart.
fn scan_length(bytes: &[u8]) -> usize {
    let ends = |pair: &[u8]| matches!(pair, [0xff, next] if !matches!(next, 0x00 | 0xd0..=0xd7 | 0xff));
    bytes.windows(2).position(ends).unwrap_or(bytes.len())
}
