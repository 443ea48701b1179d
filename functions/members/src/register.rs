//! Staff register a client.

use hearth::domain::decide::Action;
use hearth::domain::event::{EventKind, Subject, Trail};
use hearth::domain::id::MemberId;
use hearth::domain::member::Member;
use hearth::gate::event;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop, field};
use hearth::random;
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;

/// A client to register.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMember {
    /// Name, 1 to 100 characters.
    name: String,
    /// Date of birth.
    #[schema(value_type = String, format = Date)]
    birth_date: Date,
}

/// The client that was registered.
#[derive(Serialize, ToSchema)]
pub(crate) struct Registered {
    id: MemberId,
}

/// Nobody alive was born before.
const EARLIEST_BIRTH: Date = date(1900, 1, 1);

/// Registers a client.
#[utoipa::path(post, path = "/members", operation_id = "register_member", tag = "members", security(("session" = [])), request_body = NewMember,
    responses((status = 201, body = Registered), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn register(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let input: NewMember = call.json()?;
    let name = field("name", &input.name)?;
    let mut found = gate.read_for(call, &claims).send().await?;
    let permit = gate.permit(Action::RegisterMember, &mut found).await?;

    let tomorrow = found.now.to_zoned(gate.policy.time_zone.clone()).date().tomorrow().unwrap_or(Date::MAX);
    if !(EARLIEST_BIRTH..tomorrow).contains(&input.birth_date) {
        return Err(Problem::cannot("birth_date", "write a date of birth between 1900 and today").into());
    }
    let id = MemberId::from_random(random::bytes()?);
    let member = Member {
        id,
        name,
        birth_date: input.birth_date,
        registered_at: found.now,
        withdrawn: Vec::new(),
        blocks: Vec::new(),
        version: 1,
    };
    let mut trail = Trail::after(Subject::Member(id), None);
    let change =
        gate.change(&permit, &found).create(&member).record(&mut trail, event(&permit, EventKind::MemberRegistered));
    gate.commit(change, &found, Answer::created(&Registered { id })?).await
}
