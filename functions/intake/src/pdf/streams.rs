//! Streams and page boxes: what is bounded by measuring.

use hearth::domain::document::RefusalCode;

use super::{Limits, rules, second};
use lopdf::{Dictionary, Document, Object, Stream};
use std::io::Read;

/// Largest side of a page in points: 200 inches, the limit of PDF 1.7, times
/// a `UserUnit` that viewers still show.
const LARGEST_SIDE: f64 = 14_400.0;

/// Most bits in a row of samples: a million columns of four colours in sixteen bits.
const LONGEST_ROW: i64 = 64_000_000;

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
    check_parameters(&stream.dict)?;
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

/// Refuses rows that nobody has: viewers reserve memory for one before they look at the data.
fn check_parameters(stream: &Dictionary) -> Result<(), RefusalCode> {
    let all = match stream.get(b"DecodeParms") {
        Ok(Object::Array(all)) => all.iter().collect(),
        Ok(one) => vec![one],
        Err(_) => Vec::new(),
    };
    for parameters in all.into_iter().filter_map(|parameters| parameters.as_dict().ok()) {
        let number = |key: &[u8], usual: i64| parameters.get(key).and_then(Object::as_i64).unwrap_or(usual);
        let row = [number(b"Columns", 1), number(b"Colors", 1), number(b"BitsPerComponent", 8)];
        if row.iter().any(|factor| *factor < 1) || number(b"Rows", 0) < 0 {
            return Err(RefusalCode::Damaged);
        }
        let bits = row.iter().fold(1_i64, |bits, factor| bits.saturating_mul(*factor));
        if bits > LONGEST_ROW || number(b"Rows", 0) > LONGEST_ROW {
            return Err(RefusalCode::TooComplex);
        }
    }
    Ok(())
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
pub(super) fn inflated(content: &[u8], limit: usize) -> Result<usize, RefusalCode> {
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

/// Refuses boxes and turns that are none: viewers would each show something else.
pub(super) fn check_boxes(source: &Document, page: &Dictionary) -> Result<(), RefusalCode> {
    let paper = second::sides(source, page, b"MediaBox").ok_or(RefusalCode::Damaged)?;
    let shown = match page.get(b"CropBox") {
        Ok(_) => second::sides(source, page, b"CropBox").ok_or(RefusalCode::Damaged)?,
        Err(_) => paper,
    };
    let [left, bottom, right, top] = paper;
    let seen = [left.max(shown[0]), bottom.max(shown[1]), right.min(shown[2]), top.min(shown[3])];
    for [left, bottom, right, top] in [paper, shown, seen] {
        let usable = |side: f64| (1.0..=LARGEST_SIDE).contains(&side);
        if !usable(right - left) || !usable(top - bottom) {
            return Err(RefusalCode::Damaged);
        }
    }
    match page.get_deref(b"Rotate", source) {
        Ok(turned) if turned.as_i64().is_ok_and(|turned| turned % 90 == 0) => Ok(()),
        Ok(_) => Err(RefusalCode::Damaged),
        Err(_) => Ok(()),
    }
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
