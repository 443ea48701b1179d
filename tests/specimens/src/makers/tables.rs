//! Cross-reference tables, object streams and numbers that lie.

use crate::draft::{Draft, FREE, last_start, replaced, with_true_table};

fn end(file: Vec<u8>, start: &str) -> Vec<u8> {
    let old = format!("startxref\n{}\n", last_start(&file));
    replaced(file, &old, start)
}

pub(crate) fn no_end_mark() -> Vec<u8> {
    replaced(Draft::new().bytes(), "%%EOF\n", "")
}

pub(crate) fn no_table_at_all() -> Vec<u8> {
    let file = Draft::new().bytes();
    let at = last_start(&file);
    [&file[..at], b"trailer\n<< /Size 6 /Root 1 0 R >>\n%%EOF\n"].concat()
}

pub(crate) fn the_start_is_zero() -> Vec<u8> {
    end(Draft::new().bytes(), "startxref\n0\n")
}

pub(crate) fn the_start_is_beyond_the_file() -> Vec<u8> {
    end(Draft::new().bytes(), "startxref\n99999999999999999999\n")
}

pub(crate) fn the_start_is_below_zero() -> Vec<u8> {
    end(Draft::new().bytes(), "startxref\n-9\n")
}

pub(crate) fn cut_off() -> Vec<u8> {
    let mut file = Draft::new().bytes();
    file.truncate(file.len() / 2);
    file
}

pub(crate) fn a_mebibyte_of_nothing_behind() -> Vec<u8> {
    let mut file = Draft::new().bytes();
    file.resize(file.len() + (1 << 20), 0);
    file
}

fn trailer(entries: &str) -> Vec<u8> {
    Draft::new().trailer(&format!("/Root 1 0 R {entries}")).bytes()
}

pub(crate) fn the_previous_table_is_this_one() -> Vec<u8> {
    let at = last_start(&trailer("/Prev 0000"));
    trailer(&format!("/Prev {at:04}"))
}

pub(crate) fn two_tables_in_a_circle() -> Vec<u8> {
    let first = trailer("/Prev 0000000");
    let file = Draft::empty().object(FREE, "1").update(first, "");
    let last = last_start(&file);
    replaced(file, "/Prev 0000000", &format!("/Prev {last:07}"))
}

pub(crate) fn the_previous_table_is_text() -> Vec<u8> {
    trailer("/Prev 12")
}

pub(crate) fn a_table_of_a_hundred_million_rows() -> Vec<u8> {
    replaced(Draft::new().bytes(), "xref\n0 1\n", "xref\n0 100000000\n")
}

pub(crate) fn rows_from_four_billion() -> Vec<u8> {
    replaced(Draft::new().bytes(), "5 1\n", "4294967295 1\n")
}

pub(crate) fn rows_below_zero() -> Vec<u8> {
    replaced(Draft::new().bytes(), "5 1\n", "-5 1\n")
}

pub(crate) fn a_size_of_a_trillion() -> Vec<u8> {
    replaced(Draft::new().bytes(), "/Size 6", "/Size 1000000000000")
}

pub(crate) fn a_size_of_none() -> Vec<u8> {
    replaced(Draft::new().bytes(), "/Size 6", "/Size 0")
}

pub(crate) fn an_object_with_the_largest_number() -> Vec<u8> {
    Draft::new().page("/Annots 4294967294 0 R").object(4_294_967_294, "[]").bytes()
}

pub(crate) fn an_object_with_an_impossible_number() -> Vec<u8> {
    Draft::new().page("/Annots 99999999999999999999 0 R").bytes()
}

/// The table says that object 4 is where object 5 is.
pub(crate) fn a_row_that_points_to_another_object() -> Vec<u8> {
    let file = Draft::new().bytes();
    let text = String::from_utf8_lossy(&file).into_owned();
    let at = |number: u32| format!("{:010}", text.find(&format!("\n{number} 0 obj")).map_or(0, |at| at + 1));
    replaced(file, &at(4), &at(5))
}

pub(crate) fn a_row_that_points_into_a_stream() -> Vec<u8> {
    let page = "6 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] >> endobj";
    let file = Draft::new().stream(FREE + 1, "", page.as_bytes()).bytes();
    let text = String::from_utf8_lossy(&file).into_owned();
    let at = |word: &str| format!("{:010}", text.find(word).unwrap_or(0));
    replaced(file, &at("3 0 obj"), &at("6 0 obj"))
}

pub(crate) fn rows_of_nineteen_bytes() -> Vec<u8> {
    let text = String::from_utf8_lossy(&Draft::new().bytes()).into_owned();
    text.replace(" n \n", " n\n").replace(" f \n", " f\n").into_bytes()
}

