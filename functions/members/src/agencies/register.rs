//! Staff register agencies and list them.

use futures_util::future::try_join;
use hearth::domain::agency::Agency;
use hearth::domain::decide::Action;
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::id::AgencyId;
use hearth::domain::text::AgencyName;
use hearth::gate::event;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop, field};
use hearth::random;
use hearth::store::Key;
use hearth::store::items::AGENCIES;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;

/// Agencies on one page.
const PAGE: i32 = 100;

/// An agency to register.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAgency {
    /// Name, 1 to 100 characters.
    #[schema(value_type = AgencyName)]
    name: String,
}

/// The agency that was registered.
#[derive(Serialize, ToSchema)]
pub(crate) struct AgencyRegistered {
    id: AgencyId,
}

/// Registers an agency. It stands on the record of the staff member who did it.
#[utoipa::path(post, path = "/agencies", operation_id = "register_agency", tag = "agencies", security(("session" = [])), request_body = NewAgency,
    responses((status = 201, body = AgencyRegistered), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn register(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let input: NewAgency = call.json()?;
    let own = Subject::Login(claims.login);
    let mut found = gate.read_for(call, &claims).trail(own).send().await?;
    let permit = gate.permit(Action::ManageAgencies, &mut found).await?;
    let name = field("name", &input.name)?;
    let id = AgencyId::from_random(random::bytes()?);
    let agency = Agency { id, name, registered_at: found.now, left: Vec::new(), version: 1 };
    let registered = NewEvent { object: Some(id.to_string()), ..event(&permit, EventKind::AgencyRegistered) };
    let change = gate.change(&permit, &found).create(&agency).record(found.trail(own)?, registered);
    gate.commit(change, &found, Answer::created(&AgencyRegistered { id })?).await
}

/// The clinic's agencies.
#[derive(Serialize, ToSchema)]
pub(crate) struct Agencies {
    agencies: Vec<ListedAgency>,
    /// Where the next page begins; send it as `after`.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// An agency in the list.
#[derive(Serialize, ToSchema)]
pub(crate) struct ListedAgency {
    id: AgencyId,
    name: AgencyName,
}

/// Lists the clinic's agencies, newest first.
#[utoipa::path(get, path = "/agencies", operation_id = "list_agencies", tag = "agencies", security(("session" = [])),
    params(("after" = Option<String>, Query, description = "the `next` of the page before")),
    responses((status = 200, body = Agencies), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn list(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let after = call.query("after").map(|text| {
        cursor(text).ok_or_else(|| Stop::from(Problem::malformed("send `after` as it was given in `next`")))
    });
    // A wish that cannot be read is told to staff only: the index is asked nothing for it.
    let (after, unreadable) = match after.transpose() {
        Ok(after) => (after, None),
        Err(stop) => (None, Some(stop)),
    };
    let page = gate.store.directory(AGENCIES, after, PAGE);
    let (mut found, page) = try_join(gate.read_for(call, &claims).send(), page).await?;
    gate.permit(Action::ManageAgencies, &mut found).await?;
    if let Some(stop) = unreadable {
        return Err(stop);
    }
    let mut agencies = gate.store.values::<Agency>(&page.keys.into_iter().collect()).await?;
    agencies.sort_by_key(|agency| std::cmp::Reverse((agency.registered_at, agency.id)));
    let agencies = agencies.into_iter().map(|agency| ListedAgency { id: agency.id, name: agency.name }).collect();
    let next = page.next.map(|(listed_at, key)| format!("{listed_at}~{}", key.pk.trim_start_matches("AGENCY#")));
    Answer::ok(&Agencies { agencies, next })
}

fn cursor(text: &str) -> Option<(String, Key)> {
    let (listed_at, agency) = text.split_once('~')?;
    let listed_at: Timestamp = listed_at.parse().ok()?;
    Some((listed_at.to_string(), Key::agency(agency.parse().ok()?)))
}
