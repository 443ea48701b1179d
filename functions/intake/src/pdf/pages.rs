//! The pages of a document, by walking its page tree and believing nothing
//! that it says about itself.

use hearth::domain::document::RefusalCode;

use super::Limits;
use lopdf::{Dictionary, Document, Object, ObjectId};
use std::collections::BTreeSet;

/// A page and what it inherits.
pub(super) struct Page {
    /// Its object.
    pub(super) id: ObjectId,
    /// The page's own entries, completed with the inheritable ones of its
    /// ancestors (ISO 32000-1, table 30).
    pub(super) entries: Dictionary,
}

/// The entries that a page may inherit.
const INHERITABLE: [&[u8]; 4] = [b"Resources", b"MediaBox", b"CropBox", b"Rotate"];

/// All pages in reading order.
///
/// # Errors
///
/// [`RefusalCode::Damaged`] when a node is missing, is not a dictionary or is met
/// twice; [`RefusalCode::TooManyPages`], [`RefusalCode::TooComplex`] at the limits;
/// [`RefusalCode::NoPages`].
pub(super) fn collect(document: &Document, limits: &Limits) -> Result<Vec<Page>, RefusalCode> {
    let root = document.catalog().and_then(|catalog| catalog.get(b"Pages"));
    let root = root.and_then(Object::as_reference).map_err(|_| RefusalCode::Damaged)?;
    let mut pages = Vec::new();
    let mut seen = BTreeSet::new();
    let mut stack = vec![(root, Dictionary::new(), 0_usize)];
    while let Some((id, inherited, depth)) = stack.pop() {
        if !seen.insert(id) {
            return Err(RefusalCode::Damaged);
        }
        if depth > limits.depth || seen.len() > limits.pages.saturating_mul(4) {
            return Err(RefusalCode::TooComplex);
        }
        let node = document.get_dictionary(id).map_err(|_| RefusalCode::Damaged)?;
        let mut inherited = inherited;
        for key in INHERITABLE {
            if let Ok(value) = node.get(key) {
                inherited.set(key, value.clone());
            }
        }
        let Ok(kids) = node.get_deref(b"Kids", document) else {
            if id == root || node.has(b"Kids") {
                return Err(RefusalCode::Damaged);
            }
            let mut entries = node.clone();
            for (key, value) in &inherited {
                entries.set(key.clone(), value.clone());
            }
            pages.push(Page { id, entries });
            if pages.len() > limits.pages {
                return Err(RefusalCode::TooManyPages);
            }
            continue;
        };
        let kids = kids.as_array().map_err(|_| RefusalCode::Damaged)?;
        if kids.len() > limits.pages.saturating_mul(4) {
            return Err(RefusalCode::TooManyPages);
        }
        for kid in kids.iter().rev() {
            let kid = kid.as_reference().map_err(|_| RefusalCode::Damaged)?;
            stack.push((kid, inherited.clone(), depth + 1));
        }
    }
    if pages.is_empty() {
        return Err(RefusalCode::NoPages);
    }
    Ok(pages)
}
