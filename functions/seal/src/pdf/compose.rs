//! The content of the record, from heading to footer.

use super::evidence::{Evidence, Mark, Moment, SignatureEvidence};
use super::fonts::{Fonts, Weight};
use super::layout::{Block, Flow, Item, MARGIN, Paper, Sheet, paragraph};
use super::writing::{Style, wrap};

const INK: (u8, u8, u8) = (27, 38, 49);
const MUTED: (u8, u8, u8) = (95, 108, 123);
const ACCENT: (u8, u8, u8) = (11, 97, 104);
const HAIRLINE: (u8, u8, u8) = (208, 215, 222);

const TITLE: Style = style(Weight::Bold, 22.0, INK);
const SUBTITLE: Style = style(Weight::Regular, 10.5, MUTED);
const HEADING: Style = style(Weight::Bold, 12.0, ACCENT);
const NAME: Style = style(Weight::Regular, 17.0, INK);
const VALUE: Style = style(Weight::Regular, 9.0, INK);
/// Small enough for 64 digits on one line, so that it can be copied whole.
const HASH: Style = style(Weight::Regular, 8.0, INK);
const LABEL: Style = style(Weight::Regular, 8.5, MUTED);
const NOTE_HEADING: Style = style(Weight::Bold, 9.0, INK);
const NOTE: Style = style(Weight::Regular, 8.5, MUTED);
const FOOTER: Style = style(Weight::Regular, 7.5, MUTED);

/// Width of the column of labels.
const COLUMN: f32 = 126.0;
/// Indentation of a signature behind its rail.
const INDENT: f32 = 16.0;
/// Box for a drawn signature.
const BOX: (f32, f32) = (210.0, 62.0);

const fn style(weight: Weight, size: f32, color: (u8, u8, u8)) -> Style {
    Style { weight, size, color }
}

/// Lays out the record on paper of the given size.
pub(super) fn compose(evidence: &Evidence, paper: Paper) -> Vec<Sheet> {
    let fonts = Fonts::new();
    let labels = &evidence.labels;
    let mut flow = Flow::new(paper);
    let width = flow.width();

    let mut head = paragraph(&fonts, labels.title, TITLE, MARGIN, width);
    head.push(Block::space(3.0));
    for line in &evidence.title_lines {
        head.extend(paragraph(&fonts, line, SUBTITLE, MARGIN, width));
    }
    flow.group(head);
    flow.gap(14.0);
    flow.group(vec![rule(MARGIN, width)]);
    flow.gap(8.0);

    let hash = hex(&evidence.document_sha256);
    let pages = evidence.pages.to_string();
    let mut facts = vec![
        (labels.packet, evidence.packet.as_str(), VALUE),
        (labels.document_pages, &pages, VALUE),
        (labels.document_hash, &hash, HASH),
    ];
    facts.extend(evidence.facts.iter().map(|(name, value)| (name.as_str(), value.as_str(), VALUE)));
    for (name, value, style) in facts {
        flow.group(row(&fonts, name, value, style, MARGIN, width));
    }
    flow.gap(6.0);
    flow.group(vec![rule(MARGIN, width)]);

    flow.gap(16.0);
    let count = evidence.signatures.len();
    let mut heading = paragraph(&fonts, &format!("{} ({count})", labels.signatures), HEADING, MARGIN, width);
    heading.push(Block::space(6.0));
    if evidence.signatures.is_empty() {
        heading.extend(paragraph(&fonts, labels.no_signatures, VALUE, MARGIN, width));
    }
    for (index, signature) in evidence.signatures.iter().enumerate() {
        // The heading stays with the first signature.
        let mut blocks = std::mem::take(&mut heading);
        blocks.extend(card(&fonts, evidence, signature, width));
        flow.group(blocks);
        flow.gap(if index + 1 == count { 20.0 } else { 16.0 });
    }
    flow.group(heading);

    for (title, text) in labels.explanations {
        let mut blocks = paragraph(&fonts, title, NOTE_HEADING, MARGIN, width);
        blocks.push(Block::space(1.5));
        blocks.extend(paragraph(&fonts, text, NOTE, MARGIN, width));
        flow.group(blocks);
        flow.gap(9.0);
    }

    let mut sheets = flow.finish();
    footers(&fonts, evidence, &mut sheets);
    sheets
}

