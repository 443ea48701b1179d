//! `POST /members/{member}/packets`: staff ask for signatures on a document.

use std::collections::BTreeSet;

use hearth::domain::decide::{Action, may_sign};
use hearth::domain::document::{CanonicalFile, Document};
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::form::Form;
use hearth::domain::grant::Grant;
use hearth::domain::id::{DocumentId, InvitationId, LoginId, MemberId, PacketId, SlotId};
use hearth::domain::invitation::{AwaitedSlot, Invitation};
use hearth::domain::login::Login;
use hearth::domain::mail::MailKind;
use hearth::domain::member::Member;
use hearth::domain::packet::{Group, Mode, Packet, PacketError, PacketState, Slot};
use hearth::domain::signature::SigningCapacity;
use hearth::domain::text::Title;
use hearth::gate::{event, missing};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop, field};
use hearth::random;
use hearth::store::{Found, Key, Transaction};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;
use crate::tell::{asked, mail, tell, todo};

/// A request for signatures.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPacket {
    /// The document to sign.
    document: DocumentId,
    #[schema(value_type = Title)]
    title: String,
    /// Whether the signers share one file. Without a word two people who answer for the child sign separately, and everybody else
    /// together.
    #[serde(default)]
    mode: Option<Mode>,
    /// Groups that sign one after the other; one group when it is not said.
    #[serde(default = "Group::alone")]
    #[schema(min_items = 1, max_items = 10)]
    groups: Vec<Group>,
    /// What is asked of whom: 1 to 10 signatures, each person once in each capacity.
    #[schema(min_items = 1, max_items = 10)]
    slots: Vec<NewSlot>,
    /// The packet whose place this one takes: it is taken back in the same act.
    #[serde(default)]
    supersedes: Option<PacketId>,
}

/// One signature that is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSlot {
    /// Who; nobody while the person is still to be invited. Staff name the person later.
    #[serde(default)]
    login: Option<LoginId>,
    /// In place of a login: whoever accepts this invitation to the client.
    #[serde(default)]
    invitation: Option<InvitationId>,
    capacity: SigningCapacity,
    /// Its group, counted from 0.
    #[serde(default)]
    group: usize,
    /// From then on it is too late to answer.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    answer_by: Option<Timestamp>,
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
    login: Option<LoginId>,
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

    let (document_key, form_key) = (Key::document(member, body.document), Key::form(member, body.document));
    let mut reading = gate.read_for(call, &claims).member(member).also(document_key.clone()).also(form_key.clone());
    for login in body.slots.iter().filter_map(|slot| slot.login) {
        reading = reading.also(Key::login(login)).also(Key::grant(login, member));
    }
    for invitation in body.slots.iter().filter_map(|slot| slot.invitation) {
        reading = reading.also(Key::invitation(invitation));
    }
    if let Some(old) = body.supersedes {
        reading = reading.also(Key::packet(member, old));
    }
    let mut found = reading.send().await?;
    let permit = gate.permit(Action::CreatePacket, &mut found).await?;

    let document: Document = found.get(&document_key)?.ok_or_else(Problem::not_found)?;
    if !document.is_for_family() {
        return Err(Problem::conflict(
            "this paper is for staff alone; upload the one that is to be signed for the family",
        )
        .into());
    }
    let canonical = document.canonical().cloned().ok_or_else(|| {
        Problem::conflict("this document is not ready to be signed; look at its state in the list of documents")
    })?;
    let packet = body.packet(&document, canonical, title, (permit.login(), found.now))?;
    let form: Option<Form> = found.get(&form_key)?;
    let packet = Packet { is_form: form.is_some_and(|form| !form.fields.is_empty()), ..packet }.led_by_filler();
    packet.check_slots()?;
    let packet = packet.told(found.now);

    let made = NewEvent { object: Some(packet.id.to_string()), ..event(&permit, EventKind::PacketCreated) };
    let mut change =
        gate.change(&permit, &found).pin(&document).create(&packet).record(found.trail(Subject::Member(member))?, made);
    if let Some(old) = body.supersedes {
        let old: Packet = found.get(&Key::packet(member, old))?.ok_or_else(Problem::not_found)?;
        let superseded = old.superseded(packet.id)?;
        let done = NewEvent { object: Some(old.id.to_string()), ..event(&permit, EventKind::PacketVoided) };
        change = change.record(found.trail(Subject::Member(member))?, done);
        // Whoever is asked again hears of the new one only.
        change = tell(context, change, (&old, &superseded), &asked(&packet), &found).await?.replace(&old, superseded);
    }
    let change = ask(context, change, &packet, &found)?;
    let change = wait(change, &packet, &found)?;
    let slots = packet.slots.iter().map(|slot| CreatedSlot { id: slot.id, login: slot.login }).collect();
    gate.commit(change, &found, Answer::created(&Created { id: packet.id, slots })?).await
}

