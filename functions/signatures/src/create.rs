//! `POST /members/{member}/packets`: staff ask for signatures on a document.

use hearth::domain::decide::{Action, may_sign};
use hearth::domain::document::{CanonicalFile, Document};
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::grant::Grant;
use hearth::domain::id::{DocumentId, LoginId, MailId, MemberId, PacketId, SlotId};
use hearth::domain::login::Login;
use hearth::domain::mail::{Mail, MailKind};
use hearth::domain::packet::{Packet, PacketError, PacketState, Slot, SlotState};
use hearth::domain::signature::SigningCapacity;
use hearth::domain::text::Title;
use hearth::gate::{event, missing};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop, field};
use hearth::random;
use hearth::store::items::Todo;
use hearth::store::{Found, Key, Transaction};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;

/// A request for signatures.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPacket {
    /// The document to sign.
    document: DocumentId,
    #[schema(value_type = Title)]
    title: String,
    /// Who is asked: 1 to 10 people, each of them once; all of them must sign.
    #[schema(min_items = 1, max_items = 10)]
    slots: Vec<NewSlot>,
}

/// One person who is asked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSlot {
    login: LoginId,
    capacity: SigningCapacity,
}

/// A packet that was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct Created {
    id: PacketId,
    slots: Vec<CreatedSlot>,
}

/// A slot that was made.
#[derive(Serialize, ToSchema)]
struct CreatedSlot {
    id: SlotId,
    login: LoginId,
}

/// Asks for signatures.
#[utoipa::path(
    post,
    path = "/members/{member}/packets",
    operation_id = "create_packet",
    tag = "signatures",
    params(
        ("member" = MemberId, Path, description = "the member of the token"),
        ("Idempotency-Key" = Option<String>, Header, description = "the same answer for the same key, for 24 hours"),
    ),
    request_body = NewPacket,
    responses(
        (status = 201, description = "asked", body = Created),
        (status = 400, description = "the body has the wrong form", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "sign in again", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "not there, or not for you", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "the document is not ready", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "somebody who is asked may not sign, or a text does not fit", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "unknown whether it was done", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("member" = []))
)]
pub(crate) async fn create(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let body: NewPacket = call.json()?;
    let title: Title = field("title", &body.title)?;
    // Before the reading, so that nobody makes it long.
    if body.slots.len() > Packet::MOST_SLOTS {
        return Err(PacketError::Slots.into());
    }

    let document_key = Key::document(member, body.document);
    let mut reading = gate.read_for(call, &claims).member(member).also(document_key.clone());
    for slot in &body.slots {
        reading = reading.also(Key::login(slot.login)).also(Key::grant(slot.login, member));
    }
    let mut found = reading.send().await?;
    let permit = gate.permit(Action::CreatePacket, &mut found).await?;

    let document: Document = found.get(&document_key)?.ok_or_else(Problem::not_found)?;
    let canonical = document.canonical().cloned().ok_or_else(|| {
        Problem::conflict("this document is not ready to be signed; look at its state in the list of documents")
    })?;
    let packet = packet(&document, canonical, title, &body.slots, (permit.login(), &found))?;
    packet.check_slots()?;

    let asked = NewEvent { object: Some(packet.id.to_string()), ..event(&permit, EventKind::PacketCreated) };
    let mut change = gate
        .change(&permit, &found)
        .pin(&document)
        .create(&packet)
        .record(found.trail(Subject::Member(member))?, asked);
    for slot in &packet.slots {
        change = ask(context, change, &packet, slot, &found)?;
    }
    let slots = packet.slots.iter().map(|slot| CreatedSlot { id: slot.id, login: slot.login }).collect();
    gate.commit(change, &found, Answer::created(&Created { id: packet.id, slots })?).await
}

fn packet(
    document: &Document,
    canonical: CanonicalFile,
    title: Title,
    asked: &[NewSlot],
    (created_by, found): (LoginId, &Found),
) -> Result<Packet, Stop> {
    let slot = |slot: &NewSlot| {
        let id = SlotId::from_random(random::bytes()?);
        Ok::<_, Stop>(Slot { id, login: slot.login, capacity: slot.capacity, state: SlotState::Waiting })
    };
    Ok(Packet {
        id: PacketId::from_random(random::bytes()?),
        member: document.member,
        document: document.id,
        canonical,
        title,
        created_by,
        created_at: found.now,
        slots: asked.iter().map(slot).collect::<Result<_, _>>()?,
        state: PacketState::Out,
        version: 1,
    })
}

/// Asks one person: on the person's list, and by mail. The grant is pinned, so nobody is asked who lost it a moment ago.
fn ask(
    context: &Context,
    change: Transaction,
    packet: &Packet,
    slot: &Slot,
    found: &Found,
) -> Result<Transaction, Stop> {
    let member = found.member.as_ref().ok_or_else(|| missing("a permit for a packet came without a member"))?;
    let login: Option<Login> = found.get(&Key::login(slot.login))?;
    let grant: Option<Grant> = found.get(&Key::grant(slot.login, packet.member))?;
    let (Some(login), Some(grant)) = (login, grant) else { return Err(cannot_sign().into()) };
    may_sign((&login, Some(&grant)), member, slot.capacity, &context.gate.policy, found.now)
        .map_err(|_| cannot_sign())?;

    let todo = Todo {
        login: login.id,
        member: packet.member,
        packet: packet.id,
        title: packet.title.clone(),
        since: found.now,
        version: 1,
    };
    let change = change.pin(&grant).create(&todo);
    let id = MailId::from_random(random::bytes()?);
    Ok(match Mail::to(&login, MailKind::SignatureAsked, id, found.now) {
        Some(mail) => change.mail(&mail),
        None => change,
    })
}

fn cannot_sign() -> Problem {
    Problem::cannot(
        "slots",
        "somebody here may not sign for this client in that capacity; check the person's access and its legal ground",
    )
}
