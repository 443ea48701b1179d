//! From uploaded bytes to the **canonical PDF**: the only form in which a
//! document is ever shown, signed and kept.
//!
//! Pure code: bytes in, bytes out. The order is fixed, because each step is
//! only safe after the one before it:
//!
//! 0. [`photo`]: a photograph becomes a page, and goes the same way.
//! 1. [`raw`]: bounds that need no parser (size, header, tokens, revisions).
//! 2. [`vet`]: a first load in which nothing compressed may expand, to measure
//!    what the second load would allocate.
//! 3. [`vet`]: the real load, under the same budgets.
//! 4. [`second`]: another reader must see the same pages.
//! 5. [`rewrite`]: a new file is built from the pages outwards; what nothing
//!    needs is never copied, so there is nothing to forget to remove.
//! 6. The result is loaded again, strictly, by both readers, and its pages are
//!    compared again.
//!
//! A rewritten file has one revision, one flat page tree, a plain
//! cross-reference table and no entry that runs, opens, fetches, plays or
//! submits anything.

mod copier;
mod fields;
mod lexer;
mod pages;
mod photo;
mod raw;
mod rewrite;
mod rules;
mod second;
mod streams;
mod vet;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod tests_accept;
#[cfg(test)]
mod tests_fields;
#[cfg(test)]
mod tests_refuse;

use hearth::domain::document::RefusalCode;
use hearth::domain::form::FormField;
use sha2::{Digest, Sha256};

/// Bounds on an upload. [`Limits::default`] is what a clinic runs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest upload in bytes. Default 25 MiB, the bound of the upload itself.
    pub bytes: usize,
    /// Bytes that all streams together may decompress to. Default 200 MiB:
    /// ordinary scans stay below 50 MiB, and it fits the function's memory.
    pub decompressed: usize,
    /// Bytes that one object stream or cross-reference stream may decompress
    /// to. These are expanded while loading. Default 2 MiB, enough for a
    /// cross-reference stream of more than 200,000 entries.
    pub loading: usize,
    /// Indirect objects. Default 200,000.
    pub objects: usize,
    /// Values (numbers, names, strings, containers) that loading may create;
    /// each costs about 120 bytes of memory, twice. Default 1,500,000.
    pub values: u64,
    /// Revisions (incremental updates) of the file. Default 64.
    pub revisions: usize,
    /// Pages. Default 200.
    pub pages: usize,
    /// Levels of the page tree. Default 32.
    pub depth: usize,
    /// Pixels of one image. Default 400 million (a letter page at 1,800 dpi).
    pub pixels: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 25 * 1024 * 1024,
            decompressed: 200 * 1024 * 1024,
            loading: 2 * 1024 * 1024,
            objects: 200_000,
            values: 1_500_000,
            revisions: 64,
            pages: 200,
            depth: 32,
            pixels: 400_000_000,
        }
    }
}

/// An accepted document.
#[derive(Clone, PartialEq, Eq)]
pub struct Canonical {
    /// The rewritten file. The same upload always gives the same bytes.
    pub bytes: Vec<u8>,
    /// SHA-256 of `bytes`: what signers are shown and what the seal repeats.
    pub sha256: [u8; 32],
    /// Pages counted in the rewritten file, equal to the pages of the upload.
    pub pages: u32,
    /// What its form asks for.
    pub fields: Vec<FormField>,
    /// Active or foreign parts that were left out (scripts, links, attached
    /// files, media, metadata). A number only: nothing from the file is told.
    pub removed: u32,
}

impl std::fmt::Debug for Canonical {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The bytes are a patient's document: they must not reach a log.
        formatter
            .debug_struct("Canonical")
            .field("bytes", &self.bytes.len())
            .field("pages", &self.pages)
            .field("fields", &self.fields.len())
            .field("removed", &self.removed)
            .finish_non_exhaustive()
    }
}

/// Checks an upload and rewrites it to its canonical form.
///
/// # Errors
///
/// A [`RefusalCode`] when the file is outside `limits`, is protected or signed, or
/// cannot be read without guessing.
pub fn canonicalise(raw: &[u8], limits: &Limits) -> Result<Canonical, RefusalCode> {
    match photo::page(raw, limits)? {
        // A page is a little longer than the picture on it, which was measured.
        Some(page) => canonicalise_pdf(&page, &Limits { bytes: usize::MAX, ..*limits }),
        None => canonicalise_pdf(raw, limits),
    }
}

fn canonicalise_pdf(raw: &[u8], limits: &Limits) -> Result<Canonical, RefusalCode> {
    raw::check(raw, limits)?;
    vet::measure(raw, limits)?;
    // Before the load, so that the copies of the two readers are never in
    // memory at the same time.
    let second = second::of_upload(raw, limits);
    let document = vet::load(raw, limits)?;
    let pages = pages::collect(&document, limits)?;
    pages.iter().try_for_each(|page| streams::check_boxes(&document, &page.entries))?;
    second::agree(&second::of_pages(&document, &pages), &second?)?;
    let rewritten = rewrite::rewrite(document, &pages, raw, limits)?;
    let (count, fields) = verify(&rewritten.bytes, limits)?;
    if count != pages.len() {
        return Err(RefusalCode::Damaged);
    }
    Ok(Canonical {
        sha256: Sha256::digest(&rewritten.bytes).into(),
        pages: u32::try_from(pages.len()).map_err(|_| RefusalCode::TooManyPages)?,
        fields,
        removed: rewritten.removed,
        bytes: rewritten.bytes,
    })
}

/// Loads our own output strictly, compares what both readers see in it, and
/// counts its pages and reads its form.
fn verify(bytes: &[u8], limits: &Limits) -> Result<(usize, Vec<FormField>), RefusalCode> {
    let options = lopdf::LoadOptions {
        strict: true,
        max_decompressed_size: Some(limits.loading),
        ..lopdf::LoadOptions::default()
    };
    let document = lopdf::Document::load_mem_with_options(bytes, options).map_err(|_| RefusalCode::Damaged)?;
    if document.xref_recovery.is_some() {
        return Err(RefusalCode::Damaged);
    }
    let pages = pages::collect(&document, limits)?;
    second::agree(&second::of_pages(&document, &pages), &second::of_canonical(bytes)?)?;
    Ok((pages.len(), fields::read(&document, &pages)?))
}
