//! A second reader, which knows nothing of the first.
//!
//! A file can be written so that two programs see different pages in it: then what one parent signs is not what the other one,
//! or a court, is shown. So the pages are read once more by another library, and the file is refused when the two do not agree
//! on every page: which object it is, how large, how cropped, how turned.
//!
//! That library has no bounds of its own. It is given a copy in which only the streams that tables and objects are read from
//! have data, and they have been measured; and a file in which searching for objects would take long is refused before.

use hayro_syntax::Pdf;
use hayro_syntax::page::Rotation;
use hearth::domain::document::RefusalCode;
use lopdf::{Dictionary, Document, Object};

use super::pages::Page;
use super::{Limits, lexer, streams};

/// What both readers must say of a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sheet {
    /// Number of the page's object.
    object: u32,
    /// Left, bottom, right, top of the paper and of what is shown of it.
    boxes: [[f64; 4]; 2],
    /// Degrees clockwise.
    turned: i64,
}

/// A hundredth of a point: what numbers of single precision leave of the largest paper.
const SAME: f64 = 0.01;

/// How many streams' worth of [`Limits::loading`] all object and table streams together may decompress to.
const CONTAINERS: usize = 16;

/// How often the bytes of a file may be walked over in search of its objects, on average.
const WALKS: u64 = 16;

/// What the second reader sees in an uploaded file.
///
/// # Errors
/// [`RefusalCode::TooComplex`] when reading would need too much; [`RefusalCode::Ambiguous`] when the reader cannot read it.
pub(super) fn of_upload(raw: &[u8], limits: &Limits) -> Result<Vec<Sheet>, RefusalCode> {
    let copy = without_contents(raw, limits)?;
    check_search(&copy, limits)?;
    read(copy)
}

/// What the second reader sees in a file of our own writing, which has no object streams.
pub(super) fn of_canonical(bytes: &[u8]) -> Result<Vec<Sheet>, RefusalCode> {
    read(bytes.to_vec())
}

/// Refuses a file in which the two readers do not see the same.
pub(super) fn agree(first: &[Sheet], second: &[Sheet]) -> Result<(), RefusalCode> {
    let same = |(one, other): (&Sheet, &Sheet)| {
        let boxes = one.boxes.iter().flatten().zip(other.boxes.iter().flatten());
        one.object == other.object
            && one.turned == other.turned
            && boxes.into_iter().all(|(one, other)| (one - other).abs() <= SAME)
    };
    if first.len() == second.len() && first.iter().zip(second).all(same) { Ok(()) } else { Err(RefusalCode::Ambiguous) }
}

/// What the first reader sees.
pub(super) fn of_pages(document: &Document, pages: &[Page]) -> Vec<Sheet> {
    pages.iter().map(|page| sheet(document, page)).collect()
}

fn sheet(document: &Document, page: &Page) -> Sheet {
    let entries = &page.entries;
    let paper = sides(document, entries, b"MediaBox").unwrap_or_default();
    let shown = sides(document, entries, b"CropBox").unwrap_or(paper);
    let turned = entries.get_deref(b"Rotate", document).and_then(Object::as_i64).unwrap_or(0);
    Sheet { object: page.id.0, boxes: [paper, shown], turned: turned.rem_euclid(360) }
}

/// The four sides of a box, with the corners in order.
pub(super) fn sides(document: &Document, entries: &Dictionary, key: &[u8]) -> Option<[f64; 4]> {
    let number = |side: &Object| match document.dereference(side).ok()?.1 {
        #[allow(clippy::cast_precision_loss, reason = "sides beyond 2^53 points are no sides")]
        Object::Integer(side) => Some(*side as f64),
        Object::Real(side) => Some(f64::from(*side)),
        _ => None,
    };
    let sides = entries.get_deref(key, document).and_then(Object::as_array).ok()?;
    let sides: Vec<f64> = sides.iter().map(number).collect::<Option<_>>()?;
    let [left, bottom, right, top] = <[f64; 4]>::try_from(sides).ok()?;
    Some([left.min(right), bottom.min(top), left.max(right), bottom.max(top)])
}

