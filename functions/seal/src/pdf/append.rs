//! The incremental update: new pages behind an untouched file.
//!
//! The structure tree of the record is not merged into the document's: that
//! would rewrite the number tree that ties the tags of the signed pages to
//! them, in a file whose pages must visibly stay as they were. The record's
//! text is still real text in reading order.

use super::SealError;
use super::layout::{A4, LETTER, Paper};
use lopdf::{Dictionary, Document, IncrementalDocument, LoadOptions, Object, ObjectId, StringFormat};
use pades::Field;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Bytes one object stream of the original may decompress to.
const LOADING: usize = 32 * 1024 * 1024;
/// Nodes of the page tree.
const NODES: usize = 100_000;

/// Entries that a page inherits, which the record must not.
const INHERITED: [&str; 3] = ["CropBox", "Rotate", "UserUnit"];

/// The canonical file, loaded.
pub(super) struct Original {
    document: Document,
    root: ObjectId,
    tree: Tree,
}

/// The page tree as it is.
#[derive(Default)]
struct Tree {
    /// Pages under each node.
    counts: BTreeMap<ObjectId, i64>,
    /// Pages in reading order.
    pages: Vec<ObjectId>,
}

impl Original {
    pub(super) fn load(bytes: &[u8]) -> Result<Self, SealError> {
        let options = LoadOptions { max_decompressed_size: Some(LOADING), ..LoadOptions::default() };
        let document = Document::load_mem_with_options(bytes, options).map_err(|_| SealError::Damaged)?;
        if document.is_encrypted() || document.was_encrypted() {
            return Err(SealError::Encrypted);
        }
        // Offsets count from the first byte and the table must be the file's own.
        if !bytes.starts_with(b"%PDF-") || document.xref_recovery.is_some() {
            return Err(SealError::Damaged);
        }
        let root = document.catalog().and_then(|catalog| catalog.get(b"Pages"));
        let root = root.and_then(Object::as_reference).map_err(|_| SealError::Damaged)?;
        let tree = Tree::walk(&document, root)?;
        Ok(Self { document, root, tree })
    }

    /// Pages of the file, counted.
    pub(super) fn pages(&self) -> usize {
        self.tree.pages.len()
    }

    /// The paper for the record: A4 behind a file whose first page is A4, either
    /// way up, letter otherwise.
    pub(super) fn paper(&self) -> Paper {
        let mut id = self.tree.pages.first().copied();
        let mut sides = None;
        for _ in 0..32 {
            let Some(node) = id.and_then(|id| self.document.get_dictionary(id).ok()) else {
                break;
            };
            if let Ok(found) = node.get_deref(b"MediaBox", &self.document).and_then(Object::as_array) {
                sides = Some(found.iter().filter_map(|side| side.as_float().ok()).collect::<Vec<_>>());
                break;
            }
            id = node.get(b"Parent").and_then(Object::as_reference).ok();
        }
        match sides.as_deref() {
            Some([left, bottom, right, top]) => {
                let (width, height) = ((right - left).abs(), (top - bottom).abs());
                let is_a4 = |short: f32, long: f32| (short - A4.width).abs() < 3.0 && (long - A4.height).abs() < 3.0;
                if is_a4(width.min(height), width.max(height)) { A4 } else { LETTER }
            }
            _ => LETTER,
        }
    }

    /// Appends the pages of `record`, and the place for the seal on the last of them, to `bytes`, the file this was loaded from.
    pub(super) fn append(self, bytes: &[u8], record: &[u8], field: &Field<'_>) -> Result<Vec<u8>, SealError> {
        let record_hash = Sha256::digest(record);
        let record = Document::load_mem(record).map_err(|_| SealError::Drawing)?;
        let mut update = IncrementalDocument::create_from(bytes.to_vec(), self.document);
        let added = import(&record, &mut update.new_document, self.root)?;
        let added_count = i64::try_from(added.len()).map_err(|_| SealError::TooLarge)?;

        let previous = update.get_prev_documents();
        let mut changed = Vec::new();
        for (id, count) in &self.tree.counts {
            let node = previous.get_dictionary(*id).map_err(|_| SealError::Damaged)?;
            let mut node = node.clone();
            let count = if *id == self.root {
                let kids = node.get_deref(b"Kids", previous).and_then(Object::as_array);
                let mut kids = kids.map_err(|_| SealError::Damaged)?.clone();
                kids.extend(added.iter().copied().map(Object::Reference));
                node.set("Kids", kids);
                count + added_count
            } else if node.get(b"Count").and_then(Object::as_i64).ok() == Some(*count) {
                continue;
            } else {
                *count
            };
            node.set("Count", count);
            changed.push((*id, node));
        }
        for (id, node) in changed {
            update.new_document.objects.insert(id, Object::Dictionary(node));
        }

        field.add(&mut update, *added.last().ok_or(SealError::Drawing)?)?;

        let trailer = &mut update.new_document.trailer;
        // Left over from a cross-reference stream; the writer makes its own.
        for key in [b"DecodeParms".as_slice(), b"Filter", b"XRefStm", b"W", b"Index", b"Type"] {
            trailer.remove(key);
        }
        if let Ok(Object::Array(identifiers)) = trailer.get_mut(b"ID")
            && let Some(second) = identifiers.get_mut(1)
        {
            // The second identifier names the revision (ISO 32000-1, 14.4).
            let revision = record_hash.iter().copied().take(16).collect();
            *second = Object::String(revision, StringFormat::Hexadecimal);
        }

        let mut sealed = Vec::with_capacity(bytes.len() + 64 * 1024);
        update.save_to(&mut sealed).map_err(|_| SealError::Damaged)?;
        sealed.push(b'\n');
        if sealed.starts_with(bytes) { Ok(sealed) } else { Err(SealError::Damaged) }
    }
}

