//! From laid-out pages to a small PDF of their own.

use super::SealError;
use super::evidence::Evidence;
use super::fonts::{BOLD, REGULAR, Weight};
use super::layout::{Item, Sheet};
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, LineCap, LineJoin, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use krilla::{Document, SerializeSettings};

/// Width of a pen stroke in points.
const PEN: f32 = 1.4;

/// Draws all sheets of a record.
pub(super) fn draw(all: &[Sheet], evidence: &Evidence) -> Result<Vec<u8>, SealError> {
    sheets(all, Some(evidence.labels.language))
}

/// Draws all sheets. The same sheets always give the same bytes.
pub(super) fn sheets(sheets: &[Sheet], language: Option<&str>) -> Result<Vec<u8>, SealError> {
    let regular = Font::new(REGULAR.into(), 0).ok_or(SealError::Drawing)?;
    let bold = Font::new(BOLD.into(), 0).ok_or(SealError::Drawing)?;
    let mut document = Document::new_with(SerializeSettings {
        xmp_metadata: false,
        // A record is appended without the structure tree, see `append`.
        enable_tagging: false,
        ..SerializeSettings::default()
    });
    if let Some(language) = language {
        document.set_metadata(krilla::metadata::Metadata::new().language(language.to_owned()));
    }
    for sheet in sheets {
        let settings = PageSettings::from_wh(sheet.paper.width, sheet.paper.height).ok_or(SealError::Drawing)?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for item in &sheet.items {
            draw_item(&mut surface, item, &regular, &bold).ok_or(SealError::Drawing)?;
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|_| SealError::Drawing)
}

fn fill((red, green, blue): (u8, u8, u8)) -> Fill {
    Fill { paint: rgb::Color::new(red, green, blue).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

fn draw_item(surface: &mut Surface<'_>, item: &Item, regular: &Font, bold: &Font) -> Option<()> {
    match item {
        Item::Text { x, y, text, style, .. } => {
            let font = match style.weight {
                Weight::Regular => regular,
                Weight::Bold => bold,
            };
            surface.set_stroke(None);
            surface.set_fill(Some(fill(style.color)));
            let start = Point::from_xy(*x, *y);
            surface.draw_text(start, font.clone(), style.size, text, false, TextDirection::Auto);
        }
        Item::Bar { x, y, width, height, color } => {
            let mut path = PathBuilder::new();
            path.push_rect(Rect::from_xywh(*x, *y, *width, *height)?);
            surface.set_stroke(None);
            surface.set_fill(Some(fill(*color)));
            surface.draw_path(&path.finish()?);
        }
        Item::Strokes { lines } => {
            let mut path = PathBuilder::new();
            for line in lines {
                let Some(((x, y), rest)) = line.split_first() else {
                    continue;
                };
                path.move_to(*x, *y);
                // A tap of the pen is a dot: a line too short to see, with round ends.
                path.line_to(x + 0.01, *y);
                for (x, y) in rest {
                    path.line_to(*x, *y);
                }
            }
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke {
                paint: rgb::Color::new(20, 30, 80).into(),
                width: PEN,
                line_cap: LineCap::Round,
                line_join: LineJoin::Round,
                ..Stroke::default()
            }));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
    Some(())
}