pub(crate) fn one_section_of_rows() -> Vec<u8> {
    let text = String::from_utf8_lossy(&Draft::new().bytes()).into_owned();
    let text = (1..FREE).fold(text, |text, number| text.replacen(&format!("\n{number} 1\n"), "\n", 1));
    text.replace("xref\n0 1\n", "xref\n0 6\n").into_bytes()
}

pub(crate) fn carriage_returns() -> Vec<u8> {
    String::from_utf8_lossy(&one_section_of_rows()).replace('\n', "\r").into_bytes()
}

pub(crate) fn comments_everywhere() -> Vec<u8> {
    Draft::new().page("% a comment >> endobj\n").catalog("%%EOF\n% trailer\n").bytes()
}

pub(crate) fn names_with_escapes() -> Vec<u8> {
    with_true_table(&replaced(Draft::new().bytes(), "/Type /Pages /Kids", "/T#79pe /P#61ges /K#69ds"))
}

pub(crate) fn more_members_than_there_are() -> Vec<u8> {
    Draft::new().modern(|modern| modern.count = 1_000_000)
}

pub(crate) fn members_below_zero() -> Vec<u8> {
    Draft::new().modern(|modern| modern.count = -1)
}

pub(crate) fn members_that_overlap() -> Vec<u8> {
    Draft::new().modern(|modern| modern.index.iter_mut().for_each(|(_, at)| *at = 0))
}

pub(crate) fn members_beyond_the_stream() -> Vec<u8> {
    Draft::new().modern(|modern| modern.index.iter_mut().for_each(|(_, at)| *at += 1_000_000))
}

/// The table and the object stream's own index name different places for the page and for its twin.
pub(crate) fn table_and_stream_disagree() -> Vec<u8> {
    Draft::new().object(FREE, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R >>").modern(
        |modern| {
            let page = modern.index.iter().position(|(number, _)| *number == 3);
            let twin = modern.index.iter().position(|(number, _)| *number == FREE);
            let (Some(page), Some(twin)) = (page, twin) else { return };
            let at = modern.index[page].1;
            modern.index[page].1 = modern.index[twin].1;
            modern.index[twin].1 = at;
            if let Some(row) = modern.rows.get_mut(3) {
                row.2 = twin as u32;
            }
        },
    )
}

pub(crate) fn an_object_stream_in_itself() -> Vec<u8> {
    Draft::new().modern(|modern| {
        let container = modern.rows.len();
        modern.index.push((container as u32, 0));
        modern.count += 1;
        if let Some(row) = modern.rows.get_mut(3) {
            *row = (2, 3, 0);
        }
    })
}

pub(crate) fn an_object_stream_that_extends_itself() -> Vec<u8> {
    Draft::new().modern(|modern| modern.entries = "/Extends 6 0 R".to_owned())
}

pub(crate) fn a_table_with_columns_of_a_gigabyte() -> Vec<u8> {
    let file = Draft::new().modern(|_| {});
    replaced(file, "/W [1 4 2]", "/W [1 999999999 2]")
}

pub(crate) fn a_table_with_columns_below_zero() -> Vec<u8> {
    replaced(Draft::new().modern(|_| {}), "/W [1 4 2]", "/W [1 -4 2]")
}

pub(crate) fn a_table_of_rows_without_width() -> Vec<u8> {
    replaced(Draft::new().modern(|_| {}), "/W [1 4 2]", "/W [0 0 0]")
}

pub(crate) fn a_table_that_indexes_a_trillion() -> Vec<u8> {
    Draft::new().modern(|modern| modern.table_entries = "/Index [0 1000000000000]".to_owned())
}

/// A hybrid file: what its table calls free, a stream beside it knows.
fn hybrid(table: &str, circle: bool) -> Vec<u8> {
    let mut file = Draft::new().modern(|_| {});
    let start = file.len();
    let stream = if circle { start } else { last_start(&file) };
    let text = format!("{table}trailer\n<< /Size 8 /Root 1 0 R /XRefStm {stream} >>\nstartxref\n{start}\n%%EOF\n");
    file.extend(text.into_bytes());
    file
}

pub(crate) fn hybrid_with_rows() -> Vec<u8> {
    hybrid("xref\n0 1\n0000000000 65535 f \n4 1\n0000000009 00000 n \n", false)
}

/// As a widespread word processor writes: the table of the last section is empty, so nothing can contradict the stream.
pub(crate) fn hybrid_with_an_empty_table() -> Vec<u8> {
    hybrid("xref\n0 0\n", false)
}

pub(crate) fn hybrid_in_a_circle() -> Vec<u8> {
    hybrid("xref\n0 0\n", true)
}

pub(crate) fn members_beyond_numbers() -> Vec<u8> {
    Draft::new().modern(|modern| modern.index.iter_mut().for_each(|(_, at)| *at = usize::MAX - 3))
}
