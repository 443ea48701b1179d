//! Narrowing, ending and revoking access. It counts from the next request on.

use std::collections::BTreeSet;

use hearth::domain::decide::Action;
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::grant::{Grant, GrantError, GrantState, Reason, Scope};
use hearth::domain::id::{LoginId, MemberId};
use hearth::domain::login::Login;
use hearth::gate::{event, missing};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::store::Key;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;

/// What stays of somebody's access.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Narrowing {
    /// What stays allowed; nothing can be added here.
    scopes: BTreeSet<Scope>,
    /// When it ends; not later than agreed so far.
    #[schema(value_type = Option<String>, format = DateTime)]
    not_after: Option<Timestamp>,
    reason: Reason,
}

/// Why somebody's access stops.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stopping {
    reason: Reason,
}

/// Narrows access.
#[utoipa::path(post, path = "/members/{member}/grants/{login}/narrow", operation_id = "narrow_grant", tag = "members", security(("member" = [])),
    params(("member" = MemberId, Path), ("login" = LoginId, Path)), request_body = Narrowing,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn narrow(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let Narrowing { scopes, not_after, reason } = call.json()?;
    lower(context, call, EventKind::GrantNarrowed, reason, |grant, reason| grant.narrowed(scopes, not_after, reason))
        .await
}

/// Ends access that has come to its end.
#[utoipa::path(post, path = "/members/{member}/grants/{login}/end", operation_id = "end_grant", tag = "members", security(("member" = [])),
    params(("member" = MemberId, Path), ("login" = LoginId, Path)), request_body = Stopping,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn end(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let Stopping { reason } = call.json()?;
    lower(context, call, EventKind::GrantEnded, reason, |grant, reason| grant.stopped(GrantState::Ended, reason)).await
}

/// Takes access back.
#[utoipa::path(post, path = "/members/{member}/grants/{login}/revoke", operation_id = "revoke_grant", tag = "members", security(("member" = [])),
    params(("member" = MemberId, Path), ("login" = LoginId, Path)), request_body = Stopping,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn revoke(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let Stopping { reason } = call.json()?;
    lower(context, call, EventKind::GrantRevoked, reason, |grant, reason| grant.stopped(GrantState::Revoked, reason))
        .await
}

async fn lower(
    context: &Context,
    call: &Call,
    kind: EventKind,
    reason: Reason,
    lowered: impl FnOnce(&Grant, Reason) -> Result<Grant, GrantError> + Send,
) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let of = call.parameter::<LoginId>("login")?;
    let key = Key::grant(of, member);
    let reading = gate.read_for(call, &claims).member(member).also(key.clone()).also(Key::login(of));
    let mut found = reading.send().await?;
    let grant: Option<Grant> = found.get(&key)?;
    let ground = grant.as_ref().map(|grant| grant.terms.authority);
    let permit = gate.permit(Action::LowerGrant { of, ground }, &mut found).await?;

    let grant = grant.ok_or_else(Problem::not_found)?;
    let holder: Login = found.get(&Key::login(of))?.ok_or_else(Problem::not_found)?;
    let record = found.member.clone().ok_or(missing("a permit without a member"))?;
    let event = NewEvent { object: Some(of.to_string()), reason: Some(reason.to_string()), ..event(&permit, kind) };
    let change = gate
        .change(&permit, &found)
        .replace(&grant, lowered(&grant, reason)?)
        // Open links from before must not bring back what is taken away here.
        .replace(&record, record.with_withdrawal(&holder, found.now))
        .record(found.trail(Subject::Member(member))?, event);
    gate.commit(change, &found, Answer::nothing()).await
}
