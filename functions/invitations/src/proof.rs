//! The code that proves the invited mailbox.

use hearth::domain::invitation::{Invitation, InvitationError};
use hearth::http::{Call, Problem, Stop};
use hearth::store::{Found, Key};

use crate::Context;
use crate::look::reads_invited_mailbox;

/// Proof of the invited mailbox: proved before, or a code that was mailed there. Each guess is counted before it is compared,
/// and five kill the link, however many come at once.
pub(crate) async fn prove_mailbox(
    context: &Context,
    call: &Call,
    found: &Found,
    invitation: &Invitation,
    code: Option<&str>,
) -> Result<(), Stop> {
    if reads_invited_mailbox(found, invitation) {
        return Ok(());
    }
    let code = code.ok_or_else(|| Problem::cannot("code", "ask for a code and type it here"))?;
    invitation.awaits_code(found.now).map_err(Problem::from)?;
    let guesses = Key::guesses(&invitation.token_hash);
    let guess = context.gate.store.count_guess(call, &guesses, Invitation::MOST_TRIES, invitation.expires_at);
    let guess = guess.await?.ok_or_else(|| Problem::from(InvitationError::Gone))?;
    let expected = context.secrets.invitation_code(invitation.id, invitation.generation, invitation.codes_sent);
    if expected.matches(code, guess) {
        return Ok(());
    }
    Err(Problem::cannot("code", "that code did not match; look at the newest mail and try again").into())
}
