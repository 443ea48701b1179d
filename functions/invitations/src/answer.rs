//! Asking for the code that proves the mailbox, and declining.

use hearth::domain::event::{Capacity, EventKind, NewEvent};
use hearth::domain::id::MailId;
use hearth::domain::invitation::InvitationState;
use hearth::domain::mail::{Delivery, Mail, MailKind};
use hearth::gate::commit;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::random;
use hearth::store::Transaction;

use crate::Context;
use crate::link::{Presented, about, clear_pointers, read_members, record_on_all};
use crate::look::find;

/// Mails a code to the invited mailbox, once a minute and five times at most for one link.
#[utoipa::path(post, path = "/invitations/confirm", operation_id = "send_invitation_code", tag = "invitations", request_body = Presented,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn confirm(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let (found, invitation) = find(context, call, &call.json::<Presented>()?.token).await?;
    let asked = invitation.with_code_sent(found.now).map_err(Problem::from)?;
    let mail = Mail {
        id: MailId::from_random(random::bytes()?),
        mailbox: asked.mailbox.clone(),
        language: asked.language,
        kind: MailKind::InvitationCode { invitation: asked.id, generation: asked.generation, number: asked.codes_sent },
        created_at: found.now,
        delivery: Delivery::Pending,
        version: 1,
    };
    // No event: asking for a code touches nobody's record, and the invitation itself counts the codes.
    let change = Transaction::unpermitted(found.now, &found.request).replace(&invitation, asked).mail(&mail);
    commit(&context.gate.store, change, &found, Answer::nothing()).await
}

/// Declines an invitation. Who holds the link may: declining opens nothing.
#[utoipa::path(post, path = "/invitations/decline", operation_id = "decline_invitation", tag = "invitations", request_body = Presented,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn decline(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let (found, invitation) = find(context, call, &call.json::<Presented>()?.token).await?;
    let declined = invitation.closed(InvitationState::Declined, found.now).map_err(Problem::from)?;
    let mut records = read_members(context, call, &invitation).send().await?;
    let event = NewEvent {
        kind: EventKind::InvitationDeclined,
        actor: found.login.as_ref().map(|login| login.id),
        capacity: Capacity::Nobody,
        object: None,
        reason: None,
    };
    let change = Transaction::unpermitted(found.now, &found.request).replace(&invitation, declined);
    let change = clear_pointers(change, &invitation);
    let event = about(event, invitation.id, EventKind::InvitationDeclined);
    let change = record_on_all(change, &mut records, &invitation, &event)?;
    commit(&context.gate.store, change, &found, Answer::nothing()).await
}
