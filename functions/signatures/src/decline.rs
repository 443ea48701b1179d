//! `POST /members/{member}/packets/{packet}/slots/{slot}/decline`: the caller declines to sign. That closes the packet where people
//! sign together and the others are not enough.

use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::id::{MemberId, PacketId, SlotId};
use hearth::domain::text::Note;
use hearth::gate::event;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Stop, field};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;
use crate::sign::{deed, own_slot};
use crate::tell::tell;

/// Why somebody declines.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Declining {
    /// In the signer's words; staff read it, other signers never do.
    #[schema(value_type = Note)]
    reason: String,
}

/// Declines a slot.
#[utoipa::path(
    post,
    path = "/members/{member}/packets/{packet}/slots/{slot}/decline",
    operation_id = "decline_slot",
    tag = "signatures",
    params(
        ("member" = MemberId, Path, description = "the member of the token"),
        ("packet" = PacketId, Path, description = "the packet"),
        ("slot" = SlotId, Path, description = "the slot that asks the caller"),
        ("Idempotency-Key" = Option<String>, Header, description = "the same answer for the same key, for 24 hours"),
    ),
    request_body = Declining,
    responses(
        (status = 204, description = "declined"),
        (status = 400, description = "the body has the wrong form", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "sign in again", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "not there, or not for you", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "answered already, or closed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "the reason does not fit", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "unknown whether it was done", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("member" = []))
)]
pub(crate) async fn decline(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let body: Declining = call.json()?;
    let reason: Note = field("reason", &body.reason)?;

    let (mut found, packet) = context.packet(call).await?;
    let (packet, slot) = own_slot(packet, call)?;
    let permit = gate.permit(deed(&slot)?, &mut found).await?;

    let declined = packet.decline(slot.id, reason, found.now)?.told(found.now);
    // The reason stays in the packet: the chain of events is read by more people than the packet's slots are.
    let done = NewEvent { object: Some(packet.id.to_string()), ..event(&permit, EventKind::PacketDeclined) };
    let change = gate.change(&permit, &found).record(found.trail(Subject::Member(packet.member))?, done);
    let quiet = [permit.login()].into();
    let change = tell(context, change, (&packet, &declined), &quiet, &found).await?.replace(&packet, declined);
    gate.commit(change, &found, Answer::nothing()).await
}
