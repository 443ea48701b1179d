//! The printed part of a form: a page filled from top to bottom.

use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use krilla::{Document, SerializeSettings};

/// US letter, in points.
const PAGE: (f32, f32) = (612.0, 792.0);
const MARGIN: f32 = 54.0;
const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;
const INK: (u8, u8, u8) = (27, 38, 49);
const MUTED: (u8, u8, u8) = (88, 101, 116);
const ACCENT: (u8, u8, u8) = (11, 97, 104);
const HAIRLINE: (u8, u8, u8) = (176, 187, 197);

/// A rectangle on the page: left, top, width, height from the top left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
}

impl Place {
    /// Left, bottom, right, top from the bottom left, as annotations count.
    pub(super) fn annotation(self) -> [f32; 4] {
        let bottom = PAGE.1 - self.y - self.height;
        [self.x, bottom, self.x + self.width, bottom + self.height]
    }
}

/// Which font.
#[derive(Debug, Clone, Copy)]
enum Face {
    Regular,
    Bold,
}

enum Ink {
    Text(f32, f32, f32, Face, (u8, u8, u8), String),
    Frame(Place, f32),
    Line(Place, (u8, u8, u8)),
}

/// A page under construction.
pub(super) struct Sheet {
    inks: Vec<Ink>,
    y: f32,
}

impl Sheet {
    pub(super) fn new(clinic: &str, title: &str, intro: &str) -> Self {
        let mut sheet = Self { inks: Vec::new(), y: 44.0 };
        let bar = Place { x: 0.0, y: 0.0, width: PAGE.0, height: 5.0 };
        sheet.inks.push(Ink::Line(bar, ACCENT));
        sheet.text(MARGIN, 9.0, Face::Regular, MUTED, clinic);
        sheet.y += 13.0;
        sheet.text(MARGIN, 19.0, Face::Bold, INK, title);
        sheet.y += 29.0;
        sheet.words(intro, MUTED);
        sheet.y += 6.0;
        sheet
    }

    /// Text whose top is at the current height.
    fn text(&mut self, x: f32, size: f32, face: Face, color: (u8, u8, u8), text: &str) {
        self.inks.push(Ink::Text(x, self.y + size, size, face, color, text.to_owned()));
    }

    pub(super) fn heading(&mut self, text: &str) {
        self.y += 11.0;
        self.text(MARGIN, 11.0, Face::Bold, ACCENT, text);
        self.y += 19.0;
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        self.words(text, INK);
    }

    fn words(&mut self, text: &str, color: (u8, u8, u8)) {
        let size = 9.0;
        for line in lines(text, WIDTH, size) {
            self.text(MARGIN, size, Face::Regular, color, &line);
            self.y += size * 1.45;
        }
        self.y += 2.0;
    }

    /// Two labelled boxes side by side, with the given shares of the width.
    pub(super) fn columns(&mut self, shares: [f32; 2], labels: [&str; 2]) -> [Place; 2] {
        let gap = 14.0;
        let first = (WIDTH - gap) * shares[0];
        let spots = [(MARGIN, first), (MARGIN + first + gap, WIDTH - gap - first)];
        for ((x, _), label) in spots.into_iter().zip(labels) {
            self.text(x, 8.0, Face::Regular, INK, label);
        }
        self.y += 12.0;
        let places = spots.map(|(x, width)| Place { x, y: self.y, width, height: 19.0 });
        self.inks.extend(places.map(|place| Ink::Frame(place, 2.5)));
        self.y += 27.0;
        places
    }

    /// A labelled box over the whole width.
    pub(super) fn box_of(&mut self, label: &str, height: f32) -> Place {
        self.text(MARGIN, 8.0, Face::Regular, INK, label);
        self.y += 12.0;
        let place = Place { x: MARGIN, y: self.y, width: WIDTH, height };
        self.inks.push(Ink::Frame(place, 2.5));
        self.y += height + 8.0;
        place
    }

    /// Boxes to tick, or circles of which one can be chosen, in two columns.
    pub(super) fn options(&mut self, question: &str, labels: &[&str], one: bool) -> Vec<Place> {
        self.text(MARGIN, 8.5, Face::Regular, INK, question);
        self.y += 15.0;
        let half = WIDTH / 2.0;
        let mut places = Vec::new();
        for pair in labels.chunks(2) {
            for (label, x) in pair.iter().zip([MARGIN, MARGIN + half]) {
                let place = Place { x, y: self.y, width: 11.0, height: 11.0 };
                self.inks.push(Ink::Frame(place, if one { 5.5 } else { 1.5 }));
                self.text(x + 17.0, 9.0, Face::Regular, INK, label);
                places.push(place);
            }
            self.y += 17.0;
        }
        self.y += 3.0;
        places
    }

