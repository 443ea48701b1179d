//! Signing out: the session is gone at once, with every token that points to it.

use hearth::domain::decide::Action;
use hearth::domain::event::{EventKind, Subject};
use hearth::gate::{event, missing};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Nothing, Stop};
use hearth::session::cookie;

use crate::Context;

/// Ends the session.
#[utoipa::path(post, path = "/login/sign-out", operation_id = "sign_out", tag = "login", security(("session" = [])), request_body = Nothing,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn sign_out(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let Nothing {} = call.json()?;
    let mut found = gate.read_for(call, &claims).trail(Subject::Login(claims.login)).send().await?;
    let permit = gate.permit(Action::UseOwnLogin, &mut found).await?;
    let session = found.session.clone().ok_or(missing("a permit without a session"))?;
    let change = gate
        .change(&permit, &found)
        .remove(&session)
        .record(found.trail(Subject::Login(claims.login))?, event(&permit, EventKind::SignedOut));
    gate.commit(change, &found, Answer::nothing().with_cookie(cookie::remove(cookie::REFRESH))).await
}
