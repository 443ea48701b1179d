//! A client who came of age keeps a former guardian as a helper. Nobody keeps access by default.

use std::collections::BTreeSet;

use hearth::domain::decide::Action;
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::grant::{Authority, Grant, GrantState, Reason, ReasonCode, Scope, Terms};
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

/// Whom to keep, and for what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Keeping {
    /// From `before` of the directory.
    login: LoginId,
    /// What the helper may do; a helper never signs and brings in nobody.
    scopes: BTreeSet<Scope>,
    /// When the help ends, if it shall.
    #[schema(value_type = Option<String>, format = DateTime)]
    not_after: Option<Timestamp>,
}

/// Keeps a former guardian as a helper, on the client's own consent.
#[utoipa::path(post, path = "/members/{member}/helpers", operation_id = "keep_helper", tag = "members", security(("member" = [])),
    params(("member" = MemberId, Path)), request_body = Keeping,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn keep(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let Keeping { login, scopes, not_after } = call.json()?;
    let (login_key, grant_key) = (Key::login(login), Key::grant(login, member));
    let reading = gate.read_for(call, &claims).member(member).also(login_key.clone()).also(grant_key.clone());
    let mut found = reading.send().await?;
    let permit = gate.permit(Action::KeepHelper, &mut found).await?;

    let record = found.member.clone().ok_or(missing("a permit without a member"))?;
    let helper: Option<Login> = found.get(&login_key)?;
    let before: Option<Grant> = found.get(&grant_key)?;
    let (Some(helper), Some(before)) = (helper, before) else { return Err(Problem::not_found().into()) };
    // Somebody who is kept out, or never was a guardian here, is nobody to choose.
    if !before.is_former_guardians(&record, &gate.policy, &helper, found.now) {
        return Err(Problem::not_found().into());
    }
    let terms = Terms { not_after, ..Terms::plain(before.terms.relationship, Authority::AdultConsent, scopes) };
    terms.check_for(&record, &gate.policy, found.now)?;
    let kept = Grant {
        terms,
        state: GrantState::Active,
        reason: Reason::of(ReasonCode::Request),
        granted_by: permit.login(),
        granted_at: found.now,
        ..before.clone()
    };
    let given = NewEvent { object: Some(login.to_string()), ..event(&permit, EventKind::GrantGiven) };
    let change = gate
        .change(&permit, &found)
        .pin(&helper)
        .replace(&before, kept)
        .record(found.trail(Subject::Member(member))?, given);
    gate.commit(change, &found, Answer::nothing()).await
}
