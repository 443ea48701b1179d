//! What is read from a form.

use super::fixtures::Draft;
use super::{Limits, canonicalise};
use hearth::domain::document::RefusalCode;
use hearth::domain::form::{FieldKind, FieldOption, FormField};
use lopdf::{Dictionary, Object, Stream, dictionary, text_string};

/// The bits of `Ff` with these numbers.
fn flags(bits: &[u32]) -> Object {
    Object::Integer(bits.iter().map(|bit| 1_i64 << (bit - 1)).sum())
}

fn widget(mut entries: Dictionary) -> Dictionary {
    entries.set("Type", "Annot");
    entries.set("Subtype", "Widget");
    entries.set("Rect", vec![0.into(), 0.into(), 90.into(), 20.into()]);
    entries
}

fn on(draft: &mut Draft, state: &str) -> Dictionary {
    let drawn = draft.add(Stream::new(dictionary! { "Subtype" => "Form" }, b"0 0 m".to_vec()));
    dictionary! { "N" => dictionary! { state => drawn, "Off" => drawn } }
}

fn read(build: impl FnOnce(&mut Draft) -> (Vec<Object>, Vec<Object>)) -> Result<Vec<FormField>, RefusalCode> {
    let mut draft = Draft::new();
    let (fields, annotations) = build(&mut draft);
    let raw = draft.catalog("AcroForm", dictionary! { "Fields" => fields }).page("Annots", annotations).bytes();
    canonicalise(&raw, &Limits::default()).map(|canonical| canonical.fields)
}

fn one(entries: Dictionary) -> Vec<FormField> {
    read(|draft| {
        let field = draft.add(widget(entries));
        (vec![field.into()], vec![field.into()])
    })
    .unwrap()
}

#[test]
fn a_paper_without_fields_asks_for_nothing() {
    assert_eq!(canonicalise(&Draft::new().bytes(), &Limits::default()).unwrap().fields, []);
}

#[test]
fn text_has_a_label_a_limit_and_may_be_required() {
    let fields = one(dictionary! {
        "FT" => "Tx", "T" => text_string("child"), "TU" => text_string("Name of the child (niño)"),
        "MaxLen" => 40, "Ff" => flags(&[2, 13]),
    });
    let expected = FormField {
        name: "child".to_owned(),
        label: "Name of the child (niño)".to_owned(),
        page: 1,
        required: true,
        kind: FieldKind::Text { max_length: Some(40), multiline: true },
    };
    assert_eq!(fields, [expected]);
    let bare = one(dictionary! { "FT" => "Tx", "T" => text_string("child") });
    assert_eq!((bare[0].label.as_str(), bare[0].required), ("child", false));
}

#[test]
fn lists_tell_what_can_be_chosen() {
    let pair = vec![text_string("ny"), text_string("New York")];
    let fields = one(dictionary! {
        "FT" => "Ch", "T" => text_string("state"), "Ff" => flags(&[18, 19]),
        "Opt" => vec![pair.into(), text_string("other")],
    });
    let option = |value: &str, label: &str| FieldOption { value: value.to_owned(), label: label.to_owned() };
    let options = vec![option("ny", "New York"), option("other", "other")];
    assert_eq!(fields[0].kind, FieldKind::Choice { options, multiple: false, editable: true });
}

#[test]
fn buttons_of_a_group_are_one_field_and_a_box_is_another() {
    let fields = read(|draft| {
        let group = draft.document.new_object_id();
        let kids: Vec<Object> = ["yes", "no"]
            .into_iter()
            .map(|state| {
                let drawn = on(draft, state);
                draft.add(widget(dictionary! { "Parent" => group, "AP" => drawn })).into()
            })
            .collect();
        let told = vec![text_string("Yes, I do"), text_string("No")];
        draft.document.objects.insert(
            group,
            Object::Dictionary(dictionary! {
                "FT" => "Btn", "T" => text_string("agree"), "Ff" => flags(&[16]), "Kids" => kids.clone(), "Opt" => told,
            }),
        );
        let drawn = on(draft, "Yes");
        let check = draft.add(widget(dictionary! { "FT" => "Btn", "T" => text_string("copy"), "AP" => drawn }));
        (vec![group.into(), check.into()], [kids, vec![check.into()]].concat())
    })
    .unwrap();
    let kinds: Vec<_> = fields.iter().map(|field| (field.name.as_str(), &field.kind)).collect();
    let option = |value: &str, label: &str| FieldOption { value: value.to_owned(), label: label.to_owned() };
    let radio = FieldKind::Radio { options: vec![option("yes", "Yes, I do"), option("no", "No")] };
    assert_eq!(kinds, [("agree", &radio), ("copy", &FieldKind::CheckBox)]);
}

#[test]
fn names_are_put_together_and_kinds_are_inherited() {
    let fields = read(|draft| {
        let parent = draft.document.new_object_id();
        let kid = draft.add(widget(dictionary! { "T" => text_string("name"), "Parent" => parent }));
        let entries =
            dictionary! { "T" => text_string("child"), "FT" => "Tx", "MaxLen" => 9, "Kids" => vec![kid.into()] };
        draft.document.objects.insert(parent, Object::Dictionary(entries));
        (vec![parent.into()], vec![kid.into()])
    })
    .unwrap();
    assert_eq!(fields[0].name, "child.name");
    assert_eq!(fields[0].kind, FieldKind::Text { max_length: Some(9), multiline: false });
}

#[test]
fn what_nobody_fills_in_is_left_out() {
    for entries in [
        dictionary! { "FT" => "Btn", "T" => text_string("print"), "Ff" => flags(&[17]) },
        dictionary! { "FT" => "Sig", "T" => text_string("signature") },
        dictionary! { "FT" => "Tx", "T" => text_string("office"), "Ff" => flags(&[1]) },
        dictionary! { "FT" => "Tx", "T" => text_string("file"), "Ff" => flags(&[21]) },
        dictionary! { "FT" => "Tx" },
    ] {
        assert_eq!(one(entries.clone()), [], "{entries:?}");
    }
    let nowhere = read(|draft| {
        let field = draft.add(widget(dictionary! { "FT" => "Tx", "T" => text_string("x") }));
        (vec![field.into()], vec![])
    });
    assert_eq!(nowhere, Ok(vec![]));
}

#[test]
fn a_form_of_more_than_people_fill_in_is_refused() {
    let many = read(|draft| {
        let fields: Vec<Object> = (0..501)
            .map(|number| {
                draft.add(widget(dictionary! { "FT" => "Tx", "T" => text_string(&format!("f{number}")) })).into()
            })
            .collect();
        (fields.clone(), fields)
    });
    assert_eq!(many, Err(RefusalCode::TooComplex));
    let long = read(|draft| {
        let field = draft.add(widget(dictionary! { "FT" => "Tx", "T" => text_string(&"x".repeat(201)) }));
        (vec![field.into()], vec![field.into()])
    });
    assert_eq!(long, Err(RefusalCode::TooComplex));
}