impl NewPacket {
    fn packet(
        &self,
        document: &Document,
        canonical: CanonicalFile,
        title: Title,
        (created_by, created_at): (LoginId, Timestamp),
    ) -> Result<Packet, Stop> {
        let slot = |slot: &NewSlot| {
            if slot.login.is_some() && slot.invitation.is_some() {
                return Err(
                    Problem::cannot("slots", "name a person or an invitation for each signature, not both").into()
                );
            }
            let id = SlotId::from_random(random::bytes()?);
            let asking = Slot::asking(id, slot.login, slot.capacity);
            Ok::<_, Stop>(Slot { invitation: slot.invitation, group: slot.group, answer_by: slot.answer_by, ..asking })
        };
        let guardians = self.slots.iter().filter(|slot| slot.capacity.is_guardians());
        let default = if guardians.count() > 1 { Mode::Separate } else { Mode::Together };
        Ok(Packet {
            id: PacketId::from_random(random::bytes()?),
            member: document.member,
            document: document.id,
            canonical,
            is_form: false,
            title,
            created_by,
            created_at,
            mode: self.mode.unwrap_or(default),
            groups: self.groups.clone(),
            slots: self.slots.iter().map(slot).collect::<Result<_, _>>()?,
            supersedes: self.supersedes,
            superseded_by: None,
            closing: None,
            state: PacketState::Out,
            version: 1,
        })
    }
}

/// Checks that everybody may sign, and asks those who sign first: on their lists, and by mail. The grants are pinned, so nobody is
/// asked who lost one a moment ago.
fn ask(context: &Context, mut change: Transaction, packet: &Packet, found: &Found) -> Result<Transaction, Stop> {
    let member = found.member.as_ref().ok_or_else(|| missing("a permit for a packet came without a member"))?;
    let first = asked(packet);
    let mut told = BTreeSet::new();
    for slot in &packet.slots {
        let Some(id) = slot.login else { continue };
        let login: Option<Login> = found.get(&Key::login(id))?;
        let grant: Option<Grant> = found.get(&Key::grant(id, packet.member))?;
        let login = signer(context, (login.as_ref(), grant.as_ref()), member, slot.capacity, "slots", found.now)?;
        if let Some(grant) = &grant {
            change = change.pin(grant);
        }
        if first.contains(&id) && told.insert(id) {
            change = change.create(&todo(packet, id, found));
            change = mail(change, login, MailKind::SignatureAsked, found)?;
        }
    }
    Ok(change)
}

/// Tells the invitations that signatures wait for them.
fn wait(change: Transaction, packet: &Packet, found: &Found) -> Result<Transaction, Stop> {
    let awaited: BTreeSet<InvitationId> = packet.slots.iter().filter_map(|slot| slot.invitation).collect();
    awaited.into_iter().try_fold(change, |change, id| await_answer(change, packet, id, found))
}

/// Tells an invitation which slots of a packet wait for it. Of accepting and this, one comes first: they meet in the invitation.
pub(crate) fn await_answer(
    change: Transaction,
    packet: &Packet,
    id: InvitationId,
    found: &Found,
) -> Result<Transaction, Stop> {
    let unknown = || Problem::cannot("invitation", "choose an open invitation to this client");
    let invitation: Invitation = found.get(&Key::invitation(id))?.ok_or_else(unknown)?;
    let known = |slot: &Slot| invitation.awaits.iter().any(|awaited| awaited.slot == slot.id);
    let tied = packet.slots.iter().filter(|slot| slot.invitation == Some(id) && !known(slot));
    let told = tied.clone().try_fold(invitation.clone(), |invitation, slot| {
        let awaited = AwaitedSlot { member: packet.member, packet: packet.id, slot: slot.id };
        invitation.awaiting(awaited, slot.capacity)
    });
    Ok(change.replace(&invitation, told.map_err(Problem::from)?))
}

/// A person who may sign in that capacity.
pub(crate) fn signer<'a>(
    context: &Context,
    (login, grant): (Option<&'a Login>, Option<&Grant>),
    member: &Member,
    capacity: SigningCapacity,
    name: &'static str,
    now: Timestamp,
) -> Result<&'a Login, Stop> {
    let words =
        "somebody here may not sign for this client in that capacity; check the person's access and its legal ground";
    let cannot = || Problem::cannot(name, words);
    let login = login.ok_or_else(cannot)?;
    may_sign((login, grant), member, capacity, &context.gate.policy, now).map_err(|_| cannot())?;
    Ok(login)
}
