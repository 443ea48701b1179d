//! Small PDFs, written by hand: no library decides what they are.

use std::sync::atomic::{AtomicUsize, Ordering};

use sha2::{Digest, Sha256};

/// A PDF of one page that shows `text`.
#[must_use]
pub fn pdf(text: &str) -> Vec<u8> {
    let text: String = text.chars().filter(|character| !matches!(character, '(' | ')' | '\\')).collect();
    let content = format!("BT /F1 18 Tf 72 720 Td ({text}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    file(&objects)
}

/// Objects as a file; the first is the catalog.
fn file(objects: &[String]) -> Vec<u8> {
    let mut file = "%PDF-1.7\n".to_owned();
    let mut table = "0000000000 65535 f \n".to_owned();
    for (number, object) in (1..).zip(objects) {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let start = file.len();
    let size = objects.len() + 1;
    file += &format!("xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    file.into_bytes()
}

/// A form of one page: a name (required), notes in several lines, a box, and one of two sides. No two of them are equal files.
#[must_use]
pub fn form() -> Vec<u8> {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    equal_form(&format!("Form {number}"))
}

/// As [`form`]; the same file for the same words.
#[must_use]
pub fn equal_form(words: &str) -> Vec<u8> {
    let content = format!("BT /F1 18 Tf 72 720 Td ({words}) Tj ET");
    let look = "<< /Type /XObject /Subtype /Form /BBox [0 0 12 12] /Length 13 >>\nstream\n0 0 12 12 re f\nendstream"
        .to_owned();
    let button = |place: &str, on: &str| {
        format!(
            "<< /Type /Annot /Subtype /Widget /Parent 9 0 R /Rect [{place}] /AS /Off /AP << /N << /{on} 12 0 R >> >> >>"
        )
    };
    file(&[
        "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R 7 0 R 8 0 R 9 0 R] >> >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> /Annots [6 0 R 7 0 R 8 0 R 10 0 R 11 0 R] >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        "<< /Type /Annot /Subtype /Widget /Rect [72 660 400 680] /FT /Tx /T (child) /TU (Name of the child) \
         /MaxLen 40 /Ff 2 >>"
            .to_owned(),
        "<< /Type /Annot /Subtype /Widget /Rect [72 560 400 640] /FT /Tx /T (notes) /TU (What else?) /Ff 4096 >>"
            .to_owned(),
        "<< /Type /Annot /Subtype /Widget /Rect [72 520 84 532] /FT /Btn /T (agree) /TU (I agree) /AS /Off \
         /AP << /N << /Yes 12 0 R >> >> >>"
            .to_owned(),
        "<< /FT /Btn /Ff 32768 /T (side) /TU (Which side?) /Kids [10 0 R 11 0 R] >>".to_owned(),
        button("72 480 84 492", "left"),
        button("92 480 104 492", "right"),
        look,
    ])
}

/// SHA-256 in lower-case hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
