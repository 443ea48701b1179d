//! Name and date of birth of the member that is open.

use hearth::domain::decide::Action;
use hearth::domain::id::MemberId;
use hearth::domain::member::Member;
use hearth::domain::text::PersonName;
use hearth::gate::missing;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Stop};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// A member, as people with access see it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Profile {
    id: MemberId,
    name: PersonName,
    #[schema(value_type = String, format = Date)]
    birth_date: Date,
}

impl From<&Member> for Profile {
    fn from(member: &Member) -> Self {
        Self { id: member.id, name: member.name.clone(), birth_date: member.birth_date }
    }
}

/// Shows the member.
#[utoipa::path(get, path = "/members/{member}", operation_id = "show_member", tag = "members", security(("member" = [])),
    params(("member" = MemberId, Path)),
    responses((status = 200, body = Profile), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn profile(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let mut found = gate.read_for(call, &claims).member(member).send().await?;
    gate.permit(Action::ReadProfile, &mut found).await?;
    let member = found.member.as_ref().ok_or(missing("a permit without a member"))?;
    Answer::ok(&Profile::from(member))
}
