//! Passing children from one worker to another: beginning, and going on.

use std::collections::BTreeSet;

use futures_util::future::try_join5;
use hearth::domain::agency::{All, HandOver, Which};
use hearth::domain::decide::Action;
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::grant::{Grant, Reason};
use hearth::domain::id::{AgencyId, HandOverId, LoginId, MemberId};
use hearth::domain::login::Login;
use hearth::gate::event;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Nothing, Problem, Stop};
use hearth::store::idempotency::bits_of_one_act;
use hearth::store::items::Todo;
use hearth::store::{Found, Key, Reading};
use serde::Deserialize;
use utoipa::ToSchema;

use super::agency_of;
use super::batch::{Basis, pass_on};
use super::view::ShownHandOver;
use crate::Context;

/// Children to pass on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewHandOver {
    from: LoginId,
    to: LoginId,
    /// `all`, or 1 to 1000 children.
    members: ChildrenToPass,
    reason: Reason,
}

/// Which children.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
enum ChildrenToPass {
    /// All that the worker has for the agency.
    All(All),
    /// These.
    These(Vec<MemberId>),
}

/// Begins to pass children on, and passes as many as one request can. The same request again goes on where it stopped; so does
/// `continue`, from any browser. The first change stands before the children move, so that there is an act even when the
/// machine stops right after it: four calls in series for the first 19 children, two more for each further 19.
#[utoipa::path(post, path = "/agencies/{agency}/hand-overs", operation_id = "begin_hand_over", tag = "agencies", security(("session" = [])),
    params(("agency" = AgencyId, Path)), request_body = NewHandOver,
    responses((status = 201, body = ShownHandOver), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn begin(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let NewHandOver { from, to, members, reason } = call.json()?;
    let agency = call.parameter::<AgencyId>("agency")?;
    let id = HandOverId::from_random(bits_of_one_act(call, &claims.login.to_string())?);
    let which = match members {
        ChildrenToPass::All(all) => Which::All(all),
        ChildrenToPass::These(members) => {
            let count = members.len();
            let each: BTreeSet<MemberId> = members.into_iter().collect();
            // Twice the same child is a slip of the hand somewhere else in the list.
            Which::These(if each.len() == count { each } else { BTreeSet::new() })
        }
    };
    let key = Key::hand_over(agency, id);
    let reading = gate.read_for(call, &claims).also(Key::agency(agency)).also(key.clone());
    let reading = reading.trail(Subject::Login(from)).trail(Subject::Login(to));
    let Gathered { mut found, mut basis, todos } = gather(context, reading, (claims.login, from, to)).await?;
    let agency = agency_of(call, &found)?;
    let begun: Option<HandOver> = found.get(&key)?;
    let by = basis.permit.login();
    let new = HandOver {
        id,
        agency: agency.id,
        from,
        to,
        which,
        reason,
        by,
        at: found.now,
        moved: 0,
        refused: Vec::new(),
        finished_at: None,
        version: 1,
    };
    let act = match begun {
        Some(begun) if begun.is_same_act(&new) => begun,
        Some(_) => return Err(Problem::key_reused().into()),
        None => {
            new.check(&basis.from, &basis.to, &basis.held)?;
            let said = NewEvent {
                object: Some(id.to_string()),
                reason: Some(new.reason.to_string()),
                ..event(&basis.permit, EventKind::HandOverBegun)
            };
            gate.change(&basis.permit, &found)
                .pin(&agency)
                .pin(&basis.from)
                .pin(&basis.to)
                .create(&new)
                .record(found.trail(Subject::Login(from))?, said.clone())
                .record(found.trail(Subject::Login(to))?, said)
                .commit(&gate.store)
                .await?;
            new
        }
    };
    go_on(context, &found, &mut basis, act, todos).await.and_then(|shown| Answer::created(&shown))
}

/// Goes on with a hand-over that has children left.
#[utoipa::path(post, path = "/agencies/{agency}/hand-overs/{handover}/continue", operation_id = "continue_hand_over", tag = "agencies",
    security(("session" = [])), params(("agency" = AgencyId, Path), ("handover" = HandOverId, Path)), request_body = Nothing,
    responses((status = 200, body = ShownHandOver), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn resume(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let Nothing {} = call.json()?;
    let key = Key::hand_over(call.parameter("agency")?, call.parameter("handover")?);
    let mut found = gate.read_for(call, &claims).without_kept_answer().also(key.clone()).send().await?;
    gate.permit(Action::HandOver, &mut found).await?;
    let act: HandOver = found.get(&key)?.ok_or_else(Problem::not_found)?;
    let reading = gate.read_for(call, &claims).also(key.clone());
    let Gathered { found, mut basis, todos } = gather(context, reading, (claims.login, act.from, act.to)).await?;
    let act: HandOver = found.get(&key)?.ok_or_else(Problem::not_found)?;
    go_on(context, &found, &mut basis, act, todos).await.and_then(|shown| Answer::ok(&shown))
}

async fn go_on(
    context: &Context,
    found: &Found,
    basis: &mut Basis,
    act: HandOver,
    todos: Vec<Todo>,
) -> Result<ShownHandOver, Stop> {
    if act.finished_at.is_none() {
        act.check_hands(basis.permit.login(), &basis.to)?;
    }
    let act = pass_on(context, found, basis, act).await?;
    Ok(ShownHandOver::of(act, &basis.held, todos))
}

struct Gathered {
    found: Found,
    basis: Basis,
    todos: Vec<Todo>,
}

/// Reads all that a passing rests on at once, and asks whether the caller may. The answer of a hand-over is not kept: the act is
/// found again by its identifier, and says how far it is by now.
async fn gather(
    context: &Context,
    reading: Reading<'_>,
    (caller, from, to): (LoginId, LoginId, LoginId),
) -> Result<Gathered, Stop> {
    let gate = &context.gate;
    let grants = |login: LoginId| async move { gate.store.list::<Grant>(&Key::login(login), "GRANT#").await };
    let from_key = Key::login(from);
    let (mut found, held, before, own, todos) = try_join5(
        reading.without_kept_answer().also(from_key.clone()).also(Key::login(to)).send(),
        grants(from),
        grants(to),
        grants(caller),
        gate.store.list::<Todo>(&from_key, "TODO#"),
    )
    .await?;
    let permit = gate.permit(Action::HandOver, &mut found).await?;
    let from: Option<Login> = found.get(&from_key)?;
    let from = from.ok_or_else(|| Problem::cannot("from", "choose a person who has a login"))?;
    let to: Option<Login> = found.get(&Key::login(to))?;
    let to = to.ok_or_else(|| Problem::cannot("to", "choose a person who has a login"))?;
    Ok(Gathered { found, basis: Basis { permit, from, to, held, before, own }, todos })
}
