//! What a link offers. Looking changes nothing: mail scanners look too.

use hearth::domain::invitation::Invitation;
use hearth::domain::text::Title;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Stop};
use hearth::store::{Found, Key};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;
use crate::link::{Presented, opened, read_token};

/// What a link offers, without a name: whoever holds it has proved nothing yet.
#[derive(Serialize, ToSchema)]
pub(crate) struct Seen {
    /// Name of the clinic.
    clinic: Title,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// Members in the invitation.
    members: usize,
    /// Whether accepting needs a code from the invited mailbox.
    needs_code: bool,
}

/// Looks at an invitation.
#[utoipa::path(post, path = "/invitations/look", operation_id = "look_at_invitation", tag = "invitations", security((), ("session" = [])),
    request_body = Presented,
    responses((status = 200, body = Seen), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn look(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let (found, invitation) = find(context, call, &call.json::<Presented>()?.token).await?;
    Answer::ok(&Seen {
        clinic: context.clinic.clone(),
        expires_at: invitation.expires_at,
        members: invitation.offers.len(),
        needs_code: !reads_invited_mailbox(&found, &invitation),
    })
}

/// Reads the invitation of a token, and the caller when somebody is signed in.
pub(crate) async fn find(context: &Context, call: &Call, token: &str) -> Result<(Found, Invitation), Stop> {
    let gate = &context.gate;
    let claims = gate.session_if_any(call)?;
    let token = read_token(token)?;
    let reading = match &claims {
        Some(claims) => gate.read_for(call, claims),
        None => gate.read(call),
    };
    let found = reading.also(Key::invitation(token.invitation)).also(Key::guesses(token.hash())).send().await?;
    let invitation = opened(call, &found, &token)?;
    Ok((found, invitation))
}

/// Whether the caller proved the invited mailbox before.
pub(crate) fn reads_invited_mailbox(found: &Found, invitation: &Invitation) -> bool {
    found.login.as_ref().is_some_and(|login| login.mailboxes.contains(&invitation.mailbox))
}
