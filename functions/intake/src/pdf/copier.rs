//! Copying values into the new file, under new numbers.

use hearth::domain::document::RefusalCode;

use super::{Limits, rules, streams};
use lopdf::{Dictionary, Document, Object, ObjectId};
use std::collections::{BTreeMap, VecDeque};

/// Copies what is asked for and remembers what that needs.
pub(super) struct Copier {
    pub(super) limits: Limits,
    /// New number of each object; `None` for what must not be copied.
    pub(super) numbers: BTreeMap<ObjectId, Option<u32>>,
    pub(super) queue: VecDeque<(ObjectId, bool)>,
    pub(super) objects: BTreeMap<ObjectId, Object>,
    pub(super) last: u32,
    pub(super) decompressed: usize,
    pub(super) removed: u32,
}

impl Copier {
    /// Numbers up to `last` are taken.
    pub(super) fn new(limits: Limits, last: u32) -> Self {
        Self {
            limits,
            numbers: BTreeMap::new(),
            queue: VecDeque::new(),
            objects: BTreeMap::new(),
            last,
            decompressed: limits.decompressed,
            removed: 0,
        }
    }

    /// Gives an object the next number.
    pub(super) fn assign(&mut self, id: ObjectId) -> Result<u32, RefusalCode> {
        self.last = self.last.checked_add(1).ok_or(RefusalCode::TooComplex)?;
        self.numbers.insert(id, Some(self.last));
        Ok(self.last)
    }

    /// The entries of `list` that `from` has.
    pub(super) fn chosen(
        &mut self,
        source: &Document,
        from: &Dictionary,
        list: &[&[u8]],
    ) -> Result<Dictionary, RefusalCode> {
        let mut entries = Dictionary::new();
        for (key, value) in from {
            if list.contains(&key.as_slice()) {
                let map = rules::is_map(key);
                entries.set(key.clone(), self.value(source, value, map)?);
            } else if rules::is_dropped(key, value, false, source) {
                self.removed = self.removed.saturating_add(1);
            }
        }
        Ok(entries)
    }

    /// The new number of an object that has one.
    pub(super) fn number(&self, id: ObjectId) -> Option<ObjectId> {
        self.numbers.get(&id).copied().flatten().map(|number| (number, 0))
    }

    /// Copies one queued object.
    pub(super) fn object(&mut self, source: &mut Document, id: ObjectId, map: bool) -> Result<(), RefusalCode> {
        let number = self.number(id).ok_or(RefusalCode::Damaged)?;
        let object = source.objects.get_mut(&id).ok_or(RefusalCode::Damaged)?;
        let copy = if let Object::Stream(stream) = object {
            let taken = std::mem::replace(stream, lopdf::Stream::new(Dictionary::new(), Vec::new()));
            let parameters = self.dictionary(source, &taken.dict, false, &rules::STREAM_KEYS)?;
            Object::Stream(streams::copy(source, taken, parameters, &self.limits, &mut self.decompressed)?)
        } else if let Object::Array(items) = object {
            // The one kind of object that may be huge and that no rule looks
            // into any more once the pages are copied.
            let items = std::mem::take(items);
            self.value(source, &Object::Array(items), map)?
        } else {
            let object = object.clone();
            self.value(source, &object, map)?
        };
        self.objects.insert(number, copy);
        Ok(())
    }

    /// Copies a value; what must not be copied becomes null.
    pub(super) fn value(&mut self, source: &Document, value: &Object, map: bool) -> Result<Object, RefusalCode> {
        Ok(match value {
            Object::Reference(id) => self.reference(source, *id, map)?,
            Object::Array(items) => {
                Object::Array(items.iter().map(|item| self.value(source, item, false)).collect::<Result<_, _>>()?)
            }
            Object::Dictionary(dictionary) if rules::is_denied(dictionary) => {
                self.removed = self.removed.saturating_add(1);
                Object::Null
            }
            Object::Dictionary(dictionary) => Object::Dictionary(self.dictionary(source, dictionary, map, &[])?),
            // A stream is always an object of its own.
            Object::Stream(_) => return Err(RefusalCode::Damaged),
            plain => plain.clone(),
        })
    }

    fn dictionary(
        &mut self,
        source: &Document,
        from: &Dictionary,
        map: bool,
        also_dropped: &[&[u8]],
    ) -> Result<Dictionary, RefusalCode> {
        if rules::is_signature(from) {
            return Err(RefusalCode::SignedAlready);
        }
        let jump = rules::name_of(from, b"S") == Some(b"GoTo");
        let mut new = Dictionary::new();
        for (key, value) in from {
            let chained = jump && key == b"Next";
            if chained || also_dropped.contains(&key.as_slice()) || rules::is_dropped(key, value, map, source) {
                self.removed = self.removed.saturating_add(1);
                continue;
            }
            let copy = self.value(source, value, !map && rules::is_map(key))?;
            if !copy.is_null() {
                new.set(key.clone(), copy);
            }
        }
        Ok(new)
    }

    fn reference(&mut self, source: &Document, id: ObjectId, map: bool) -> Result<Object, RefusalCode> {
        let reference = Object::Reference(id);
        let Ok((target, object)) = source.dereference(&reference) else {
            // The standard reads a reference to nothing as null; something that
            // is in the table but did not load would silently be missing.
            if source.reference_table.get(id.0).is_some_and(is_used) {
                return Err(RefusalCode::Damaged);
            }
            return Ok(Object::Null);
        };
        let id = target.unwrap_or(id);
        if let Some(number) = self.numbers.get(&id) {
            return Ok(number.map_or(Object::Null, |number| Object::Reference((number, 0))));
        }
        let dictionary = match object {
            Object::Dictionary(dictionary) => Some(dictionary),
            Object::Stream(stream) => Some(&stream.dict),
            _ => None,
        };
        if dictionary.is_some_and(|dictionary| rules::is_denied(dictionary) || is_tree_node(dictionary)) {
            self.removed = self.removed.saturating_add(1);
            self.numbers.insert(id, None);
            return Ok(Object::Null);
        }
        let number = self.assign(id)?;
        self.queue.push_back((id, map));
        Ok(Object::Reference((number, 0)))
    }
}

fn is_used(entry: &lopdf::xref::XrefEntry) -> bool {
    entry.is_normal() || entry.is_compressed()
}

/// Old page tree nodes, and pages that are not in the tree, are not copied.
fn is_tree_node(dictionary: &Dictionary) -> bool {
    matches!(rules::name_of(dictionary, b"Type"), Some(b"Pages" | b"Page" | b"Template" | b"Catalog"))
}
