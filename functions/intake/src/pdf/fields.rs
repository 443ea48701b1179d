//! The form of a canonical file as data (ISO 32000-1, 12.7).

use std::collections::{BTreeMap, BTreeSet};

use hearth::domain::document::RefusalCode;
use hearth::domain::form::{FieldKind, FieldOption, Form, FormField};
use lopdf::{Dictionary, Document, Object, ObjectId};

use super::pages::Page;

/// Levels of the field tree.
const DEPTH: usize = 16;

/// Bits of `Ff`, as the standard counts them, from 1.
const READ_ONLY: u32 = 1;
const REQUIRED: u32 = 2;
const MULTILINE: u32 = 13;
const RADIO: u32 = 16;
const PUSH_BUTTON: u32 = 17;
const COMBO: u32 = 18;
const EDIT: u32 = 19;
const FILE: u32 = 21;
const SEVERAL: u32 = 22;

/// A field while its ancestors are being read: what it inherits.
#[derive(Clone, Default)]
struct Inherited {
    name: String,
    kind: Option<Vec<u8>>,
    flags: i64,
    max_length: Option<i64>,
    options: Option<Object>,
}

impl Inherited {
    fn has(&self, bit: u32) -> bool {
        self.flags.checked_shr(bit - 1).is_some_and(|flags| flags & 1 == 1)
    }
}

/// The fields that a person can fill in, in the order of the form. Buttons that only do something, signatures, and what is read
/// only or on no page are none of them.
///
/// # Errors
/// [`RefusalCode::TooComplex`] for a form of more than people fill in.
pub(super) fn read(document: &Document, pages: &[Page]) -> Result<Vec<FormField>, RefusalCode> {
    let form = document.catalog().and_then(|catalog| catalog.get_deref(b"AcroForm", document)?.as_dict());
    let Ok(fields) = form.and_then(|form| form.get_deref(b"Fields", document)?.as_array()) else {
        return Ok(Vec::new());
    };
    let mut reader = Reader { document, places: places(document, pages), seen: BTreeSet::new(), fields: Vec::new() };
    for field in fields {
        reader.field(field, &Inherited::default(), 0)?;
    }
    Ok(reader.fields)
}

/// On which page each annotation stands, from 1.
fn places(document: &Document, pages: &[Page]) -> BTreeMap<ObjectId, u32> {
    let mut places = BTreeMap::new();
    for (number, page) in (1..).zip(pages) {
        let annotations = page.entries.get_deref(b"Annots", document).and_then(Object::as_array);
        for annotation in annotations.map(Vec::as_slice).unwrap_or_default() {
            if let Ok(id) = annotation.as_reference() {
                places.entry(id).or_insert(number);
            }
        }
    }
    places
}

struct Reader<'a> {
    document: &'a Document,
    places: BTreeMap<ObjectId, u32>,
    seen: BTreeSet<ObjectId>,
    fields: Vec<FormField>,
}

