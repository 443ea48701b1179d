//! `GET` and `POST /members/{member}/packets/{packet}/slots/{slot}/answers`: what the caller answers on a form, until it is signed.

use std::collections::BTreeSet;

use futures_util::future::try_join;
use hearth::domain::Version;
use hearth::domain::answers::FieldAnswers;
use hearth::domain::decide::{Action, Permit, may_sign};
use hearth::domain::document::Sha256Digest;
use hearth::domain::draft::{Draft, Place};
use hearth::domain::form::{Form, FormField};
use hearth::domain::grant::Grant;
use hearth::domain::id::{LoginId, MemberId, PacketId, SlotId};
use hearth::domain::member::Member;
use hearth::domain::packet::{AnswersOf, Packet, Slot};
use hearth::gate::missing;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::store::{Found, Key, Transaction};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::sign::own_slot;
use crate::{Context, holds_slot};

/// A form, and what is answered on it.
#[derive(Serialize, ToSchema)]
pub(crate) struct SlotAnswers {
    /// What can be filled in, in the order of the form; none, when the document is no form.
    fields: Vec<FormField>,
    answers: FieldAnswers,
    /// SHA-256 of the answers (of their JSON without blanks, fields in the order of their names): what a signature names.
    sha256: Sha256Digest,
    /// Version of the answers, to be sent with the next ones; 0 before the first.
    version: Version,
    /// When they were saved.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    saved_at: Option<Timestamp>,
    /// Whether the caller can change them: where people share a form, one fills it in, and the others see the answers as soon as
    /// these are signed.
    editable: bool,
    /// Where the caller has answered the same form before.
    sources: Vec<SourceView>,
}

/// Own answers on another copy of the form.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceView {
    /// On whose record.
    pub(crate) member: MemberId,
    pub(crate) packet: PacketId,
    pub(crate) slot: SlotId,
}

/// Answers to save.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Saving {
    /// All answers, by the names of their fields; what is left out is without an answer.
    answers: FieldAnswers,
    /// Version of the answers that the caller saw last; 0 for none.
    version: Version,
}

/// What was saved.
#[derive(Serialize, ToSchema)]
pub(crate) struct SavedAnswers {
    /// SHA-256 of the answers as they were saved.
    sha256: Sha256Digest,
    /// Their version now.
    version: Version,
    #[schema(value_type = String, format = DateTime)]
    saved_at: Timestamp,
    /// Fields that must be answered before signing and are not.
    missing: Vec<String>,
}

/// Shows a form, and what the caller has answered on it.
#[utoipa::path(
    get,
    path = "/members/{member}/packets/{packet}/slots/{slot}/answers",
    operation_id = "look_at_answers",
    tag = "signatures",
    params(
        ("member" = MemberId, Path, description = "the member of the token"),
        ("packet" = PacketId, Path, description = "the packet"),
        ("slot" = SlotId, Path, description = "the slot that asks the caller"),
    ),
    responses(
        (status = 200, description = "the form and the answers", body = SlotAnswers),
        (status = 401, description = "sign in again", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "not there, or not for you", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "try again", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("member" = []))
)]
pub(crate) async fn look(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let store = &context.gate.store;
    let Asked { mut found, packet, own } = Asked::read(context, call, &[]).await?;
    let (permit, packet, slot) = own_form(context, call, &mut found, packet).await?;

    let shared = match packet.answers_of(&slot) {
        AnswersOf::Slot(filler) => packet.slot(filler).ok().and_then(|filler| shared_key(&packet, filler)),
        _ => None,
    };
    let form_key = Key::form(packet.member, packet.document);
    let keys: BTreeSet<Key> = [form_key.clone()].into_iter().chain(shared.clone()).collect();
    let before = format!("FILLED#{}#", packet.canonical.sha256);
    let login_key = Key::login(permit.login());
    // A form that somebody else fills in takes no answers of one's own, and what is no form has none.
    let fills = packet.is_fillable(&slot);
    let sources = async || if fills { store.list_names(&login_key, &before).await } else { Ok(Vec::new()) };
    let (items, sources) = try_join(store.found(&keys), sources()).await?;

    let form: Option<Form> = items.get(&form_key)?;
    let draft: Option<Draft> = match &shared {
        Some(key) => items.get(key)?,
        None => own,
    };
    let sources = sources.iter().filter_map(|name| source(name)).filter(|source| source.slot != slot.id).collect();
    let sources = within_reach(context, &found, (&permit, &slot), sources).await?;
    let answers = draft.as_ref().map(|draft| draft.answers.clone()).unwrap_or_default();
    Answer::ok(&SlotAnswers {
        fields: form.filter(|_| packet.is_form).map(|form| form.fields).unwrap_or_default(),
        sha256: answers.sha256(),
        answers: answers.by_field().clone(),
        version: draft.as_ref().map_or(0, |draft| draft.version),
        saved_at: draft.as_ref().map(|draft| draft.saved_at),
        editable: fills,
        sources,
    })
}

/// Where the answers of a shared form stand, once they are signed.
fn shared_key(packet: &Packet, filler: &Slot) -> Option<Key> {
    filler.answers_sha256()?;
    Some(Key::draft(filler.login?, packet.id, filler.id))
}

