//! The second half of a proof: the mailed code, or a recovery code when the mailbox is out of reach. Four calls in series for
//! a sign-in: the challenge, the count of guesses, the token, the change; nothing is compared before it was counted, and KMS signs
//! nothing before the code was right.

use hearth::domain::event::{EventKind, Subject};
use hearth::domain::id::MailId;
use hearth::domain::login::{AuthenticationMethod, Challenge, Device, Login, Purpose, RecoveryCodes, Session};
use hearth::domain::mail::{Mail, MailKind};
use hearth::gate::commit;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::random;
use hearth::session::cookie::{self, Secret};
use hearth::store::guesses::CountedGuess;
use hearth::store::{Found, Key, Transaction};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;
use crate::session::{ChallengeName, Goal, Outcome, event, proved};

/// The second half of a proof: one of the two codes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Confirmation {
    /// As the first half gave it.
    challenge: String,
    /// Eight digits from the mail; spaces and dashes do not matter.
    code: Option<String>,
    /// One of the ten recovery codes, in place of the mailed one.
    recovery_code: Option<String>,
}

/// Confirms a code: signs in and remembers the device, or proves once more within the session that asked.
#[utoipa::path(post, path = "/login/code", operation_id = "confirm_sign_in", tag = "login",
    security((), ("session" = [])), request_body = Confirmation,
    responses((status = 200, body = Outcome), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn confirm(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let Confirmation { challenge, code, recovery_code } = call.json()?;
    let typed = match (code, recovery_code) {
        (Some(code), None) => Typed::Mailed(code),
        (None, Some(code)) => Typed::Recovery(code),
        _ => return Err(Problem::cannot("code", "type the code from the mail, or one of your recovery codes").into()),
    };
    // Fresh proof counts for the session that asked for it, and the one who asks shows its token once more.
    let session = context.gate.session(call).ok().map(|claims| Key::session(claims.login, claims.session));
    // Whoever is signed in is not sent to sign in because of a wrong digit.
    let wrong = || match session {
        Some(_) => Problem::cannot("code", "that did not match; look at the newest mail and try again"),
        None => Problem::wrong_credentials(),
    };
    let name: ChallengeName = challenge.parse().map_err(|()| wrong())?;
    let mut reading = context.gate.read(call).also(Key::recovery_codes(name.login));
    if let Some(session) = &session {
        reading = reading.also(session.clone());
    }
    let (mut found, challenge, login) = open_challenge(reading, name).await?.ok_or_else(wrong)?;

    let session: Option<Session> = match &session {
        Some(key) => found.get(key)?,
        None => None,
    };
    let goal = match (challenge.purpose, &session) {
        (Purpose::SignIn, _) => Goal::SignIn,
        (Purpose::StepUp { session: asked }, Some(session))
            if session.id == asked && session.login == login.id && session.is_live(found.now) =>
        {
            Goal::StepUp(session)
        }
        _ => return Err(wrong().into()),
    };
    let guess = count(context, call, &challenge).await?.ok_or_else(wrong)?;
    let second = typed.judge(context, &found, &challenge, guess)?.ok_or_else(wrong)?;
    let signs_in = matches!(goal, Goal::SignIn);
    let (change, mut answer) = proved(context, &mut found, &login, (second.method(), None), goal).await?;
    let mut change = second.use_up(change.remove(&challenge), &mut found, &login)?;
    // A device is remembered for what the mailbox proved; who used a recovery code does not read it.
    if signs_in && matches!(second, Second::Mailed) {
        let (device, cookie) = remember(&login, found.now)?;
        (change, answer) = (change.create(&device), answer.with_cookie(cookie));
    }
    commit(&context.gate.store, change, &found, answer).await
}

/// A challenge that is open, and whose.
pub(crate) async fn open_challenge(
    reading: hearth::store::Reading<'_>,
    name: ChallengeName,
) -> Result<Option<(Found, Challenge, Login)>, Stop> {
    let (challenge_key, login_key) = (Key::challenge(name.login, name.challenge), Key::login(name.login));
    let reading = reading.also(challenge_key.clone()).also(login_key.clone()).trail(Subject::Login(name.login));
    let found = reading.send().await?;
    let challenge: Option<Challenge> = found.get(&challenge_key)?;
    let login: Option<Login> = found.get::<Login>(&login_key)?.filter(|login| !login.is_merged());
    Ok(match (challenge.filter(|challenge| challenge.is_open(found.now)), login) {
        (Some(challenge), Some(login)) => Some((found, challenge, login)),
        _ => None,
    })
}

/// Counts a guess before anything is compared; none when five were compared.
pub(crate) async fn count(context: &Context, call: &Call, challenge: &Challenge) -> Result<Option<CountedGuess>, Stop> {
    let key = Key::guesses(challenge.id);
    context.gate.store.count_guess(call, &key, Challenge::MOST_TRIES, challenge.expires_at).await
}

/// A device that is known from now on, and its cookie.
pub(crate) fn remember(login: &Login, now: hearth::Timestamp) -> Result<(Device, String), Stop> {
    let secret = Secret::draw()?;
    let device =
        Device { login: login.id, token_hash: secret.hash(), expires_at: now + Device::REMEMBERED, version: 1 };
    Ok((device, cookie::set(cookie::DEVICE, &cookie::device_value(&secret), Device::REMEMBERED)))
}

/// What somebody typed.
enum Typed {
    Mailed(String),
    Recovery(String),
}

/// A second factor that was right.
enum Second {
    Mailed,
    Recovery { before: RecoveryCodes, after: RecoveryCodes },
}

impl Typed {
    fn judge(
        &self,
        context: &Context,
        found: &Found,
        challenge: &Challenge,
        guess: CountedGuess,
    ) -> Result<Option<Second>, Stop> {
        match self {
            Self::Mailed(code) => {
                Ok(context.secrets.sign_in_code(challenge.id).matches(code, guess).then_some(Second::Mailed))
            }
            Self::Recovery(code) => {
                let before: Option<RecoveryCodes> = found.get(&Key::recovery_codes(challenge.login))?;
                Ok(before.and_then(|before| {
                    let number = number_of(context, &before, code)?;
                    let after = before.without(number)?;
                    Some(Second::Recovery { before, after })
                }))
            }
        }
    }
}

/// Which code of a set was typed. All of them are compared, used or not.
pub(crate) fn number_of(context: &Context, codes: &RecoveryCodes, typed: &str) -> Option<u8> {
    let is_it = |number: u8| context.secrets.recovery_code(codes.set, number).matches(typed);
    let found = (1..=RecoveryCodes::COUNT).fold(None, |found, number| if is_it(number) { Some(number) } else { found });
    found.filter(|number| codes.left.contains(number))
}

impl Second {
    const fn method(&self) -> AuthenticationMethod {
        match self {
            Self::Mailed => AuthenticationMethod::PasswordAndMailedCode,
            Self::Recovery { .. } => AuthenticationMethod::PasswordAndRecoveryCode,
        }
    }

    /// Uses a recovery code up, and says so to every mailbox of the person.
    fn use_up(&self, change: Transaction, found: &mut Found, login: &Login) -> Result<Transaction, Stop> {
        let Self::Recovery { before, after } = self else { return Ok(change) };
        let change = change.replace(before, after.clone());
        let used = event(login.id, EventKind::RecoveryCodeUsed);
        let now = found.now;
        notify(change.record(found.trail(Subject::Login(login.id))?, used), login, &MailKind::RecoveryCodeUsed, now)
    }
}

/// Adds a notice to every mailbox of a person.
pub(crate) fn notify(
    change: Transaction,
    login: &Login,
    kind: &MailKind,
    now: hearth::Timestamp,
) -> Result<Transaction, Stop> {
    let mails = Mail::to_all(login, kind, || random::bytes().map(MailId::from_random), now)?;
    Ok(mails.iter().fold(change, Transaction::mail))
}
