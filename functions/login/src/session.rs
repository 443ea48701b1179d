//! What every way of signing in ends with: a session, its token, and its cookie.

use hearth::domain::event::{Capacity, EventKind, NewEvent, Subject};
use hearth::domain::id::{ChallengeId, LoginId, MailId, SessionId};
use hearth::domain::limit::CodeAllowance;
use hearth::domain::login::{AuthenticationMethod, Challenge, Login, Purpose, Role, Session};
use hearth::domain::mail::{Mail, MailKind};
use hearth::domain::text::PersonName;
use hearth::gate::commit;
use hearth::http::stop::Internal;
use hearth::http::{Answer, Problem, Stop};
use hearth::random;
use hearth::session::cookie::{self, Secret};
use hearth::session::token::{self, Claims};
use hearth::store::{Found, Key, Transaction};
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
        /// Names this proof; only this browser knows it.
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
fn open(login: LoginId, method: AuthenticationMethod, now: hearth::Timestamp) -> Result<(Session, Secret), Stop> {
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

/// What a complete proof is for.
pub(crate) enum Goal<'a> {
    /// A new session.
    SignIn,
    /// Fresh proof within this session.
    StepUp(&'a Session),
}

/// What a complete proof leads to, whichever way it was given: the one place where sessions begin and become fresh. The
/// challenge, the recovery code or the counter that the proof used up is for the caller to add to the change.
pub(crate) async fn proved(
    context: &Context,
    found: &mut Found,
    login: &Login,
    method: AuthenticationMethod,
    goal: Goal<'_>,
) -> Result<(Transaction, Answer), Stop> {
    let now = found.now;
    let change = Transaction::unpermitted(now, &found.request).pin(login);
    let trail = found.trail(Subject::Login(login.id))?;
    match goal {
        Goal::SignIn => {
            let (session, secret) = open(login.id, method, now)?;
            let answer = hand_over(context, login, &session, &secret, now).await?;
            Ok((change.create(&session).record(trail, event(login.id, EventKind::SignedIn)), answer))
        }
        Goal::StepUp(session) => {
            let change = change.replace(session, session.proved(method, now));
            Ok((change.record(trail, event(login.id, EventKind::ProvedAgain)), Answer::ok(&Outcome::Proved)?))
        }
    }
}

/// The first half of a proof was right: mails a code to the person's first mailbox and names the challenge.
pub(crate) async fn ask_for_code(
    context: &Context,
    found: &mut Found,
    login: &Login,
    purpose: Purpose,
) -> Result<Answer, Stop> {
    let now = found.now;
    let id = ChallengeId::from_random(random::bytes()?);
    let challenge = Challenge { id, login: login.id, purpose, expires_at: now + Challenge::LIFE, version: 1 };
    let kind = match purpose {
        Purpose::SignIn => MailKind::SignInCode { challenge: id },
        Purpose::StepUp { .. } => MailKind::StepUpCode { challenge: id },
        Purpose::Recover { .. } => MailKind::RecoveryCode { challenge: id },
    };
    let mail = Mail::to(login, kind, MailId::from_random(random::bytes()?), now)
        .ok_or(Internal("a login without a mailbox"))?;
    let before: Option<CodeAllowance> = found.get(&Key::code_allowance(login.id))?;
    let allowance = CodeAllowance::after_one_more(before.as_ref(), login.id, now).map_err(Problem::too_many)?;
    let name = ChallengeName { login: login.id, challenge: id };
    let answer = Answer::ok(&Outcome::CodeSent { challenge: name.to_string() })?;
    let change = Transaction::unpermitted(now, &found.request).pin(login).create(&challenge).mail(&mail);
    let change = match &before {
        Some(before) => change.replace(before, allowance),
        None => change.create(&allowance),
    };
    let change = change.record(found.trail(Subject::Login(login.id))?, event(login.id, EventKind::CodeSent));
    commit(&context.gate.store, change, found, answer).await
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
