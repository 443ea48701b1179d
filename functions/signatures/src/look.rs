//! `GET /members/{member}/packets/{packet}`: one packet.

use hearth::domain::decide::Action;
use hearth::domain::id::{MemberId, PacketId};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};

use crate::view::PacketView;
use crate::{Context, as_read, holds_slot};

/// Shows one packet.
#[utoipa::path(
    get,
    path = "/members/{member}/packets/{packet}",
    operation_id = "look_at_packet",
    tag = "signatures",
    params(
        ("member" = MemberId, Path, description = "the member of the token"),
        ("packet" = PacketId, Path, description = "the packet"),
    ),
    responses(
        (status = 200, description = "the packet, as far as the reader may know", body = PacketView),
        (status = 401, description = "sign in again", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "not there, or not for you", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "try again", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("member" = []))
)]
pub(crate) async fn look(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let (mut found, packet) = context.packet(call).await?;
    let packet = as_read(&found, packet.as_ref());
    let action = Action::ReadPacket { holds_slot: holds_slot(&found, packet.as_ref()) };
    let permit = context.gate.permit(action, &mut found).await?;

    let packet = packet.ok_or_else(Problem::not_found)?;
    Answer::ok(&PacketView::of(&packet, permit.login(), permit.capacity(), found.now))
}
