//! What terms name must exist: the paper that shows the ground is one of the member's.

use hearth::domain::document::Document;
use hearth::domain::grant::{Authority, Terms};
use hearth::domain::id::MemberId;
use hearth::domain::login::Login;
use hearth::domain::member::Member;
use hearth::evidence;
use hearth::http::{Problem, Stop};
use hearth::store::{Found, Key, Reading};

use crate::Context;

/// Reads what the terms name beside the rest.
pub(crate) fn with_papers<'a>(reading: Reading<'a>, member: MemberId, terms: &Terms) -> Reading<'a> {
    terms.evidence.iter().fold(reading, |reading, &paper| reading.also(Key::document(member, paper)))
}

/// Checks terms that staff chose for `record`; gives the paper that they rest on.
pub(crate) fn check_terms(
    context: &Context,
    found: &Found,
    record: &Member,
    terms: &Terms,
) -> Result<Option<Document>, Stop> {
    terms.check_for(record, &context.gate.policy, found.now)?;
    let paper = terms.evidence.map(|named| evidence::paper(found, record.id, named)).transpose()?.flatten();
    terms.check_evidence(record.id, paper.as_ref())?;
    Ok(paper)
}

/// Checks that who acts for an agency is on its roster.
pub(crate) fn check_roster(terms: &Terms, holder: &Login) -> Result<(), Stop> {
    if terms.agency.is_none() || terms.agency == holder.agency {
        return Ok(());
    }
    let rule = "this person is not on the roster of that agency; put the person on it first";
    Err(Problem::cannot("login", rule).into())
}

/// Checks the ground of access that somebody has not had on that ground: a teenager's own login comes from the desk alone.
pub(crate) fn check_ground(context: &Context, found: &Found, record: &Member, terms: &Terms) -> Result<(), Stop> {
    let policy = &context.gate.policy;
    if terms.authority == Authority::Oneself
        && policy.may_have_own_login(record.birth_date, found.now)
        && !policy.is_of_age(record.birth_date, found.now)
    {
        let rule = "a teenager's own login is set up at the desk, by an invitation";
        return Err(Problem::cannot("authority", rule).into());
    }
    Ok(())
}
