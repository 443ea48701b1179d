//! Placing blocks on pages.

use super::fonts::Fonts;
use super::writing::{Style, pieces, wrap};

/// Size of the paper in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Paper {
    pub(super) width: f32,
    pub(super) height: f32,
}

/// US letter.
pub(super) const LETTER: Paper = Paper { width: 612.0, height: 792.0 };
/// ISO A4.
pub(super) const A4: Paper = Paper { width: 595.0, height: 842.0 };

/// Margin to the left and right.
pub(super) const MARGIN: f32 = 58.0;
/// Margin above the text.
const TOP: f32 = 58.0;
/// Margin below the text, which holds the footer.
const BOTTOM: f32 = 70.0;

/// Something drawn; `y` is measured from the top of its block, then of the page.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item {
    /// Text with `y` at its baseline.
    Text { x: f32, y: f32, width: f32, text: String, style: Style },
    /// A filled rectangle.
    Bar { x: f32, y: f32, width: f32, height: f32, color: (u8, u8, u8) },
    /// Pen strokes.
    Strokes { lines: Vec<Vec<(f32, f32)>> },
}

impl Item {
    pub(super) fn moved(self, down: f32) -> Self {
        match self {
            Self::Text { x, y, width, text, style } => Self::Text { x, y: y + down, width, text, style },
            Self::Bar { x, y, width, height, color } => Self::Bar { x, y: y + down, width, height, color },
            Self::Strokes { lines } => Self::Strokes {
                lines: lines.into_iter().map(|line| line.into_iter().map(|(x, y)| (x, y + down)).collect()).collect(),
            },
        }
    }
}

/// The items of one page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sheet {
    pub(super) paper: Paper,
    pub(super) items: Vec<Item>,
}

/// What is never divided between pages.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    pub(super) height: f32,
    pub(super) items: Vec<Item>,
}

impl Block {
    /// Empty space.
    pub(super) fn space(height: f32) -> Self {
        Self { height, items: Vec::new() }
    }

    /// Adds one line of text with its top at the top of the block.
    pub(super) fn line(mut self, fonts: &Fonts, line: &str, style: Style, x: f32) -> Self {
        self.height = self.height.max(style.leading());
        for piece in pieces(fonts, line, style) {
            self.items.push(Item::Text {
                x: x + piece.x,
                y: style.size * 1.05,
                width: piece.width,
                text: piece.text,
                style,
            });
        }
        self
    }
}

/// Blocks of a paragraph, one for each line.
pub(super) fn paragraph(fonts: &Fonts, text: &str, style: Style, x: f32, width: f32) -> Vec<Block> {
    wrap(fonts, text, style, width).iter().map(|line| Block::default().line(fonts, line, style, x)).collect()
}

/// Fills pages from top to bottom.
pub(super) struct Flow {
    paper: Paper,
    sheets: Vec<Sheet>,
    y: f32,
}

impl Flow {
    pub(super) fn new(paper: Paper) -> Self {
        let first = Sheet { paper, items: Vec::new() };
        Self { paper, sheets: vec![first], y: TOP }
    }

    /// Width between the margins.
    pub(super) fn width(&self) -> f32 {
        self.paper.width - 2.0 * MARGIN
    }

    fn end(&self) -> f32 {
        self.paper.height - BOTTOM
    }

    /// Places blocks below one another, on one page if one page can hold them.
    pub(super) fn group(&mut self, blocks: Vec<Block>) {
        let height: f32 = blocks.iter().map(|block| block.height).sum();
        if self.y + height > self.end() && height <= self.end() - TOP {
            self.turn();
        }
        for block in blocks {
            if self.y + block.height > self.end() && self.y > TOP {
                self.turn();
            }
            let y = self.y;
            if let Some(sheet) = self.sheets.last_mut() {
                sheet.items.extend(block.items.into_iter().map(|item| item.moved(y)));
            }
            self.y += block.height;
        }
    }

    /// Leaves space, except at the top of a page.
    pub(super) fn gap(&mut self, height: f32) {
        if self.y > TOP {
            self.y += height;
        }
    }

    fn turn(&mut self) {
        self.sheets.push(Sheet { paper: self.paper, items: Vec::new() });
        self.y = TOP;
    }

    pub(super) fn finish(self) -> Vec<Sheet> {
        self.sheets
    }
}
