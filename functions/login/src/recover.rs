//! A new password for somebody who lost the old one: a recovery code or the desk's first, then a code from the mailbox.
//!
//! The long code comes first, so that nobody can have mails sent to a stranger's mailbox, and so that the answer is the same for
//! every address. The mailbox comes second, so that a lost sheet of paper opens nothing.
//!
//! What else ends depends on what was shown. Somebody may come to the desk because another person holds a device, a passkey or the
//! sheet of codes, and the desk cannot tell which; what was lost or taken must stop working promptly (NIST SP 800-63B-4 §4.3). So
//! every way in ends, and the person makes new ones. Who shows an own recovery code has that sheet in hand, and forgot a password:
//! passkeys and the other codes stay, for they are how a person who loses one thing needs no desk (§4.1), and they are seen and
//! removed on the person's own page, which ends every other session.

use futures_util::future::try_join;
use hearth::domain::event::{EventKind, Subject, Trail};
use hearth::domain::id::LoginId;
use hearth::domain::login::{DeskRecovery, Login, Means, Passkey, Purpose, RecoveryCodes};
use hearth::domain::mail::MailKind;
use hearth::gate::commit;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::store::{Found, Key, Store, Transaction};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;
use crate::code::{count, notify, number_of, open_challenge, remember};
use crate::new_password::{Access, chosen};
use crate::password::hash;
use crate::session::{ChallengeName, Outcome, ask_for_code, event};
use crate::sessions::clear_all;
use crate::who::{Behind, Presented, behind};

/// Address and long code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lost {
    email: String,
    /// One of the ten recovery codes, or the one that the desk printed.
    code: String,
}

/// The mailed code, and what to sign in with from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Renewal {
    /// As the first half gave it.
    challenge: String,
    /// Eight digits from the mail; spaces and dashes do not matter.
    code: String,
    /// The new password: at least 15 characters, and not one that many people have.
    password: String,
}

