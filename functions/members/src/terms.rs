//! What terms name must exist: the paper that shows the ground is one of the member's.

use hearth::domain::document::Document;
use hearth::domain::grant::Terms;
use hearth::domain::id::MemberId;
use hearth::http::Stop;
use hearth::store::{Found, Key, Reading};

/// Reads what the terms name beside the rest.
pub(crate) fn with_papers<'a>(reading: Reading<'a>, member: MemberId, terms: &Terms) -> Reading<'a> {
    terms.evidence.iter().fold(reading, |reading, &paper| reading.also(Key::document(member, paper)))
}

/// Checks terms that staff chose for `member`. A paper that is ready stays so, and is not pinned.
pub(crate) fn check_terms(found: &Found, member: MemberId, terms: &Terms) -> Result<(), Stop> {
    terms.check()?;
    let paper = terms.evidence.map(|paper| found.get::<Document>(&Key::document(member, paper))).transpose()?.flatten();
    Ok(terms.check_evidence(member, paper.as_ref())?)
}