/// Reads what stands behind `FILLED#form#`.
fn source(name: &str) -> Option<SourceView> {
    let mut parts = name.split('#');
    let (member, packet, slot) =
        (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(SourceView { member, packet, slot })
}

/// Those on records for which the caller may sign now. One call more, and only where there is something to carry over: which
/// records these are, the pointers say.
async fn within_reach(
    context: &Context,
    found: &Found,
    (permit, slot): (&Permit, &Slot),
    sources: Vec<SourceView>,
) -> Result<Vec<SourceView>, Stop> {
    if sources.is_empty() {
        return Ok(sources);
    }
    let login = found.login.as_ref().ok_or_else(|| missing("a permit came without a login"))?;
    let keys =
        sources.iter().flat_map(|source| [Key::member(source.member), Key::grant(permit.login(), source.member)]);
    let items = context.gate.store.found(&keys.collect()).await?;
    let mut reached = Vec::new();
    for source in sources {
        let member: Option<Member> = items.get(&Key::member(source.member))?;
        let grant: Option<Grant> = items.get(&Key::grant(login.id, source.member))?;
        let signs = |member| may_sign((login, grant.as_ref()), member, slot.capacity, &context.gate.policy, found.now);
        if member.as_ref().is_some_and(|member| signs(member).is_ok()) {
            reached.push(source);
        }
    }
    Ok(reached)
}

/// Saves answers on a form. They are nobody's but the caller's until the caller signs, so nothing goes on record. Two windows
/// cannot undo each other's work: who has not seen the newest answers is told so.
#[utoipa::path(
    post,
    path = "/members/{member}/packets/{packet}/slots/{slot}/answers",
    operation_id = "save_answers",
    tag = "signatures",
    params(
        ("member" = MemberId, Path, description = "the member of the token"),
        ("packet" = PacketId, Path, description = "the packet"),
        ("slot" = SlotId, Path, description = "the slot that asks the caller"),
        ("Idempotency-Key" = Option<String>, Header, description = "the same answer for the same key, for 24 hours"),
    ),
    request_body = Saving,
    responses(
        (status = 200, description = "saved", body = SavedAnswers),
        (status = 400, description = "the body has the wrong form", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "sign in again", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "not there, or not for you", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "changed in another window, signed, or not to be filled in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "an answer does not fit its field", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "unknown whether it was done", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("member" = []))
)]
pub(crate) async fn save(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let Saving { answers, version } = call.json()?;
    let Asked { mut found, packet, own } = Asked::read(context, call, &[]).await?;
    let (permit, packet, slot) = own_form(context, call, &mut found, packet).await?;
    check_fillable(&packet, &slot)?;

    let form: Option<Form> = context.gate.store.get(&Key::form(packet.member, packet.document)).await?;
    let form = form.ok_or_else(|| missing("the fields of a form are not there"))?;
    let answers = form.answers(answers)?;
    let place = Place { login: permit.login(), packet: &packet, slot: slot.id, before: own.as_ref(), seen: version };
    let draft = place.saved(answers, &form, found.now)?;
    let missing = form.missing(&draft.answers).map(|field| field.name.clone()).collect();
    let (change, version) = keep(context, (&permit, &found), &packet, own.as_ref(), &draft);
    let saved = SavedAnswers { sha256: draft.answers.sha256(), version, saved_at: draft.saved_at, missing };
    context.gate.commit(change, &found, Answer::ok(&saved)?).await
}

/// Whether the caller can write answers for a slot.
pub(crate) fn check_fillable(packet: &Packet, slot: &Slot) -> Result<(), Stop> {
    if packet.is_fillable(slot) {
        return Ok(());
    }
    Err(Problem::conflict(
        "there is nothing to fill in here now: it is signed or closed, or another person fills it in",
    )
    .into())
}

/// The draft on its way into the table, and the version that it will have. The packet is pinned: nothing is written for a slot that
/// was signed or closed a moment ago.
pub(crate) fn keep(
    context: &Context,
    (permit, found): (&Permit, &Found),
    packet: &Packet,
    before: Option<&Draft>,
    draft: &Draft,
) -> (Transaction, Version) {
    let change = context.gate.change(permit, found).pin(packet);
    match before {
        Some(before) if before == draft => (change, before.version),
        Some(before) => (change.replace(before, draft.clone()), before.version + 1),
        None => (change.create(draft).point(Key::filled(draft)), draft.version),
    }
}

/// What is read about a slot and its answers, at once.
pub(crate) struct Asked {
    pub(crate) found: Found,
    pub(crate) packet: Option<Packet>,
    /// What the caller has answered for the slot.
    pub(crate) own: Option<Draft>,
}

impl Asked {
    pub(crate) async fn read(context: &Context, call: &Call, more: &[Key]) -> Result<Self, Stop> {
        let (claims, member) = context.gate.member(call)?;
        let packet: PacketId = call.parameter("packet")?;
        let (key, own) = (Key::packet(member, packet), Key::draft(claims.login, packet, call.parameter("slot")?));
        let reading = context.gate.read_for(call, &claims).member(member).also(key.clone()).also(own.clone());
        let found = more.iter().cloned().fold(reading, hearth::store::Reading::also).send().await?;
        let (packet, own) = (found.get(&key)?, found.get(&own)?);
        Ok(Self { found, packet, own })
    }
}

/// The packet and the slot, when the slot asks the caller. No fresh proof: writing binds nobody.
pub(crate) async fn own_form(
    context: &Context,
    call: &Call,
    found: &mut Found,
    packet: Option<Packet>,
) -> Result<(Permit, Packet, Slot), Stop> {
    let action = Action::ReadPacket { holds_slot: holds_slot(found, packet.as_ref()) };
    let permit = context.gate.permit(action, found).await?;
    let (packet, slot) = own_slot(packet, call)?;
    let is_own = |login: LoginId| slot.login == Some(login);
    if is_own(permit.login()) { Ok((permit, packet, slot)) } else { Err(Problem::not_found().into()) }
}
