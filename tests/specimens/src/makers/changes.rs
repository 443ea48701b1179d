//! Incremental updates: what a file was before, and after.

use crate::draft::{CONTENT, Draft, FREE, PAGES};

pub(crate) fn changed_once() -> Vec<u8> {
    Draft::empty().stream(CONTENT, "", b"BT /F1 18 Tf 72 720 Td (Changed) Tj ET").update(Draft::new().bytes(), "")
}

pub(crate) fn changed_a_hundred_times() -> Vec<u8> {
    (0..100).fold(Draft::new().bytes(), |file, _| Draft::empty().object(FREE, "1").update(file, ""))
}

pub(crate) fn a_page_that_came_later() -> Vec<u8> {
    Draft::empty()
        .object(PAGES, "<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 >>")
        .object(FREE, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>")
        .update(Draft::new().bytes(), "")
}

/// The second page is only in the revision that the last table forgets.
pub(crate) fn a_revision_that_is_not_linked() -> Vec<u8> {
    let file = a_page_that_came_later();
    let more = Draft::new().bytes();
    let shift = file.len();
    // The same file once more behind the first, with a table that counts from its own beginning.
    let more = String::from_utf8_lossy(&more).replace("startxref\n", &format!("startxref\n{shift}"));
    [file, more.into_bytes()].concat()
}

/// Two files, one behind the other, of one page and of two: a reader that counts from the front sees another file than one
/// that counts from the last header.
pub(crate) fn two_files_in_one() -> Vec<u8> {
    [a_page_that_came_later(), Draft::new().bytes()].concat()
}

/// A second catalog that nothing points to, with a page tree of its own.
pub(crate) fn a_second_catalog() -> Vec<u8> {
    Draft::new()
        .object(FREE, "<< /Type /Catalog /Pages 7 0 R >>")
        .object(FREE + 1, "<< /Type /Pages /Kids [8 0 R 9 0 R] /Count 2 >>")
        .object(FREE + 2, "<< /Type /Page /Parent 7 0 R /MediaBox [0 0 9 9] >>")
        .object(FREE + 3, "<< /Type /Page /Parent 7 0 R /MediaBox [0 0 9 9] >>")
        .bytes()
}

/// What a later change could bring to light is not kept.
pub(crate) fn contents_that_wait_for_their_turn() -> Vec<u8> {
    Draft::new()
        .stream(FREE, "", b"BT /F1 18 Tf 72 720 Td (I owe everything) Tj ET")
        .page("/PieceInfo << /Later 6 0 R >>")
        .bytes()
}

/// Text in a layer that is off on the screen and on when printed.
pub(crate) fn a_layer_for_the_printer() -> Vec<u8> {
    Draft::new()
        .catalog(
            "/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] \
             /AS [<< /Event /Print /Category [/Print] /OCGs [6 0 R] >>] >> >>",
        )
        .object(FREE, "<< /Type /OCG /Name (x) /Usage << /Print << /PrintState /ON >> >> >>")
        .bytes()
}

/// A file laid out for the web: the table of its first page comes first.
pub(crate) fn laid_out_for_the_web() -> Vec<u8> {
    let first = Draft::new().object(FREE, "<< /Linearized 1 /L 9999 /H [0 0] /O 3 /E 500 /N 1 /T 600 >>").bytes();
    Draft::empty().object(FREE + 1, "1").update(first, "")
}
