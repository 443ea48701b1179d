//! `POST /members/{member}/packets/{packet}/open`: a link to the paper of a packet, for one minute.

use hearth::domain::decide::Action;
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::id::{MemberId, PacketId};
use hearth::domain::packet::{Packet, PacketState};
use hearth::files::{FileKey, LINK_LIFE};
use hearth::gate::event;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Nothing, Problem, Stop};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Context, holds_slot};

/// Which file of a packet a link opens.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum File {
    /// The paper as everybody is shown it.
    Canonical,
    /// The same, with the signatures behind it.
    Sealed,
}

/// A link to the paper of a packet.
#[derive(Serialize, ToSchema)]
pub(crate) struct PaperLink {
    /// Address of the file, as a download.
    url: String,
    /// Seconds for which the address works.
    expires_in: i64,
    file: File,
}

/// Opens the paper of a packet: the sealed file once there is one, before that the paper to sign.
#[utoipa::path(
    post,
    path = "/members/{member}/packets/{packet}/open",
    operation_id = "open_packet",
    tag = "signatures",
    params(
        ("member" = MemberId, Path, description = "the member of the token"),
        ("packet" = PacketId, Path, description = "the packet"),
        ("Idempotency-Key" = Option<String>, Header, description = "the same answer for the same key, for 24 hours"),
    ),
    request_body = Nothing,
    responses(
        (status = 200, description = "a link that works for one minute", body = PaperLink),
        (status = 400, description = "the body has the wrong form", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "sign in again", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "not there, or not for you", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "the idempotency key came with another request", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "unknown whether it was done", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("member" = []))
)]
pub(crate) async fn open(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let Nothing {} = call.json()?;
    let (mut found, packet) = context.packet(call).await?;
    let action = Action::OpenPacket { holds_slot: holds_slot(&found, packet.as_ref()) };
    let permit = context.gate.permit(action, &mut found).await?;

    let packet = packet.ok_or_else(Problem::not_found)?;
    let (key, file) = newest_file(&packet);
    let link = context.files.download_link(&key).await?;
    let answer = Answer::ok(&PaperLink { url: link.url, expires_in: LINK_LIFE.as_secs(), file })?;

    // The event stands before anybody gets the link: what was opened is on record, always. Files are never changed, so the
    // packet need not be pinned.
    let opened = NewEvent { object: Some(packet.id.to_string()), ..event(&permit, EventKind::PacketOpened) };
    let change = context.gate.change(&permit, &found).record(found.trail(Subject::Member(packet.member))?, opened);
    context.gate.commit(change, &found, answer).await
}

fn newest_file(packet: &Packet) -> (FileKey, File) {
    match &packet.state {
        PacketState::Sealed { sealed } => (FileKey::sealed(packet.member, packet.id, sealed.attempt), File::Sealed),
        _ => (FileKey::canonical(packet.member, packet.document, &packet.canonical.sha256), File::Canonical),
    }
}
