//! Who else has access to a member, for those who may know: names and kinship, never an address.

use futures_util::future::try_join;
use hearth::circle::Circle;
use hearth::domain::decide::{Action, judge};
use hearth::domain::grant::{Authority, Relationship};
use hearth::domain::id::{LoginId, MemberId};
use hearth::domain::login::Login;
use hearth::domain::text::PersonName;
use hearth::gate::missing;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Stop};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// Who has access.
#[derive(Serialize, ToSchema)]
pub(crate) struct Directory {
    people: Vec<Entry>,
    /// For a client who came of age: who had access before, and can be kept as a helper.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    before: Vec<Entry>,
}

/// Somebody with access.
#[derive(Serialize, ToSchema)]
pub(crate) struct Entry {
    login: LoginId,
    name: PersonName,
    relationship: Relationship,
    authority: Authority,
}

/// Lists who has access. Two calls in series: whom to read is known from the pointers only.
#[utoipa::path(get, path = "/members/{member}/directory", operation_id = "list_directory", tag = "members", security(("member" = [])),
    params(("member" = MemberId, Path)),
    responses((status = 200, body = Directory), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn directory(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let (mut found, circle) =
        try_join(gate.read_for(call, &claims).member(member).send(), Circle::of(&gate.store, member)).await?;
    gate.permit(Action::ReadDirectory, &mut found).await?;

    let holders = circle.holders(&gate.store, member).await?;
    let record = found.member.as_ref().ok_or(missing("a permit without a member"))?;
    let reader = found.login.as_ref().ok_or(missing("a permit without a login"))?;
    let judged =
        |action, login: &Login, grant| judge(action, (login, grant), Some(record), &gate.policy, found.now).is_ok();
    // Only the client decides whom to keep, and only after majority.
    let chooses = judged(Action::KeepHelper, reader, found.grant.as_ref());
    let (mut people, mut before) = (Vec::new(), Vec::new());
    for (login, grant) in &holders {
        let entry = Entry {
            login: login.id,
            name: login.name.clone(),
            relationship: grant.terms.relationship,
            authority: grant.terms.authority,
        };
        if judged(Action::ReadProfile, login, Some(grant)) {
            people.push(entry);
        } else if chooses && grant.is_former_guardians(record, &gate.policy, login, found.now) {
            before.push(entry);
        }
    }
    for entries in [&mut people, &mut before] {
        entries.sort_by(|one, other| (one.name.as_str(), one.login).cmp(&(other.name.as_str(), other.login)));
    }
    Answer::ok(&Directory { people, before })
}
