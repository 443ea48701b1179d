//! Who has access to a member, and who is invited: staff's answer to "who can see this child?".

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::{try_join, try_join3};
use hearth::domain::Version;
use hearth::domain::decide::{self, Action};
use hearth::domain::grant::{Authority, CustodyTime, Grant, GrantState, Reason, Relationship, Scope};
use hearth::domain::id::{AgencyId, DocumentId, InvitationId, LoginId, MemberId};
use hearth::domain::invitation::Invitation;
use hearth::domain::login::Login;
use hearth::domain::member::Member;
use hearth::domain::policy::ClinicPolicy;
use hearth::domain::text::PersonName;
use hearth::gate::missing;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Stop};
use hearth::store::Key;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;
use crate::explain::No;

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
    /// Times to which some of the scopes are narrowed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    custody: Vec<CustodyTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agency: Option<AgencyId>,
    /// The paper that shows the ground.
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<DocumentId>,
    state: GrantState,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
    granted_by: LoginId,
    #[serde(skip_serializing_if = "Option::is_none")]
    granted_by_name: Option<PersonName>,
    #[schema(value_type = String, format = DateTime)]
    granted_at: Timestamp,
    /// Send it with a change.
    version: Version,
    /// What counts now.
    scopes_now: Vec<Scope>,
    /// Why nothing counts now.
    #[serde(skip_serializing_if = "Option::is_none")]
    why_not: Option<No>,
}

impl Access {
    /// The access of one person, whose login and giver are among `names`.
    fn of(
        grant: Grant,
        names: &BTreeMap<LoginId, Login>,
        member: &Member,
        policy: &ClinicPolicy,
        now: Timestamp,
    ) -> Self {
        let holder = names.get(&grant.login);
        let why_not = holder.and_then(|holder| decide::standing((holder, &grant), member, policy, now).err());
        Self {
            login: grant.login,
            name: holder.map(|login| login.name.clone()),
            scopes_now: holder.map(|holder| decide::scopes((holder, &grant), member, policy, now)).unwrap_or_default(),
            why_not: why_not.map(No::from),
            relationship: grant.terms.relationship,
            authority: grant.terms.authority,
            scopes: grant.terms.scopes,
            not_before: grant.terms.not_before,
            not_after: grant.terms.not_after,
            custody: grant.terms.custody,
            agency: grant.terms.agency,
            evidence: grant.terms.evidence,
            state: grant.state,
            reason: grant.reason,
            granted_by: grant.granted_by,
            granted_by_name: names.get(&grant.granted_by).map(|login| login.name.clone()),
            granted_at: grant.granted_at,
            version: grant.version,
        }
    }
}

/// An invitation that can still be answered.
#[derive(Serialize, ToSchema)]
pub(crate) struct Invited {
    id: InvitationId,
    /// Members in the same invitation.
    offers_members: usize,
    /// Kinship that it offers for this member.
    relationship: Relationship,
    /// The legal ground that it offers.
    authority: Authority,
    /// What it will allow.
    scopes: BTreeSet<Scope>,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Lists who has access to the member. Three calls in series: whom to read is known from the pointers, and who gave it from the
/// grants.
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
    let record = found.member.as_ref().ok_or(missing("a permit without a member"))?;

    let logins: Vec<LoginId> = grantees.iter().filter_map(|name| name.parse().ok()).collect();
    let keys = logins.iter().map(|&login| Key::grant(login, member)).collect();
    let invited: BTreeSet<Key> = invitations.iter().filter_map(|name| name.parse().ok()).map(Key::invitation).collect();
    let (grants, invitations) =
        try_join(gate.store.values::<Grant>(&keys), gate.store.values::<Invitation>(&invited)).await?;
    let named = grants.iter().flat_map(|grant| [grant.login, grant.granted_by]).map(Key::login).collect();
    let names = gate.store.values::<Login>(&named).await?;
    let names: BTreeMap<LoginId, Login> = names.into_iter().map(|login| (login.id, login)).collect();
    let mut grants: Vec<Access> =
        grants.into_iter().map(|grant| Access::of(grant, &names, record, &gate.policy, found.now)).collect();
    grants.sort_by_key(|access| access.login);
    let invitations = invitations
        .iter()
        .filter(|invitation| invitation.open_at(found.now).is_ok())
        .filter_map(|invitation| {
            let offer = invitation.offers.iter().find(|offer| offer.member == member)?;
            Some(Invited {
                id: invitation.id,
                offers_members: invitation.offers.len(),
                relationship: offer.terms.relationship,
                authority: offer.terms.authority,
                scopes: offer.terms.scopes.clone(),
                expires_at: invitation.expires_at,
            })
        })
        .collect();
    Answer::ok(&People { grants, invitations })
}
