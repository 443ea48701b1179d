//! Answers on a form: drawn where its fields are, and then the fields are gone.
//!
//! Like the record, the answers are appended as one incremental update: the form that everybody was shown stays a byte-exact
//! prefix. Nothing is left that a viewer could fill in, draw in its own way or change. Answers must have been checked against
//! the form (`hearth::domain::form`); a value that no field has is not drawn.

mod fields;
mod overlay;

use hearth::domain::answers::{FieldAnswer, FieldAnswers};
use lopdf::{Dictionary, Document, IncrementalDocument, LoadOptions, Object, ObjectId, Stream};

use super::SealError;
use super::fonts::{Fonts, Weight};
use super::layout::{Item, Paper};
use super::writing::{Style, pieces, wrap};
use fields::Widget;

/// Bytes one object stream of the form may decompress to; a canonical file has none.
const LOADING: usize = 2 * 1024 * 1024;

/// Space between an answer and the edges of its field, in points.
const INSET: f32 = 2.0;
/// Largest and smallest letters of an answer, in points.
const LETTERS: (f32, f32) = (11.0, 4.0);
/// The ink of answers.
const INK: (u8, u8, u8) = (16, 24, 96);

/// Appends `answers` to the canonical file of a form, and takes its fields away. A file without fields stays as it is.
///
/// # Errors
/// [`SealError::Damaged`] when the form cannot be read, [`SealError::Drawing`] when an answer cannot be drawn.
pub fn fill_in(form: &[u8], answers: &FieldAnswers) -> Result<Vec<u8>, SealError> {
    let options = LoadOptions { max_decompressed_size: Some(LOADING), ..LoadOptions::default() };
    let document = Document::load_mem_with_options(form, options).map_err(|_| SealError::Damaged)?;
    let widgets = fields::widgets(&document);
    if widgets.is_empty() {
        return Ok(form.to_vec());
    }
    let root = document.trailer.get(b"Root").and_then(Object::as_reference).map_err(|_| SealError::Damaged)?;
    let mut catalog = document.get_dictionary(root).map_err(|_| SealError::Damaged)?.clone();
    catalog.remove(b"AcroForm");
    let pages: Vec<ObjectId> = document.page_iter().collect();
    let mut update = IncrementalDocument::create_from(form.to_vec(), document);
    update.new_document.objects.insert(root, Object::Dictionary(catalog));
    let fonts = Fonts::new();
    for page in pages {
        fill_page(&mut update, page, &widgets, answers, &fonts)?;
    }
    let mut filled = Vec::with_capacity(form.len() + 64 * 1024);
    update.save_to(&mut filled).map_err(|_| SealError::Damaged)?;
    filled.push(b'\n');
    if filled.starts_with(form) { Ok(filled) } else { Err(SealError::Damaged) }
}

/// What one field of a page becomes.
#[derive(Default)]
struct Drawn {
    /// Appearances of the form's own, with the place where each is seen.
    appearances: Vec<(ObjectId, [f32; 4])>,
    /// Ink of ours, measured from the page's upper left corner.
    items: Vec<Item>,
}

fn fill_page(
    update: &mut IncrementalDocument,
    id: ObjectId,
    widgets: &[Widget],
    answers: &FieldAnswers,
    fonts: &Fonts,
) -> Result<(), SealError> {
    let form = update.get_prev_documents();
    let mut page = form.get_dictionary(id).map_err(|_| SealError::Damaged)?.clone();
    let annotations = page.get_deref(b"Annots", form).and_then(Object::as_array).cloned().unwrap_or_default();
    let is_widget = |annotation: &Object| {
        let annotation = form.dereference(annotation).and_then(|(_, annotation)| annotation.as_dict());
        annotation.and_then(|annotation| annotation.get(b"Subtype")?.as_name()).is_ok_and(|name| name == b"Widget")
    };
    let (gone, kept): (Vec<_>, Vec<_>) = annotations.into_iter().partition(is_widget);
    if gone.is_empty() {
        return Ok(());
    }
    let paper = fields::sides(form, &page, b"MediaBox").ok_or(SealError::Damaged)?;
    let mut drawn = Drawn::default();
    let here = |widget: &&Widget| gone.iter().any(|gone| gone.as_reference().is_ok_and(|gone| gone == widget.id));
    for widget in widgets.iter().filter(here) {
        draw(&mut drawn, widget, answers.get(&widget.field), paper, fonts);
    }

    let mut resources = page.get_deref(b"Resources", form).and_then(Object::as_dict).cloned().unwrap_or_default();
    let mut images = resources.get_deref(b"XObject", form).and_then(Object::as_dict).cloned().unwrap_or_default();
    let mut content = String::from("\nQ\n");
    for (number, (appearance, place)) in drawn.appearances.iter().enumerate() {
        if let Some(placed) = fields::placed(form, *appearance, *place) {
            let name = format!("HearthField{number}");
            content += &format!("q {placed} cm /{name} Do Q\n");
            images.set(name, *appearance);
        }
    }
    let before = form.get_dictionary(id).and_then(|page| page.get(b"Contents")).cloned().ok();
    let old = match before {
        Some(Object::Reference(one)) => match form.get_object(one) {
            Ok(Object::Array(parts)) => parts.clone(),
            _ => vec![Object::Reference(one)],
        },
        Some(Object::Array(parts)) => parts,
        _ => Vec::new(),
    };
    if !drawn.items.is_empty() {
        let [left, bottom, right, top] = paper;
        let sheet = Paper { width: right - left, height: top - bottom };
        let overlay = overlay::add(&mut update.new_document, sheet, drawn.items)?;
        content += &format!("q 1 0 0 1 {left} {bottom} cm /HearthAnswers Do Q\n");
        images.set("HearthAnswers", overlay);
    }
    // What the page drew may have moved or clipped its paper: it is put between brackets.
    let new = &mut update.new_document;
    let open = new.add_object(Stream::new(Dictionary::new(), b"q\n".to_vec()));
    let close = new.add_object(Stream::new(Dictionary::new(), content.into_bytes()));
    let contents = [vec![open.into()], old, vec![close.into()]].concat();
    resources.set("XObject", images);
    page.set("Resources", resources);
    page.set("Contents", contents);
    if kept.is_empty() {
        page.remove(b"Annots");
    } else {
        page.set("Annots", kept);
    }
    new.objects.insert(id, Object::Dictionary(page));
    Ok(())
}

