//! Removing one's own passkey, for instance of a phone that was lost.

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

/// Removes a passkey. Sessions that it opened go on; they are ended by themselves.
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
    let change = gate
        .change(&permit, &found)
        .remove(&passkey)
        .mail(&mail)
        .record(found.trail(Subject::Login(claims.login))?, event(claims.login, EventKind::PasskeyRemoved, id));
    gate.commit(change, &found, Answer::nothing()).await
}