impl Tree {
    fn walk(document: &Document, root: ObjectId) -> Result<Self, SealError> {
        let mut tree = Self::default();
        let mut seen = BTreeSet::new();
        let mut stack = vec![(root, Vec::new())];
        while let Some((id, ancestors)) = stack.pop() {
            if !seen.insert(id) || seen.len() > NODES || ancestors.len() > 64 {
                return Err(SealError::Damaged);
            }
            let node = document.get_dictionary(id).map_err(|_| SealError::Damaged)?;
            if let Ok(kids) = node.get_deref(b"Kids", document).and_then(Object::as_array) {
                tree.counts.insert(id, 0);
                let mut ancestors = ancestors;
                ancestors.push(id);
                for kid in kids.iter().rev() {
                    let kid = kid.as_reference().map_err(|_| SealError::Damaged)?;
                    stack.push((kid, ancestors.clone()));
                }
            } else {
                tree.pages.push(id);
                for ancestor in ancestors {
                    *tree.counts.entry(ancestor).or_default() += 1;
                }
            }
        }
        if !tree.counts.contains_key(&root) || tree.pages.is_empty() {
            return Err(SealError::Damaged);
        }
        Ok(tree)
    }
}

/// Copies the pages of `record`, and what they need, under new numbers; tells
/// the numbers of the pages.
fn import(record: &Document, target: &mut Document, parent: ObjectId) -> Result<Vec<ObjectId>, SealError> {
    let mut numbers = BTreeMap::new();
    let mut queue = VecDeque::new();
    let pages: Vec<ObjectId> = record.page_iter().collect();
    let mut added = Vec::new();
    for page in &pages {
        added.push(number(*page, &mut numbers, &mut queue, target));
    }
    while let Some((old, new)) = queue.pop_front() {
        let mut object = record.get_object(old).map_err(|_| SealError::Drawing)?.clone();
        if pages.contains(&old) {
            let page = object.as_dict_mut().map_err(|_| SealError::Drawing)?;
            page.remove(b"Parent");
            isolate(page)?;
            renumber(&mut object, &mut numbers, &mut queue, target);
            object.as_dict_mut().map_err(|_| SealError::Drawing)?.set("Parent", parent);
        } else {
            renumber(&mut object, &mut numbers, &mut queue, target);
        }
        target.objects.insert(new, object);
    }
    Ok(added)
}

/// Gives a page its own value for all that it would inherit.
fn isolate(page: &mut Dictionary) -> Result<(), SealError> {
    let media_box = page.get(b"MediaBox").map_err(|_| SealError::Drawing)?.clone();
    for key in INHERITED {
        page.remove(key.as_bytes());
    }
    page.set("CropBox", media_box);
    page.set("Rotate", 0);
    if !page.has(b"Resources") {
        page.set("Resources", Dictionary::new());
    }
    Ok(())
}

fn number(
    old: ObjectId,
    numbers: &mut BTreeMap<ObjectId, ObjectId>,
    queue: &mut VecDeque<(ObjectId, ObjectId)>,
    target: &mut Document,
) -> ObjectId {
    *numbers.entry(old).or_insert_with(|| {
        target.max_id = target.max_id.saturating_add(1);
        let new = (target.max_id, 0);
        queue.push_back((old, new));
        new
    })
}

/// Renumbers every reference in `object`, queueing what is new.
fn renumber(
    object: &mut Object,
    numbers: &mut BTreeMap<ObjectId, ObjectId>,
    queue: &mut VecDeque<(ObjectId, ObjectId)>,
    target: &mut Document,
) {
    match object {
        Object::Reference(id) => *id = number(*id, numbers, queue, target),
        Object::Array(items) => items.iter_mut().for_each(|item| renumber(item, numbers, queue, target)),
        Object::Dictionary(entries) => {
            entries.iter_mut().for_each(|(_, value)| renumber(value, numbers, queue, target))
        }
        Object::Stream(stream) => stream.dict.iter_mut().for_each(|(_, value)| renumber(value, numbers, queue, target)),
        _ => {}
    }
}
