//! Who did what with a member's record: what concerns the reader, and another guardian's part only with the scope for it.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::try_join3;
use hearth::domain::decide::{Action, judge};
use hearth::domain::document::Document;
use hearth::domain::event::{Capacity, Event, EventKind, Reader};
use hearth::domain::id::{DocumentId, LoginId, MemberId};
use hearth::domain::login::Login;
use hearth::domain::text::PersonName;
use hearth::gate::missing;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Stop};
use hearth::store::Key;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// Events that are read; of these the reader may know some.
const READ: i32 = 500;
/// Events that are shown.
const SHOWN: usize = 100;

/// What happened, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Activity {
    events: Vec<Happening>,
}

/// Something that happened.
#[derive(Serialize, ToSchema)]
pub(crate) struct Happening {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    kind: EventKind,
    by: By,
    /// Name of who did it: for staff, and for those who may know who else has access.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<PersonName>,
    /// In which capacity: for the family, for the clinic, or by the portal itself.
    capacity: Capacity,
    /// Identifier of what it happened to.
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<String>,
    /// Why; for staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// Who did it, as far as the reader may know.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum By {
    /// The reader.
    You,
    /// Somebody of the clinic.
    Clinic,
    /// Somebody else with access, or without.
    Person,
    /// The portal itself.
    Portal,
}

/// Lists what happened. One call more, for the names, when the reader may know of others.
#[utoipa::path(get, path = "/members/{member}/activity", operation_id = "list_activity", tag = "members", security(("member" = [])),
    params(("member" = MemberId, Path)),
    responses((status = 200, body = Activity), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn activity(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let partition = Key::member(member);
    let (mut found, events, documents) = try_join3(
        gate.read_for(call, &claims).member(member).send(),
        gate.store.newest::<Event>(&partition, "EVENT#", READ),
        gate.store.list::<Document>(&partition, "DOCUMENT#"),
    )
    .await?;
    let permit = gate.permit(Action::ReadActivity, &mut found).await?;

    let is_staff = permit.capacity() == Capacity::Staff;
    let login = found.login.as_ref().ok_or(missing("a permit without a login"))?;
    let person = (login, found.grant.as_ref());
    let sees_others = judge(Action::ReadDirectory, person, found.member.as_ref(), &gate.policy, found.now).is_ok();
    let reader = Reader { login: claims.login, sees_others };
    // A paper that was sent a moment after the documents were read is not among them, and shows the next time.
    let papers: BTreeSet<DocumentId> =
        Document::listed(documents, claims.login, permit.capacity()).iter().map(|paper| paper.id).collect();
    let may_read = |event: &Event| event.concerns(reader) && event.is_about_one_of(&papers, claims.login);
    let events: Vec<Event> = events.into_iter().filter(|event| is_staff || may_read(event)).take(SHOWN).collect();
    let others =
        events.iter().filter(|event| is_staff || event.capacity == Capacity::Family).filter_map(|event| event.actor);
    let others: BTreeSet<Key> = others.filter(|&actor| actor != claims.login).map(Key::login).collect();
    let names: BTreeMap<LoginId, PersonName> =
        gate.store.values::<Login>(&others).await?.into_iter().map(|login| (login.id, login.name)).collect();
    let events = events.into_iter().map(|event| happening(event, claims.login, is_staff, &names)).collect();
    Answer::ok(&Activity { events })
}

fn happening(event: Event, reader: LoginId, is_staff: bool, names: &BTreeMap<LoginId, PersonName>) -> Happening {
    Happening {
        at: event.at,
        kind: event.kind,
        by: match event.capacity {
            _ if event.actor == Some(reader) => By::You,
            Capacity::Staff => By::Clinic,
            Capacity::System => By::Portal,
            Capacity::Family | Capacity::Nobody => By::Person,
        },
        name: event.actor.and_then(|actor| names.get(&actor).cloned()),
        capacity: event.capacity,
        object: event.object,
        reason: event.reason.filter(|_| is_staff),
    }
}
