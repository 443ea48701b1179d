//! Little that becomes much: memory, work, numbers.

use crate::draft::{CONTENT, Draft, FREE, deflated, last_start, zeros};

fn content(entries: &str, data: &[u8]) -> Vec<u8> {
    Draft::new().stream(CONTENT, entries, data).bytes()
}

pub(crate) fn zeros_in_the_content() -> Vec<u8> {
    content("/Filter /FlateDecode", &zeros(300))
}

pub(crate) fn zeros_in_zeros() -> Vec<u8> {
    content("/Filter [/FlateDecode /FlateDecode]", &deflated(&zeros(1_000)))
}

pub(crate) fn zeros_in_many_parts() -> Vec<u8> {
    let part = zeros(40);
    let contents: String = (0..8).map(|part| format!("{} 0 R ", FREE + part)).collect();
    (0..8)
        .fold(Draft::new(), |draft, number| draft.stream(FREE + number, "/Filter /FlateDecode", &part))
        .page(&format!("/Contents [{contents}]"))
        .bytes()
}

pub(crate) fn runs_of_zeros() -> Vec<u8> {
    content("/Filter [/FlateDecode /RunLengthDecode]", &deflated(&[129, 0].repeat(3 << 20)))
}

pub(crate) fn zeros_in_hexadecimal() -> Vec<u8> {
    content("/Filter [/FlateDecode /ASCIIHexDecode /ASCII85Decode]", &deflated(&b"7a".repeat(80 << 20)))
}

pub(crate) fn twenty_filters() -> Vec<u8> {
    let data = (0..20).fold(zeros(1), |data, _| deflated(&data));
    content(&format!("/Filter [{}]", "/FlateDecode ".repeat(21)), &data)
}

pub(crate) fn rows_of_a_gigabyte() -> Vec<u8> {
    let parameters =
        "/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 2000000000 /Colors 32 /BitsPerComponent 16 >>";
    content(parameters, &zeros(1))
}

pub(crate) fn rows_below_zero() -> Vec<u8> {
    content("/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns -5 /Colors -1 >>", &zeros(1))
}

pub(crate) fn zeros_in_an_object_stream() -> Vec<u8> {
    Draft::new().modern(|modern| modern.members.resize(300 << 20, b' '))
}

/// A stream that nothing needs is not decoded at all.
pub(crate) fn zeros_that_nothing_needs() -> Vec<u8> {
    Draft::new().stream(FREE, "/Filter /FlateDecode", &zeros(300)).bytes()
}

fn image(entries: &str, data: &[u8]) -> Vec<u8> {
    Draft::new()
        .stream(CONTENT, "", b"q 612 0 0 792 0 0 cm /I Do Q")
        .page("/Resources << /XObject << /I 6 0 R >> >>")
        .stream(FREE, &format!("/Type /XObject /Subtype /Image {entries}"), data)
        .bytes()
}

pub(crate) fn a_picture_of_a_terapixel() -> Vec<u8> {
    image("/Width 1000000 /Height 1000000 /Filter /JBIG2Decode /BitsPerComponent 1 /ColorSpace /DeviceGray", b"x")
}

pub(crate) fn a_picture_whose_sides_overflow() -> Vec<u8> {
    image("/Width 9223372036854775807 /Height 9223372036854775807 /Filter /DCTDecode", b"x")
}

pub(crate) fn an_image_that_is_none() -> Vec<u8> {
    image("/Width 10 /Height 10 /Filter /DCTDecode /ColorSpace /DeviceRGB /BitsPerComponent 8", b"not a photograph")
}

pub(crate) fn an_unknown_filter() -> Vec<u8> {
    content("/Filter /BrotliDecode", b"x")
}

pub(crate) fn a_filter_that_decrypts() -> Vec<u8> {
    content("/Filter /Crypt /DecodeParms << /Name /Identity >>", b"0 0 m")
}

pub(crate) fn damaged_data() -> Vec<u8> {
    content("/Filter /FlateDecode", b"\x78\x9cthis is no deflated data")
}

pub(crate) fn one_array_under_many_numbers() -> Vec<u8> {
    Draft::new().modern(|modern| {
        let at = modern.members.len();
        modern.members.extend_from_slice(b"[ ");
        modern.members.extend(b"0 ".repeat(40_000));
        modern.members.extend_from_slice(b"]");
        modern.index.extend((100..9_100).map(|number| (number, at)));
        modern.count += 9_000;
    })
}

pub(crate) fn two_million_values() -> Vec<u8> {
    Draft::new().object(FREE, format!("[{}]", "0 ".repeat(2_000_000))).bytes()
}

pub(crate) fn three_hundred_thousand_objects() -> Vec<u8> {
    (0..300_000).fold(Draft::new(), |draft, number| draft.object(FREE + number, "0")).bytes()
}

/// Many beginnings of one thing that never ends, behind a honest page or without one.
fn never_ending(beginning: &str, count: usize, page: bool) -> Vec<u8> {
    let mut file = if page { Draft::new().bytes() } else { b"%PDF-1.7\n".to_vec() };
    file.extend(beginning.repeat(count).into_bytes());
    let start = if page { last_start(&file) } else { 12_345_678 };
    file.extend(format!("\nstartxref\n{start}\n%%EOF\n").into_bytes());
    file
}

/// A reader that searches the file for objects reads the rest of it again for every header.
pub(crate) fn arrays_that_never_end() -> Vec<u8> {
    never_ending("7 0 obj [ ", 400_000, true)
}

pub(crate) fn texts_that_never_end() -> Vec<u8> {
    never_ending("7 0 obj ( ", 400_000, true)
}

pub(crate) fn streams_that_never_end() -> Vec<u8> {
    never_ending("7 0 obj <</Length 9>> stream\n", 400_000, false)
}

pub(crate) fn object_streams_that_never_end() -> Vec<u8> {
    never_ending("7 0 obj<</Type/ObjStm/N 1/First 4>>stream\n", 200_000, true)
}

/// A table whose every row points to an object whose stream claims the rest of the file.
pub(crate) fn streams_that_hold_each_other() -> Vec<u8> {
    let (count, head, tail) = (2_000, 40, 1 << 20);
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = String::new();
    for number in 1..=count {
        table += &format!("{:010} 00000 n \n", file.len());
        let text = format!("{number} 0 obj<</Length {}>>stream\n", (count - number) * head + tail);
        file.extend(format!("{text:>head$}").into_bytes());
    }
    file.resize(file.len() + tail, b'x');
    file.extend_from_slice(b"\nendstream endobj\n");
    let start = file.len();
    let text = format!(
        "xref\n0 {}\n0000000000 65535 f \n{table}trailer\n<< /Size {0} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
        count + 1
    );
    file.extend(text.into_bytes());
    file
}
