//! What is refused, and with which word.

use super::fixtures::{Draft, by_hand, deflated_zeros, with_table};
use hearth::domain::document::RefusalCode;

use super::{Limits, canonicalise};
use lopdf::{Object, Stream, StringFormat, dictionary};

fn refusal(raw: &[u8]) -> RefusalCode {
    canonicalise(raw, &Limits::default()).unwrap_err()
}

#[test]
fn codes_are_stable_and_distinct() {
    let mut codes: Vec<_> = RefusalCode::ALL.iter().map(|refusal| refusal.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), RefusalCode::ALL.len());
}

#[test]
fn size_and_header_come_first() {
    let small = Limits { bytes: 100, ..Limits::default() };
    assert_eq!(canonicalise(&Draft::new().bytes(), &small).unwrap_err(), RefusalCode::TooLarge);
    assert_eq!(refusal(b""), RefusalCode::NotAPdf);
    assert_eq!(refusal(b"GIF89a"), RefusalCode::NotAPdf);
    let shifted = [b"\n".to_vec(), Draft::new().bytes()].concat();
    assert_eq!(refusal(&shifted), RefusalCode::NotAPdf);
    assert_eq!(refusal(b"%PDF-1.7\n"), RefusalCode::Damaged);
}

#[test]
fn a_file_cut_off_anywhere_is_damaged() {
    for raw in [Draft::new().bytes(), Draft::new().modern_bytes()] {
        for length in 9..raw.len() - 8 {
            assert_eq!(refusal(&raw[..length]), RefusalCode::Damaged, "{length} bytes");
        }
    }
}

#[test]
fn a_protected_file() {
    let mut draft = Draft::new();
    let identifier = Object::String(vec![7; 16], StringFormat::Hexadecimal);
    draft.document.trailer.set("ID", vec![identifier.clone(), identifier]);
    let version = lopdf::EncryptionVersion::V2 {
        document: &draft.document,
        owner_password: "owner",
        user_password: "",
        key_length: 128,
        permissions: lopdf::Permissions::all(),
    };
    let state = lopdf::EncryptionState::try_from(version).unwrap();
    draft.document.encrypt(&state).unwrap();
    assert_eq!(refusal(&draft.bytes()), RefusalCode::Encrypted);
    // A name may be spelled with escapes.
    let spelled = b"%PDF-1.7\ntrailer <</#45ncrypt 1 0 R>>".to_vec();
    assert_eq!(refusal(&spelled), RefusalCode::Encrypted);
}

#[test]
fn a_signed_or_certified_file() {
    let mut draft = Draft::new();
    let signature = dictionary! {
        "Type" => "Sig", "ByteRange" => vec![0.into(), 1.into()], "Contents" => Object::string_literal("x"),
    };
    let signature = draft.add(signature);
    let field = draft.add(dictionary! { "FT" => "Sig", "V" => signature });
    let form = dictionary! { "Fields" => vec![field.into()] };
    assert_eq!(refusal(&draft.catalog("AcroForm", form).bytes()), RefusalCode::SignedAlready);

    let certified = Draft::new().catalog("Perms", dictionary! { "DocMDP" => dictionary! {} });
    assert_eq!(refusal(&certified.bytes()), RefusalCode::SignedAlready);
    // Usage rights for Acrobat are no signature of a person.
    let rights = Draft::new().catalog("Perms", dictionary! { "UR3" => dictionary! { "ByteRange" => vec![0.into()] } });
    assert!(canonicalise(&rights.bytes(), &Limits::default()).is_ok());
}

#[test]
fn forms_and_envelopes_without_real_pages() {
    let form = dictionary! { "XFA" => Object::string_literal("<xdp/>"), "Fields" => Vec::<Object>::new() };
    assert_eq!(refusal(&Draft::new().catalog("AcroForm", form).bytes()), RefusalCode::DynamicForm);
    let portfolio = Draft::new().catalog("Collection", dictionary! {});
    assert_eq!(refusal(&portfolio.bytes()), RefusalCode::Portfolio);
}

#[test]
fn page_trees_that_loop_or_lead_nowhere() {
    let draft = Draft::new();
    let (root, page) = (draft.pages, draft.page);
    assert_eq!(refusal(&draft.set(root, "Kids", vec![root.into()]).bytes()), RefusalCode::Damaged);
    let twice = Draft::new().set(root, "Kids", vec![page.into(), page.into()]);
    assert_eq!(refusal(&twice.bytes()), RefusalCode::Damaged);
    let missing = Draft::new().set(root, "Kids", vec![Object::Reference((4000, 0))]);
    assert_eq!(refusal(&missing.bytes()), RefusalCode::Damaged);
    let empty = Draft::new().set(root, "Kids", Vec::<Object>::new());
    assert_eq!(refusal(&empty.bytes()), RefusalCode::NoPages);
}

