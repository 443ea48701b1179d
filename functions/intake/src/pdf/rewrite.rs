//! Building the new file: catalog and pages first, then whatever they lead to.

use super::copier::Copier;
use super::pages::Page;
use hearth::domain::document::RefusalCode;

use super::{Limits, rules, streams};
use lopdf::xref::{Xref, XrefType};
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat};
use sha2::{Digest, Sha256};

/// A rewritten file and what was counted on the way.
pub(super) struct Rewritten {
    pub(super) bytes: Vec<u8>,
    pub(super) removed: u32,
}

const CATALOG: ObjectId = (1, 0);
const PAGES: ObjectId = (2, 0);

/// Rewrites a document that was loaded from `raw`.
pub(super) fn rewrite(
    mut source: Document,
    pages: &[Page],
    raw: &[u8],
    limits: &Limits,
) -> Result<Rewritten, RefusalCode> {
    let mut copier = Copier::new(*limits, PAGES.0);
    for page in pages {
        copier.assign(page.id)?;
    }
    copier.catalog(&source)?;
    copier.page_tree(pages)?;
    for page in pages {
        copier.page(&source, page)?;
    }
    while let Some((id, map)) = copier.queue.pop_front() {
        copier.object(&mut source, id, map)?;
    }
    let version = if source.version.starts_with('2') { "2.0" } else { "1.7" };
    drop(source);
    copier.finish(version, raw)
}

impl Copier {
    fn catalog(&mut self, source: &Document) -> Result<(), RefusalCode> {
        let old = source.catalog().map_err(|_| RefusalCode::Damaged)?;
        let form = old.get_deref(b"AcroForm", source).and_then(Object::as_dict).ok();
        let has_fields = form
            .and_then(|form| form.get_deref(b"Fields", source).and_then(Object::as_array).ok())
            .is_some_and(|fields| !fields.is_empty());
        let rendered = old.get(b"NeedsRendering").and_then(Object::as_bool).unwrap_or(false);
        if rendered || (form.is_some_and(|form| form.has(b"XFA")) && !has_fields) {
            return Err(RefusalCode::DynamicForm);
        }
        if old.has(b"Collection") {
            return Err(RefusalCode::Portfolio);
        }
        let permissions = old.get_deref(b"Perms", source).and_then(Object::as_dict);
        if permissions.is_ok_and(|permissions| permissions.has(b"DocMDP")) {
            return Err(RefusalCode::SignedAlready);
        }
        let mut new = self.chosen(source, old, &rules::CATALOG)?;
        if let Ok(names) = old.get_deref(b"Names", source).and_then(Object::as_dict) {
            let names = self.chosen(source, names, &[b"Dests"])?;
            if !names.is_empty() {
                new.set("Names", names);
            }
        }
        if let Some(form) = form
            && has_fields
        {
            let form = self.chosen(source, form, &rules::FORM)?;
            new.set("AcroForm", form);
        }
        new.set("Type", Object::Name(b"Catalog".to_vec()));
        new.set("Pages", PAGES);
        self.objects.insert(CATALOG, Object::Dictionary(new));
        Ok(())
    }

    fn page_tree(&mut self, pages: &[Page]) -> Result<(), RefusalCode> {
        let mut tree = Dictionary::new();
        let kids = pages.iter().filter_map(|page| self.number(page.id)).map(Object::Reference);
        tree.set("Kids", kids.collect::<Vec<_>>());
        tree.set("Type", Object::Name(b"Pages".to_vec()));
        let count = i64::try_from(pages.len()).map_err(|_| RefusalCode::TooManyPages)?;
        tree.set("Count", count);
        self.objects.insert(PAGES, Object::Dictionary(tree));
        Ok(())
    }

    fn page(&mut self, source: &Document, page: &Page) -> Result<(), RefusalCode> {
        let mut new = Dictionary::new();
        for (key, value) in &page.entries {
            if rules::PAGE.contains(&key.as_slice()) {
                new.set(key.clone(), self.value(source, value, false)?);
            } else if key == b"AA" {
                self.removed = self.removed.saturating_add(1);
            }
        }
        streams::check_contents(source, &page.entries)?;
        let annotations = page.entries.get_deref(b"Annots", source).and_then(Object::as_array);
        let mut kept = Vec::new();
        for annotation in annotations.map(Vec::as_slice).unwrap_or_default() {
            let target = source.dereference(annotation).and_then(|(_, target)| target.as_dict());
            let copy = match target {
                Ok(target) if rules::keeps_annotation(target) => self.value(source, annotation, false)?,
                _ => Object::Null,
            };
            if copy.is_null() {
                self.removed = self.removed.saturating_add(1);
            } else {
                kept.push(copy);
            }
        }
        if !kept.is_empty() {
            new.set("Annots", kept);
        }
        new.set("Type", Object::Name(b"Page".to_vec()));
        new.set("Parent", PAGES);
        let id = self.number(page.id).ok_or(RefusalCode::Damaged)?;
        self.objects.insert(id, Object::Dictionary(new));
        Ok(())
    }

    fn finish(self, version: &str, raw: &[u8]) -> Result<Rewritten, RefusalCode> {
        let mut document = Document::new();
        document.version = version.to_owned();
        document.reference_table = Xref::new(0, XrefType::CrossReferenceTable);
        document.max_id = self.last;
        document.objects = self.objects;
        document.trailer.set("Root", CATALOG);
        // Viewers tell revisions of a file apart by its identifier. It must not
        // be random, so it is the beginning of the hash of the upload.
        let identifier: Vec<u8> = Sha256::digest(raw).iter().copied().take(16).collect();
        let identifier = Object::String(identifier, StringFormat::Hexadecimal);
        document.trailer.set("ID", vec![identifier.clone(), identifier]);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).map_err(|_| RefusalCode::Damaged)?;
        bytes.push(b'\n');
        if bytes.len() > self.limits.bytes.saturating_mul(2) {
            return Err(RefusalCode::TooLarge);
        }
        Ok(Rewritten { bytes, removed: self.removed })
    }
}
