//! Staff send an invitation again, or take it back.

use hearth::domain::decide::{Action, Permit};
use hearth::domain::event::EventKind;
use hearth::domain::id::InvitationId;
use hearth::domain::invitation::{Handing, Invitation, InvitationState};
use hearth::gate::event;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Nothing, Problem, Stop};
use hearth::store::{Found, Key};

use crate::Context;
use crate::create::{Sent, letter, sent};
use crate::link::{about, clear_pointers, read_members, record_on_all};

/// Sends an invitation again: a new link, a new 72 hours; the old link opens nothing any more.
#[utoipa::path(post, path = "/invitations/{invitation}/resend", operation_id = "resend_invitation", tag = "invitations", security(("session" = [])),
    params(("invitation" = InvitationId, Path)), request_body = Nothing,
    responses((status = 200, body = Sent), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn resend(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let (found, permit, invitation) = permitted(context, call).await?;
    let link = context.secrets.link(invitation.id, invitation.generation + 1);
    let resent = invitation.resent(link.hash(), found.now).map_err(Problem::from)?;
    let answer = Answer::ok(&sent(context, &resent))?;
    let mut records = read_members(context, call, &invitation).send().await?;
    let change = context.gate.change(&permit, &found);
    let change = match resent.handing {
        Handing::Mail => change.mail(&letter(&resent, found.now)?),
        Handing::Desk => change,
    };
    let change = change.replace(&invitation, resent);
    let event = about(event(&permit, EventKind::InvitationResent), invitation.id, EventKind::InvitationResent);
    let change = record_on_all(change, &mut records, &invitation, &event)?;
    context.gate.commit(change, &found, answer).await
}

/// Takes an invitation back.
#[utoipa::path(post, path = "/invitations/{invitation}/revoke", operation_id = "revoke_invitation", tag = "invitations", security(("session" = [])),
    params(("invitation" = InvitationId, Path)), request_body = Nothing,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn revoke(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let (found, permit, invitation) = permitted(context, call).await?;
    let revoked = invitation.closed(InvitationState::Revoked, found.now).map_err(Problem::from)?;
    let mut records = read_members(context, call, &invitation).send().await?;
    let change = context.gate.change(&permit, &found).replace(&invitation, revoked);
    let change = clear_pointers(change, &invitation);
    let event = about(event(&permit, EventKind::InvitationRevoked), invitation.id, EventKind::InvitationRevoked);
    let change = record_on_all(change, &mut records, &invitation, &event)?;
    context.gate.commit(change, &found, Answer::nothing()).await
}

async fn permitted(context: &Context, call: &Call) -> Result<(Found, Permit, Invitation), Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let Nothing {} = call.json()?;
    let key = Key::invitation(call.parameter::<InvitationId>("invitation")?);
    let mut found = gate.read_for(call, &claims).also(key.clone()).send().await?;
    let permit = gate.permit(Action::Invite, &mut found).await?;
    let invitation = found.get(&key)?.ok_or_else(Problem::not_found)?;
    Ok((found, permit, invitation))
}
