//! `POST /members/{member}/packets/{packet}/void`: staff take a request for signatures back.

use hearth::domain::decide::Action;
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::id::{MemberId, PacketId};
use hearth::domain::text::Note;
use hearth::gate::event;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop, field};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;
use crate::tell::tell;

/// Why staff take a packet back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Voiding {
    /// In staff's words, for staff. It is the recorded decision where one consented and another refused.
    #[serde(default)]
    #[schema(value_type = Option<Note>)]
    reason: Option<String>,
}

/// Takes a packet back, as long as a signature is missing.
#[utoipa::path(
    post,
    path = "/members/{member}/packets/{packet}/void",
    operation_id = "void_packet",
    tag = "signatures",
    params(
        ("member" = MemberId, Path, description = "the member of the token"),
        ("packet" = PacketId, Path, description = "the packet"),
        ("Idempotency-Key" = Option<String>, Header, description = "the same answer for the same key, for 24 hours"),
    ),
    request_body = Voiding,
    responses(
        (status = 204, description = "taken back, and closed"),
        (status = 400, description = "the body has the wrong form", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "sign in again", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "not there, or not for you", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "complete or closed already", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "the reason does not fit", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "unknown whether it was done", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("member" = []))
)]
pub(crate) async fn void(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let body: Voiding = call.json()?;
    let reason: Option<Note> = body.reason.as_deref().map(|reason| field("reason", reason)).transpose()?;
    let (mut found, packet) = context.packet(call).await?;
    let permit = gate.permit(Action::VoidPacket, &mut found).await?;

    let packet = packet.ok_or_else(Problem::not_found)?;
    let voided = packet.void(reason)?;
    let done = NewEvent { object: Some(packet.id.to_string()), ..event(&permit, EventKind::PacketVoided) };
    let change = gate.change(&permit, &found).record(found.trail(Subject::Member(packet.member))?, done);
    let change = tell(context, change, (&packet, &voided), &[].into(), &found).await?.replace(&packet, voided);
    gate.commit(change, &found, Answer::nothing()).await
}
