//! Small PDFs for the tests, honest and hostile.

use lopdf::{Dictionary, Document, Object, ObjectId, SaveOptions, Stream, dictionary};

/// A document under construction, with one page.
pub(super) struct Draft {
    pub(super) document: Document,
    pub(super) catalog: ObjectId,
    pub(super) pages: ObjectId,
    pub(super) page: ObjectId,
}

impl Draft {
    pub(super) fn new() -> Self {
        let mut document = Document::with_version("1.5");
        let font = document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
        });
        let content = Stream::new(Dictionary::new(), b"BT /F1 12 Tf 72 700 Td (Consent) Tj ET".to_vec());
        let content = document.add_object(content);
        let pages = document.new_object_id();
        let page = document.add_object(dictionary! {
            "Type" => "Page", "Parent" => pages, "Contents" => content,
            "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
        });
        document.objects.insert(
            pages,
            Object::Dictionary(dictionary! {
                "Type" => "Pages", "Count" => 1, "Kids" => vec![page.into()],
                "MediaBox" => vec![0.into(), 0.into(), 612.into(), 792.into()],
            }),
        );
        let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
        document.trailer.set("Root", catalog);
        document.reference_table.cross_reference_type = lopdf::xref::XrefType::CrossReferenceTable;
        Self { document, catalog, pages, page }
    }

    pub(super) fn set(mut self, id: ObjectId, key: &str, value: impl Into<Object>) -> Self {
        self.document.get_dictionary_mut(id).unwrap().set(key, value);
        self
    }

    pub(super) fn catalog(self, key: &str, value: impl Into<Object>) -> Self {
        let id = self.catalog;
        self.set(id, key, value)
    }

    pub(super) fn page(self, key: &str, value: impl Into<Object>) -> Self {
        let id = self.page;
        self.set(id, key, value)
    }

    pub(super) fn add(&mut self, object: impl Into<Object>) -> ObjectId {
        self.document.add_object(object)
    }

    pub(super) fn bytes(mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.document.save_to(&mut bytes).unwrap();
        bytes
    }

    pub(super) fn modern_bytes(mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let options = SaveOptions::builder().use_object_streams(true).use_xref_streams(true).build();
        self.document.save_with_options(&mut bytes, options).unwrap();
        bytes
    }
}

/// `count` zero bytes, deflated.
pub(super) fn deflated_zeros(count: u64) -> Vec<u8> {
    use std::io::{Read, Write};
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let mut chunk = Vec::new();
    std::io::repeat(0).take(1 << 20).read_to_end(&mut chunk).unwrap();
    for _ in 0..count >> 20 {
        encoder.write_all(&chunk).unwrap();
    }
    encoder.finish().unwrap()
}

/// A file written by hand: objects in order, with a correct table.
pub(super) fn by_hand(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(bytes.len());
        bytes.extend(format!("{} 0 obj\n", index + 1).into_bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    with_table(bytes, &offsets)
}

/// Appends a table that lists `offsets` as objects 1, 2, ...
pub(super) fn with_table(mut bytes: Vec<u8>, offsets: &[usize]) -> Vec<u8> {
    let start = bytes.len();
    let size = offsets.len() + 1;
    bytes.extend(format!("xref\n0 {size}\n0000000000 65535 f \n").into_bytes());
    for offset in offsets {
        bytes.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    bytes.extend(format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").into_bytes());
    bytes
}
