//! A form with fields of every kind, and answers in the scripts of families.

use hearth::domain::answers::Answers;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary, text_string};
use serde_json::json;

use super::Failure;
use super::papers::{Parts, set};

/// Flags of fields (ISO 32000-2, tables 228 to 233).
const MULTILINE: i64 = 1 << 12;
const RADIO: i64 = 1 << 15;
const COMBO: i64 = 1 << 17;
const COMB: i64 = 1 << 24;

/// What is answered.
pub(super) fn answers() -> Result<Answers, Failure> {
    Ok(serde_json::from_value(json!({
        "spanish": "María José Núñez Ibáñez, ¿niña?",
        "greek": "Γιώργος Παπαδόπουλος",
        "cyrillic": "Ольга Щербакова, м. Київ",
        "vietnamese": "Nguyễn Thị Thảo Ngọc, Đà Nẵng",
        "date": "03092019",
        "phone": "555-0143",
        "notes": "Allergic to nuts.\nTakes no medicine. Το παιδί κοιμάται καλά, и ест хорошо; \
                  duerme toda la noche y come de todo, menos pescado y nueces.",
        "small": "Much more text than has room in letters of the usual size",
        "right": "120.50",
        "agree": true,
        "side": "left",
        "state": "nj",
        "last": "On the second page",
    }))?)
}

struct Maker<'a> {
    document: &'a mut Document,
    page: ObjectId,
    fields: Vec<Object>,
    widgets: Vec<Object>,
}

impl Maker<'_> {
    fn widget(&mut self, name: Option<&str>, place: [i64; 4], mut more: Dictionary) -> ObjectId {
        let place: Vec<Object> = place.into_iter().map(Object::Integer).collect();
        more.extend(&dictionary! { "Type" => "Annot", "Subtype" => "Widget", "Rect" => place, "P" => self.page });
        if let Some(name) = name {
            more.set("T", text_string(name));
        }
        let id = self.document.add_object(more);
        self.widgets.push(id.into());
        if name.is_some() {
            self.fields.push(id.into());
        }
        id
    }

    fn text(&mut self, name: &str, place: [i64; 4], flags: i64, more: Dictionary) {
        let mut entries = dictionary! { "FT" => "Tx", "Ff" => flags };
        entries.extend(&more);
        self.widget(Some(name), place, entries);
    }

    fn button(&mut self, on: &str) -> Dictionary {
        let mut look = |content: &[u8]| {
            let square = vec![0.into(), 0.into(), 12.into(), 12.into()];
            let entries = dictionary! { "Type" => "XObject", "Subtype" => "Form", "BBox" => square };
            self.document.add_object(Stream::new(entries, content.to_vec()))
        };
        let (ticked, empty) = (look(b"0.5 0.5 11 11 re S 3 3 6 6 re f"), look(b"0.5 0.5 11 11 re S"));
        let mut states = dictionary! { "Off" => empty };
        states.set(on, ticked);
        dictionary! { "AP" => dictionary! { "N" => states }, "AS" => "Off" }
    }

    fn finish(self) -> Vec<Object> {
        set(self.document, self.page, "Annots", self.widgets);
        self.fields
    }
}

/// Puts the fields onto the first two pages.
pub(super) fn fields(document: &mut Document, parts: &Parts) {
    let [first, second] = parts.pages.as_slice() else { return };
    let mut page = Maker { document, page: *first, fields: Vec::new(), widgets: Vec::new() };
    for (at, name) in (0..).zip(["spanish", "greek", "cyrillic", "vietnamese"]) {
        page.text(name, [72, 640 - 24 * at, 372, 658 - 24 * at], 0, Dictionary::new());
    }
    page.text("date", [72, 530, 232, 548], COMB, dictionary! { "MaxLen" => 8 });
    page.text("phone", [252, 530, 412, 548], COMB, dictionary! { "MaxLen" => 10 });
    page.text("notes", [72, 430, 412, 516], MULTILINE, Dictionary::new());
    page.text("small", [72, 400, 172, 418], 0, Dictionary::new());
    page.text("right", [192, 400, 292, 418], 0, dictionary! { "Q" => 2 });
    let mut entries = page.button("Yes");
    entries.set("FT", "Btn");
    page.widget(Some("agree"), [72, 370, 84, 382], entries);
    let group = page.document.new_object_id();
    let kids: Vec<Object> = [("left", 110), ("right", 140)]
        .into_iter()
        .map(|(on, x)| {
            let mut entries = page.button(on);
            entries.set("Parent", group);
            page.widget(None, [x, 370, x + 12, 382], entries).into()
        })
        .collect();
    let radio = dictionary! { "FT" => "Btn", "Ff" => RADIO, "T" => text_string("side"), "Kids" => kids };
    page.document.objects.insert(group, radio.into());
    page.fields.push(group.into());
    let listed = |value: &str, label: &str| Object::Array(vec![text_string(value), text_string(label)]);
    let options = vec![listed("ny", "New York"), listed("nj", "New Jersey")];
    page.widget(Some("state"), [192, 366, 292, 384], dictionary! { "FT" => "Ch", "Ff" => COMBO, "Opt" => options });
    let mut fields = page.finish();
    let mut page = Maker { document, page: *second, fields: Vec::new(), widgets: Vec::new() };
    page.text("last", [72, 640, 372, 658], 0, Dictionary::new());
    fields.extend(page.finish());
    // As intake leaves pages: each with its own box.
    for page in &parts.pages {
        set(document, *page, "MediaBox", vec![0.into(), 0.into(), 612.into(), 792.into()]);
    }
    set(document, parts.catalog, "AcroForm", dictionary! { "Fields" => fields });
}

/// The same on pages that viewers turn.
pub(super) fn rotated(document: &mut Document, parts: &Parts) {
    fields(document, parts);
    set(document, parts.tree, "Rotate", 90);
}