fn read(file: Vec<u8>) -> Result<Vec<Sheet>, RefusalCode> {
    let pdf = Pdf::new(file).map_err(|_| RefusalCode::Ambiguous)?;
    let sheets = pdf.pages().iter().map(|page| {
        let [paper, shown] = [page.media_box(), page.crop_box()].map(|sides| [sides.x0, sides.y0, sides.x1, sides.y1]);
        let turned = match page.rotation() {
            Rotation::None => 0,
            Rotation::Horizontal => 90,
            Rotation::Flipped => 180,
            Rotation::FlippedHorizontal => 270,
        };
        // A page without a number of its own is none that the first reader accepts.
        let object = page.raw().obj_id().map_or(0, |id| id.obj_number);
        Sheet { object, boxes: [paper, shown], turned }
    });
    Ok(sheets.collect())
}

/// A copy whose streams are zeros, but for object streams and cross-reference streams, which are measured.
fn without_contents(raw: &[u8], limits: &Limits) -> Result<Vec<u8>, RefusalCode> {
    let mut copy = raw.to_vec();
    let mut budget = limits.loading.saturating_mul(CONTAINERS);
    let mut searched = raw.len().saturating_mul(2);
    let mut blank_until = 0;
    for start in found(raw, b"stream") {
        if raw.get(..start).is_some_and(|head| head.ends_with(b"end")) {
            continue;
        }
        let data = start + b"stream".len();
        let rest = raw.get(data..).unwrap_or_default();
        // The first `endstream` may be part of the data, and then what follows stays: it is no stream of its own, or it is met
        // again.
        let length = position(rest, b"endstream").unwrap_or(rest.len());
        if is_container(raw.get(..start).unwrap_or_default()) {
            searched = searched.checked_sub(length).ok_or(RefusalCode::TooComplex)?;
            let text = rest.trim_ascii_start();
            let size = streams::inflated(text, limits.loading.min(budget))?;
            budget = budget.checked_sub(size).ok_or(RefusalCode::TooComplex)?;
        } else if data >= blank_until {
            blank_until = data.saturating_add(length);
            copy.get_mut(data..blank_until).unwrap_or_default().fill(0);
            // A line end must follow the keyword.
            if let Some(first) = copy.get_mut(data) {
                *first = b'\n';
            }
        }
    }
    Ok(copy)
}

/// Whether the dictionary that ends where `head` ends is that of an object stream or a cross-reference stream which is deflated
/// once, or not at all. Others are legal and not in use; they read as zeros.
fn is_container(head: &[u8]) -> bool {
    let from = head.len().saturating_sub(4_096);
    let text = head.get(from..).unwrap_or_default();
    let text = last(text, b"obj").map_or(text, |at| text.get(at..).unwrap_or_default());
    let has = |word: &[u8]| position(text, word).is_some();
    let filters = found(text, b"Decode").filter(|at| !text.get(*at..).unwrap_or_default().starts_with(b"DecodeParms"));
    let plain = match filters.count() {
        0 => true,
        1 => has(b"/FlateDecode"),
        _ => false,
    };
    (has(b"ObjStm") || has(b"XRef")) && plain && !text.contains(&b'#')
}

/// Refuses a file in which a reader that searches for objects would walk over the same bytes again and again.
fn check_search(copy: &[u8], limits: &Limits) -> Result<(), RefusalCode> {
    let length = u64::try_from(copy.len()).unwrap_or(u64::MAX);
    let mut left = limits.values.saturating_add(length / 16).saturating_mul(WALKS);
    for (word, after) in [(b"obj".as_slice(), 3), (b"<<", 0)] {
        for at in found(copy, word) {
            let cost = lexer::value_cost(copy.get(at + after..).unwrap_or_default(), left);
            left -= cost.ok_or(RefusalCode::TooComplex)?;
        }
    }
    Ok(())
}

/// Where `word` is found.
fn found<'a>(text: &'a [u8], word: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    text.windows(word.len()).enumerate().filter(move |(_, window)| *window == word).map(|(at, _)| at)
}

fn position(text: &[u8], word: &[u8]) -> Option<usize> {
    found(text, word).next()
}

fn last(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).rposition(|window| window == word)
}