impl Reader<'_> {
    fn field(&mut self, field: &Object, from: &Inherited, depth: usize) -> Result<(), RefusalCode> {
        // A field without a number of its own is on no page.
        let Ok(id) = field.as_reference() else { return Ok(()) };
        if depth > DEPTH || !self.seen.insert(id) {
            return Ok(());
        }
        let Ok(entries) = self.document.get_dictionary(id) else { return Ok(()) };
        let mut own = from.clone();
        if let Some(part) = self.text(entries, b"T") {
            own.name = if own.name.is_empty() { part } else { format!("{}.{part}", own.name) };
        }
        if let Ok(kind) = entries.get_deref(b"FT", self.document).and_then(Object::as_name) {
            own.kind = Some(kind.to_vec());
        }
        let number = |key: &[u8]| entries.get_deref(key, self.document).and_then(Object::as_i64).ok();
        own.flags = number(b"Ff").unwrap_or(own.flags);
        own.max_length = number(b"MaxLen").or(own.max_length);
        own.options = entries.get_deref(b"Opt", self.document).ok().cloned().or(own.options);
        let kids = entries.get_deref(b"Kids", self.document).and_then(Object::as_array).cloned().unwrap_or_default();
        let named = |kid: &Object| {
            let kid = self.document.dereference(kid).and_then(|(_, kid)| kid.as_dict());
            kid.is_ok_and(|kid| kid.has(b"T"))
        };
        if kids.iter().any(named) {
            return kids.iter().try_for_each(|kid| self.field(kid, &own, depth + 1));
        }
        let widgets = if kids.is_empty() { vec![field.clone()] } else { kids };
        let widgets: Vec<ObjectId> = widgets.iter().filter_map(|widget| widget.as_reference().ok()).collect();
        let Some(page) = widgets.iter().find_map(|widget| self.places.get(widget).copied()) else { return Ok(()) };
        if own.name.is_empty() || own.has(READ_ONLY) {
            return Ok(());
        }
        let Some(kind) = self.kind(&own, &widgets)? else { return Ok(()) };
        let name = checked(own.name.clone())?;
        let label = self.text(entries, b"TU").map(short).unwrap_or_else(|| name.clone());
        // Two fields of one name are one field in the eyes of the standard.
        if self.fields.iter().all(|field| field.name != name) {
            self.fields.push(FormField { name, label, page, required: own.has(REQUIRED), kind });
        }
        if self.fields.len() > Form::MOST { Err(RefusalCode::TooComplex) } else { Ok(()) }
    }

    fn kind(&self, own: &Inherited, widgets: &[ObjectId]) -> Result<Option<FieldKind>, RefusalCode> {
        Ok(match own.kind.as_deref() {
            Some(b"Tx") if !own.has(FILE) => Some(FieldKind::Text {
                max_length: own.max_length.and_then(|most| u32::try_from(most).ok()).filter(|most| *most > 0),
                multiline: own.has(MULTILINE),
            }),
            Some(b"Btn") if own.has(PUSH_BUTTON) => None,
            Some(b"Btn") if own.has(RADIO) => Some(FieldKind::Radio { options: self.buttons(own, widgets)? }),
            Some(b"Btn") => Some(FieldKind::CheckBox),
            Some(b"Ch") => Some(FieldKind::Choice {
                options: self.options(own)?,
                multiple: own.has(SEVERAL) && !own.has(COMBO),
                editable: own.has(EDIT) && own.has(COMBO),
            }),
            _ => None,
        })
    }

    /// The buttons of a group: each is on under a name of its own, and may be told about by `TU` or by the group's `Opt`.
    fn buttons(&self, own: &Inherited, widgets: &[ObjectId]) -> Result<Vec<FieldOption>, RefusalCode> {
        let told = own.options.as_ref().and_then(|options| options.as_array().ok());
        let mut buttons: Vec<FieldOption> = Vec::new();
        for (at, widget) in widgets.iter().enumerate() {
            let Ok(entries) = self.document.get_dictionary(*widget) else { continue };
            let Some(value) = on_state(self.document, entries) else { continue };
            let value = checked(value)?;
            let listed = told.and_then(|told| told.get(at)).and_then(|text| lopdf::decode_text_string(text).ok());
            let label = self.text(entries, b"TU").or(listed).map_or_else(|| value.clone(), short);
            if buttons.iter().all(|button| button.value != value) {
                buttons.push(FieldOption { value, label });
            }
        }
        Ok(buttons)
    }

    fn options(&self, own: &Inherited) -> Result<Vec<FieldOption>, RefusalCode> {
        let all = own.options.as_ref().and_then(|options| options.as_array().ok());
        let all = all.map(Vec::as_slice).unwrap_or_default();
        if all.len() > Form::MOST {
            return Err(RefusalCode::TooComplex);
        }
        let text = |object: &Object| {
            let object = self.document.dereference(object).map(|(_, object)| object).ok()?;
            lopdf::decode_text_string(object).ok()
        };
        let mut options = Vec::new();
        for option in all {
            let pair = self.document.dereference(option).ok().and_then(|(_, option)| option.as_array().ok());
            let (value, label) = match pair.map(Vec::as_slice) {
                Some([value, label]) => (text(value), text(label)),
                _ => (text(option), text(option)),
            };
            if let (Some(value), Some(label)) = (value, label) {
                options.push(FieldOption { value: checked(value)?, label: short(label) });
            }
        }
        Ok(options)
    }

    fn text(&self, entries: &Dictionary, key: &[u8]) -> Option<String> {
        let text = lopdf::decode_text_string(entries.get_deref(key, self.document).ok()?).ok()?;
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

/// The name under which a button is on: the state of its appearance that is not `Off`.
fn on_state(document: &Document, widget: &Dictionary) -> Option<String> {
    let states = widget.get_deref(b"AP", document).and_then(Object::as_dict).ok()?;
    let states = states.get_deref(b"N", document).and_then(Object::as_dict).ok()?;
    let on = states.iter().map(|(state, _)| state).find(|state| state.as_slice() != b"Off")?;
    Some(String::from_utf8_lossy(on).into_owned())
}

/// Names and values come back with the answers, so they cannot be shortened.
fn checked(text: String) -> Result<String, RefusalCode> {
    if text.chars().count() > Form::LONGEST { Err(RefusalCode::TooComplex) } else { Ok(text) }
}

/// What people read, in one line and not too long.
fn short(text: String) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|character| !character.is_control()).take(Form::LONGEST).collect()
}
