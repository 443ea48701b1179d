//! An agency and its roster. What a worker may do for the agency's children counts while the worker is on it.

use futures_util::future::{try_join, try_join_all, try_join3};
use hearth::domain::agency::{AgencyError, HandOver};
use hearth::domain::decide::Action;
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::grant::{Grant, Reason};
use hearth::domain::id::{AgencyId, HandOverId, LoginId};
use hearth::domain::login::Login;
use hearth::domain::text::{AgencyName, PersonName};
use hearth::gate::event;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::store::Key;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{agency_of, children};
use crate::Context;

/// An agency.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShownAgency {
    id: AgencyId,
    name: AgencyName,
    workers: Vec<Worker>,
    /// Hand-overs that are not finished; `continue` goes on with them.
    unfinished: Vec<Unfinished>,
}

/// Somebody on the roster.
#[derive(Serialize, ToSchema)]
pub(crate) struct Worker {
    login: LoginId,
    name: PersonName,
    /// Children whom the person has for the agency.
    children: usize,
}

/// A hand-over that goes on.
#[derive(Serialize, ToSchema)]
pub(crate) struct Unfinished {
    id: HandOverId,
    from: LoginId,
    to: LoginId,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// Shows an agency. Two calls in series: who is on the roster is known from the pointers only.
#[utoipa::path(get, path = "/agencies/{agency}", operation_id = "show_agency", tag = "agencies", security(("session" = [])),
    params(("agency" = AgencyId, Path)),
    responses((status = 200, body = ShownAgency), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn show(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let key = Key::agency(call.parameter("agency")?);
    let (mut found, workers, hand_overs) = try_join3(
        gate.read_for(call, &claims).also(key.clone()).send(),
        gate.store.list_names(&key, "WORKER#"),
        gate.store.list::<HandOver>(&key, "HANDOVER#"),
    )
    .await?;
    gate.permit(Action::ManageAgencies, &mut found).await?;
    let agency = agency_of(call, &found)?;
    let workers: Vec<LoginId> = workers.iter().filter_map(|name| name.parse().ok()).collect();
    let held = |login: LoginId| async move {
        let grants = gate.store.list::<Grant>(&Key::login(login), "GRANT#").await?;
        Ok::<_, Stop>((login, children(&grants, agency.id, found.now)))
    };
    let logins = workers.iter().copied().map(Key::login).collect();
    let (logins, held) =
        try_join(gate.store.values::<Login>(&logins), try_join_all(workers.iter().copied().map(held))).await?;
    let mut workers: Vec<Worker> = logins
        .into_iter()
        .filter(|login| login.agency == Some(agency.id))
        .map(|login| Worker {
            login: login.id,
            children: held.iter().find(|(id, _)| *id == login.id).map_or(0, |(_, count)| *count),
            name: login.name,
        })
        .collect();
    workers.sort_by(|a, b| (a.name.as_str(), a.login).cmp(&(b.name.as_str(), b.login)));
    let unfinished = hand_overs
        .iter()
        .filter(|hand_over| hand_over.finished_at.is_none())
        .map(|hand_over| Unfinished { id: hand_over.id, from: hand_over.from, to: hand_over.to, at: hand_over.at })
        .collect();
    Answer::ok(&ShownAgency { id: agency.id, name: agency.name, workers, unfinished })
}

/// Who comes onto the roster.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewWorker {
    login: LoginId,
}

/// The person is on the roster.
#[derive(Serialize, ToSchema)]
pub(crate) struct OnRoster {
    login: LoginId,
    /// Children whom the person had for the agency before, and reaches again from now on.
    children: usize,
}

/// Puts somebody on the roster. Whoever reaches children by it again is let in, which takes a fresh proof.
#[utoipa::path(post, path = "/agencies/{agency}/workers", operation_id = "add_worker", tag = "agencies", security(("session" = [])),
    params(("agency" = AgencyId, Path)), request_body = NewWorker,
    responses((status = 201, body = OnRoster), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn add(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let NewWorker { login } = call.json()?;
    let (key, subject) = (Key::login(login), Subject::Login(login));
    let reading = gate.read_for(call, &claims).also(Key::agency(call.parameter("agency")?)).also(key.clone());
    let grants = gate.store.list::<Grant>(&key, "GRANT#");
    let (mut found, grants) = try_join(reading.trail(subject).send(), grants).await?;
    let permit = gate.permit(Action::ManageAgencies, &mut found).await?;
    let agency = agency_of(call, &found)?;
    let held = children(&grants, agency.id, found.now);
    let permit = if held > 0 { gate.permit(Action::HandOver, &mut found).await? } else { permit };
    if login == permit.login() {
        return Err(Problem::cannot("login", "nobody puts herself on a roster; ask a colleague").into());
    }
    let person: Option<Login> = found.get(&key)?;
    let person = person.ok_or_else(|| Problem::cannot("login", "choose a person who has a login"))?;
    match person.agency {
        Some(other) if other != agency.id => return Err(AgencyError::OtherRoster.into()),
        Some(_) => return Err(Problem::conflict("this person is on the roster already").into()),
        None => {}
    }
    let joined = NewEvent { object: Some(agency.id.to_string()), ..event(&permit, EventKind::RosterJoined) };
    let change = gate
        .change(&permit, &found)
        .pin(&agency)
        .replace(&person, Login { agency: Some(agency.id), ..person.clone() })
        .point(Key::worker(agency.id, login))
        .record(found.trail(subject)?, joined);
    gate.commit(change, &found, Answer::created(&OnRoster { login, children: held })?).await
}

/// Why somebody leaves the roster.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Leaving {
    reason: Reason,
}

/// Takes somebody off the roster. All that the person could do for the agency's children stops counting with the next request.
#[utoipa::path(post, path = "/agencies/{agency}/workers/{login}/remove", operation_id = "remove_worker", tag = "agencies", security(("session" = [])),
    params(("agency" = AgencyId, Path), ("login" = LoginId, Path)), request_body = Leaving,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn remove(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let login = call.parameter::<LoginId>("login")?;
    let Leaving { reason } = call.json()?;
    let (key, subject) = (Key::login(login), Subject::Login(login));
    let reading = gate.read_for(call, &claims).also(Key::agency(call.parameter("agency")?)).also(key.clone());
    let mut found = reading.trail(subject).send().await?;
    let permit = gate.permit(Action::ManageAgencies, &mut found).await?;
    let agency = agency_of(call, &found)?;
    let person: Option<Login> = found.get(&key)?;
    let person = person.filter(|person| person.agency == Some(agency.id)).ok_or_else(Problem::not_found)?;
    let left = NewEvent {
        object: Some(agency.id.to_string()),
        reason: Some(reason.to_string()),
        ..event(&permit, EventKind::RosterLeft)
    };
    let change = gate
        .change(&permit, &found)
        .replace(&person, Login { agency: None, ..person.clone() })
        .clear(Key::worker(agency.id, login))
        // Open links from before must not bring the person back.
        .replace(&agency, agency.without(&person, found.now))
        .record(found.trail(subject)?, left);
    gate.commit(change, &found, Answer::nothing()).await
}
