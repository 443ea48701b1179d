//! Staff send an invitation again, or take it back.

use hearth::domain::decide::{Action, Permit};
use hearth::domain::event::EventKind;
use hearth::domain::grant::Grant;
use hearth::domain::id::InvitationId;
use hearth::domain::invitation::{Handing, Invitation, InvitationState};
use hearth::domain::login::Mailbox;
use hearth::domain::member::Member;
use hearth::gate::event;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Nothing, Problem, Stop};
use hearth::store::{Found, Key, Reading};
use jiff::Timestamp;

use crate::Context;
use crate::create::{Sent, check_block, letter, may_invite, sent};
use crate::link::{about, clear_pointers, read_members, record_on_all};

/// Sends an invitation again: a new link, a new 72 hours; the old link opens nothing any more.
#[utoipa::path(post, path = "/invitations/{invitation}/resend", operation_id = "resend_invitation", tag = "invitations", security(("session" = [])),
    params(("invitation" = InvitationId, Path)), request_body = Nothing,
    responses((status = 200, body = Sent), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn resend(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let Mine { found, mut records, permit, invitation } = permitted(context, call).await?;
    check_blocks(&records, &invitation, found.now)?;
    let link = context.secrets.link(invitation.id, invitation.generation + 1);
    let resent = invitation.resent(link.hash(), found.now).map_err(Problem::from)?;
    let answer = Answer::ok(&sent(context, &resent))?;
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
    let Mine { found, mut records, permit, invitation } = permitted(context, call).await?;
    let revoked = invitation.closed(InvitationState::Revoked, found.now).map_err(Problem::from)?;
    let change = context.gate.change(&permit, &found).replace(&invitation, revoked);
    let change = clear_pointers(change, &invitation);
    let event = about(event(&permit, EventKind::InvitationRevoked), invitation.id, EventKind::InvitationRevoked);
    let change = record_on_all(change, &mut records, &invitation, &event)?;
    context.gate.commit(change, &found, Answer::nothing()).await
}

/// An invitation that a member of staff may handle, and the records that it touches.
struct Mine {
    found: Found,
    records: Found,
    permit: Permit,
    invitation: Invitation,
}

/// Whoever may not invite to one of the records may neither send its invitation again nor take it back.
async fn permitted(context: &Context, call: &Call) -> Result<Mine, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let Nothing {} = call.json()?;
    let key = Key::invitation(call.parameter::<InvitationId>("invitation")?);
    let mut found = gate.read_for(call, &claims).also(key.clone()).send().await?;
    let permit = gate.permit(Action::Invite, &mut found).await?;
    let invitation: Invitation = found.get(&key)?.ok_or_else(Problem::not_found)?;
    let reading = read_members(context, call, &invitation).also(Key::mailbox(&invitation.mailbox));
    let own = invitation.offers.iter().map(|offer| Key::grant(claims.login, offer.member));
    let records = own.fold(reading, Reading::also).send().await?;
    for offer in &invitation.offers {
        let member: Member = records.get(&Key::member(offer.member))?.ok_or_else(Problem::not_found)?;
        let own: Option<Grant> = records.get(&Key::grant(claims.login, offer.member))?;
        may_invite(context, &found, own.as_ref(), &member)?;
    }
    Ok(Mine { found, records, permit, invitation })
}

/// A new link goes nowhere where somebody has been kept out since the first.
fn check_blocks(records: &Found, invitation: &Invitation, now: Timestamp) -> Result<(), Stop> {
    let mailbox: Option<Mailbox> = records.get(&Key::mailbox(&invitation.mailbox))?;
    for offer in &invitation.offers {
        let member: Option<Member> = records.get(&Key::member(offer.member))?;
        if let (Some(mailbox), Some(member)) = (&mailbox, &member) {
            check_block(member, mailbox, now)?;
        }
    }
    Ok(())
}
