//! Exchanging the refresh token. No answer is kept: whoever repeats the request with the old cookie, because another tab was
//! faster or the answer was lost, gets the same successor for 20 seconds, and whoever has only the idempotency key has nothing.
//! After that an old cookie means that two hold copies, and the session ends; so does it when a thief used the 20 seconds, for of
//! the two who hold the successor then, one exchanges it and the other comes too late. Three calls in series: the session, the
//! token, the change; KMS signs nothing before the cookie was right.

use hearth::domain::event::{EventKind, Subject};
use hearth::domain::login::{Login, Refresh, Session};
use hearth::domain::mail::MailKind;
use hearth::gate::commit;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Nothing, Problem, Stop};
use hearth::session::cookie;
use hearth::store::{Key, Transaction};

use crate::Context;
use crate::code::notify;
use crate::session::{Outcome, event, hand_over};

/// Exchanges the refresh token of the cookie for a new one and a new session token.
#[utoipa::path(post, path = "/login/refresh", operation_id = "refresh_session", tag = "login", request_body = Nothing,
    responses((status = 200, body = Outcome), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn refresh(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let Nothing {} = call.json()?;
    let presented = call.cookie(cookie::REFRESH).and_then(cookie::read_refresh);
    let (login, session, secret) = presented.ok_or_else(Problem::sign_in_again)?;
    let (login_key, session_key) = (Key::login(login), Key::session(login, session));
    let reading = context.gate.read(call).also(login_key.clone()).also(session_key.clone());
    let mut found = reading.trail(Subject::Login(login)).without_kept_answer().send().await?;
    let (login, session): (Option<Login>, Option<Session>) = (found.get(&login_key)?, found.get(&session_key)?);
    // Nobody goes on in a login that was put together with another one.
    let login = login.filter(|login| !login.is_merged());
    let (Some(login), Some(session)) = (login, session) else { return Err(Problem::sign_in_again().into()) };

    let next = context.secrets.refresh_after(&secret);
    match session.judge_refresh(&secret.hash(), found.now) {
        Refresh::Rotate => {
            let rotated = session.rotated(next.hash(), found.now);
            let answer = hand_over(context, &login, &rotated, &next, found.now).await?;
            let change = Transaction::unpermitted(found.now, &found.request).replace(&session, rotated);
            commit(&context.gate.store, change, &found, answer).await
        }
        Refresh::Repeated => hand_over(context, &login, &session, &next, found.now).await,
        Refresh::Ended => Err(Problem::sign_in_again().into()),
        Refresh::Reused => {
            let alarm = event(login.id, EventKind::SessionReuseDetected);
            let change = Transaction::unpermitted(found.now, &found.request.clone())
                .remove(&session)
                .record(found.trail(Subject::Login(login.id))?, alarm);
            notify(change, &login, &MailKind::SessionStolen, found.now)?.commit(&context.gate.store).await?;
            Err(Problem::sign_in_again().into())
        }
    }
}
