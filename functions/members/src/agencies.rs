//! Agencies, their rosters, and the passing of children from one worker to another: `/agencies`, for staff.

mod batch;
pub(crate) mod begin;
pub(crate) mod look;
pub(crate) mod register;
pub(crate) mod roster;
mod view;

use hearth::domain::agency::Agency;
use hearth::domain::grant::Grant;
use hearth::domain::id::AgencyId;
use hearth::http::{Call, Problem, Stop};
use hearth::store::{Found, Key};
use jiff::Timestamp;

/// The agency of the path.
fn agency_of(call: &Call, found: &Found) -> Result<Agency, Stop> {
    let agency = call.parameter::<AgencyId>("agency")?;
    found.get(&Key::agency(agency))?.ok_or_else(|| Problem::not_found().into())
}

/// Children whom a worker has for the agency now, or will have without anybody's doing.
fn children(grants: &[Grant], agency: AgencyId, now: Timestamp) -> usize {
    grants.iter().filter(|grant| grant.terms.agency == Some(agency) && grant.is_ahead(now)).count()
}
