//! From text to lines, and from a line to pieces that run in one direction.

use super::fonts::{Fonts, Weight, is_right_to_left};

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Style {
    pub(super) weight: Weight,
    /// Font size in points.
    pub(super) size: f32,
    /// Red, green, blue.
    pub(super) color: (u8, u8, u8),
}

impl Style {
    /// Distance between two baselines.
    pub(super) fn leading(self) -> f32 {
        self.size * 1.42
    }
}

/// A part of a line that is shaped in one piece.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    pub(super) text: String,
    /// Distance from the start of the line in points.
    pub(super) x: f32,
    pub(super) width: f32,
}

/// Breaks `text` into lines of at most `width` points. Words longer than a
/// line are broken where they must.
pub(super) fn wrap(fonts: &Fonts, text: &str, style: Style, width: f32) -> Vec<String> {
    let measure = |text: &str| fonts.width(text, style.weight, style.size);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in fonts.printable(text).split_whitespace() {
        let candidate = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if measure(&candidate) <= width {
            line = candidate;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        let mut parts = broken(fonts, word, style, width);
        line = parts.pop().unwrap_or_default();
        lines.extend(parts);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// A word in parts that fit on a line each.
fn broken(fonts: &Fonts, word: &str, style: Style, width: f32) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut estimate = 0.0;
    for character in word.chars() {
        let advance = fonts.advance(character, style.weight, style.size);
        if estimate + advance > width && !part.is_empty() {
            parts.push(std::mem::take(&mut part));
            estimate = 0.0;
        }
        part.push(character);
        estimate += advance;
    }
    parts.push(part);
    // Shaping may widen what the estimate let through.
    let fits = |part: &String| fonts.width(part, style.weight, style.size) <= width;
    parts
        .into_iter()
        .flat_map(|part| {
            let half = part.chars().count() / 2;
            if half == 0 || fits(&part) {
                vec![part]
            } else {
                let first: String = part.chars().take(half).collect();
                let second: String = part.chars().skip(half).collect();
                vec![first, second]
            }
        })
        .collect()
}

/// Splits a line into pieces of one direction and puts them in the order in
/// which they are seen. The first letter of the line decides its own direction.
///
/// This is the part of the Unicode bidirectional algorithm that names need:
/// whole words of either direction, numbers from left to right.
pub(super) fn pieces(fonts: &Fonts, line: &str, style: Style) -> Vec<Piece> {
    let mut runs: Vec<(bool, String)> = Vec::new();
    for word in line.split(' ') {
        let reversed = is_right_to_left(word);
        match runs.last_mut() {
            Some((direction, run)) if *direction == reversed => {
                run.push(' ');
                run.push_str(word);
            }
            _ => runs.push((reversed, word.to_owned())),
        }
    }
    if is_right_to_left(line) {
        runs.reverse();
    }
    let space = fonts.width(" ", style.weight, style.size);
    let mut x = 0.0;
    runs.into_iter()
        .map(|(_, text)| {
            let width = fonts.width(&text, style.weight, style.size);
            let piece = Piece { text, x, width };
            x += width + space;
            piece
        })
        .collect()
}
