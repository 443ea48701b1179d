//! Proving once more, within a session: what wants fresh proof is done for five minutes after it.
//!
//! It takes what signing in takes on a known device: the password, and from staff a code as well. The device is known, for
//! the session is on it.

use futures_util::future::try_join;
use hearth::domain::decide::Action;
use hearth::domain::event::Subject;
use hearth::domain::limit::Bucket;
use hearth::domain::login::{AuthenticationMethod, Purpose};
use hearth::domain::text::Password;
use hearth::gate::{commit, missing};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::store::Key;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;
use crate::password::compare;
use crate::session::{Goal, Outcome, ask_for_code, proved};

/// The password once more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Again {
    password: String,
}

/// Proves once more who is at the keyboard.
#[utoipa::path(post, path = "/login/step-up", operation_id = "step_up", tag = "login", security(("session" = [])),
    request_body = Again,
    responses((status = 200, body = Outcome), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn step_up(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let (gate, store) = (&context.gate, &context.gate.store);
    let claims = gate.session(call)?;
    let Again { password } = call.json()?;
    let password = Password::presented(&password).map_err(|rule| Problem::in_field("password", rule))?;
    let reading = gate.read_for(call, &claims).also(Key::code_allowance(claims.login));
    let reading = reading.trail(Subject::Login(claims.login)).send();
    // A limit of its own: whoever guesses from outside does not keep the person inside from going on.
    let taking = store.begin_to_take(vec![Bucket::StepUp(claims.login)], gate.now());
    let (begun, mut found) = try_join(taking, reading).await?;
    gate.permit(Action::UseOwnLogin, &mut found).await?;
    if let Some(wait) = store.finish_taking(begun).await?.wait(|_| true) {
        return Err(Problem::too_many(wait).into());
    }
    let (Some(login), Some(session)) = (found.login.clone(), found.session.clone()) else {
        return Err(missing("a permit without a session"));
    };
    if !compare(context, password, vec![login.password_hash.clone()]).await?.contains(&true) {
        return Err(Problem::cannot("password", "that did not match; check what you typed").into());
    }
    if login.role.wants_second_factor(true) {
        return ask_for_code(context, &mut found, &login, Purpose::StepUp { session: session.id }).await;
    }
    let method = AuthenticationMethod::Password;
    let (change, answer) = proved(context, &mut found, &login, method, Goal::StepUp(&session)).await?;
    commit(store, change, &found, answer).await
}
