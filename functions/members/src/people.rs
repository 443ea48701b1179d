//! Who has access to a member, and who is invited: staff's answer to "who can see this child?".

use std::collections::BTreeSet;

use futures_util::future::{try_join, try_join3};
use hearth::domain::decide::Action;
use hearth::domain::grant::{Authority, Grant, GrantState, Reason, Relationship, Scope};
use hearth::domain::id::{AgencyId, InvitationId, LoginId, MemberId};
use hearth::domain::invitation::Invitation;
use hearth::domain::login::Login;
use hearth::domain::text::PersonName;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Stop};
use hearth::store::Key;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// Who has, had, or is offered access.
#[derive(Serialize, ToSchema)]
pub(crate) struct People {
    grants: Vec<Access>,
    invitations: Vec<Invited>,
}

/// The access of one person.
#[derive(Serialize, ToSchema)]
pub(crate) struct Access {
    login: LoginId,
    name: Option<PersonName>,
    relationship: Relationship,
    authority: Authority,
    scopes: BTreeSet<Scope>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    not_before: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    not_after: Option<Timestamp>,
    /// The agency for which the person acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    agency: Option<AgencyId>,
    /// Whether the access does not count because the person is not on that agency's roster.
    outside_agency: bool,
    state: GrantState,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
}

/// An invitation that can still be answered.
#[derive(Serialize, ToSchema)]
pub(crate) struct Invited {
    id: InvitationId,
    /// Members in the same invitation.
    offers_members: usize,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Lists who has access to the member. Two calls in series: whom to read is known from the pointers only.
#[utoipa::path(get, path = "/members/{member}/grants", operation_id = "list_grants", tag = "members", security(("member" = [])),
    params(("member" = MemberId, Path)),
    responses((status = 200, body = People), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn people(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let partition = Key::member(member);
    let (mut found, grantees, invitations) = try_join3(
        gate.read_for(call, &claims).member(member).send(),
        gate.store.list_names(&partition, "GRANTEE#"),
        gate.store.list_names(&partition, "INVITATION#"),
    )
    .await?;
    gate.permit(Action::ReadPeople, &mut found).await?;

    let logins: Vec<LoginId> = grantees.iter().filter_map(|name| name.parse().ok()).collect();
    let keys = |key: fn(LoginId, MemberId) -> Key| logins.iter().map(|&login| key(login, member)).collect();
    let invited: BTreeSet<Key> = invitations.iter().filter_map(|name| name.parse().ok()).map(Key::invitation).collect();
    let (grants, (names, invitations)) = try_join(
        gate.store.values::<Grant>(&keys(Key::grant)),
        try_join(
            gate.store.values::<Login>(&keys(|login, _| Key::login(login))),
            gate.store.values::<Invitation>(&invited),
        ),
    )
    .await?;
    let mut grants: Vec<Access> = grants
        .into_iter()
        .map(|grant| Access {
            login: grant.login,
            name: names.iter().find(|login| login.id == grant.login).map(|login| login.name.clone()),
            relationship: grant.terms.relationship,
            authority: grant.terms.authority,
            scopes: grant.terms.scopes,
            not_before: grant.terms.not_before,
            not_after: grant.terms.not_after,
            agency: grant.terms.agency,
            outside_agency: grant.terms.agency.is_some()
                && grant.terms.agency
                    != names.iter().find(|login| login.id == grant.login).and_then(|login| login.agency),
            state: grant.state,
            reason: grant.reason,
        })
        .collect();
    grants.sort_by_key(|access| access.login);
    let invitations = invitations
        .iter()
        .filter(|invitation| invitation.open_at(found.now).is_ok())
        .map(|invitation| Invited {
            id: invitation.id,
            offers_members: invitation.offers.len(),
            expires_at: invitation.expires_at,
        })
        .collect();
    Answer::ok(&People { grants, invitations })
}
