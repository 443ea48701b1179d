//! An invitation in an agency's name brings the person onto its roster.

use hearth::domain::agency::Agency;
use hearth::domain::event::{Capacity, EventKind, NewEvent, Subject, Trail};
use hearth::domain::grant::Grant;
use hearth::domain::id::{AgencyId, LoginId};
use hearth::domain::invitation::{Invitation, InvitationError};
use hearth::domain::login::Login;
use hearth::gate::missing;
use hearth::http::{Problem, Stop};
use hearth::store::{Found, Key, Reading, Transaction};

use crate::Context;

/// The agency in whose name an invitation was sent.
fn offered(invitation: &Invitation) -> Option<AgencyId> {
    invitation.offers.iter().find_map(|offer| offer.terms.agency)
}

/// Adds what joining a roster rests on.
pub(crate) fn read<'a>(reading: Reading<'a>, invitation: &Invitation, person: Option<&Login>) -> Reading<'a> {
    let Some(agency) = offered(invitation) else { return reading };
    let reading = reading.also(Key::agency(agency));
    match person {
        Some(person) => reading.trail(Subject::Login(person.id)),
        None => reading,
    }
}

/// What the person has already, when that matters: somebody who left the roster comes back by staff's hand only, because with
/// the roster all former children would come back as well.
pub(crate) async fn held(
    context: &Context,
    invitation: &Invitation,
    person: Option<&Login>,
) -> Result<Vec<Grant>, Stop> {
    match person {
        Some(person) if offered(invitation).is_some() && person.agency.is_none() => {
            context.gate.store.list(&Key::login(person.id), "GRANT#").await
        }
        _ => Ok(Vec::new()),
    }
}

/// The agency whose roster the person comes onto; none when none is offered, or the person is on it.
pub(crate) fn joined(
    records: &Found,
    invitation: &Invitation,
    person: Option<&Login>,
    held: &[Grant],
) -> Result<Option<Agency>, Stop> {
    let Some(id) = offered(invitation) else { return Ok(None) };
    let agency: Agency = records.get(&Key::agency(id))?.ok_or(missing("an invitation of an unknown agency"))?;
    if agency.outlived(invitation, person.map(|person| person.id)) {
        return Err(Problem::from(InvitationError::Gone).into());
    }
    match person.and_then(|person| person.agency) {
        Some(roster) if roster == id => Ok(None),
        Some(_) => {
            Err(Problem::conflict("you work for another agency here; ask the clinic to change that first").into())
        }
        None if held.iter().any(|grant| grant.terms.agency == Some(id) && grant.is_ahead(records.now)) => {
            Err(Problem::conflict("ask the clinic to put you back on your agency's list of workers first").into())
        }
        None => Ok(Some(agency)),
    }
}

/// Puts the person on the roster, whose login the caller writes.
pub(crate) fn join(change: Transaction, agency: &Agency, login: LoginId, trail: &mut Trail) -> Transaction {
    let joined = NewEvent {
        kind: EventKind::RosterJoined,
        actor: Some(login),
        capacity: Capacity::Family,
        object: Some(agency.id.to_string()),
        reason: None,
    };
    change.pin(agency).point(Key::worker(agency.id, login)).record(trail, joined)
}
