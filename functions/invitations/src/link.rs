//! From a link's token to its invitation, and from an invitation to the records it touches.

use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::id::InvitationId;
use hearth::domain::invitation::{Invitation, InvitationError};
use hearth::http::{Call, Problem, Stop};
use hearth::secrets::LinkToken;
use hearth::store::guesses::Guesses;
use hearth::store::{Found, Key, Reading, Transaction};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;

/// A link, presented.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Presented {
    /// What stands after `#` in the link of the mail.
    pub(crate) token: String,
}

/// Reads a token. One that cannot be read is answered like one that is used up.
pub(crate) fn read_token(text: &str) -> Result<LinkToken, Stop> {
    text.parse().map_err(|()| Problem::from(InvitationError::Gone).into())
}

/// The invitation that a token opens, when it is open. Unknown, used, old, forged and guessed-out tokens are answered alike.
pub(crate) fn opened(call: &Call, found: &Found, token: &LinkToken) -> Result<Invitation, Stop> {
    let invitation: Option<Invitation> = found.get(&Key::invitation(token.invitation))?;
    let may_guess = Guesses::found(found, &Key::guesses(token.hash())).admit(call, Invitation::MOST_TRIES)?;
    let invitation = invitation
        .filter(|invitation| token.matches(&invitation.token_hash))
        .filter(|_| may_guess)
        .ok_or_else(|| Problem::from(InvitationError::Gone))?;
    invitation.open_at(found.now).map_err(Problem::from)?;
    Ok(invitation)
}

/// Begins the second reading: what an invitation touches is known only after it was read, so answering takes one round trip
/// more than other changes.
pub(crate) fn read_members<'a>(context: &'a Context, call: &'a Call, invitation: &Invitation) -> Reading<'a> {
    let reading = context.gate.read(call);
    invitation
        .offers
        .iter()
        .fold(reading, |reading, offer| reading.also(Key::member(offer.member)).trail(Subject::Member(offer.member)))
}

/// Writes one event on the chain of every member of the invitation.
pub(crate) fn record_on_all(
    mut change: Transaction,
    found: &mut Found,
    invitation: &Invitation,
    event: &NewEvent,
) -> Result<Transaction, Stop> {
    for offer in &invitation.offers {
        change = change.record(found.trail(Subject::Member(offer.member))?, event.clone());
    }
    Ok(change)
}

/// Takes the pointers of a closed invitation away.
pub(crate) fn clear_pointers(change: Transaction, invitation: &Invitation) -> Transaction {
    invitation.offers.iter().fold(change, |change, offer| change.clear(Key::invited(offer.member, invitation.id)))
}

/// The object of an event about an invitation.
pub(crate) fn about(event: NewEvent, invitation: InvitationId, kind: EventKind) -> NewEvent {
    NewEvent { kind, object: Some(invitation.to_string()), ..event }
}