    /// A line to sign on and a line for the date, both only drawn: the
    /// signature itself is given in the portal.
    pub(super) fn signature(&mut self, who: &str, date: &str) {
        self.y += 30.0;
        let right = MARGIN + WIDTH * 0.68;
        let spots = [(MARGIN, WIDTH * 0.62, who), (right, WIDTH * 0.32, date)];
        for (x, width, _) in spots {
            self.inks.push(Ink::Line(Place { x, y: self.y, width, height: 0.7 }, INK));
        }
        self.y += 3.0;
        for (x, _, label) in spots {
            self.text(x, 8.0, Face::Regular, MUTED, label);
        }
        self.y += 10.0;
    }

    /// Draws the page; `None` when a font or a size is unusable.
    pub(super) fn draw(&self, language: &str, title: &str) -> Option<Vec<u8>> {
        let regular = Font::new(seal::pdf::REGULAR.into(), 0)?;
        let bold = Font::new(seal::pdf::BOLD.into(), 0)?;
        let mut document = Document::new_with(SerializeSettings {
            xmp_metadata: false,
            enable_tagging: false,
            ..SerializeSettings::default()
        });
        let metadata = krilla::metadata::Metadata::new();
        document.set_metadata(metadata.language(language.to_owned()).title(title.to_owned()));
        let mut page = document.start_page_with(PageSettings::from_wh(PAGE.0, PAGE.1)?);
        let mut surface = page.surface();
        for ink in &self.inks {
            draw(&mut surface, ink, &regular, &bold)?;
        }
        surface.finish();
        page.finish();
        document.finish().ok()
    }
}

fn draw(surface: &mut Surface<'_>, ink: &Ink, regular: &Font, bold: &Font) -> Option<()> {
    let paint = |(red, green, blue): (u8, u8, u8)| rgb::Color::new(red, green, blue).into();
    let fill = |color| Some(Fill { paint: paint(color), ..Fill::default() });
    match ink {
        Ink::Text(x, y, size, face, color, text) => {
            let font = if matches!(face, Face::Bold) { bold } else { regular };
            surface.set_stroke(None);
            surface.set_fill(fill(*color));
            surface.draw_text(Point::from_xy(*x, *y), font.clone(), *size, text, false, TextDirection::LeftToRight);
        }
        Ink::Frame(place, radius) => {
            surface.set_fill(fill((249, 251, 252)));
            surface.set_stroke(Some(Stroke { paint: paint(HAIRLINE), width: 0.8, ..Stroke::default() }));
            surface.draw_path(&rounded(*place, *radius)?);
        }
        Ink::Line(place, color) => {
            let mut path = PathBuilder::new();
            path.push_rect(Rect::from_xywh(place.x, place.y, place.width, place.height)?);
            surface.set_stroke(None);
            surface.set_fill(fill(*color));
            surface.draw_path(&path.finish()?);
        }
    }
    Some(())
}

/// A rectangle with round corners.
fn rounded(place: Place, radius: f32) -> Option<krilla::geom::Path> {
    let (left, top) = (place.x, place.y);
    let (right, bottom) = (left + place.width, top + place.height);
    // Distance of a Bézier handle from the corner for a quarter circle.
    let bend = radius * 0.448;
    let mut path = PathBuilder::new();
    path.move_to(left + radius, top);
    path.line_to(right - radius, top);
    path.cubic_to(right - bend, top, right, top + bend, right, top + radius);
    path.line_to(right, bottom - radius);
    path.cubic_to(right, bottom - bend, right - bend, bottom, right - radius, bottom);
    path.line_to(left + radius, bottom);
    path.cubic_to(left + bend, bottom, left, bottom - bend, left, bottom - radius);
    path.line_to(left, top + radius);
    path.cubic_to(left, top + bend, left + bend, top, left + radius, top);
    path.close();
    path.finish()
}

/// Breaks text by the average width of this font's letters, 0.55 em.
fn lines(text: &str, width: f32, size: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let length = |text: &str| text.chars().map(|_| 0.55 * size).sum::<f32>();
        match lines.last_mut() {
            Some(line) if length(line) + length(word) + 0.3 * size <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
