//! One's own sessions: where somebody is signed in, and ending it there.

use hearth::domain::decide::Action;
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::id::{LoginId, SessionId};
use hearth::domain::login::{AuthenticationMethod, Session};
use hearth::gate::event;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Nothing, Problem, Stop};
use hearth::session::cookie;
use hearth::session::token::Claims;
use hearth::store::items::Stored;
use hearth::store::{Key, Store, Transaction};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// Where somebody is signed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct Sessions {
    /// The newest first.
    sessions: Vec<OwnSession>,
}

/// One sign-in. Neither an address nor anything about the device: whoever looks over a shoulder learns no place.
#[derive(Serialize, ToSchema)]
struct OwnSession {
    id: SessionId,
    /// How the person proved who it is, the last time.
    method: AuthenticationMethod,
    #[schema(value_type = String, format = DateTime)]
    began_at: Timestamp,
    /// To the hour.
    #[schema(value_type = String, format = DateTime)]
    last_used: Timestamp,
    /// Whether it is the one that asks.
    is_this: bool,
}

/// Lists one's own sessions.
#[utoipa::path(get, path = "/login/sessions", operation_id = "list_sessions", tag = "login", security(("session" = [])),
    responses((status = 200, body = Sessions), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn list(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let (mut found, mut sessions) =
        futures_util::future::try_join(gate.read_for(call, &claims).send(), of_login(&gate.store, claims.login))
            .await?;
    gate.permit(Action::UseOwnLogin, &mut found).await?;
    sessions.retain(|session| session.is_live(found.now));
    sessions.sort_by_key(|session| std::cmp::Reverse(session.began_at()));
    let own = |session: Session| OwnSession {
        id: session.id,
        method: session.method,
        began_at: session.began_at(),
        last_used: session.last_used(),
        is_this: session.id == claims.session,
    };
    Answer::ok(&Sessions { sessions: sessions.into_iter().map(own).collect() })
}

/// Ends one of one's own sessions, at once.
#[utoipa::path(post, path = "/login/sessions/{session}/end", operation_id = "end_session", tag = "login",
    security(("session" = [])), params(("session" = SessionId, Path)), request_body = Nothing,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn end(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let Nothing {} = call.json()?;
    let ended: SessionId = call.parameter("session")?;
    let key = Key::session(claims.login, ended);
    let reading = gate.read_for(call, &claims).also(key.clone()).trail(Subject::Login(claims.login));
    let mut found = reading.send().await?;
    let permit = gate.permit(Action::UseOwnLogin, &mut found).await?;
    let session: Session = found.get(&key)?.ok_or_else(Problem::not_found)?;
    let record = NewEvent { object: Some(ended.to_string()), ..event(&permit, EventKind::SessionEnded) };
    let change =
        gate.change(&permit, &found).remove(&session).record(found.trail(Subject::Login(claims.login))?, record);
    let answer = Answer::nothing();
    let answer = if ended == claims.session { answer.with_cookie(cookie::remove(cookie::REFRESH)) } else { answer };
    gate.commit(change, &found, answer).await
}

/// Ends all of one's own sessions but the one that asks.
///
/// The sessions are listed after the end of the login's chain was read: whoever signs in between adds to the chain, so that the
/// change fails and is done anew. That takes one call more in series.
#[utoipa::path(post, path = "/login/sessions/end-others", operation_id = "end_other_sessions", tag = "login",
    security(("session" = [])), request_body = Nothing,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn end_others(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let Nothing {} = call.json()?;
    let mut found = gate.read_for(call, &claims).trail(Subject::Login(claims.login)).send().await?;
    let permit = gate.permit(Action::UseOwnLogin, &mut found).await?;
    let others = of_others(&gate.store, &claims).await?;
    let change = gate.change(&permit, &found);
    let change = clear_all(&gate.store, change, others, found.now, &found.request).await?;
    let change = change.record(found.trail(Subject::Login(claims.login))?, event(&permit, EventKind::SessionEnded));
    gate.commit(change, &found, Answer::nothing()).await
}

/// All sessions of a login, live or not.
pub(crate) async fn of_login(store: &Store, login: LoginId) -> Result<Vec<Session>, Stop> {
    store.list(&Key::login(login), "SESSION#").await
}

/// The sessions of the caller's login but the caller's own.
pub(crate) async fn of_others(store: &Store, claims: &Claims) -> Result<Vec<Key>, Stop> {
    let sessions = of_login(store, claims.login).await?;
    Ok(sessions.iter().filter(|session| session.id != claims.session).map(Stored::key).collect())
}

/// Items that one change removes, beside what else it does; DynamoDB takes a hundred in all.
const MOST: usize = 40;

/// Adds the removal of items to a change; what is too much for it is removed before. Should the change fail then, somebody
/// signs in once more than needed.
pub(crate) async fn clear_all(
    store: &Store,
    change: Transaction,
    mut keys: Vec<Key>,
    now: Timestamp,
    request: &str,
) -> Result<Transaction, Stop> {
    let within = keys.split_off(keys.len().saturating_sub(MOST));
    for some in keys.chunks(MOST) {
        let removal = Transaction::unpermitted(now, request);
        some.iter().cloned().fold(removal, Transaction::clear).commit(store).await?;
    }
    Ok(within.into_iter().fold(change, Transaction::clear))
}