/// Draws one field: buttons by their own appearances, answers in our ink, and what nobody answered as the form has it.
fn draw(drawn: &mut Drawn, widget: &Widget, answer: Option<&FieldAnswer>, paper: [f32; 4], fonts: &Fonts) {
    let text = match (widget.is_button(), answer) {
        (true, answer) => {
            let on = match answer {
                Some(FieldAnswer::Ticked(ticked)) => *ticked,
                Some(FieldAnswer::Text(value)) => widget.on.as_ref() == Some(value),
                _ => false,
            };
            let state = if on { widget.drawn_on } else { widget.drawn_off };
            match state {
                Some(appearance) => drawn.appearances.push((appearance, widget.place)),
                None if on => drawn.items.push(cross(widget.place, paper)),
                None => {}
            }
            return;
        }
        (false, Some(FieldAnswer::Text(text))) if !text.trim().is_empty() => widget.label_of(text),
        (false, Some(FieldAnswer::Several(chosen))) if !chosen.is_empty() => {
            chosen.iter().map(|value| widget.label_of(value)).collect::<Vec<_>>().join(", ")
        }
        (false, _) => {
            drawn.appearances.extend(widget.drawn.map(|appearance| (appearance, widget.place)));
            return;
        }
    };
    drawn.items.extend(match widget.boxes() {
        Some(boxes) => boxed(&text, boxes, widget, paper, fonts),
        None => written(&text, widget, paper, fonts),
    });
}

/// Text of which each letter stands in a box of its own.
fn boxed(text: &str, boxes: u16, widget: &Widget, paper: [f32; 4], fonts: &Fonts) -> Vec<Item> {
    let [left, bottom, right, top] = widget.place;
    let (cell, height) = ((right - left) / f32::from(boxes), (top - bottom - INSET).max(1.0));
    let size = LETTERS.0.min(height).min(cell * 1.2).max(LETTERS.1);
    let style = Style { weight: Weight::Regular, size, color: INK };
    let (first, y) = (left - paper[0], paper[3] - top + (top - bottom) / 2.0 + size * 0.36);
    let letters = fonts.printable(text);
    let place = |(at, letter): (u16, char)| {
        let text = letter.to_string();
        let width = fonts.width(&text, style.weight, style.size);
        let x = first + cell * f32::from(at) + (cell - width) / 2.0;
        Item::Text { x, y, width, text, style }
    };
    (0..boxes).zip(letters.chars()).filter(|(_, letter)| !letter.is_whitespace()).map(place).collect()
}

/// Text in a field, in letters as large as fit.
fn written(text: &str, widget: &Widget, paper: [f32; 4], fonts: &Fonts) -> Vec<Item> {
    let [left, bottom, right, top] = widget.place;
    let (width, height) = ((right - left - 2.0 * INSET).max(1.0), (top - bottom - INSET).max(1.0));
    let mut style = Style { weight: Weight::Regular, size: LETTERS.0.min(height.max(LETTERS.1)), color: INK };
    let lines = loop {
        let lines: Vec<String> = text.lines().flat_map(|line| wrap(fonts, line, style, width)).collect();
        let count = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let fits = f32::from(count) * style.leading() <= height && (widget.is_multiline() || count <= 1);
        let fits = fits || (count == 1 && style.size <= height);
        if fits || style.size <= LETTERS.1 {
            break lines;
        }
        style.size -= 0.5;
    };
    let (from_left, from_top) = (left - paper[0] + INSET, paper[3] - top);
    let first = if widget.is_multiline() {
        from_top + style.size * 1.05 + INSET
    } else {
        from_top + (top - bottom) / 2.0 + style.size * 0.36
    };
    let mut items = Vec::new();
    let mut baseline = first;
    for line in lines {
        let indent = (width - fonts.width(&line, style.weight, style.size)).max(0.0) * widget.indent();
        for piece in pieces(fonts, &line, style) {
            let (x, text, width) = (from_left + indent + piece.x, piece.text, piece.width);
            items.push(Item::Text { x, y: baseline, width, text, style });
        }
        baseline += style.leading();
    }
    items
}

/// For a box whose form does not say how it looks when it is ticked.
fn cross([left, bottom, right, top]: [f32; 4], paper: [f32; 4]) -> Item {
    let inset = ((right - left).min(top - bottom) * 0.2).max(0.5);
    let (left, right) = (left - paper[0] + inset, right - paper[0] - inset);
    let (upper, lower) = (paper[3] - top + inset, paper[3] - bottom - inset);
    Item::Strokes { lines: vec![vec![(left, upper), (right, lower)], vec![(left, lower), (right, upper)]] }
}
