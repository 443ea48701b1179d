//! `POST /members/{member}/packets/{packet}/open`: a link to the paper of a packet, for one minute.

use hearth::domain::decide::Action;
use hearth::domain::event::{Capacity, EventKind, NewEvent, Subject};
use hearth::domain::id::{LoginId, MemberId, PacketId, SlotId};
use hearth::domain::packet::{Mode, Packet, Piece, Seal};
use hearth::files::{FileKey, LINK_LIFE};
use hearth::gate::event;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Context, as_read, holds_slot};

/// Whose file to open.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Opening {
    /// The slot whose copy it is, for who has several or works for the clinic. Without it: the caller's own, or for staff the file
    /// with all signatures.
    #[serde(default)]
    slot: Option<SlotId>,
}

/// Which file of a packet a link opens.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum File {
    /// The paper as everybody is shown it. Opening it is what a signer does before signing.
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
    request_body = Opening,
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
    let Opening { slot } = call.json()?;
    let (mut found, stored) = context.packet(call).await?;
    let packet = as_read(&found, stored.as_ref());
    let login = found.login.as_ref().map(|login| login.id);
    let kept = packet.as_ref().zip(login).and_then(|(packet, login)| own_file(packet, login, slot));
    let action = match kept {
        Some(_) => Action::OpenOwnCopy,
        None => Action::OpenPacket { holds_slot: holds_slot(&found, packet.as_ref()) },
    };
    let permit = context.gate.permit(action, &mut found).await?;

    let packet = packet.ok_or_else(Problem::not_found)?;
    let sealed = match permit.capacity() {
        Capacity::Staff => clinics_file(&packet, slot)?,
        _ if slot.is_some_and(|slot| packet.slots_of(permit.login()).all(|own| own.id != slot)) => {
            return Err(Problem::not_found().into());
        }
        _ => kept,
    };
    let (key, file) = match sealed {
        Some((piece, attempt)) => (FileKey::sealed(packet.member, packet.id, piece, attempt), File::Sealed),
        None => (FileKey::canonical(packet.member, packet.document, &packet.canonical.sha256), File::Canonical),
    };
    let link = context.files.download_link(&key).await?;
    let answer = Answer::ok(&PaperLink { url: link.url, expires_in: LINK_LIFE.as_secs(), file })?;

    // The event stands before anybody gets the link: what was opened is on record, always. Files are never changed, so the
    // packet need not be pinned.
    let kind = match packet.mode {
        Mode::Separate => EventKind::CopyOpened,
        Mode::Together => EventKind::PacketOpened,
    };
    let opened = NewEvent { object: Some(packet.id.to_string()), ..event(&permit, kind) };
    let mut change = context.gate.change(&permit, &found).record(found.trail(Subject::Member(packet.member))?, opened);
    if sealed.is_none()
        && let Some(stored) = &stored
        && let Some(read) = stored.opened(permit.login(), found.now)
    {
        change = change.replace(stored, read);
    }
    context.gate.commit(change, &found, answer).await
}

/// The sealed file that `login` signed, and the attempt that wrote it.
fn own_file(packet: &Packet, login: LoginId, slot: Option<SlotId>) -> Option<(Piece, u32)> {
    let wanted = packet.slots_of(login).filter(|own| slot.is_none_or(|slot| slot == own.id));
    wanted.filter_map(|own| packet.file_of(own.id)).map(|(piece, file)| (piece, file.attempt)).next()
}

/// The sealed file that staff ask for: that of a slot, or the one with all signatures.
fn clinics_file(packet: &Packet, slot: Option<SlotId>) -> Result<Option<(Piece, u32)>, Stop> {
    if let Some(slot) = slot {
        packet.slot(slot)?;
        return Ok(packet.file_of(slot).map(|(piece, file)| (piece, file.attempt)));
    }
    let whole = packet.seal_of(Piece::Whole);
    Ok(whole.as_ref().and_then(Seal::file).map(|file| (Piece::Whole, file.attempt)))
}
