//! Staff give a login access to a member.

use hearth::domain::decide::Action;
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::grant::{Grant, GrantState, Reason, Terms};
use hearth::domain::id::{LoginId, MemberId};
use hearth::domain::login::Login;
use hearth::gate::{event, missing};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::store::Key;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;
use crate::terms::{check_ground, check_roster, check_terms, with_papers};

/// Access to give.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewGrant {
    login: LoginId,
    terms: Terms,
    /// Why.
    reason: Reason,
}

/// The access that was given.
#[derive(Serialize, ToSchema)]
pub(crate) struct Given {
    login: LoginId,
    member: MemberId,
}

/// Gives access. Access that stopped begins anew with these terms; live access is changed, not given.
#[utoipa::path(post, path = "/members/{member}/grants", operation_id = "give_grant", tag = "members", security(("member" = [])),
    params(("member" = MemberId, Path)), request_body = NewGrant,
    responses((status = 201, body = Given), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn give(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let NewGrant { login, terms, reason } = call.json()?;
    let (login_key, grant_key) = (Key::login(login), Key::grant(login, member));
    let reading = gate.read_for(call, &claims).member(member).also(login_key.clone()).also(grant_key.clone());
    let mut found = with_papers(reading, member, &terms).send().await?;
    let permit = gate.permit(Action::GiveGrant, &mut found).await?;

    let record = found.member.as_ref().ok_or(missing("a permit without a member"))?;
    check_ground(context, &found, record, &terms)?;
    let paper = check_terms(context, &found, record, &terms)?;
    if login == permit.login() {
        return Err(Problem::cannot("login", "nobody gives access to herself; ask a colleague").into());
    }
    let holder: Option<Login> = found.get(&login_key)?;
    // A login that was put together with another one has that one's access.
    let holder = holder.filter(|holder| !holder.is_merged());
    let holder = holder.ok_or_else(|| Problem::cannot("login", "choose a person who has a login"))?;
    check_roster(&terms, &holder)?;
    if record.is_barred(&holder, found.now) {
        return Err(Problem::cannot("login", "this person is kept out of this record; look at its blocks").into());
    }
    let before: Option<Grant> = found.get(&grant_key)?;
    if before.as_ref().is_some_and(|grant| grant.is_live(found.now)) {
        return Err(Problem::conflict("this person has access already; change, narrow or end it").into());
    }
    let given = NewEvent {
        object: Some(login.to_string()),
        reason: Some(reason.to_string()),
        ..event(&permit, EventKind::GrantGiven)
    };
    let grant = Grant {
        login,
        member,
        terms,
        state: GrantState::Active,
        reason: Some(reason),
        granted_by: permit.login(),
        granted_at: found.now,
        version: 1,
    };
    let change = gate
        .change(&permit, &found)
        .keep_as_evidence(paper.as_ref())
        .pin(&holder)
        .point(Key::grantee(member, login))
        .record(found.trail(Subject::Member(member))?, given);
    let change = match &before {
        Some(before) => change.replace(before, grant),
        None => change.create(&grant),
    };
    gate.commit(change, &found, Answer::created(&Given { login, member })?).await
}
