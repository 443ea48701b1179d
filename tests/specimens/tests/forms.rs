//! A form that was filled in: the answers are on the page, the fields are gone, and the form is an exact prefix.

use std::io::Write;
use std::process::{Command, Stdio};

use hearth::domain::answers::{FieldAnswer, FieldAnswers};
use intake::pdf::{Limits, canonicalise};
use seal::pdf::fill_in;

/// A form with one field of each kind, as a clinic might send it: turned origin, an appearance for each button.
fn form() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R 6 0 R 7 0 R 8 0 R 9 0 R 14 0 R] >> >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [10 20 622 812] /Contents 4 0 R \
         /Resources << /Font << /F1 13 0 R >> >> \
         /Annots [5 0 R 6 0 R 7 0 R 8 0 R 10 0 R 11 0 R 14 0 R] >>"
            .to_owned(),
        stream("", "BT /F1 12 Tf 72 750 Td (Consent) Tj ET 2 0 0 2 0 0 cm"),
        "<< /Type /Annot /Subtype /Widget /Rect [72 700 372 720] /FT /Tx /T (child) /TU (Name of the child) /Ff 2 >>"
            .to_owned(),
        "<< /Type /Annot /Subtype /Widget /Rect [72 600 372 680] /FT /Tx /T (notes) /Ff 4096 >>".to_owned(),
        "<< /Type /Annot /Subtype /Widget /Rect [72 560 84 572] /FT /Btn /T (agree) /AS /Off \
         /AP << /N << /Yes 12 0 R /Off 15 0 R >> >> >>"
            .to_owned(),
        "<< /Type /Annot /Subtype /Widget /Rect [72 520 272 540] /FT /Ch /T (state) /Ff 131072 \
         /Opt [[(ny) (New York)] [(nj) (New Jersey)]] >>"
            .to_owned(),
        "<< /FT /Btn /T (side) /Ff 32768 /Kids [10 0 R 11 0 R] >>".to_owned(),
        "<< /Type /Annot /Subtype /Widget /Parent 9 0 R /Rect [72 480 84 492] /AP << /N << /left 12 0 R /Off 15 0 R >> >> >>"
            .to_owned(),
        "<< /Type /Annot /Subtype /Widget /Parent 9 0 R /Rect [92 480 104 492] /AP << /N << /right 12 0 R /Off 15 0 R >> >> >>"
            .to_owned(),
        stream(
            "/Type /XObject /Subtype /Form /BBox [0 0 12 12] /Resources << /Font << /F1 13 0 R >> >>",
            "BT /F1 9 Tf 2 2 Td (ON) Tj ET",
        ),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        "<< /Type /Annot /Subtype /Widget /Rect [72 440 272 460] /FT /Tx /T (left) /AP << /N 16 0 R >> >>".to_owned(),
        stream("/Type /XObject /Subtype /Form /BBox [0 0 12 12]", "0 0 12 12 re S"),
        stream(
            "/Type /XObject /Subtype /Form /BBox [0 0 200 20] /Resources << /Font << /F1 13 0 R >> >>",
            "BT /F1 9 Tf 2 6 Td (As it was) Tj ET",
        ),
    ];
    let (mut file, mut table) = ("%PDF-1.7\n".to_owned(), "0000000000 65535 f \n".to_owned());
    for (number, object) in (1..).zip(&objects) {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let (start, size) = (file.len(), objects.len() + 1);
    file += &format!("xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    canonicalise(file.as_bytes(), &Limits::default()).unwrap().bytes
}

fn stream(entries: &str, data: &str) -> String {
    format!("<< {entries} /Length {} >>\nstream\n{data}\nendstream", data.len())
}

fn text(text: &str) -> FieldAnswer {
    FieldAnswer::Text(text.to_owned())
}

fn answers() -> FieldAnswers {
    let answers = [
        ("child", text("Γιώργος Nguyễn-Peña Лев")),
        ("notes", text("Allergic to nuts.\nNo other illness, and nothing that the clinic should know about.")),
        ("agree", FieldAnswer::Ticked(true)),
        ("state", text("nj")),
        ("side", text("right")),
    ];
    answers.map(|(name, answer)| (name.to_owned(), answer)).into()
}

/// What a program that others wrote says about a file. Where it is not installed nobody says anything, unless
/// `HEARTH_VALIDATORS` says that it is.
fn said(program: &str, arguments: &[&str], file: &[u8]) -> Option<String> {
    let mut path = tempfile::NamedTempFile::new().unwrap();
    path.write_all(file).unwrap();
    let name = path.path().to_str().unwrap();
    let arguments = arguments.iter().map(|argument| if *argument == "FILE" { name } else { argument });
    let output = match Command::new(program).args(arguments).stderr(Stdio::inherit()).output() {
        Ok(output) => output,
        Err(error) if std::env::var_os("HEARTH_VALIDATORS").is_some() => panic!("{program}: {error}"),
        Err(_) => return None,
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{program}: {text}");
    Some(text)
}

/// The text that people see.
fn seen(file: &[u8]) -> Option<String> {
    said("pdftotext", &["-layout", "FILE", "-"], file)
}

#[test]
fn answers_are_on_the_page_and_the_form_is_an_exact_prefix() {
    let form = form();
    let filled = fill_in(&form, &answers()).unwrap();
    assert!(filled.starts_with(&form));
    if let Some(read) = seen(&filled) {
        let words =
            ["Consent", "Γιώργος Nguyễn-Peña Лев", "Allergic to nuts.", "No other illness", "New Jersey", "As it was"];
        for word in words {
            assert!(read.contains(word), "{word} is missing in:\n{read}");
        }
        // Two buttons are on: the box, and one of the group.
        assert_eq!(read.matches("ON").count(), 2, "{read}");
    }
    if let Some(checked) = said("qpdf", &["--check", "FILE"], &filled) {
        assert!(checked.contains("No syntax or stream encoding errors found"), "{checked}");
    }
}

#[test]
fn nothing_is_left_to_fill_in() {
    let filled = fill_in(&form(), &answers()).unwrap();
    let again = canonicalise(&filled, &Limits::default()).unwrap();
    assert_eq!((again.pages, again.fields), (1, vec![]));
    let document = lopdf::Document::load_mem(&filled).unwrap();
    assert!(!document.catalog().unwrap().has(b"AcroForm"));
    let page = document.page_iter().next().unwrap();
    assert!(!document.get_dictionary(page).unwrap().has(b"Annots"));
}

#[test]
fn the_same_answers_give_the_same_file_and_none_leave_the_form_as_it_looks() {
    let form = form();
    assert_eq!(fill_in(&form, &answers()).unwrap(), fill_in(&form, &answers()).unwrap());
    let empty = fill_in(&form, &FieldAnswers::new()).unwrap();
    if let Some(read) = seen(&empty) {
        assert!(read.contains("As it was") && !read.contains("ON"), "{read}");
    }
}

#[test]
fn a_file_without_fields_stays_as_it_is() {
    let once = canonicalise(&fill_in(&form(), &answers()).unwrap(), &Limits::default()).unwrap().bytes;
    assert_eq!(fill_in(&once, &answers()).unwrap(), once);
}