#[test]
fn too_many_pages() {
    let mut draft = Draft::new();
    let root = draft.pages;
    let kids =
        (0..201).map(|_| draft.add(dictionary! { "Type" => "Page", "Parent" => root }).into()).collect::<Vec<Object>>();
    assert_eq!(refusal(&draft.set(root, "Kids", kids).bytes()), RefusalCode::TooManyPages);
}

#[test]
fn something_a_page_needs_did_not_load() {
    // A stream that is read as a dictionary, and an object that is not read.
    for word in [b"stream".as_slice(), b"2 0 obj"] {
        let mut raw = Draft::new().bytes();
        let at = raw.windows(word.len()).position(|window| window == word).unwrap();
        raw[at + word.len() - 1] = b'X';
        assert_eq!(refusal(&raw), RefusalCode::Damaged);
    }
}

#[test]
fn unknown_filters_and_absurd_boxes() {
    let mut draft = Draft::new();
    let content = draft.add(Stream::new(dictionary! { "Filter" => "BrotliDecode" }, vec![0; 9]));
    assert_eq!(refusal(&draft.page("Contents", content).bytes()), RefusalCode::Damaged);
    let sides = vec![0.into(), 0.into(), 0.into(), Object::Real(f32::MAX)];
    assert_eq!(refusal(&Draft::new().page("MediaBox", sides).bytes()), RefusalCode::Damaged);
}

#[test]
fn deflate_bombs() {
    let bomb = deflated_zeros(210 << 20);
    let mut draft = Draft::new();
    let content = draft.add(Stream::new(dictionary! { "Filter" => "FlateDecode" }, bomb.clone()));
    assert_eq!(refusal(&draft.page("Contents", content).bytes()), RefusalCode::TooComplex);

    // Many that are harmless one by one.
    let part = deflated_zeros(64 << 20);
    let mut draft = Draft::new();
    let parts: Vec<Object> = (0..4)
        .map(|_| draft.add(Stream::new(dictionary! { "Filter" => "FlateDecode" }, part.clone())).into())
        .collect();
    assert_eq!(refusal(&draft.page("Contents", parts).bytes()), RefusalCode::TooComplex);

    // In a chain of filters.
    let mut draft = Draft::new();
    let filters: Vec<Object> = vec![Object::Name(b"FlateDecode".to_vec()); 2];
    let content = draft.add(Stream::new(dictionary! { "Filter" => filters }, bomb));
    assert_eq!(refusal(&draft.page("Contents", content).bytes()), RefusalCode::TooComplex);
}

#[test]
fn an_image_with_absurd_sides() {
    let mut draft = Draft::new();
    let image = dictionary! {
        "Subtype" => "Image", "Width" => 1_000_000, "Height" => 1_000_000, "Filter" => "JBIG2Decode",
    };
    let image = draft.add(Stream::new(image, vec![0; 9]));
    let resources = dictionary! { "XObject" => dictionary! { "I" => image } };
    assert_eq!(refusal(&draft.page("Resources", resources).bytes()), RefusalCode::TooComplex);
}

#[test]
fn an_object_stream_bomb() {
    let bomb = deflated_zeros(64 << 20);
    let mut object =
        format!("<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length {}>>stream\n", bomb.len()).into_bytes();
    object.extend(&bomb);
    object.extend(b"\nendstream");
    assert_eq!(refusal(&by_hand(&[object])), RefusalCode::TooComplex);
}

#[test]
fn an_object_stream_that_lists_one_array_many_times() {
    let index: String = (0..9_000).map(|number| format!("{} 0 ", number + 10)).collect();
    let text = format!("{index}[{}]", "0 ".repeat(40_000));
    let object =
        format!("<</Type/ObjStm/N 9000/First {}/Length {}>>stream\n{text}\nendstream", index.len(), text.len());
    assert_eq!(refusal(&by_hand(&[object.into_bytes()])), RefusalCode::TooComplex);
}

#[test]
fn streams_that_contain_one_another() {
    // Each of the objects claims everything that follows as its data.
    let (count, head) = (2_000, 40);
    let tail = 1 << 20;
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for number in 1..=count {
        offsets.push(bytes.len());
        let length = (count - number) * head + tail;
        let text = format!("{number} 0 obj<</Length {length}>>stream\n");
        bytes.extend(format!("{text:>head$}").into_bytes());
    }
    bytes.extend(vec![b'x'; tail]);
    bytes.extend(b"\nendstream endobj\n");
    assert_eq!(refusal(&with_table(bytes, &offsets)), RefusalCode::TooComplex);
}

#[test]
fn too_many_values() {
    let object = format!("[{}]", "0 ".repeat(4_000_001));
    assert_eq!(refusal(&by_hand(&[object.into_bytes()])), RefusalCode::TooComplex);
}

#[test]
fn an_escaped_key_does_not_get_past_the_measuring_load() {
    let object = b"<</Type/ObjStm/N 1/#46irst 4/Length 5>>stream\n1 0 7\nendstream".to_vec();
    assert_eq!(refusal(&by_hand(&[object])), RefusalCode::Damaged);
}
