//! `GET /members/{member}/packets`: the packets that concern the reader, newest first.

use futures_util::future::join;
use hearth::domain::decide::Action;
use hearth::domain::id::MemberId;
use hearth::domain::packet::Packet;
use hearth::gate::missing;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Stop};
use hearth::store::Key;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;
use crate::view::PacketView;

/// The packets of a member.
#[derive(Serialize, ToSchema)]
pub(crate) struct Packets {
    /// Newest first: for a family those that ask the reader, for staff all.
    packets: Vec<PacketView>,
}

/// Lists packets.
#[utoipa::path(
    get,
    path = "/members/{member}/packets",
    operation_id = "list_packets",
    tag = "signatures",
    params(("member" = MemberId, Path, description = "the member of the token")),
    responses(
        (status = 200, description = "the packets, newest first", body = Packets),
        (status = 401, description = "sign in again", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "not there, or not for you", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "try again", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("member" = []))
)]
pub(crate) async fn list(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;

    // The list is read beside the facts and thrown away on a no: one round trip instead of two.
    let member_key = Key::member(member);
    let facts = gate.read_for(call, &claims).member(member).send();
    let (found, packets) = join(facts, gate.store.list::<Packet>(&member_key, "PACKET#")).await;
    let mut found = found?;
    let permit = gate.permit(Action::ReadPackets, &mut found).await?;

    let (reader, capacity) = (permit.login(), permit.capacity());
    let login = found.login.as_ref().ok_or_else(|| missing("a permit without a login"))?;
    let packets = packets?.iter().map(|packet| packet.as_of(login)).collect();
    let packets = Packet::listed(packets, reader, capacity);
    let packets = packets.iter().map(|packet| PacketView::of(packet, reader, capacity, found.now)).collect();
    Answer::ok(&Packets { packets })
}