/// One signature: the mark, and under it what is known about it.
fn card(fonts: &Fonts, evidence: &Evidence, signature: &SignatureEvidence, width: f32) -> Vec<Block> {
    let labels = &evidence.labels;
    let x = MARGIN + INDENT;
    let width = width - INDENT;
    let mut blocks = Vec::new();
    match &signature.mark {
        Mark::Typed(name) => {
            blocks.extend(paragraph(fonts, labels.typed, LABEL, x, width));
            blocks.extend(paragraph(fonts, name, NAME, x, width));
            blocks.push(Block::space(4.0));
        }
        Mark::Drawn(strokes) => {
            blocks.extend(paragraph(fonts, labels.drawn, LABEL, x, width));
            blocks.push(drawing(strokes, x));
            blocks.push(Block::space(6.0));
        }
    }
    let signed_at = moment(&signature.signed_at);
    let authenticated_at = moment(&signature.authenticated_at);
    let mut facts = vec![
        (labels.signer, signature.signer.as_str()),
        (labels.capacity, &signature.capacity),
        (labels.authority, &signature.authority),
        (labels.attestation, &signature.attestation),
        (labels.records_consent, &signature.records_consent),
        (labels.signed_at, &signed_at),
        (labels.authentication, &signature.authentication),
        (labels.authenticated_at, &authenticated_at),
    ];
    facts.extend(signature.facts.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    for (name, value) in facts {
        blocks.extend(row(fonts, name, value, VALUE, x, width));
    }
    // The rail ties the lines of one signature together, also across pages.
    for block in &mut blocks {
        block.items.push(Item::Bar { x: MARGIN, y: 0.0, width: 2.5, height: block.height, color: ACCENT });
    }
    blocks
}

fn moment(moment: &Moment) -> String {
    match (moment.local.is_empty(), moment.utc.is_empty()) {
        (false, false) => format!("{} ({})", moment.local, moment.utc),
        _ => format!("{}{}", moment.local, moment.utc),
    }
}

/// A label and its value, the value wrapped in its own column.
fn row(fonts: &Fonts, name: &str, value: &str, style: Style, x: f32, width: f32) -> Vec<Block> {
    let names = wrap(fonts, name, LABEL, COLUMN - 10.0);
    let values = wrap(fonts, value, style, width - COLUMN);
    let lines = names.len().max(values.len());
    let mut blocks: Vec<Block> = (0..lines)
        .map(|index| {
            let mut block = Block::default();
            if let Some(line) = names.get(index) {
                block = block.line(fonts, line, LABEL, x);
            }
            if let Some(line) = values.get(index) {
                block = block.line(fonts, line, style, x + COLUMN);
            }
            block
        })
        .collect();
    blocks.push(Block::space(2.5));
    blocks
}

/// Pen strokes scaled into a box with a line under it.
fn drawing(strokes: &[Vec<(u16, u16)>], x: f32) -> Block {
    let points = || strokes.iter().flatten().map(|(x, y)| (f32::from(*x), f32::from(*y)));
    let left = points().map(|point| point.0).fold(f32::MAX, f32::min);
    let top = points().map(|point| point.1).fold(f32::MAX, f32::min);
    let right = points().map(|point| point.0).fold(0.0, f32::max);
    let bottom = points().map(|point| point.1).fold(0.0, f32::max);
    let (inner_width, inner_height) = (BOX.0 - 16.0, BOX.1 - 16.0);
    let scale = (inner_width / (right - left).max(1.0)).min(inner_height / (bottom - top).max(1.0));
    let place = |(px, py): &(u16, u16)| {
        (
            x + 8.0 + (f32::from(*px) - left) * scale,
            8.0 + (inner_height - (bottom - top) * scale) / 2.0 + (f32::from(*py) - top) * scale,
        )
    };
    let lines =
        strokes.iter().filter(|stroke| !stroke.is_empty()).map(|stroke| stroke.iter().map(place).collect()).collect();
    let mut block = Block::space(BOX.1);
    block.items.push(Item::Strokes { lines });
    block.items.push(Item::Bar { x, y: BOX.1 - 1.0, width: BOX.0, height: 0.7, color: HAIRLINE });
    block
}

fn rule(x: f32, width: f32) -> Block {
    let mut block = Block::space(1.0);
    block.items.push(Item::Bar { x, y: 0.0, width, height: 0.7, color: HAIRLINE });
    block
}

/// The accent at the top and the line at the foot of every page.
fn footers(fonts: &Fonts, evidence: &Evidence, sheets: &mut [Sheet]) {
    let labels = &evidence.labels;
    let count = sheets.len();
    for (index, sheet) in sheets.iter_mut().enumerate() {
        let Paper { width, height } = sheet.paper;
        sheet.items.push(Item::Bar { x: 0.0, y: 0.0, width, height: 5.0, color: ACCENT });
        let place = format!("{} {} {} {count}", labels.page, index + 1, labels.page_of);
        let right = fonts.width(&place, FOOTER.weight, FOOTER.size);
        let what = format!("{} · {} {}", labels.title, labels.packet, evidence.packet);
        let room = width - 2.0 * MARGIN - right - 20.0;
        let what = wrap(fonts, &what, FOOTER, room).into_iter().next().unwrap_or_default();
        let mut foot = Block::default().line(fonts, &what, FOOTER, MARGIN);
        foot = foot.line(fonts, &place, FOOTER, width - MARGIN - right);
        let mut flow = vec![rule(MARGIN, width - 2.0 * MARGIN), Block::space(5.0), foot];
        let mut y = height - 46.0;
        for block in flow.drain(..) {
            sheet.items.extend(block.items.into_iter().map(|item| item.moved(y)));
            y += block.height;
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
