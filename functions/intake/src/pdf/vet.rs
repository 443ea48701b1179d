//! Loading under budgets.
//!
//! `lopdf` loads eagerly: it copies every stream and expands every object
//! stream, and what to load is decided by a table that the uploader wrote. The
//! budgets hang on its object filter, which sees every object before the
//! next one is read.

use hearth::domain::document::RefusalCode;

use super::{Limits, lexer, raw};
use lopdf::{Document, LoadOptions, Object, ObjectId, Stream, dictionary};
use std::cell::Cell;

/// What a load may still use. Copied in and out of the thread's cell because
/// the filter is a plain function.
#[derive(Clone, Copy)]
struct Budget {
    /// Bytes of streams and strings; honest objects do not overlap in a file,
    /// so all of them together are never longer than the file.
    bytes: usize,
    /// Values, see [`Limits::values`].
    values: u64,
    /// Objects.
    objects: usize,
    /// Bytes one object stream may decompress to.
    loading: usize,
    /// Whether this is the first, measuring load, which keeps nothing.
    measuring: bool,
    /// Set when a bound was reached.
    refusal: Option<RefusalCode>,
}

thread_local! {
    static BUDGET: Cell<Option<Budget>> = const { Cell::new(None) };
}

/// The first load: expands nothing, keeps nothing, and measures what every
/// object stream would create.
pub(super) fn measure(raw: &[u8], limits: &Limits) -> Result<(), RefusalCode> {
    let copy = raw::without_object_streams(raw)?;
    load_with(&copy, limits, true).map(|_| ())
}

/// The real load. Only after [`measure`].
pub(super) fn load(raw: &[u8], limits: &Limits) -> Result<Document, RefusalCode> {
    let document = load_with(raw, limits, false)?;
    if document.is_encrypted() || document.was_encrypted() {
        return Err(RefusalCode::Encrypted);
    }
    if document.objects.len() > limits.objects {
        return Err(RefusalCode::TooComplex);
    }
    Ok(document)
}

fn load_with(bytes: &[u8], limits: &Limits, measuring: bool) -> Result<Document, RefusalCode> {
    BUDGET.set(Some(Budget {
        bytes: bytes.len(),
        values: limits.values,
        objects: limits.objects.saturating_mul(2),
        loading: limits.loading,
        measuring,
        refusal: None,
    }));
    let options = LoadOptions {
        filter: Some(watch),
        // Not strict: many ordinary files have a bare line end in the table or
        // a stray object that nothing uses. `rewrite` refuses when anything a
        // page needs did not load, which is what strictness is wanted for.
        strict: false,
        max_decompressed_size: Some(limits.loading),
        ..LoadOptions::default()
    };
    let result = Document::load_mem_with_options(bytes, options);
    let refusal = BUDGET.take().and_then(|budget| budget.refusal);
    if let Some(refusal) = refusal {
        return Err(refusal);
    }
    let document = result.map_err(|error| match error {
        lopdf::Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded { .. }) => RefusalCode::TooComplex,
        lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_) => RefusalCode::Encrypted,
        _ => RefusalCode::Damaged,
    })?;
    if document.xref_recovery.is_some() {
        return Err(RefusalCode::Damaged);
    }
    if document.reference_table.entries.len() > limits.objects {
        return Err(RefusalCode::TooComplex);
    }
    Ok(document)
}

/// The object filter: charges the object to the budget of this thread.
fn watch(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    let mut budget = BUDGET.get()?;
    if budget.refusal.is_none() {
        budget.refusal = charge(&mut budget, object).err();
        BUDGET.set(Some(budget));
    }
    if budget.refusal.is_some() {
        // A filter cannot end the load, but an object stream beyond its limit
        // does, so that is what the object becomes.
        let content = vec![0; budget.loading.saturating_add(1)];
        *object = Object::Stream(Stream::new(dictionary! { "Type" => "ObjStm" }, content));
        return Some((id, Object::Null));
    }
    // The loader reads such a stream's bytes after the filter, so they would
    // not be counted. Its length is unreadable: whoever needs it is refused.
    let unread = matches!(object, Object::Stream(stream)
        if stream.start_position.is_some() && stream.content.is_empty());
    if budget.measuring || unread {
        return None;
    }
    // The loader goes on with the object it lent; what is returned here counts
    // only for the members of object streams, which have been charged already.
    Some((id, if matches!(object, Object::Stream(_)) { Object::Null } else { object.clone() }))
}

fn charge(budget: &mut Budget, object: &Object) -> Result<(), RefusalCode> {
    budget.objects = budget.objects.checked_sub(1).ok_or(RefusalCode::TooComplex)?;
    charge_values(budget, object)?;
    if let Object::Stream(stream) = object
        && budget.measuring
    {
        charge_members(budget, stream)?;
    }
    Ok(())
}

fn charge_values(budget: &mut Budget, object: &Object) -> Result<(), RefusalCode> {
    budget.values = budget.values.checked_sub(1).ok_or(RefusalCode::TooComplex)?;
    let dictionary = match object {
        // In the real load a string may come from an object stream, which the
        // measuring load has charged by its text.
        Object::String(_, _) if !budget.measuring => return Ok(()),
        Object::String(text, _) => return charge_bytes(budget, text.len()),
        Object::Array(items) => return items.iter().try_for_each(|item| charge_values(budget, item)),
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => {
            charge_bytes(budget, stream.content.len())?;
            &stream.dict
        }
        _ => return Ok(()),
    };
    dictionary.iter().try_for_each(|(_, value)| charge_values(budget, value))
}

fn charge_bytes(budget: &mut Budget, bytes: usize) -> Result<(), RefusalCode> {
    budget.bytes = budget.bytes.checked_sub(bytes).ok_or(RefusalCode::TooComplex)?;
    Ok(())
}

/// Charges what expanding `stream` as an object stream would create. Its type
/// does not matter: the table may name any stream as a container.
fn charge_members(budget: &mut Budget, stream: &Stream) -> Result<(), RefusalCode> {
    let Ok(first) = stream.dict.get(raw::REPLACEMENT) else {
        return Ok(());
    };
    if stream.start_position.is_some() {
        // The length of an object stream must be readable by itself.
        return Err(RefusalCode::Damaged);
    }
    let first = first.as_i64().ok().and_then(|first| usize::try_from(first).ok());
    let first = first.ok_or(RefusalCode::Damaged)?;
    let text = stream.get_plain_content_with_limit(budget.loading).map_err(|error| match error {
        lopdf::Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded { .. }) => RefusalCode::TooComplex,
        _ => RefusalCode::Damaged,
    })?;
    let index = text.get(..first).ok_or(RefusalCode::Damaged)?;
    let index = std::str::from_utf8(index).map_err(|_| RefusalCode::Damaged)?;
    let offsets = index
        .split(['\r', '\n'])
        .flat_map(|line| line.split('%').next().unwrap_or_default().split_whitespace())
        .skip(1)
        .step_by(2);
    for offset in offsets {
        let at = offset.parse::<usize>().ok().and_then(|offset| first.checked_add(offset));
        let Some(member) = at.and_then(|at| text.get(at..)) else {
            continue;
        };
        budget.objects = budget.objects.checked_sub(1).ok_or(RefusalCode::TooComplex)?;
        let cost = lexer::value_cost(member, budget.values).ok_or(RefusalCode::TooComplex)?;
        budget.values -= cost;
    }
    Ok(())
}
