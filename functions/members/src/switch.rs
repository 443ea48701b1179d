//! Opening a member's record: the answer is a token for that member alone, so two tabs can hold two children.

use futures_util::future::try_join;
use hearth::domain::decide::Action;
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::id::MemberId;
use hearth::domain::text::Note;
use hearth::gate::{event, missing};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Stop, field};
use hearth::session::token;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;
use crate::profile::Profile;

/// Why the record is opened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Switch {
    /// Staff must say why; the member's activity shows that staff opened it.
    reason: Option<String>,
}

/// The record is open.
#[derive(Serialize, ToSchema)]
pub(crate) struct Switched {
    /// Bearer token for the routes under `/members/{member}`.
    token: String,
    /// Seconds until the token ends.
    expires_in: i64,
    member: Profile,
}

/// Opens a member's record.
#[utoipa::path(post, path = "/members/{member}/switch", operation_id = "switch_member", tag = "members", security(("session" = [])),
    params(("member" = MemberId, Path)), request_body = Switch,
    responses((status = 200, body = Switched), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn switch(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let member = call.parameter::<MemberId>("member")?;
    let input: Switch = call.json()?;
    let reason: Option<Note> = input.reason.map(|reason| field("reason", &reason)).transpose()?;
    // KMS signs while the facts are read: the token is thrown away on a no, and opens nothing by itself.
    let reading = gate.read_for(call, &claims).member(member).send();
    let (mut found, token) = try_join(reading, context.issuer.member(claims, member, gate.now())).await?;
    let permit = gate.permit(Action::OpenMember { with_reason: reason.is_some() }, &mut found).await?;

    let opened =
        NewEvent { reason: reason.map(|reason| reason.as_str().to_owned()), ..event(&permit, EventKind::MemberOpened) };
    let change = gate.change(&permit, &found).record(found.trail(Subject::Member(member))?, opened);
    let member = found.member.as_ref().ok_or(missing("a permit without a member"))?;
    let answer = Answer::ok(&Switched { token, expires_in: token::LIFE.as_secs(), member: Profile::from(member) })?;
    gate.commit(change, &found, answer).await
}
