//! What every answer to a request has, and refusing.

use hearth::domain::decide::{Action, Permit};
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::id::{MailId, MemberId, RequestId};
use hearth::domain::login::Login;
use hearth::domain::mail::{Mail, MailKind};
use hearth::domain::request::{Request, RequestState};
use hearth::domain::text::Note;
use hearth::gate::{event, missing};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::random;
use hearth::store::{Found, Key, Transaction};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;

/// Why the answer is no.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestRefusal {
    /// The asker reads this.
    reason: Note,
}

/// Refuses a request, with a reason that the asker reads.
#[utoipa::path(post, path = "/members/{member}/requests/{request}/refuse", operation_id = "refuse_request", tag = "invitations", security(("member" = [])),
    params(("member" = MemberId, Path), ("request" = RequestId, Path)), request_body = RequestRefusal,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn refuse(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let RequestRefusal { reason } = call.json()?;
    let Asked { mut found, permit, request } = read(context, call).await?;
    let refused = request.answered(RequestState::Refused { at: found.now, reason })?;
    let asker = context.gate.store.get::<Login>(&Key::login(request.by)).await?;
    let asker = asker.ok_or(missing("a request of a login that is gone"))?;
    let change = context.gate.change(&permit, &found).replace(&request, refused);
    let change = answer(change, (&permit, &mut found), &request, &asker, EventKind::RequestRefused)?;
    context.gate.commit(change, &found, Answer::nothing()).await
}

/// A request, and the permit to answer it.
pub(super) struct Asked {
    pub(super) found: Found,
    pub(super) permit: Permit,
    pub(super) request: Request,
}

/// Reads the request of the path and decides.
pub(super) async fn read(context: &Context, call: &Call) -> Result<Asked, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let key = Key::request(member, call.parameter::<RequestId>("request")?);
    let mut found = gate.read_for(call, &claims).member(member).also(key.clone()).send().await?;
    let permit = gate.permit(Action::AnswerRequest, &mut found).await?;
    let request: Request = found.get(&key)?.ok_or_else(Problem::not_found)?;
    Ok(Asked { found, permit, request })
}

/// Puts the answer on record and tells the asker.
pub(super) fn answer(
    change: Transaction,
    (permit, found): (&Permit, &mut Found),
    request: &Request,
    asker: &Login,
    kind: EventKind,
) -> Result<Transaction, Stop> {
    let answered = NewEvent { object: Some(request.id.to_string()), ..event(permit, kind) };
    let change = change.record(found.trail(Subject::Member(request.member))?, answered);
    let mail = Mail::to(asker, MailKind::RequestAnswered, MailId::from_random(random::bytes()?), found.now);
    Ok(mail.iter().fold(change, Transaction::mail))
}
