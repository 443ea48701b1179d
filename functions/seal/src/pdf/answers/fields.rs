//! Where the fields of a form are seen, and how they look.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object, ObjectId};

/// Levels of the field tree. Intake has refused forms of more fields than people fill in.
const DEPTH: usize = 16;

/// Bit 13 of `Ff`: several lines.
const MULTILINE: i64 = 1 << 12;
/// Bit 25 of `Ff`: a box for each letter.
const COMB: i64 = 1 << 24;

/// Letters that stand in boxes of their own.
const MOST_BOXES: i64 = 100;

/// A place where a field is seen.
#[derive(Debug, Clone)]
pub(super) struct Widget {
    /// Full name of the field.
    pub(super) field: String,
    pub(super) id: ObjectId,
    /// Left, bottom, right, top.
    pub(super) place: [f32; 4],
    /// How it looks, when it has one look only.
    pub(super) drawn: Option<ObjectId>,
    /// The value under which a button is on, and how it looks then and otherwise.
    pub(super) on: Option<String>,
    pub(super) drawn_on: Option<ObjectId>,
    pub(super) drawn_off: Option<ObjectId>,
    kind: Vec<u8>,
    flags: i64,
    /// Most letters.
    longest: i64,
    /// Where text stands in its field (`Q`): 0 left, 1 in the middle, 2 right.
    side: i64,
    /// Values and what people read.
    options: Vec<(String, String)>,
}

impl Widget {
    pub(super) fn is_button(&self) -> bool {
        self.kind == b"Btn"
    }

    pub(super) fn is_multiline(&self) -> bool {
        self.kind == b"Ch" || self.flags & MULTILINE != 0
    }

    /// How many boxes the field has, when each letter stands in one.
    pub(super) fn boxes(&self) -> Option<u16> {
        let is_comb = self.kind == b"Tx" && self.flags & COMB != 0 && (1..=MOST_BOXES).contains(&self.longest);
        u16::try_from(self.longest).ok().filter(|_| is_comb && !self.is_multiline())
    }

    /// The share of the free room that stands before a line of text.
    pub(super) fn indent(&self) -> f32 {
        match self.side {
            1 => 0.5,
            2 => 1.0,
            _ => 0.0,
        }
    }

    /// What people read for a value of a list.
    pub(super) fn label_of(&self, value: &str) -> String {
        let option = self.options.iter().find(|(option, _)| option == value);
        option.map_or(value, |(_, label)| label).to_owned()
    }
}

#[derive(Clone, Default)]
struct Inherited {
    name: String,
    kind: Vec<u8>,
    flags: i64,
    longest: i64,
    side: i64,
    options: Vec<(String, String)>,
}

/// All places where fields are seen.
pub(super) fn widgets(form: &Document) -> Vec<Widget> {
    let fields = form.catalog().and_then(|catalog| catalog.get_deref(b"AcroForm", form)?.as_dict());
    let side = fields.as_ref().ok().and_then(|form| form.get(b"Q").and_then(Object::as_i64).ok()).unwrap_or_default();
    let fields = fields.and_then(|fields| fields.get_deref(b"Fields", form)?.as_array());
    let whole = Inherited { side, ..Inherited::default() };
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for field in fields.map(Vec::as_slice).unwrap_or_default() {
        walk(form, field, &whole, 0, &mut seen, &mut found);
    }
    found
}

