//! The members within reach, with what waits for each. What is listed can be opened, and nothing else is listed: each
//! entry passed the same decision.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::{try_join, try_join3};
use hearth::domain::decide::{self, Action, judge};
use hearth::domain::grant::{Authority, Grant, Relationship, Scope};
use hearth::domain::id::{MemberId, PacketId};
use hearth::domain::login::Role;
use hearth::domain::member::Member;
use hearth::domain::policy::Reach;
use hearth::domain::text::{PersonName, Title};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::session::token::Claims;
use hearth::store::items::{MEMBERS, Todo};
use hearth::store::{Found, Key};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// Members on one page of staff's list.
const PAGE: i32 = 100;

/// The members within reach.
#[derive(Serialize, ToSchema)]
pub(crate) struct Members {
    members: Vec<WithinReach>,
    /// Where staff's next page begins; send it as `after`.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl Members {
    /// These members and the others of a page; these stand on the first page and on no other.
    fn before(self, page: Self, is_first: bool) -> Self {
        let others = page.members.into_iter().filter(|other| self.members.iter().all(|own| own.id != other.id));
        let others: Vec<WithinReach> = others.collect();
        let own = if is_first { self.members } else { Vec::new() };
        Self { members: own.into_iter().chain(others).collect(), next: page.next }
    }
}

/// A member within reach.
#[derive(Serialize, ToSchema)]
pub(crate) struct WithinReach {
    id: MemberId,
    name: PersonName,
    #[schema(value_type = String, format = Date)]
    birth_date: Date,
    /// Kinship of the reader; none for staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    relationship: Option<Relationship>,
    /// Legal ground of the reader's access; none for staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    authority: Option<Authority>,
    /// What the reader may do now.
    scopes: BTreeSet<Scope>,
    /// When the reader's access ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    not_after: Option<Timestamp>,
    /// What waits for the reader.
    waiting: Vec<Waiting>,
    /// A birthday that will change who reaches what: told in the months before.
    #[serde(skip_serializing_if = "Option::is_none")]
    birthday: Option<Birthday>,
}

/// A birthday that changes how far guardians reach.
#[derive(Serialize, ToSchema)]
pub(crate) struct Birthday {
    #[schema(value_type = String, format = Date)]
    on: Date,
    /// How far guardians reach from its midnight on.
    guardians_reach: Reach,
}

/// Something that waits for the reader.
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Waiting {
    /// A signature.
    Sign {
        /// In which packet.
        packet: PacketId,
        /// Its title.
        title: Title,
        /// Since when.
        #[schema(value_type = String, format = DateTime)]
        since: Timestamp,
    },
}

