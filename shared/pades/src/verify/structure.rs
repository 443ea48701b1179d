//! What the sealed bytes say as a PDF.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use lopdf::{Dictionary, Document, LoadOptions, Object};

use super::Unproven;
use crate::byte_range::ByteRange;
use crate::field::OWNER;
use crate::record::Record;

/// Bytes that one object stream may decompress to.
const LOADING: usize = 32 * 1024 * 1024;
/// Longest record, bytes: a hundred signatures with all their texts stay far below.
const LONGEST: usize = 4 * 1024 * 1024;

/// What is read from the file itself.
pub(super) struct Structure {
    pub(super) record: Record,
    pub(super) sealed_at: Timestamp,
    pub(super) pages: usize,
}

/// Reads a file whose seal covers `range`, and checks that the seal is the one that certifies it.
pub(super) fn read(file: &[u8], range: &ByteRange) -> Result<Structure, Unproven> {
    let options = LoadOptions { max_decompressed_size: Some(LOADING), ..LoadOptions::default() };
    let document = Document::load_mem_with_options(file, options).map_err(|_| Unproven::NotCertified)?;
    if document.xref_recovery.is_some() {
        return Err(Unproven::NotCertified);
    }
    let catalog = document.catalog().map_err(|_| Unproven::NotCertified)?;
    let signature = certification(&document, catalog, range).ok_or(Unproven::NotCertified)?;
    let date = signature.get(b"M").and_then(Object::as_str).ok();
    let sealed_at = date.and_then(time).ok_or(Unproven::NotCertified)?;
    let record = record(&document, catalog).ok_or(Unproven::NoRecord)?;
    Ok(Structure { record, sealed_at, pages: document.page_iter().count() })
}

/// The signature that certifies the file, if it is the one with this range and allows no changes.
fn certification<'a>(document: &'a Document, catalog: &Dictionary, range: &ByteRange) -> Option<&'a Dictionary> {
    let permissions = catalog.get_deref(b"Perms", document).and_then(Object::as_dict).ok()?;
    let id = permissions.get(b"DocMDP").and_then(Object::as_reference).ok()?;
    let signature = document.get_dictionary(id).ok()?;
    let numbers: Vec<i64> = signature
        .get(b"ByteRange")
        .and_then(Object::as_array)
        .ok()?
        .iter()
        .map(|number| number.as_i64().ok())
        .collect::<Option<_>>()?;
    let expected = [0, range.gap.start, range.gap.end, range.end - range.gap.end];
    let same =
        numbers.len() == 4 && numbers.iter().zip(expected).all(|(one, other)| usize::try_from(*one) == Ok(other));
    let name = |dictionary: &Dictionary, key: &[u8], value: &[u8]| {
        dictionary.get(key).and_then(Object::as_name).is_ok_and(|name| name == value)
    };
    let [Object::Dictionary(reference)] = signature.get(b"Reference").and_then(Object::as_array).ok()?.as_slice()
    else {
        return None;
    };
    let parameters = reference.get(b"TransformParams").and_then(Object::as_dict).ok()?;
    let level = parameters.get(b"P").and_then(Object::as_i64).ok()?;
    (same
        && level == 1
        && name(reference, b"TransformMethod", b"DocMDP")
        && name(signature, b"SubFilter", b"ETSI.CAdES.detached"))
    .then_some(signature)
}

fn record(document: &Document, catalog: &Dictionary) -> Option<Record> {
    let programs = catalog.get_deref(b"PieceInfo", document).and_then(Object::as_dict).ok()?;
    let own = programs.get_deref(OWNER.as_bytes(), document).and_then(Object::as_dict).ok()?;
    let stream = own.get_deref(b"Private", document).and_then(Object::as_stream).ok()?;
    Record::read(Some(stream.content.as_slice()).filter(|content| content.len() <= LONGEST)?)
}

/// A date as the seal writes it.
fn time(date: &[u8]) -> Option<Timestamp> {
    let civil = DateTime::strptime("D:%Y%m%d%H%M%SZ", date).ok()?;
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}
