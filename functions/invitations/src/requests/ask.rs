//! Asking: it gives nothing, and staff see it on the member's record.

use futures_util::future::try_join;
use hearth::domain::decide::Action;
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::id::{MemberId, RequestId};
use hearth::domain::request::{Request, RequestState, Wish};
use hearth::domain::text::Note;
use hearth::gate::event;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Stop};
use hearth::random;
use hearth::store::Key;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;

/// What to ask for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asking {
    wish: Wish,
    /// A word to the clinic.
    note: Option<Note>,
}

/// The request that waits now.
#[derive(Serialize, ToSchema)]
pub(crate) struct Asked {
    id: RequestId,
}

/// Asks the clinic for access for somebody else, or for another member of the family.
#[utoipa::path(post, path = "/members/{member}/requests", operation_id = "ask_for_access", tag = "invitations", security(("member" = [])),
    params(("member" = MemberId, Path)), request_body = Asking,
    responses((status = 201, body = Asked), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn ask(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let Asking { wish, note } = call.json()?;
    let (mut found, before) = try_join(
        gate.read_for(call, &claims).member(member).send(),
        gate.store.list::<Request>(&Key::member(member), "REQUEST#"),
    )
    .await?;
    let permit = gate.permit(Action::AskForAccess, &mut found).await?;

    Request::check_room(&before, permit.login())?;
    let id = RequestId::from_random(random::bytes()?);
    let (by, asked_at) = (permit.login(), found.now);
    let request = Request { id, member, by, wish, note, asked_at, state: RequestState::Open, version: 1 };
    let made = NewEvent { object: Some(id.to_string()), ..event(&permit, EventKind::RequestMade) };
    let change = gate.change(&permit, &found).create(&request).record(found.trail(Subject::Member(member))?, made);
    gate.commit(change, &found, Answer::created(&Asked { id })?).await
}