/// Lists the members within reach.
#[utoipa::path(get, path = "/members", operation_id = "list_members", tag = "members", security(("session" = [])),
    params(("after" = Option<String>, Query, description = "staff: the `next` of the page before")),
    responses((status = 200, body = Members), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn list(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let login = Key::login(claims.login);
    let (mut found, grants, todos) = try_join3(
        gate.read_for(call, &claims).send(),
        gate.store.list::<Grant>(&login, "GRANT#"),
        gate.store.list::<Todo>(&login, "TODO#"),
    )
    .await?;
    gate.permit(Action::UseOwnLogin, &mut found).await?;
    let is_staff = found.login.as_ref().is_some_and(|login| login.role == Role::Staff);
    let members = if is_staff {
        gate.permit(Action::ListAllMembers, &mut found).await?;
        // Staff can be parents, too: their own family comes first, with what waits for them.
        let own = within_reach(context, &found, &claims, grants.clone(), &todos);
        let (own, all) = try_join(own, everybody(context, call, &found, &grants)).await?;
        own.before(all, call.query("after").is_none())
    } else {
        within_reach(context, &found, &claims, grants, &todos).await?
    };
    Answer::ok(&members)
}

async fn within_reach(
    context: &Context,
    found: &Found,
    claims: &Claims,
    grants: Vec<Grant>,
    todos: &[Todo],
) -> Result<Members, Stop> {
    let members = members(context, grants.iter().map(|grant| Key::member(grant.member)).collect()).await?;
    let mut entries: Vec<WithinReach> = grants
        .into_iter()
        .filter(|grant| grant.login == claims.login)
        .filter_map(|grant| {
            let member = members.get(&grant.member)?;
            let (person, policy) = ((found.login.as_ref()?, &grant), &context.gate.policy);
            let action = Action::OpenMember { with_reason: false };
            judge(action, (person.0, Some(person.1)), Some(member), policy, found.now).ok()?;
            let scopes = decide::scopes(person, member, policy, found.now).into_iter().collect();
            let concerns_age = grant.terms.authority.rests_on_minority() || grant.terms.authority == Authority::Oneself;
            let ahead = concerns_age.then(|| policy.change_ahead(member.birth_date, found.now)).flatten();
            let birthday = ahead.map(|(on, guardians_reach)| Birthday { on, guardians_reach });
            Some(WithinReach { birthday, ..entry(member, Some((&grant, scopes)), todos) })
        })
        .collect();
    // Most urgent first, then by name, so that the page is the same each time.
    entries.sort_by(|a, b| {
        (a.waiting.is_empty(), a.name.as_str(), a.id).cmp(&(b.waiting.is_empty(), b.name.as_str(), b.id))
    });
    Ok(Members { members: entries, next: None })
}

/// A page of the clinic's members, without those whose record this member of staff cannot open, whatever the reason given.
async fn everybody(context: &Context, call: &Call, found: &Found, own: &[Grant]) -> Result<Members, Stop> {
    let after = match call.query("after") {
        None => None,
        Some(text) => Some(cursor(text).ok_or_else(|| Problem::malformed("send `after` as it was given in `next`"))?),
    };
    let page = context.gate.store.directory(MEMBERS, after, PAGE).await?;
    let members = members(context, page.keys.iter().cloned().collect()).await?;
    let can_open = |member: &&Member| {
        let own = own.iter().find(|grant| grant.member == member.id);
        let action = Action::OpenMember { with_reason: true };
        let policy = &context.gate.policy;
        found.login.as_ref().is_some_and(|login| judge(action, (login, own), Some(member), policy, found.now).is_ok())
    };
    let mut entries: Vec<&Member> = members.values().filter(can_open).collect();
    entries.sort_by_key(|member| std::cmp::Reverse((member.registered_at, member.id)));
    let next = page.next.map(|(listed_at, key)| format!("{listed_at}~{}", key.pk.trim_start_matches("MEMBER#")));
    Ok(Members { members: entries.into_iter().map(|member| entry(member, None, &[])).collect(), next })
}

fn cursor(text: &str) -> Option<(String, Key)> {
    let (listed_at, member) = text.split_once('~')?;
    let listed_at: Timestamp = listed_at.parse().ok()?;
    Some((listed_at.to_string(), Key::member(member.parse().ok()?)))
}

async fn members(context: &Context, keys: BTreeSet<Key>) -> Result<BTreeMap<MemberId, Member>, Stop> {
    let members = context.gate.store.values::<Member>(&keys).await?;
    Ok(members.into_iter().map(|member| (member.id, member)).collect())
}

fn entry(member: &Member, access: Option<(&Grant, BTreeSet<Scope>)>, todos: &[Todo]) -> WithinReach {
    let (grant, scopes) = access.unzip();
    let scopes = scopes.unwrap_or_default();
    let waiting = todos
        .iter()
        .filter(|todo| todo.member == member.id && scopes.contains(&Scope::Sign))
        .map(|todo| Waiting::Sign { packet: todo.packet, title: todo.title.clone(), since: todo.since })
        .collect();
    WithinReach {
        id: member.id,
        name: member.name.clone(),
        birth_date: member.birth_date,
        relationship: grant.map(|grant| grant.terms.relationship),
        authority: grant.map(|grant| grant.terms.authority),
        scopes,
        not_after: grant.and_then(|grant| grant.terms.not_after),
        birthday: None,
        waiting,
    }
}
