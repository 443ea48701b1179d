//! Papers as programs of all kinds write them.

use lopdf::xref::XrefType;
use lopdf::{Dictionary, Document, Object, ObjectId, SaveOptions, Stream, dictionary};

use hearth::domain::answers::Answers;

use super::{Failure, filled};

/// One paper.
pub(super) struct Paper {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    pub(super) pages: u32,
    /// How many people sign it.
    pub(super) signers: usize,
    /// What is filled in.
    pub(super) answers: Option<Answers>,
}

/// How the objects of a file are found.
const WRITINGS: [(&str, bool, bool); 3] =
    [("table", false, false), ("stream", true, false), ("objects-in-streams", true, true)];

/// What is odd about a paper.
#[derive(Clone, Copy)]
struct Kind {
    name: &'static str,
    pages: u32,
    signers: usize,
    change: fn(&mut Document, &Parts),
    /// Bytes after the last line.
    tail: &'static [u8],
}

pub(super) struct Parts {
    pub(super) catalog: ObjectId,
    pub(super) tree: ObjectId,
    pub(super) pages: Vec<ObjectId>,
}

/// Every kind in every writing.
pub(super) fn all() -> Result<Vec<Paper>, Failure> {
    let plain = Kind { name: "plain", pages: 1, signers: 2, change: |_, _| {}, tail: b"" };
    let kinds = [
        plain,
        Kind { name: "long", pages: 120, signers: 1, ..plain },
        Kind { name: "crowd", signers: 40, ..plain },
        Kind { name: "nobody", signers: 0, ..plain },
        Kind { name: "rotated", pages: 3, change: rotate, ..plain },
        Kind { name: "cropped", pages: 2, change: crop, ..plain },
        Kind { name: "a4", change: a4, ..plain },
        Kind { name: "form", pages: 2, change: form, ..plain },
        Kind { name: "form-in-place", change: form_in_place, ..plain },
        Kind { name: "filled", pages: 2, change: filled::fields, ..plain },
        Kind { name: "filled-rotated", pages: 2, change: filled::rotated, ..plain },
        Kind { name: "links", pages: 2, change: links, ..plain },
        Kind { name: "programs-data", change: programs, ..plain },
        Kind { name: "outline", pages: 5, change: outline, ..plain },
        Kind { name: "image", change: image, ..plain },
        Kind { name: "no-line-end", tail: b"%", ..plain },
    ];
    let mut papers = Vec::new();
    for kind in kinds {
        for (writing, streams, objects) in WRITINGS {
            let bytes = write(kind, streams, objects)?;
            let name = format!("{}-{writing}", kind.name);
            let answers = kind.name.starts_with("filled").then(filled::answers).transpose()?;
            papers.push(Paper { name, bytes, pages: kind.pages, signers: kind.signers, answers });
        }
    }
    Ok(papers)
}

