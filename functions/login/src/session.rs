//! What every way of signing in ends with: a session, its token, and its cookie.

use hearth::domain::event::{Capacity, EventKind, NewEvent};
use hearth::domain::id::{ChallengeId, LoginId, SessionId};
use hearth::domain::login::{AuthenticationMethod, Login, Role, Session};
use hearth::domain::text::PersonName;
use hearth::http::{Answer, Stop};
use hearth::random;
use hearth::session::cookie::{self, Secret};
use hearth::session::token::{self, Claims};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// Where signing in has come to.
#[derive(Serialize, ToSchema)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub(crate) enum Outcome {
    /// Signed in. The refresh token is in a cookie that no script reads.
    SignedIn {
        /// The session.
        session: OpenSession,
    },
    /// A code was mailed; send it with this challenge.
    CodeSent {
        /// Names this sign-in; only this browser knows it.
        challenge: String,
    },
    /// Proved once more: the session does for a while what wants fresh proof.
    Proved,
}

/// A session, as the browser holds it.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpenSession {
    /// Bearer token for what is the person's own.
    token: String,
    /// Seconds until the token ends; refresh before.
    expires_in: i64,
    login: Person,
}

/// Who signed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct Person {
    id: LoginId,
    name: PersonName,
    role: Role,
}

/// A new session and the secret of its cookie.
pub(crate) fn open(
    login: LoginId,
    method: AuthenticationMethod,
    now: hearth::Timestamp,
) -> Result<(Session, Secret), Stop> {
    let secret = Secret::draw()?;
    let session = Session {
        id: SessionId::from_random(random::bytes()?),
        login,
        method,
        authenticated_at: now,
        ends_at: now + Session::LONGEST,
        idle_at: now + Session::IDLE,
        refresh_hash: secret.hash(),
        previous_hash: None,
        previous_until: None,
        version: 1,
    };
    Ok((session, secret))
}

/// The answer that hands a session to the browser.
pub(crate) async fn hand_over(
    context: &Context,
    login: &Login,
    session: &Session,
    secret: &Secret,
    now: hearth::Timestamp,
) -> Result<Answer, Stop> {
    let token = context.issuer.session(Claims { login: login.id, session: session.id }, now).await?;
    let person = Person { id: login.id, name: login.name.clone(), role: login.role };
    let opened = OpenSession { token, expires_in: token::LIFE.as_secs(), login: person };
    let value = cookie::refresh_value(login.id, session.id, secret);
    let life = session.ends_at.duration_since(now);
    Ok(Answer::ok(&Outcome::SignedIn { session: opened })?.with_cookie(cookie::set(cookie::REFRESH, &value, life)))
}

/// Which challenge, and whose: how the browser names a sign-in that waits for its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChallengeName {
    pub(crate) login: LoginId,
    pub(crate) challenge: ChallengeId,
}

impl std::fmt::Display for ChallengeName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}", self.login, self.challenge)
    }
}

impl std::str::FromStr for ChallengeName {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (login, challenge) = text.split_once('.').ok_or(())?;
        Ok(Self { login: login.parse().map_err(|_| ())?, challenge: challenge.parse().map_err(|_| ())? })
    }
}

/// An event of the login itself.
pub(crate) const fn event(login: LoginId, kind: EventKind) -> NewEvent {
    NewEvent { kind, actor: Some(login), capacity: Capacity::Family, object: None, reason: None }
}
