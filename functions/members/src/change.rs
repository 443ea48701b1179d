//! Staff change somebody's access as a whole: wider, narrower, other dates, another custody calendar.

use hearth::domain::Version;
use hearth::domain::decide::Action;
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::grant::{Grant, Reason, Terms};
use hearth::domain::id::{LoginId, MemberId};
use hearth::domain::login::Login;
use hearth::gate::{event, missing};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::store::Key;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;
use crate::terms::{check_ground, check_roster, check_terms, with_papers};

/// Other terms.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    /// All terms, not only those that change.
    terms: Terms,
    /// The version that was on the screen; what a colleague changed meanwhile is not overwritten.
    version: Version,
    reason: Reason,
}

/// Changes access.
#[utoipa::path(post, path = "/members/{member}/grants/{login}/change", operation_id = "change_grant", tag = "members", security(("member" = [])),
    params(("member" = MemberId, Path), ("login" = LoginId, Path)), request_body = Change,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn change(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let of = call.parameter::<LoginId>("login")?;
    let Change { terms, version, reason } = call.json()?;
    let (login_key, grant_key) = (Key::login(of), Key::grant(of, member));
    let reading = gate.read_for(call, &claims).member(member).also(login_key.clone()).also(grant_key.clone());
    let mut found = with_papers(reading, member, &terms).send().await?;
    let permit = gate.permit(Action::GiveGrant, &mut found).await?;

    let before: Grant = found.get(&grant_key)?.ok_or_else(Problem::not_found)?;
    let holder: Login = found.get(&login_key)?.ok_or_else(Problem::not_found)?;
    if before.version != version {
        return Err(Problem::conflict("a colleague changed this access meanwhile; look at it again").into());
    }
    let record = found.member.clone().ok_or(missing("a permit without a member"))?;
    // A teenager whose own login was set up at the desk keeps that ground; nobody else gets it here.
    if before.terms.authority != terms.authority {
        check_ground(context, &found, &record, &terms)?;
    }
    let paper = check_terms(context, &found, &record, &terms)?;
    check_roster(&terms, &holder)?;
    let changed = NewEvent {
        object: Some(of.to_string()),
        reason: Some(reason.to_string()),
        ..event(&permit, EventKind::GrantChanged)
    };
    let change = gate
        .change(&permit, &found)
        .keep_as_evidence(paper.as_ref())
        .replace(&before, before.changed(terms, reason, permit.login(), found.now)?)
        // Open links from before must not bring the old terms back once these are over.
        .replace(&record, record.with_withdrawal(&holder, found.now))
        .record(found.trail(Subject::Member(member))?, changed);
    gate.commit(change, &found, Answer::nothing()).await
}