fn walk(
    form: &Document,
    field: &Object,
    from: &Inherited,
    depth: usize,
    seen: &mut BTreeSet<ObjectId>,
    found: &mut Vec<Widget>,
) {
    let Ok(id) = field.as_reference() else { return };
    let Ok(entries) = form.get_dictionary(id) else { return };
    if depth > DEPTH || !seen.insert(id) {
        return;
    }
    let mut own = from.clone();
    if let Some(part) = text(form, entries, b"T") {
        own.name = if own.name.is_empty() { part } else { format!("{}.{part}", own.name) };
    }
    if let Ok(kind) = entries.get_deref(b"FT", form).and_then(Object::as_name) {
        own.kind = kind.to_vec();
    }
    own.flags = entries.get_deref(b"Ff", form).and_then(Object::as_i64).unwrap_or(own.flags);
    let number = |key: &[u8]| entries.get_deref(key, form).and_then(Object::as_i64).ok();
    own.longest = number(b"MaxLen").unwrap_or(own.longest);
    own.side = number(b"Q").unwrap_or(own.side);
    if let Ok(options) = entries.get_deref(b"Opt", form).and_then(Object::as_array) {
        own.options = options.iter().filter_map(|option| pair(form, option)).collect();
    }
    for kid in entries.get_deref(b"Kids", form).and_then(Object::as_array).map(Vec::as_slice).unwrap_or_default() {
        walk(form, kid, &own, depth + 1, seen, found);
    }
    let Some(place) = sides(form, entries, b"Rect") else { return };
    let look = entries.get_deref(b"AP", form).and_then(|looks| looks.as_dict()?.get(b"N")).ok();
    let stream =
        |object: &Object| object.as_reference().ok().filter(|id| matches!(form.get_object(*id), Ok(Object::Stream(_))));
    let states = look.and_then(|look| form.dereference(look).ok()).and_then(|(_, look)| look.as_dict().ok());
    let on = states.and_then(|states| states.iter().find(|(state, _)| state.as_slice() != b"Off"));
    found.push(Widget {
        field: own.name,
        id,
        place,
        drawn: look.and_then(stream),
        on: on.map(|(state, _)| String::from_utf8_lossy(state).into_owned()),
        drawn_on: on.and_then(|(_, look)| stream(look)),
        drawn_off: states.and_then(|states| states.get(b"Off").ok()).and_then(stream),
        kind: own.kind,
        flags: own.flags,
        longest: own.longest,
        side: own.side,
        options: own.options,
    });
}

fn pair(form: &Document, option: &Object) -> Option<(String, String)> {
    let (_, option) = form.dereference(option).ok()?;
    let read = |object: &Object| lopdf::decode_text_string(form.dereference(object).ok()?.1).ok();
    match option {
        Object::Array(both) => Some((read(both.first()?)?, read(both.get(1)?)?)),
        one => read(one).map(|text| (text.clone(), text)),
    }
}

fn text(form: &Document, entries: &Dictionary, key: &[u8]) -> Option<String> {
    let text = lopdf::decode_text_string(entries.get_deref(key, form).ok()?).ok()?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The four sides of a box, with the corners in order.
pub(super) fn sides(form: &Document, entries: &Dictionary, key: &[u8]) -> Option<[f32; 4]> {
    let sides = entries.get_deref(key, form).and_then(Object::as_array).ok()?;
    let side = |side: &Object| form.dereference(side).ok()?.1.as_float().ok();
    let sides: Vec<f32> = sides.iter().map(side).collect::<Option<_>>()?;
    let [left, bottom, right, top] = <[f32; 4]>::try_from(sides).ok()?;
    Some([left.min(right), bottom.min(top), left.max(right), bottom.max(top)])
}

/// The matrix that brings an appearance to its place (ISO 32000-1, 12.5.5); `None` for one that has no extent.
pub(super) fn placed(form: &Document, appearance: ObjectId, place: [f32; 4]) -> Option<String> {
    let look = &form.get_object(appearance).and_then(Object::as_stream).ok()?.dict;
    let [left, bottom, right, top] = sides(form, look, b"BBox")?;
    let matrix = look.get_deref(b"Matrix", form).and_then(Object::as_array).ok().and_then(|matrix| {
        let numbers: Option<Vec<f32>> = matrix.iter().map(|number| number.as_float().ok()).collect();
        <[f32; 6]>::try_from(numbers?).ok()
    });
    let [a, b, c, d, e, f] = matrix.unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    let corners = [(left, bottom), (right, bottom), (left, top), (right, top)];
    let corners = corners.map(|(x, y)| (a * x + c * y + e, b * x + d * y + f));
    let least = corners.iter().fold((f32::MAX, f32::MAX), |least, at| (least.0.min(at.0), least.1.min(at.1)));
    let most = corners.iter().fold((f32::MIN, f32::MIN), |most, at| (most.0.max(at.0), most.1.max(at.1)));
    let (width, height) = (most.0 - least.0, most.1 - least.1);
    if width <= 0.0 || height <= 0.0 {
        return None;
    }
    let (across, up) = ((place[2] - place[0]) / width, (place[3] - place[1]) / height);
    let (right, above) = (place[0] - least.0 * across, place[1] - least.1 * up);
    Some(format!("{across:.5} 0 0 {up:.5} {right:.4} {above:.4}"))
}
