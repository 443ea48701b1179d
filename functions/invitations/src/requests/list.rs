//! What was asked for: a family reads the own requests, staff all of them.

use futures_util::future::try_join;
use hearth::domain::decide::Action;
use hearth::domain::event::Capacity;
use hearth::domain::id::{LoginId, MemberId, RequestId};
use hearth::domain::request::{Request, RequestState, Wish};
use hearth::domain::text::Note;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Stop};
use hearth::store::Key;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// What was asked for, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Requests {
    requests: Vec<ShownRequest>,
}

/// A request, and where it stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShownRequest {
    id: RequestId,
    by: LoginId,
    wish: Wish,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<Note>,
    #[schema(value_type = String, format = DateTime)]
    asked_at: Timestamp,
    state: RequestStanding,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    answered_at: Option<Timestamp>,
    /// Why it was refused, for the asker to read.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Note>,
}

/// Where a request stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RequestStanding {
    /// Nobody has answered.
    Open,
    /// Staff approved it.
    Approved,
    /// Staff refused it.
    Refused,
}

impl From<Request> for ShownRequest {
    fn from(Request { id, by, wish, note, asked_at, state, .. }: Request) -> Self {
        let (state, answered_at, reason) = match state {
            RequestState::Open => (RequestStanding::Open, None, None),
            RequestState::Approved { at } => (RequestStanding::Approved, Some(at), None),
            RequestState::Refused { at, reason } => (RequestStanding::Refused, Some(at), Some(reason)),
        };
        Self { id, by, wish, note, asked_at, state, answered_at, reason }
    }
}

/// Lists what was asked for on this record.
#[utoipa::path(get, path = "/members/{member}/requests", operation_id = "list_requests", tag = "invitations", security(("member" = [])),
    params(("member" = MemberId, Path)),
    responses((status = 200, body = Requests), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn list(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let (mut found, mut requests) = try_join(
        gate.read_for(call, &claims).member(member).send(),
        gate.store.list::<Request>(&Key::member(member), "REQUEST#"),
    )
    .await?;
    let permit = gate.permit(Action::ReadRequests, &mut found).await?;
    requests.retain(|request| permit.capacity() == Capacity::Staff || request.by == claims.login);
    requests.sort_by_key(|request| std::cmp::Reverse((request.asked_at, request.id)));
    Answer::ok(&Requests { requests: requests.into_iter().map(ShownRequest::from).collect() })
}
