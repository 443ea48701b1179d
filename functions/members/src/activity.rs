//! Who did what with a member's record: what concerns the reader, never another guardian's part.

use futures_util::future::try_join;
use hearth::domain::decide::Action;
use hearth::domain::event::{Capacity, Event, EventKind};
use hearth::domain::id::MemberId;
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
    /// Somebody with access, or without; only staff read that.
    Person,
    /// The portal itself.
    Portal,
}

/// Lists what happened.
#[utoipa::path(get, path = "/members/{member}/activity", operation_id = "list_activity", tag = "members", security(("member" = [])),
    params(("member" = MemberId, Path)),
    responses((status = 200, body = Activity), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn activity(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let (mut found, events) = try_join(
        gate.read_for(call, &claims).member(member).send(),
        gate.store.newest::<Event>(&Key::member(member), "EVENT#", READ),
    )
    .await?;
    let permit = gate.permit(Action::ReadActivity, &mut found).await?;
    let is_staff = permit.capacity() == Capacity::Staff;
    let events = events
        .into_iter()
        .filter(|event| is_staff || event.concerns(claims.login))
        .take(SHOWN)
        .map(|event| Happening {
            at: event.at,
            kind: event.kind,
            by: match event.capacity {
                _ if event.actor == Some(claims.login) => By::You,
                Capacity::Staff => By::Clinic,
                Capacity::System => By::Portal,
                Capacity::Family | Capacity::Nobody => By::Person,
            },
            object: event.object,
            reason: event.reason.filter(|_| is_staff),
        })
        .collect();
    Answer::ok(&Activity { events })
}
