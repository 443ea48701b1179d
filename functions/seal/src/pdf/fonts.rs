//! Fonts, measuring, and making text from people safe to print.

use rustybuzz::{Face, UnicodeBuffer};

/// DejaVu Sans: Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic and more.
pub const REGULAR: &[u8] = include_bytes!("../../fonts/DejaVuSans.ttf");
/// DejaVu Sans Bold, for headings and names.
pub const BOLD: &[u8] = include_bytes!("../../fonts/DejaVuSans-Bold.ttf");

/// Which of the two fonts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// Both fonts, ready for measuring.
pub(super) struct Fonts {
    regular: Option<Face<'static>>,
    bold: Option<Face<'static>>,
}

impl Fonts {
    pub(super) fn new() -> Self {
        Self { regular: Face::from_slice(REGULAR, 0), bold: Face::from_slice(BOLD, 0) }
    }

    fn face(&self, weight: Weight) -> Option<&Face<'static>> {
        match weight {
            Weight::Regular => self.regular.as_ref(),
            Weight::Bold => self.bold.as_ref(),
        }
    }

    /// Width in points of `text` when shaped in one piece.
    pub(super) fn width(&self, text: &str, weight: Weight, size: f32) -> f32 {
        let Some(face) = self.face(weight) else {
            return 0.0;
        };
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        let shaped = rustybuzz::shape(face, &[], buffer);
        let advance: i64 = shaped.glyph_positions().iter().map(|glyph| i64::from(glyph.x_advance)).sum();
        #[expect(clippy::cast_precision_loss, reason = "widths are far below 2^24 font units")]
        let advance = advance as f32;
        advance / units(face) * size
    }

    /// Width in points of one character on its own; an estimate within a word.
    pub(super) fn advance(&self, character: char, weight: Weight, size: f32) -> f32 {
        self.face(weight).map_or(0.0, |face| {
            let glyph = face.glyph_index(character).unwrap_or_default();
            f32::from(face.glyph_hor_advance(glyph).unwrap_or_default()) / units(face) * size
        })
    }

    /// Text that can be printed: one line, no control characters, no marks that
    /// turn the reading direction around, and every character that the fonts
    /// cannot draw replaced by its code point, so that nothing vanishes.
    pub(super) fn printable(&self, text: &str) -> String {
        let mut printable = String::with_capacity(text.len());
        for character in text.chars() {
            if character.is_whitespace() {
                printable.push(' ');
            } else if character.is_control() || is_invisible(character) {
                // Nothing to see; it could only mislead.
            } else if self.draws(character) {
                printable.push(character);
            } else {
                printable.push_str(&format!("[U+{:04X}]", u32::from(character)));
            }
        }
        printable
    }

    fn draws(&self, character: char) -> bool {
        // Joiners have no picture of their own but steer Arabic and Indic script.
        matches!(character, '\u{200c}' | '\u{200d}')
            || [Weight::Regular, Weight::Bold]
                .into_iter()
                .all(|weight| self.face(weight).is_some_and(|face| face.glyph_index(character).is_some()))
    }
}

/// Font units per em.
fn units(face: &Face<'_>) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "an em has at most 16384 units")]
    let units = face.units_per_em() as f32;
    units.max(1.0)
}

/// Format characters that are never needed in a name and can disguise one.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Whether the first letter that has a direction runs from right to left.
pub(super) fn is_right_to_left(text: &str) -> bool {
    text.chars().find(|character| character.is_alphabetic()).is_some_and(
        |character| matches!(character, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'),
    )
}
