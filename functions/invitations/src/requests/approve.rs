//! Approving a request: the invitation or the grant comes into being with the approval, or not at all.

use futures_util::future::try_join;
use hearth::circle::{self, Circle, Holder};
use hearth::domain::decide::{Permit, not_own_case};
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::grant::{Grant, GrantState, Reason, ReasonCode, Terms};
use hearth::domain::id::{DocumentId, InvitationId, MemberId, RequestId};
use hearth::domain::invitation::{Handing, Invitation, Offer};
use hearth::domain::login::{Language, Login, Mailbox};
use hearth::domain::member::Member;
use hearth::domain::request::{RequestState, Wish};
use hearth::domain::text::EmailAddress;
use hearth::evidence;
use hearth::gate::{event, missing};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::random;
use hearth::store::{Found, Key, Transaction};
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::{Asked, answer, read};
use crate::Context;
use crate::create::letter;

/// What the approval gives.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Approval {
    /// What, why, when: chosen by staff, not by the asker.
    terms: Terms,
    /// For a member of the family: the client's record, which staff found or registered.
    member: Option<MemberId>,
    /// For access: language of the invitation; the asker's unless given.
    language: Option<Language>,
}

/// Approves a request. For access, the person is invited; for a member of the family, the asker has access at once. Those who may
/// know who has access are told by mail that it changed, without a name or an address.
#[utoipa::path(post, path = "/members/{member}/requests/{request}/approve", operation_id = "approve_request", tag = "invitations", security(("member" = [])),
    params(("member" = MemberId, Path), ("request" = RequestId, Path)), request_body = Approval,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn approve(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let Approval { terms, member, language } = call.json()?;
    let Asked { mut found, permit, request } = read(context, call).await?;
    let approved = request.answered(RequestState::Approved { at: found.now })?;
    // For which client is known from the request only: one call more than other changes take.
    let about = match (&request.wish, member) {
        (Wish::Access { .. }, None) => request.member,
        (Wish::FamilyMember { .. }, Some(member)) if member != request.member => member,
        (Wish::Access { .. }, Some(_)) => {
            return Err(Problem::cannot("member", "leave this out: the request is about the open record").into());
        }
        (Wish::FamilyMember { .. }, _) => {
            let which = "choose the client whom the asker means; register the client first where needed";
            return Err(Problem::cannot("member", which).into());
        }
    };
    let mut around = surroundings(context, call, &permit, (about, &request.wish, request.by), terms.evidence).await?;
    terms.check_for(&around.record, &context.gate.policy, found.now)?;
    let paper = terms.evidence.map(|named| evidence::paper(&around.records, about, named)).transpose()?.flatten();
    terms.check_evidence(about, paper.as_ref())?;
    let offer = Offer { member: about, terms: terms.clone() };
    if Invitation::needs_desk(&offer, &around.record, &context.gate.policy, found.now) {
        return Err(
            Problem::cannot("authority", "a teenager's own login is set up at the desk, not by a request").into()
        );
    }

    let change = context.gate.change(&permit, &found).keep_as_evidence(paper.as_ref()).replace(&request, approved);
    let change = match &request.wish {
        Wish::Access { email, .. } => {
            let language = language.unwrap_or(around.asker.language);
            invite(context, change, &permit, &around, (email, language), offer)?
        }
        Wish::FamilyMember { .. } => give(context, change, (&permit, &found), &mut around, (about, terms))?,
    };
    let change = answer(change, (&permit, &mut found), &request, &around.asker, EventKind::RequestApproved)?;
    context.gate.commit(change, &found, Answer::nothing()).await
}

/// What an approval touches beside the request.
struct Surroundings {
    records: Found,
    asker: Login,
    record: Member,
    mailbox: Option<Mailbox>,
    holders: Vec<Holder>,
}

