//! Streams and page boxes: what is bounded by measuring.

use hearth::domain::document::RefusalCode;

use super::{Limits, rules};
use lopdf::{Dictionary, Document, Object, Stream};
use std::io::Read;

/// Largest side of a page in points: 200 inches, the limit of PDF 1.7, times
/// a `UserUnit` that viewers still show.
const LARGEST_SIDE: f32 = 14_400.0;

/// Most bytes held at once for a stream that can only be measured by decoding
/// it into memory.
const HELD: usize = 64 * 1024 * 1024;

/// A stream with copied `parameters` and its data as they were, after checking
/// filters and size. What it decompresses to is taken from `budget`.
pub(super) fn copy(
    source: &Document,
    mut stream: Stream,
    mut parameters: Dictionary,
    limits: &Limits,
    budget: &mut usize,
) -> Result<Stream, RefusalCode> {
    // Filters and parameters may be indirect; decoding needs them at hand.
    for key in [b"Filter".as_slice(), b"DecodeParms"] {
        if let Ok(value) = stream.dict.get(key) {
            let direct = flat(source, value)?;
            if direct.is_null() {
                stream.dict.remove(key);
                parameters.remove(key);
            } else {
                stream.dict.set(key, direct.clone());
                parameters.set(key, direct);
            }
        }
    }
    let filters = stream.filters().unwrap_or_default();
    if stream.dict.has(b"Filter") && (filters.iter().any(|filter| !rules::FILTERS.contains(filter))) {
        return Err(RefusalCode::Damaged);
    }
    let side = |key: &[u8]| stream.dict.get(key).and_then(Object::as_i64).unwrap_or(0).max(0);
    if side(b"Width").saturating_mul(side(b"Height")) > limits.pixels {
        return Err(RefusalCode::TooComplex);
    }
    let size = if filters.as_slice() == [b"FlateDecode".as_slice()] {
        inflated(&stream.content, *budget)
    } else if filters.is_empty() {
        Ok(stream.content.len())
    } else {
        match stream.decompressed_content_with_limit(HELD.min(*budget)) {
            Ok(content) => Ok(content.len()),
            Err(lopdf::Error::Decompress(
                lopdf::DecompressError::MemoryLimitExceeded { .. } | lopdf::DecompressError::TooManyFilters { .. },
            )) => Err(RefusalCode::TooComplex),
            // Photographs are measured by their sides; a stream that does not
            // decode shows nothing.
            Err(_) => Ok(0),
        }
    }?;
    *budget = budget.checked_sub(size).ok_or(RefusalCode::TooComplex)?;
    let mut copy = Stream::new(parameters, std::mem::take(&mut stream.content));
    copy.dict.set("Length", i64::try_from(copy.content.len()).map_err(|_| RefusalCode::TooLarge)?);
    Ok(copy)
}

/// A value with the references at its first two levels resolved.
fn flat(source: &Document, value: &Object) -> Result<Object, RefusalCode> {
    let resolve = |value: &Object| match source.dereference(value) {
        Ok((_, Object::Stream(_))) => Err(RefusalCode::Damaged),
        Ok((_, object)) => Ok(object.clone()),
        Err(_) => Ok(Object::Null),
    };
    Ok(match resolve(value)? {
        Object::Array(items) => Object::Array(items.iter().map(resolve).collect::<Result<_, _>>()?),
        other => other,
    })
}

/// How many bytes come out of a deflate stream, holding none of them.
fn inflated(content: &[u8], limit: usize) -> Result<usize, RefusalCode> {
    let mut decoder = flate2::read::ZlibDecoder::new(content);
    let mut chunk = [0_u8; 32 * 1024];
    let mut total = 0_usize;
    loop {
        match decoder.read(&mut chunk) {
            // A damaged end is common and viewers show what came before it.
            Ok(0) | Err(_) => return Ok(total),
            Ok(read) => total = total.saturating_add(read),
        }
        if total > limit {
            return Err(RefusalCode::TooComplex);
        }
    }
}

/// Gives a page without a media box the size that viewers assume, and refuses
/// boxes that are none.
pub(super) fn check_boxes(page: &mut Dictionary) -> Result<(), RefusalCode> {
    if !page.has(b"MediaBox") {
        let letter = [0, 0, 612, 792].map(Object::Integer).to_vec();
        page.set("MediaBox", letter);
    }
    for key in [b"MediaBox".as_slice(), b"CropBox"] {
        let Ok(Object::Array(sides)) = page.get(key) else {
            // An indirect box is legal and rare; a missing crop box is usual.
            continue;
        };
        let sides: Vec<f32> = sides.iter().filter_map(|side| side.as_float().ok()).collect();
        let [left, bottom, right, top] = sides.as_slice() else {
            return Err(RefusalCode::Damaged);
        };
        let (width, height) = ((right - left).abs(), (top - bottom).abs());
        let usable = |side: f32| (1.0..=LARGEST_SIDE).contains(&side);
        if !usable(width) || !usable(height) {
            return Err(RefusalCode::Damaged);
        }
    }
    Ok(())
}

/// Refuses a page whose content is something else than streams: with a broken
/// keyword a stream reads as a dictionary, and the page would come out blank.
pub(super) fn check_contents(source: &Document, page: &Dictionary) -> Result<(), RefusalCode> {
    let is_content = |value: &Object| {
        // Whether a missing object is damage or null is decided on copying it.
        source.dereference(value).map_or(true, |(_, object)| matches!(object, Object::Stream(_) | Object::Null))
    };
    let Ok(contents) = page.get(b"Contents") else {
        return Ok(());
    };
    let whole = match source.dereference(contents) {
        Ok((_, Object::Array(parts))) => parts.iter().all(is_content),
        _ => is_content(contents),
    };
    if whole { Ok(()) } else { Err(RefusalCode::Damaged) }
}