/// Begins with a recovery code, or with the desk's: mails a code.
#[utoipa::path(post, path = "/login/recover", operation_id = "recover", tag = "login", request_body = Lost,
    responses((status = 200, body = Outcome), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn recover(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let Lost { email, code } = call.json()?;
    let Behind { mut found, persons } = behind(context, call, &email, Presented::LongCode).await?;
    let mut known = Vec::new();
    // Everybody behind the address is looked at, whoever was found already.
    for person in persons {
        if let Some(means) = judge(context, call, &found, &person, &code).await? {
            known.push((person, means));
        }
    }
    let [(login, means)] = known.as_slice() else { return Err(Problem::wrong_credentials().into()) };
    ask_for_code(context, &mut found, login, Purpose::Recover { means: *means }).await
}

/// What the person showed, if the code is one of hers. Who holds the paper of a printed code has five tries at it, each counted
/// before it is compared; nobody else can use them up, for a code that bears another name is no try at this one.
async fn judge(
    context: &Context,
    call: &Call,
    found: &Found,
    person: &Login,
    code: &str,
) -> Result<Option<Means>, Stop> {
    let codes: Option<RecoveryCodes> = found.get(&Key::recovery_codes(person.id))?;
    if let Some(codes) = codes
        && let Some(number) = number_of(context, &codes, code)
    {
        return Ok(Some(Means::RecoveryCode { set: codes.set, number }));
    }
    let recovery: Option<DeskRecovery> = found.get(&Key::desk_recovery(person.id))?;
    let Some(recovery) = recovery.filter(|recovery| recovery.is_open(found.now)) else { return Ok(None) };
    let printed = context.secrets.desk_code(recovery.id);
    if !printed.is_named_by(code) {
        return Ok(None);
    }
    let guesses = Key::guesses(recovery.id);
    let guess = context.gate.store.count_guess(call, &guesses, DeskRecovery::MOST_TRIES, recovery.expires_at).await?;
    let is_right = guess.is_some_and(|guess| printed.matches(code, guess));
    Ok(is_right.then_some(Means::Desk { recovery: recovery.id }))
}

/// Sets the new password: ends every session, forgets every device but this one, and says so to every mailbox. With the desk's
/// code passkeys and recovery codes end as well.
///
/// Four calls in series: the guess is counted before it is compared, and [`Access`] is read after it.
#[utoipa::path(post, path = "/login/recover/confirm", operation_id = "confirm_recovery", tag = "login",
    request_body = Renewal,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn confirm(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let Renewal { challenge, code, password } = call.json()?;
    let password = chosen(&password)?;
    let name: ChallengeName = challenge.parse().map_err(|()| Problem::wrong_credentials())?;
    let (gate, store) = (&context.gate, &context.gate.store);
    let reading = gate.read(call).also(Key::recovery_codes(name.login)).also(Key::desk_recovery(name.login));
    let opened = open_challenge(reading, name).await?;
    let (mut found, challenge, login) = opened.ok_or_else(Problem::wrong_credentials)?;
    let Purpose::Recover { means } = challenge.purpose else { return Err(Problem::wrong_credentials().into()) };
    let guess = count(context, call, &challenge).await?.ok_or_else(Problem::wrong_credentials)?;
    if !context.secrets.sign_in_code(challenge.id).matches(&code, guess) {
        return Err(Problem::wrong_credentials().into());
    }
    let (access, taken) = try_join(Access::of(context, &login), Taken::with(means, store, login.id)).await?;
    access.check(context, &login, &password)?;

    let now = found.now;
    let renewed = Login { password_hash: hash(context, password).await?, ..login.clone() };
    let (device, cookie) = remember(&login, now)?;
    let change = Transaction::unpermitted(now, &found.request).replace(&login, renewed);
    let change = use_up(change, &found, &login, means)?.remove(&challenge).create(&device);
    let change = clear_all(store, change, access.everywhere(), now, &found.request).await?;
    let trail = found.trail(Subject::Login(login.id))?;
    let change = taken.end(change.record(trail, event(login.id, EventKind::PasswordChanged)), trail);
    let change = notify(change, &login, &taken.notice(), now)?;
    commit(store, change, &found, Answer::nothing().with_cookie(cookie)).await
}

/// Ways in that end beside the password, as the head of this file says.
enum Taken {
    /// With a recovery code none.
    Nothing,
    /// At the desk all of them.
    All { login: LoginId, passkeys: Vec<Passkey> },
}

impl Taken {
    /// Read after the end of the login's chain, like [`Access`]: a passkey that is added between adds to the chain.
    async fn with(means: Means, store: &Store, login: LoginId) -> Result<Self, Stop> {
        match means {
            Means::RecoveryCode { .. } => Ok(Self::Nothing),
            Means::Desk { .. } => {
                let passkeys = store.list(&Key::login(login), "PASSKEY#").await?;
                Ok(Self::All { login, passkeys })
            }
        }
    }

    fn end(&self, change: Transaction, trail: &mut Trail) -> Transaction {
        let Self::All { login, passkeys } = self else { return change };
        passkeys.iter().fold(change.clear(Key::recovery_codes(*login)), |change, passkey| {
            let removed = crate::passkey::event(*login, EventKind::PasskeyRemoved, passkey.id);
            change.remove(passkey).record(trail, removed)
        })
    }

    const fn notice(&self) -> MailKind {
        match self {
            Self::Nothing => MailKind::PasswordChanged,
            Self::All { .. } => MailKind::RecoveredAtDesk,
        }
    }
}

/// The long code is used up by the same change; when it was used or replaced meanwhile, nothing is done.
fn use_up(change: Transaction, found: &Found, login: &Login, means: Means) -> Result<Transaction, Stop> {
    match means {
        Means::RecoveryCode { set, number } => {
            let codes: Option<RecoveryCodes> = found.get(&Key::recovery_codes(login.id))?;
            let codes = codes.filter(|codes| codes.set == set).ok_or_else(Problem::wrong_credentials)?;
            let rest = codes.without(number).ok_or_else(Problem::wrong_credentials)?;
            Ok(change.replace(&codes, rest))
        }
        Means::Desk { recovery } => {
            let printed: Option<DeskRecovery> = found.get(&Key::desk_recovery(login.id))?;
            let printed = printed
                .filter(|printed| printed.id == recovery && printed.is_open(found.now))
                .ok_or_else(Problem::wrong_credentials)?;
            Ok(change.remove(&printed))
        }
    }
}