async fn surroundings(
    context: &Context,
    call: &Call,
    permit: &Permit,
    (about, wish, asker): (MemberId, &Wish, hearth::domain::id::LoginId),
    evidence: Option<DocumentId>,
) -> Result<Surroundings, Stop> {
    let store = &context.gate.store;
    let mailbox_key = match wish {
        Wish::Access { email, .. } => Some(Key::mailbox(&context.secrets.mailbox(email))),
        Wish::FamilyMember { .. } => None,
    };
    let own = Key::grant(permit.login(), about);
    let paper = evidence.map(|paper| Key::document(about, paper));
    let keys = [Key::login(asker), Key::grant(asker, about), Key::member(about), own.clone()];
    let reading = context.gate.read(call).without_kept_answer().trail(Subject::Member(about));
    let reading =
        keys.into_iter().chain(mailbox_key.clone()).chain(paper).fold(reading, |reading, key| reading.also(key));
    let circle = async { Circle::of(store, about).await?.holders(store, about).await };
    let (records, holders) = try_join(reading.send(), circle).await?;
    let unknown = || Problem::cannot("member", "choose a client of this clinic");
    let record: Member = records.get(&Key::member(about))?.ok_or_else(unknown)?;
    not_own_case(records.get::<Grant>(&own)?.as_ref())
        .map_err(|_| Problem::cannot("member", "this is the record of your own family; ask a colleague"))?;
    Ok(Surroundings {
        asker: records.get(&Key::login(asker))?.ok_or(missing("a request of a login that is gone"))?,
        mailbox: mailbox_key.map(|key| records.get(&key)).transpose()?.flatten(),
        record,
        holders,
        records,
    })
}

fn invite(
    context: &Context,
    change: Transaction,
    permit: &Permit,
    around: &Surroundings,
    (address, language): (&EmailAddress, Language),
    offer: Offer,
) -> Result<Transaction, Stop> {
    let id = InvitationId::from_random(random::bytes()?);
    let mailbox = context.secrets.mailbox(address);
    let unknown = Mailbox { id: mailbox.clone(), address: address.clone(), logins: Vec::new(), version: 1 };
    if around.record.bars_mailbox(around.mailbox.as_ref().unwrap_or(&unknown), around.records.now) {
        return Err(Problem::cannot("member", "this person is kept out of that record; refuse the request").into());
    }
    let token = context.secrets.link(id, 1).hash();
    let pointer = Key::invited(offer.member, id);
    let now = around.records.now;
    let invitation =
        Invitation::new(id, (mailbox.clone(), language, Handing::Mail), vec![offer], permit.login(), token, now);
    let change = change.create(&invitation).mail(&letter(&invitation, now)?).point(pointer);
    Ok(match around.mailbox {
        Some(_) => change,
        None => change.create(&unknown),
    })
}

fn give(
    context: &Context,
    change: Transaction,
    (permit, found): (&Permit, &Found),
    around: &mut Surroundings,
    (member, terms): (MemberId, Terms),
) -> Result<Transaction, Stop> {
    let Surroundings { records, asker, record, holders, .. } = around;
    if record.is_barred(asker, found.now) {
        return Err(Problem::cannot("member", "this person is kept out of that record; refuse the request").into());
    }
    let before: Option<Grant> = records.get(&Key::grant(asker.id, member))?;
    if before.as_ref().is_some_and(|grant| grant.is_ahead(found.now)) {
        return Err(Problem::conflict("this person has access to that record already").into());
    }
    let grant = Grant {
        login: asker.id,
        member,
        terms,
        state: GrantState::Active,
        reason: Reason::of(ReasonCode::Request),
        granted_by: permit.login(),
        granted_at: found.now,
        version: 1,
    };
    let given = NewEvent { object: Some(asker.id.to_string()), ..event(permit, EventKind::GrantGiven) };
    let change = change
        .pin(asker)
        .pin(record)
        .point(Key::grantee(member, asker.id))
        .record(records.trail(Subject::Member(member))?, given);
    let change = match &before {
        Some(before) => change.replace(before, grant),
        None => change.create(&grant),
    };
    let circles = [(record.clone(), std::mem::take(holders))];
    let may_know = circle::who_may_know(&circles, asker.id, &context.gate.policy, found.now);
    circle::tell(change, &may_know, found.now)
}