fn write(kind: Kind, streams: bool, objects: bool) -> Result<Vec<u8>, Failure> {
    let mut document = Document::with_version(if streams { "1.5" } else { "1.4" });
    let tree = document.new_object_id();
    let font = document.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" });
    let mut pages = Vec::new();
    for number in 1..=kind.pages {
        let text = format!("BT /F1 18 Tf 72 700 Td (Consent, page {number}) Tj ET");
        let content = document.add_object(Stream::new(Dictionary::new(), text.into_bytes()));
        pages.push(document.add_object(dictionary! {
            "Type" => "Page", "Parent" => tree, "Contents" => content,
            "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
        }));
    }
    let kids: Vec<Object> = pages.iter().copied().map(Object::Reference).collect();
    document.objects.insert(
        tree,
        dictionary! {
            "Type" => "Pages", "Kids" => kids, "Count" => i64::from(kind.pages), "MediaBox" => square(612, 792),
        }
        .into(),
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    let identifier = Object::string_literal("0123456789abcdef");
    document.trailer.set("ID", vec![identifier.clone(), identifier]);
    (kind.change)(&mut document, &Parts { catalog, tree, pages });
    if !streams {
        document.reference_table.cross_reference_type = XrefType::CrossReferenceTable;
    }
    let options = SaveOptions::builder().use_xref_streams(streams).use_object_streams(objects).build();
    let mut bytes = Vec::new();
    document.save_with_options(&mut bytes, options)?;
    bytes.extend_from_slice(kind.tail);
    Ok(bytes)
}

fn square(width: i64, height: i64) -> Vec<Object> {
    vec![0.into(), 0.into(), width.into(), height.into()]
}

pub(super) fn set(document: &mut Document, id: ObjectId, key: &str, value: impl Into<Object>) {
    if let Ok(dictionary) = document.get_object_mut(id).and_then(Object::as_dict_mut) {
        dictionary.set(key, value);
    }
}

fn rotate(document: &mut Document, parts: &Parts) {
    set(document, parts.tree, "Rotate", 90);
    if let Some(page) = parts.pages.last() {
        set(document, *page, "Rotate", 270);
    }
}

fn crop(document: &mut Document, parts: &Parts) {
    set(document, parts.tree, "CropBox", square(50, 50));
    set(document, parts.tree, "UserUnit", 2);
}

fn a4(document: &mut Document, parts: &Parts) {
    set(document, parts.tree, "MediaBox", square(595, 842));
}

/// A text field on the first page, and a form that asks viewers to draw it.
fn fields(document: &mut Document, parts: &Parts) -> Dictionary {
    let page = parts.pages.first().copied().unwrap_or(parts.tree);
    let field = document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Widget", "FT" => "Tx", "T" => Object::string_literal("child"),
        "V" => Object::string_literal("Sam"), "Rect" => vec![72.into(), 600.into(), 300.into(), 620.into()],
        "P" => page, "DA" => Object::string_literal("/Helv 12 Tf 0 g"),
    });
    set(document, page, "Annots", vec![Object::Reference(field)]);
    dictionary! {
        "Fields" => vec![Object::Reference(field)], "NeedAppearances" => true,
        "DA" => Object::string_literal("/Helv 12 Tf 0 g"),
    }
}

fn form(document: &mut Document, parts: &Parts) {
    let form = fields(document, parts);
    let form = document.add_object(form);
    set(document, parts.catalog, "AcroForm", form);
}

fn form_in_place(document: &mut Document, parts: &Parts) {
    let form = fields(document, parts);
    set(document, parts.catalog, "AcroForm", form);
}

fn links(document: &mut Document, parts: &Parts) {
    for page in &parts.pages {
        let link = document.add_object(dictionary! {
            "Type" => "Annot", "Subtype" => "Link", "Rect" => square(100, 100),
            "Dest" => vec![Object::Reference(*page), "Fit".into()],
        });
        set(document, *page, "Annots", vec![Object::Reference(link)]);
    }
}

fn programs(document: &mut Document, parts: &Parts) {
    let own = dictionary! { "LastModified" => Object::string_literal("D:20260101000000Z"), "Private" => 1 };
    let own = document.add_object(dictionary! { "Other" => own });
    set(document, parts.catalog, "PieceInfo", own);
}

fn outline(document: &mut Document, parts: &Parts) {
    let outline = document.new_object_id();
    let page = parts.pages.first().copied().unwrap_or(parts.tree);
    let item = document.add_object(dictionary! {
        "Title" => Object::string_literal("Start"), "Parent" => outline,
        "Dest" => vec![Object::Reference(page), "Fit".into()],
    });
    let entry = dictionary! { "Type" => "Outlines", "First" => item, "Last" => item, "Count" => 1 };
    document.objects.insert(outline, entry.into());
    set(document, parts.catalog, "Outlines", outline);
}

fn image(document: &mut Document, parts: &Parts) {
    let pixels: Vec<u8> = (0..1_200_000_u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let image = dictionary! {
        "Type" => "XObject", "Subtype" => "Image", "Width" => 1_000, "Height" => 400,
        "ColorSpace" => "DeviceRGB", "BitsPerComponent" => 8,
    };
    let image = document.add_object(Stream::new(image, pixels));
    let content = Stream::new(Dictionary::new(), b"q 400 0 0 160 72 400 cm /I Do Q".to_vec());
    let content = document.add_object(content);
    if let Some(page) = parts.pages.first() {
        set(document, *page, "Contents", content);
        set(document, *page, "Resources", dictionary! { "XObject" => dictionary! { "I" => image } });
    }
}
