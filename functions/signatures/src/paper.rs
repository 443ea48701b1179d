//! `POST /members/{member}/packets/{packet}/slots/{slot}/paper`: the caller asks to sign on paper.

use hearth::domain::decide::Action;
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::id::{MemberId, PacketId, SlotId};
use hearth::gate::event;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Nothing, Problem, Stop};

use crate::sign::own_slot;
use crate::{Context, holds_slot};

/// Asks for paper: always possible, as long as the slot is not answered (15 U.S.C. 7001(c)(1)(B)(i)). Staff see it on their list.
/// It wants no fresh proof, and the slot can still be signed here.
#[utoipa::path(
    post,
    path = "/members/{member}/packets/{packet}/slots/{slot}/paper",
    operation_id = "ask_for_paper",
    tag = "signatures",
    params(
        ("member" = MemberId, Path, description = "the member of the token"),
        ("packet" = PacketId, Path, description = "the packet"),
        ("slot" = SlotId, Path, description = "the slot that asks the caller"),
        ("Idempotency-Key" = Option<String>, Header, description = "the same answer for the same key, for 24 hours"),
    ),
    request_body = Nothing,
    responses(
        (status = 204, description = "the clinic knows"),
        (status = 400, description = "the body has the wrong form", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "sign in again", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "not there, or not for you", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "answered already, or closed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "the idempotency key came with another request", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "unknown whether it was done", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("member" = []))
)]
pub(crate) async fn paper(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let Nothing {} = call.json()?;
    let (mut found, packet) = context.packet(call).await?;
    let action = Action::ReadPacket { holds_slot: holds_slot(&found, packet.as_ref()) };
    let permit = gate.permit(action, &mut found).await?;

    let (packet, slot) = own_slot(packet, call)?;
    if slot.login != Some(permit.login()) {
        return Err(Problem::not_found().into());
    }
    let asked = packet.paper_asked(slot.id, found.now)?;
    let done = NewEvent { object: Some(packet.id.to_string()), ..event(&permit, EventKind::PaperAsked) };
    let change =
        gate.change(&permit, &found).record(found.trail(Subject::Member(packet.member))?, done).replace(&packet, asked);
    gate.commit(change, &found, Answer::nothing()).await
}
