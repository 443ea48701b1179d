//! Staff's questions about one person: what would this person see, and why may or can't this person do that?
//!
//! The answers come from the same rule that decides (`judge`). That a colleague asked is put on the record, which is a change: both
//! questions are a `POST`, and take the two round trips of a change.

use std::collections::BTreeMap;

use futures_util::future::try_join3;
use hearth::domain::decide::{self, Action, Basis, Deny, Question};
use hearth::domain::document::Document;
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::grant::{Authority, Grant, Scope};
use hearth::domain::id::{DocumentId, LoginId, MemberId, PacketId};
use hearth::domain::login::Login;
use hearth::domain::packet::Packet;
use hearth::domain::text::{PersonName, Title};
use hearth::gate::{event, missing};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Nothing, Problem, Stop};
use hearth::store::Key;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;

/// A no, for staff.
#[derive(Serialize, ToSchema)]
pub(crate) struct No {
    /// The code, as events have it.
    code: String,
    /// What it means, and what staff can do.
    words: &'static str,
}

impl From<Deny> for No {
    fn from(deny: Deny) -> Self {
        Self { code: deny.to_string(), words: deny.in_words() }
    }
}

/// On what a yes rests.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Ground {
    /// On being signed in.
    OwnLogin,
    /// On working for the clinic.
    Office,
    /// On a grant with this legal ground.
    Grant(Authority),
}

impl From<Basis<'_>> for Ground {
    fn from(basis: Basis<'_>) -> Self {
        match basis {
            Basis::OwnLogin => Self::OwnLogin,
            Basis::Office => Self::Office,
            Basis::Grant(grant) => Self::Grant(grant.terms.authority),
        }
    }
}

/// Whether somebody may, and why.
#[derive(Serialize, ToSchema)]
pub(crate) struct Verdict {
    allowed: bool,
    /// On what a yes rests.
    #[serde(skip_serializing_if = "Option::is_none")]
    basis: Option<Ground>,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    why_not: Option<No>,
}

impl From<Result<Basis<'_>, Deny>> for Verdict {
    fn from(judged: Result<Basis<'_>, Deny>) -> Self {
        match judged {
            Ok(basis) => Self { allowed: true, basis: Some(basis.into()), why_not: None },
            Err(deny) => Self { allowed: false, basis: None, why_not: Some(deny.into()) },
        }
    }
}

/// What to explain.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    action: Question,
    /// When; now unless given. Custody calendars and ages count at that moment, everything else as it is now.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// Explains why somebody may or can't do something.
#[utoipa::path(post, path = "/members/{member}/people/{login}/why", operation_id = "explain_access", tag = "members", security(("member" = [])),
    params(("member" = MemberId, Path), ("login" = LoginId, Path)), request_body = Asked,
    responses((status = 200, body = Verdict), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn why(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let of = call.parameter::<LoginId>("login")?;
    let Asked { action, at } = call.json()?;
    let (login_key, grant_key) = (Key::login(of), Key::grant(of, member));
    let reading = gate.read_for(call, &claims).member(member).also(login_key.clone()).also(grant_key.clone());
    let mut found = reading.send().await?;
    let permit = gate.permit(Action::ReadPeople, &mut found).await?;

    let person: Login = found.get(&login_key)?.ok_or_else(Problem::not_found)?;
    let grant: Option<Grant> = found.get(&grant_key)?;
    let record = found.member.as_ref().ok_or(missing("a permit without a member"))?;
    let judged = action.ask((&person, grant.as_ref()), record, &gate.policy, at.unwrap_or(found.now));
    let answer = Answer::ok(&Verdict::from(judged))?;
    let asked = NewEvent { object: Some(of.to_string()), ..event(&permit, EventKind::AccessExplained) };
    let change = gate.change(&permit, &found).record(found.trail(Subject::Member(member))?, asked);
    gate.commit(change, &found, answer).await
}

/// What a person would see now.
#[derive(Serialize, ToSchema)]
pub(crate) struct Preview {
    name: PersonName,
    /// Each thing that a family does with a record.
    actions: BTreeMap<String, Verdict>,
    /// What the person's access allows now.
    scopes: Vec<Scope>,
    /// The documents that the person's list would hold.
    documents: Vec<SeenDocument>,
    /// The packets that the person's list would hold.
    packets: Vec<SeenPacket>,
}

/// A document in somebody's list.
#[derive(Serialize, ToSchema)]
pub(crate) struct SeenDocument {
    id: DocumentId,
    title: Title,
}

/// A packet in somebody's list.
#[derive(Serialize, ToSchema)]
pub(crate) struct SeenPacket {
    id: PacketId,
    title: Title,
}

/// Shows what somebody would see now.
#[utoipa::path(post, path = "/members/{member}/people/{login}/preview", operation_id = "preview_access", tag = "members", security(("member" = [])),
    params(("member" = MemberId, Path), ("login" = LoginId, Path)), request_body = Nothing,
    responses((status = 200, body = Preview), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn preview(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let of = call.parameter::<LoginId>("login")?;
    let Nothing {} = call.json()?;
    let (login_key, grant_key, partition) = (Key::login(of), Key::grant(of, member), Key::member(member));
    let reading = gate.read_for(call, &claims).member(member).also(login_key.clone()).also(grant_key.clone());
    let (mut found, documents, packets) = try_join3(
        reading.send(),
        gate.store.list::<Document>(&partition, "DOCUMENT#"),
        gate.store.list::<Packet>(&partition, "PACKET#"),
    )
    .await?;
    let permit = gate.permit(Action::ReadPeople, &mut found).await?;

    let person: Login = found.get(&login_key)?.ok_or_else(Problem::not_found)?;
    let grant: Option<Grant> = found.get(&grant_key)?;
    let record = found.member.as_ref().ok_or(missing("a permit without a member"))?;
    let judged = |action| decide::judge(action, (&person, grant.as_ref()), Some(record), &gate.policy, found.now);
    let capacity = |action| judged(action).ok().map(|basis| basis.capacity());
    let documents = capacity(Action::ListDocuments).map(|capacity| Document::listed(documents, of, capacity));
    let packets = capacity(Action::ReadPackets)
        .map(|capacity| Packet::listed(packets.iter().map(|packet| packet.as_of(&person)).collect(), of, capacity));
    let preview = Preview {
        name: person.name.clone(),
        actions: Question::ALL
            .into_iter()
            .map(|asked| {
                let judged = asked.ask((&person, grant.as_ref()), record, &gate.policy, found.now);
                (asked.code().to_owned(), Verdict::from(judged))
            })
            .collect(),
        scopes: grant
            .as_ref()
            .map(|grant| decide::scopes((&person, grant), record, &gate.policy, found.now))
            .unwrap_or_default(),
        documents: documents
            .into_iter()
            .flatten()
            .map(|document| SeenDocument { id: document.id, title: document.title })
            .collect(),
        packets: packets
            .into_iter()
            .flatten()
            .map(|packet| SeenPacket { id: packet.id, title: packet.title })
            .collect(),
    };
    let answer = Answer::ok(&preview)?;
    let looked = NewEvent { object: Some(of.to_string()), ..event(&permit, EventKind::AccessPreviewed) };
    let change = gate.change(&permit, &found).record(found.trail(Subject::Member(member))?, looked);
    gate.commit(change, &found, answer).await
}
