//! What is accepted, and what is left of it.

use super::fixtures::Draft;
use super::{Canonical, Limits, canonicalise};
use lopdf::{Dictionary, Document, Object, Stream, dictionary};

fn accept(raw: &[u8]) -> Canonical {
    canonicalise(raw, &Limits::default()).unwrap()
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn page(document: &Document, number: u32) -> &Dictionary {
    document.get_dictionary(document.get_pages()[&number]).unwrap()
}

#[test]
fn an_ordinary_file_is_kept() {
    for raw in [Draft::new().bytes(), Draft::new().modern_bytes()] {
        let canonical = accept(&raw);
        assert_eq!((canonical.pages, canonical.removed), (1, 0));
        assert!(contains(&canonical.bytes, "(Consent) Tj"));
        let document = Document::load_mem(&canonical.bytes).unwrap();
        // Inherited entries become the page's own.
        assert!(page(&document, 1).has(b"MediaBox"));
        assert_eq!(document.revision_count(), 1);
    }
}

#[test]
fn the_same_upload_gives_the_same_file() {
    let raw = Draft::new().modern_bytes();
    assert_eq!(accept(&raw), accept(&raw));
}

#[test]
fn rewriting_a_canonical_file_only_renames_it() {
    let once = accept(&Draft::new().bytes());
    let twice = accept(&once.bytes);
    assert_eq!((once.bytes.len(), twice.removed), (twice.bytes.len(), 0));
}

#[test]
fn nothing_active_is_left() {
    let mut draft = Draft::new();
    let script = || dictionary! { "S" => "JavaScript", "JS" => Object::string_literal("app.alert(1)") };
    let file = dictionary! { "Type" => "Filespec", "F" => Object::string_literal("a.exe"), "EF" => dictionary! {} };
    let file = draft.add(file);
    let mut annotations = vec![];
    for action in ["URI", "Launch", "SubmitForm", "ImportData", "GoToR", "GoToE", "JavaScript", "Named", "Rendition"] {
        let action = draft.add(dictionary! { "S" => action, "F" => file, "Next" => script() });
        annotations.push(Object::Dictionary(dictionary! {
            "Type" => "Annot", "Subtype" => "Link", "Rect" => vec![0.into(), 0.into(), 9.into(), 9.into()],
            "A" => action, "AA" => dictionary! { "E" => script() }, "PA" => action,
        }));
    }
    for subtype in ["FileAttachment", "RichMedia", "Screen", "Movie", "Sound", "3D"] {
        let annotation = dictionary! { "Subtype" => subtype, "FS" => file, "RichMediaContent" => dictionary! {} };
        annotations.push(draft.add(annotation).into());
    }
    let field = draft.add(dictionary! {
        "FT" => "Tx", "T" => Object::string_literal("name"), "Subtype" => "Widget",
        "Rect" => vec![0.into(), 0.into(), 9.into(), 9.into()], "AA" => dictionary! { "K" => script() },
    });
    annotations.push(field.into());
    let names = dictionary! {
        "JavaScript" => dictionary! { "Names" => vec![Object::string_literal("x"), script().into()] },
        "EmbeddedFiles" => dictionary! { "Names" => vec![Object::string_literal("x"), file.into()] },
    };
    let raw = draft
        .page("Annots", annotations)
        .page("AA", dictionary! { "O" => script() })
        .catalog("OpenAction", script())
        .catalog("AA", dictionary! { "WC" => script() })
        .catalog("Names", names)
        .catalog("AF", vec![file.into()])
        .catalog(
            "AcroForm",
            dictionary! { "Fields" => vec![field.into()], "NeedAppearances" => true, "XFA" => Object::string_literal("x") },
        )
        .bytes();
    let canonical = accept(&raw);
    for key in [
        "/JS",
        "JavaScript",
        "/AA",
        "OpenAction",
        "Launch",
        "SubmitForm",
        "ImportData",
        "GoToR",
        "GoToE",
        "EmbeddedFiles",
        "FileAttachment",
        "Filespec",
        "/EF",
        "/AF",
        "XFA",
        "RichMedia",
        "Screen",
        "Movie",
        "Sound",
        "/3D",
        "/URI",
        "NeedAppearances",
        "Rendition",
        "/Named",
        "app.alert",
        "a.exe",
    ] {
        assert!(contains(&raw, key), "the fixture lacks {key}");
        assert!(!contains(&canonical.bytes, key), "{key} is left");
    }
    assert_eq!(canonical.fields.len(), 1);
    assert!(canonical.removed >= 20);
}

#[test]
fn a_script_cannot_hide_among_resources() {
    let mut draft = Draft::new();
    let script = draft.add(dictionary! { "S" => "JavaScript", "JS" => Object::string_literal("x()") });
    let hidden = dictionary! { "AA" => dictionary! { "O" => script }, "JS" => Object::string_literal("y()") };
    let hidden = draft.add(hidden);
    let raw = draft.page("Resources", dictionary! { "XObject" => hidden }).bytes();
    let canonical = accept(&raw);
    assert!(!contains(&canonical.bytes, "/JS") && !contains(&canonical.bytes, "JavaScript"));
}

#[test]
fn a_resource_may_have_any_name() {
    let mut draft = Draft::new();
    let image = draft.add(Stream::new(dictionary! { "Subtype" => "Form" }, b"0 0 m".to_vec()));
    let resources = dictionary! { "XObject" => dictionary! { "AA" => image } };
    let canonical = accept(&draft.page("Resources", resources).bytes());
    assert!(contains(&canonical.bytes, "/AA") && contains(&canonical.bytes, "0 0 m"));
}

#[test]
fn a_box_may_stand_for_pennsylvania() {
    let mut draft = Draft::new();
    let drawn = draft.add(Stream::new(dictionary! { "Subtype" => "Form" }, b"1 1 m".to_vec()));
    let state = draft.add(dictionary! {
        "Subtype" => "Widget", "FT" => "Btn", "T" => Object::string_literal("state"),
        "AP" => dictionary! { "N" => dictionary! { "PA" => drawn } },
    });
    let canonical = accept(&draft.page("Annots", vec![state.into()]).bytes());
    assert!(contains(&canonical.bytes, "/PA") && contains(&canonical.bytes, "1 1 m"));
}

#[test]
fn jumps_inside_the_document_stay() {
    let draft = Draft::new();
    let target = vec![draft.page.into(), Object::Name(b"Fit".to_vec())];
    let link = dictionary! {
        "Subtype" => "Link", "Rect" => vec![0.into(), 0.into(), 9.into(), 9.into()],
        "A" => dictionary! { "S" => "GoTo", "D" => target, "Next" => dictionary! { "S" => "Launch" } },
    };
    let canonical = accept(&draft.page("Annots", vec![link.into()]).bytes());
    assert!(contains(&canonical.bytes, "GoTo") && !contains(&canonical.bytes, "Launch"));
}

#[test]
fn pages_are_counted_whatever_the_file_says() {
    for lie in [0, 7, -1] {
        let draft = Draft::new();
        let pages = draft.pages;
        let canonical = accept(&draft.set(pages, "Count", lie).bytes());
        assert_eq!(canonical.pages, 1);
        assert_eq!(Document::load_mem(&canonical.bytes).unwrap().get_pages().len(), 1);
    }
}

#[test]
fn a_nested_tree_becomes_flat_and_keeps_what_was_inherited() {
    let mut draft = Draft::new();
    let inner = draft.document.new_object_id();
    let (root, page_id) = (draft.pages, draft.page);
    draft.document.objects.insert(
        inner,
        Object::Dictionary(dictionary! {
            "Type" => "Pages", "Kids" => vec![page_id.into()], "Parent" => root, "Rotate" => 90, "Count" => 4,
        }),
    );
    let raw = draft.set(root, "Kids", vec![inner.into()]).page("Parent", inner).bytes();
    let document = Document::load_mem(&accept(&raw).bytes).unwrap();
    assert_eq!(page(&document, 1).get(b"Rotate").unwrap().as_i64().unwrap(), 90);
}

#[test]
fn what_no_page_needs_is_gone() {
    let mut draft = Draft::new();
    draft.add(Object::string_literal("an older revision"));
    let info = draft.add(dictionary! { "Author" => Object::string_literal("somebody") });
    draft.document.trailer.set("Info", info);
    let canonical = accept(&draft.bytes());
    assert!(!contains(&canonical.bytes, "older revision") && !contains(&canonical.bytes, "somebody"));
}

#[test]
fn a_stream_never_points_outside() {
    let mut draft = Draft::new();
    let content = dictionary! { "F" => Object::string_literal("http://elsewhere/x"), "FFilter" => "FlateDecode" };
    let content = draft.add(Stream::new(content, b"0 0 m".to_vec()));
    let canonical = accept(&draft.page("Contents", content).bytes());
    assert!(!contains(&canonical.bytes, "elsewhere"));
}

#[test]
fn stray_damage_that_no_page_needs_does_not_matter() {
    let mut draft = Draft::new();
    let stray = draft.add(Object::string_literal("unused"));
    let mut raw = draft.bytes();
    let word = format!("{} 0 obj", stray.0).into_bytes();
    let at = raw.windows(word.len()).position(|window| window == word).unwrap();
    raw[at] = b'x';
    assert_eq!(accept(&raw).pages, 1);
}
