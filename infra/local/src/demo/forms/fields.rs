//! Form fields (ISO 32000-1, 12.7) with their appearances.

use super::sheet::Place;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary, text_string};

/// Field flags, numbered from 1 in the standard (tables 226 to 230).
const MULTILINE: i64 = 1 << 12;
const NO_TOGGLE_TO_OFF: i64 = 1 << 14;
const RADIO: i64 = 1 << 15;
const COMBO: i64 = 1 << 17;

/// Annotation flag: the field is printed with the page.
const PRINT: i64 = 4;

/// A tick, in a box of 11 points.
const TICK: &[u8] = b"q 0.04 0.38 0.41 RG 1.6 w 1 J 1 j 2.6 5.6 m 4.7 3.2 l 8.6 8.2 l S Q";
/// A dot, in a box of 11 points.
const DOT: &[u8] = b"q 0.04 0.38 0.41 RG 5.4 w 1 J 5.5 5.5 m 5.51 5.5 l S Q";

enum Kind {
    Text(i64),
    Choice(Vec<String>),
    Check,
    Radio(Vec<Place>),
}

struct Field {
    name: String,
    label: String,
    place: Place,
    kind: Kind,
}

/// The fields of a page, in the order of the tab key.
#[derive(Default)]
pub(super) struct Fields(Vec<Field>);

impl Fields {
    /// One line of text.
    pub(super) fn text(&mut self, name: &str, label: &str, place: Place) {
        self.push(name, label, place, Kind::Text(0));
    }

    /// Several lines of text.
    pub(super) fn lines(&mut self, name: &str, label: &str, place: Place) {
        self.push(name, label, place, Kind::Text(MULTILINE));
    }

    /// One of a list, opened by a click.
    pub(super) fn choice(&mut self, name: &str, label: &str, options: &[&str], place: Place) {
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        self.push(name, label, place, Kind::Choice(options));
    }

    /// A box to tick.
    pub(super) fn check(&mut self, name: &str, label: &str, place: Place) {
        self.push(name, label, place, Kind::Check);
    }

    /// Circles of which one can be chosen. Their values are `1`, `2` and so on.
    pub(super) fn radio(&mut self, name: &str, label: &str, places: &[Place]) {
        if let Some(first) = places.first() {
            self.push(name, label, *first, Kind::Radio(places.to_vec()));
        }
    }

    fn push(&mut self, name: &str, label: &str, place: Place, kind: Kind) {
        self.0.push(Field { name: name.to_owned(), label: label.to_owned(), place, kind });
    }

    /// Adds all fields; tells the form and the widgets of `page`.
    pub(super) fn add_to(&self, document: &mut Document, page: ObjectId) -> (ObjectId, Vec<Object>) {
        let font = document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding",
        });
        let mut fields: Vec<Object> = Vec::new();
        let mut widgets: Vec<Object> = Vec::new();
        for field in &self.0 {
            let mut entries = dictionary! {
                "T" => text_string(&field.name), "TU" => text_string(&field.label),
            };
            if let Kind::Radio(places) = &field.kind {
                entries.extend(&dictionary! { "FT" => "Btn", "Ff" => RADIO | NO_TOGGLE_TO_OFF, "V" => "Off" });
                let parent = document.new_object_id();
                let kids: Vec<Object> = (1..)
                    .zip(places)
                    .map(|(value, place)| {
                        let mut kid = widget(*place, page);
                        kid.set("Parent", parent);
                        kid.extend(&button(document, &format!("{value}"), DOT));
                        document.add_object(kid).into()
                    })
                    .collect();
                widgets.extend(kids.iter().cloned());
                entries.set("Kids", kids);
                document.objects.insert(parent, Object::Dictionary(entries));
                fields.push(parent.into());
                continue;
            }
            entries.extend(&widget(field.place, page));
            match &field.kind {
                Kind::Check => {
                    entries.extend(&dictionary! { "FT" => "Btn", "V" => "Off" });
                    entries.extend(&button(document, "Yes", TICK));
                }
                Kind::Choice(options) => {
                    let options: Vec<Object> = options.iter().map(|option| text_string(option)).collect();
                    entries.extend(&dictionary! { "FT" => "Ch", "Ff" => COMBO, "Opt" => options });
                    entries.extend(&written(document, field.place, font));
                }
                Kind::Text(flags) => {
                    entries.extend(&dictionary! { "FT" => "Tx", "Ff" => *flags });
                    entries.extend(&written(document, field.place, font));
                }
                Kind::Radio(_) => {}
            }
            let id = document.add_object(entries);
            fields.push(id.into());
            widgets.push(id.into());
        }
        let form = document.add_object(dictionary! {
            "Fields" => fields,
            "DA" => Object::string_literal("/Helv 10 Tf 0 g"),
            "DR" => dictionary! { "Font" => dictionary! { "Helv" => font } },
        });
        (form, widgets)
    }
}

fn widget(place: Place, page: ObjectId) -> Dictionary {
    let corners = place.annotation().map(Object::Real).to_vec();
    dictionary! { "Type" => "Annot", "Subtype" => "Widget", "Rect" => corners, "P" => page, "F" => PRINT }
}

fn appearance(document: &mut Document, place: Place, resources: Dictionary, content: &[u8]) -> ObjectId {
    let corners = [0.0, 0.0, place.width, place.height].map(Object::Real).to_vec();
    let entries = dictionary! {
        "Type" => "XObject", "Subtype" => "Form", "BBox" => corners, "Resources" => resources,
    };
    document.add_object(Stream::new(entries, content.to_vec()))
}

/// The states of a box or circle, switched off.
fn button(document: &mut Document, on: &str, picture: &[u8]) -> Dictionary {
    let place = Place { x: 0.0, y: 0.0, width: 11.0, height: 11.0 };
    let picture = appearance(document, place, Dictionary::new(), picture);
    let off = appearance(document, place, Dictionary::new(), b"");
    let mut states = dictionary! { "Off" => off };
    states.set(on, picture);
    dictionary! { "AP" => dictionary! { "N" => states }, "AS" => "Off" }
}

/// An empty field for text.
fn written(document: &mut Document, place: Place, font: ObjectId) -> Dictionary {
    let resources = dictionary! { "Font" => dictionary! { "Helv" => font } };
    let empty = appearance(document, place, resources, b"/Tx BMC EMC");
    dictionary! {
        "AP" => dictionary! { "N" => empty }, "DA" => Object::string_literal("/Helv 10 Tf 0 g"),
    }
}
