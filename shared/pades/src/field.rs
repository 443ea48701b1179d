//! The empty seal in an incremental update: a signature field on a page, the right to no changes, and the record.

use jiff::Timestamp;
use lopdf::{
    Dictionary, Document, IncrementalDocument, Object, ObjectId, Stream, StringFormat, dictionary, text_string,
};

use crate::byte_range::OFFSET;
use crate::certificate::Chain;
use crate::record::Record;

/// Bytes of a signature without its certificates.
const SIGNATURE: usize = 1_536;
/// Bytes kept for a time stamp: those of the public authorities take up to 7 KB, with their certificates.
const TIME_STAMP: usize = 12 * 1024;
/// The bits `SignaturesExist` and `AppendOnly` (ISO 32000-2, 12.7.3).
const SIGNED: i64 = 3;
/// The flags of an annotation `Print` and `Locked` (ISO 32000-2, 12.5.3).
const FIXED: i64 = 132;
/// The name under which the record stands among the data of programs (ISO 32000-2, 14.5).
pub(crate) const OWNER: &str = "Hearth";

/// Why a file cannot hold a seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// The catalogue or the form cannot be read.
    #[error("the file is damaged; take it from storage again")]
    Damaged,
    /// A certification must be a file's first signature.
    #[error("the file is signed already; seal the file without that signature")]
    SignedAlready,
}

/// An empty seal.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    /// Who seals, for people.
    pub name: &'a str,
    /// When, by the clock of who seals.
    pub at: Timestamp,
    /// Whose certificates come into the seal.
    pub chain: &'a Chain,
    /// What is sealed.
    pub record: &'a Record,
}

impl Field<'_> {
    /// Puts the empty seal onto `page`, one of the update's own pages.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn add(&self, update: &mut IncrementalDocument, page: ObjectId) -> Result<(), FieldError> {
        let previous = update.get_prev_documents();
        let root = previous.trailer.get(b"Root").and_then(Object::as_reference).map_err(|_| FieldError::Damaged)?;
        let catalog = match update.new_document.get_dictionary(root) {
            Ok(changed) => changed,
            Err(_) => previous.get_dictionary(root).map_err(|_| FieldError::Damaged)?,
        };
        let mut catalog = catalog.clone();
        let part = |key: &[u8]| match catalog.get_deref(key, previous).and_then(Object::as_dict) {
            Ok(part) => part.clone(),
            Err(_) => Dictionary::new(),
        };
        let (mut form, mut permissions, mut programs) = (part(b"AcroForm"), part(b"Perms"), part(b"PieceInfo"));
        let signed = form.get(b"SigFlags").and_then(Object::as_i64).is_ok_and(|flags| flags & 1 != 0);
        if signed || !permissions.is_empty() {
            return Err(FieldError::SignedAlready);
        }
        let mut fields = match form.get_deref(b"Fields", previous).and_then(Object::as_array) {
            Ok(fields) => fields.clone(),
            Err(_) => Vec::new(),
        };

        let new = &mut update.new_document;
        let signature = new.add_object(self.signature());
        let field = new.add_object(self.widget(page, signature));
        let record = new.add_object(Stream::new(Dictionary::new(), self.record.to_json()));
        annotate(new, page, field)?;
        fields.push(field.into());
        form.set("Fields", fields);
        form.set("SigFlags", SIGNED);
        // Viewers would draw all fields anew, after the seal.
        form.remove(b"NeedAppearances");
        permissions.set("DocMDP", signature);
        programs.set(OWNER, dictionary! { "LastModified" => date(self.at), "Private" => record });
        catalog.set("AcroForm", form);
        catalog.set("Perms", permissions);
        catalog.set("PieceInfo", programs);
        new.objects.insert(root, catalog.into());
        Ok(())
    }

    fn signature(&self) -> Dictionary {
        let unknown = Object::Integer(OFFSET);
        let stamp = if self.record.time_stamp { TIME_STAMP } else { 0 };
        // Each certificate stands in the seal once, and its hash once more.
        let room = SIGNATURE + stamp + self.chain.length() + 64 * self.chain.der().len();
        // Any change at all breaks the certification (ISO 32000-2, 12.8.2.2).
        let nothing = dictionary! { "Type" => "TransformParams", "P" => 1, "V" => "1.2" };
        let certification =
            dictionary! { "Type" => "SigRef", "TransformMethod" => "DocMDP", "TransformParams" => nothing };
        dictionary! {
            "Type" => "Sig",
            "Filter" => "Adobe.PPKLite",
            "SubFilter" => "ETSI.CAdES.detached",
            // These two stand side by side in this order: that is how the place is found again.
            "ByteRange" => vec![0.into(), unknown.clone(), unknown.clone(), unknown],
            "Contents" => Object::String(vec![0; room], StringFormat::Hexadecimal),
            "M" => date(self.at),
            "Name" => text_string(self.name),
            "Reference" => vec![Object::Dictionary(certification)],
        }
    }

    fn widget(&self, page: ObjectId, signature: ObjectId) -> Dictionary {
        // No document can hold a field of this name, which contains the document's own hash.
        let name = format!("Seal {}", self.record.document.sha256);
        dictionary! {
            "Type" => "Annot",
            "Subtype" => "Widget",
            "FT" => "Sig",
            "T" => Object::string_literal(name),
            "V" => signature,
            "F" => FIXED,
            "Rect" => vec![0.into(), 0.into(), 0.into(), 0.into()],
            "P" => page,
        }
    }
}

fn annotate(document: &mut Document, page: ObjectId, field: ObjectId) -> Result<(), FieldError> {
    let page = document.get_object_mut(page).and_then(Object::as_dict_mut).map_err(|_| FieldError::Damaged)?;
    page.set("Annots", vec![field.into()]);
    Ok(())
}

/// A date as PDF writes it (ISO 32000-2, 7.9.4).
fn date(at: Timestamp) -> Object {
    Object::string_literal(at.strftime("D:%Y%m%d%H%M%SZ").to_string())
}
