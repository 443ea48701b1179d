//! Removing one's own passkey, for instance of a phone that was lost.
//!
//! Whoever held it may be signed in with it, and nothing tells such a session from the person's own ones; so all of them end but
//! the one that asks. They are listed after the end of the login's chain was read: whoever signs in between adds to the chain, so
//! that the change fails and is done anew. That takes one call more in series.

use hearth::domain::decide::Action;
use hearth::domain::event::{EventKind, Subject};
use hearth::domain::id::PasskeyId;
use hearth::domain::login::Passkey;
use hearth::domain::mail::MailKind;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Nothing, Problem, Stop};
use hearth::store::Key;

use super::{caller, event, notice};
use crate::Context;
use crate::sessions::{clear_all, of_others};

/// Removes a passkey, and ends every session but the one that asks.
#[utoipa::path(post, path = "/login/passkeys/{passkey}/remove", operation_id = "remove_passkey", tag = "login", security(("session" = [])),
    params(("passkey" = PasskeyId, Path)), request_body = Nothing,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn remove(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let id: PasskeyId = call.parameter("passkey")?;
    let Nothing {} = call.json()?;
    let key = Key::passkey(claims.login, id);
    let reading = gate.read_for(call, &claims).also(key.clone()).trail(Subject::Login(claims.login));
    let mut found = reading.send().await?;
    let permit = gate.permit(Action::ChangeOwnLogin, &mut found).await?;
    let passkey: Passkey = found.get(&key)?.ok_or_else(Problem::not_found)?;
    let mail = notice(caller(&found)?, MailKind::PasskeyRemoved, found.now)?;
    let others = of_others(&gate.store, &claims).await?;
    let change = gate.change(&permit, &found).remove(&passkey).mail(&mail);
    let change = clear_all(&gate.store, change, others, found.now, &found.request)
        .await?
        .record(found.trail(Subject::Login(claims.login))?, event(claims.login, EventKind::PasskeyRemoved, id));
    gate.commit(change, &found, Answer::nothing()).await
}
