//! PNG: decoded under a bound, laid on white, and written anew as an image of a PDF.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use hearth::domain::document::RefusalCode;
use png::{ColorType, Decoder, DecodingError, Limits, Transformations};

use super::{Picture, check_sides, exif};

/// Most bytes of a decoded picture: 40 million points in four colours, more than any screen or scanner of paper has.
const DECODED: usize = 160 * 1024 * 1024;

/// Whether the bytes begin as a PNG does.
pub(super) fn is(raw: &[u8]) -> bool {
    raw.starts_with(b"\x89PNG\r\n\x1a\n")
}

/// Reads the picture.
pub(super) fn read(raw: &[u8]) -> Result<Picture, RefusalCode> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(raw), Limits { bytes: DECODED });
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    decoder.set_ignore_text_chunk(true);
    let refused = |error: DecodingError| match error {
        DecodingError::LimitsExceeded => RefusalCode::TooComplex,
        _ => RefusalCode::Damaged,
    };
    let mut reader = decoder.read_info().map_err(refused)?;
    let (width, height) = reader.info().size();
    check_sides(width, height)?;
    let turn = reader.info().exif_metadata.as_deref().map_or(super::Turn::None, exif::turn);
    let size = reader.output_buffer_size().filter(|size| *size <= DECODED).ok_or(RefusalCode::TooComplex)?;
    let mut samples = vec![0; size];
    let decoded = reader.next_frame(&mut samples).map_err(refused)?;
    let channels = match decoded.color_type {
        ColorType::Grayscale => 1,
        ColorType::GrayscaleAlpha => 2,
        ColorType::Rgb => 3,
        ColorType::Rgba => 4,
        // Palettes have been expanded.
        ColorType::Indexed => return Err(RefusalCode::Damaged),
    };
    let colours = if channels < 3 { 1 } else { 3 };
    let data = packed(&samples, decoded.line_size, channels, colours).map_err(|_| RefusalCode::Damaged)?;
    let space = if colours == 1 { "/DeviceGray" } else { "/DeviceRGB" };
    let rows = format!("<< /Predictor 15 /Columns {width} /Colors {colours} /BitsPerComponent 8 >>");
    Ok(Picture {
        width,
        height,
        turn,
        entries: format!("/Filter /FlateDecode /DecodeParms {rows} /ColorSpace {space}"),
        data,
    })
}

/// The rows, laid on white paper where they let it through, each as the difference from the one above it, deflated.
fn packed(samples: &[u8], line: usize, channels: usize, colours: usize) -> std::io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let mut above: Vec<u8> = Vec::new();
    for row in samples.chunks_exact(line.max(1)) {
        let row = if channels == colours { row.to_vec() } else { on_white(row, channels) };
        // Filter type 2, "Up" (PNG, 9.2): above the first row is nothing.
        let mut filtered = vec![2];
        let zeros = std::iter::repeat(&0);
        filtered.extend(row.iter().zip(above.iter().chain(zeros)).map(|(now, before)| now.wrapping_sub(*before)));
        encoder.write_all(&filtered)?;
        above = row;
    }
    encoder.finish()
}

/// Points without their last channel, which says how much of the paper they hide.
fn on_white(row: &[u8], channels: usize) -> Vec<u8> {
    let blend = |colour: u8, hides: u8| {
        let (colour, hides) = (u32::from(colour), u32::from(hides));
        u8::try_from((colour * hides + 255 * (255 - hides) + 127) / 255).unwrap_or(u8::MAX)
    };
    row.chunks_exact(channels)
        .filter_map(<[u8]>::split_last)
        .flat_map(|(hides, colours)| colours.iter().map(|colour| blend(*colour, *hides)))
        .collect()
}
