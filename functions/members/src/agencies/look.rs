//! How far a hand-over is.

use futures_util::future::try_join;
use hearth::domain::agency::HandOver;
use hearth::domain::decide::Action;
use hearth::domain::grant::Grant;
use hearth::domain::id::{AgencyId, HandOverId};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::store::Key;
use hearth::store::items::Todo;

use super::view::ShownHandOver;
use crate::Context;

/// Shows a hand-over. Two calls in series: whose children they were is known from the act only.
#[utoipa::path(get, path = "/agencies/{agency}/hand-overs/{handover}", operation_id = "show_hand_over", tag = "agencies",
    security(("session" = [])), params(("agency" = AgencyId, Path), ("handover" = HandOverId, Path)),
    responses((status = 200, body = ShownHandOver), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn look(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let key = Key::hand_over(call.parameter("agency")?, call.parameter("handover")?);
    let mut found = gate.read_for(call, &claims).also(key.clone()).send().await?;
    gate.permit(Action::ManageAgencies, &mut found).await?;
    let act: HandOver = found.get(&key)?.ok_or_else(Problem::not_found)?;
    let from = Key::login(act.from);
    let grants = gate.store.list::<Grant>(&from, "GRANT#");
    let (held, todos) = try_join(grants, gate.store.list::<Todo>(&from, "TODO#")).await?;
    Answer::ok(&ShownHandOver::of(act, &held, todos))
}
