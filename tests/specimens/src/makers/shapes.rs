//! What ordinary programs write, and its edges: sizes, boxes, turned pages, other files in front or behind.

use crate::draft::{CONTENT, Draft, FREE, PAGES, replaced, with_true_table};

pub(crate) fn plain() -> Vec<u8> {
    Draft::new().bytes()
}

pub(crate) fn modern() -> Vec<u8> {
    Draft::new().modern(|_| {})
}

pub(crate) fn rotated() -> Vec<u8> {
    Draft::new().page("/Rotate 90").bytes()
}

pub(crate) fn rotated_backwards() -> Vec<u8> {
    Draft::new().page("/Rotate -450").bytes()
}

pub(crate) fn rotated_askew() -> Vec<u8> {
    Draft::new().page("/Rotate 45").bytes()
}

pub(crate) fn cropped() -> Vec<u8> {
    Draft::new().page("/CropBox [36 36 576 756] /TrimBox [40 40 500 700]").bytes()
}

pub(crate) fn cropped_beyond_the_paper() -> Vec<u8> {
    Draft::new().page("/CropBox [-100 -100 900 900]").bytes()
}

pub(crate) fn cropped_elsewhere() -> Vec<u8> {
    Draft::new().page("/CropBox [5000 5000 5100 5100]").bytes()
}

pub(crate) fn shifted_origin() -> Vec<u8> {
    Draft::new().sheet("/MediaBox [-306.5 -396 305.5 396]").bytes()
}

pub(crate) fn corners_swapped() -> Vec<u8> {
    Draft::new().sheet("/MediaBox [612 792 0 0]").bytes()
}

pub(crate) fn indirect_box() -> Vec<u8> {
    Draft::new().sheet("/MediaBox 6 0 R").object(FREE, "[0 0 7 0 R 792]").object(FREE + 1, "612").bytes()
}

pub(crate) fn without_a_box() -> Vec<u8> {
    Draft::new().sheet("").bytes()
}

pub(crate) fn enlarged() -> Vec<u8> {
    Draft::new().page("/UserUnit 10").bytes()
}

pub(crate) fn box_of_no_area() -> Vec<u8> {
    Draft::new().sheet("/MediaBox [0 0 0 792]").bytes()
}

pub(crate) fn box_of_three_sides() -> Vec<u8> {
    Draft::new().sheet("/MediaBox [0 0 612]").bytes()
}

pub(crate) fn box_of_words() -> Vec<u8> {
    Draft::new().sheet("/MediaBox [(a) (b) (c) (d)]").bytes()
}

pub(crate) fn box_beyond_numbers() -> Vec<u8> {
    Draft::new().sheet(&format!("/MediaBox [0 0 {} 792]", "9".repeat(60))).bytes()
}

pub(crate) fn pages(count: u32) -> Vec<u8> {
    let kids: String = (0..count).map(|page| format!("{} 0 R ", FREE + page)).collect();
    let draft = Draft::new().object(PAGES, format!("<< /Type /Pages /Kids [{kids}] /Count {count} >>"));
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>";
    (0..count).fold(draft, |draft, number| draft.object(FREE + number, page)).bytes()
}

pub(crate) fn two_hundred_pages() -> Vec<u8> {
    pages(200)
}

pub(crate) fn five_hundred_pages() -> Vec<u8> {
    pages(500)
}

/// Bytes that no program can make smaller, as a scan has them.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut bytes = Vec::with_capacity(length);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend(state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

fn scan(length: usize) -> Vec<u8> {
    let image = "/Type /XObject /Subtype /Image /Width 5000 /Height 1600 /ColorSpace /DeviceRGB /BitsPerComponent 8";
    Draft::new()
        .stream(CONTENT, "", b"q 612 0 0 792 0 0 cm /I Do Q")
        .page("/Resources << /XObject << /I 6 0 R >> >>")
        .stream(FREE, image, &noise(length))
        .bytes()
}

pub(crate) fn a_scan_of_24_megabytes() -> Vec<u8> {
    scan(24_000_000)
}

pub(crate) fn one_byte_too_large() -> Vec<u8> {
    let spare = scan(0).len();
    // Six more digits of length and offset.
    let mut file = scan(25 * 1024 * 1024 - spare - 64);
    file.resize(25 * 1024 * 1024 + 1, b'\n');
    file
}

pub(crate) fn forty_seven_megabytes() -> Vec<u8> {
    scan(47_000_000)
}

pub(crate) fn nothing() -> Vec<u8> {
    Vec::new()
}

pub(crate) fn only_a_header() -> Vec<u8> {
    b"%PDF-1.7\n".to_vec()
}

pub(crate) fn a_letter() -> Vec<u8> {
    b"Dear clinic, here is the form.".to_vec()
}

pub(crate) fn a_web_page() -> Vec<u8> {
    b"<!doctype html><script>alert(1)</script>".to_vec()
}

pub(crate) fn a_line_end_in_front() -> Vec<u8> {
    [b"\r\n".to_vec(), plain()].concat()
}

pub(crate) fn a_web_page_in_front() -> Vec<u8> {
    [b"<html><script>alert(1)</script><!--\n".to_vec(), plain(), b"-->".to_vec()].concat()
}

pub(crate) fn a_picture_in_front() -> Vec<u8> {
    [b"GIF89a\x01\0\x01\0\0\0\0!\xfe\xff".to_vec(), plain(), b"\0;".to_vec()].concat()
}

pub(crate) fn a_web_page_in_a_comment() -> Vec<u8> {
    with_true_table(&replaced(plain(), "%PDF-1.7\n", "%PDF-1.7\n% <script src=x></script>\n"))
}

pub(crate) fn an_archive_behind() -> Vec<u8> {
    [plain(), b"PK\x05\x06".to_vec(), vec![0; 18]].concat()
}

pub(crate) fn a_program_in_a_stream() -> Vec<u8> {
    Draft::new().stream(FREE, "", b"MZ\x90\0 This program cannot be run in DOS mode").bytes()
}
