//! Signing in with address and password.
//!
//! An address leads to a mailbox, a mailbox to up to four persons; the password tells which of them it is. The work is the
//! same for every address: four hashes, known or not, one person or four. Calls in series: the mailbox, its persons, on a known
//! device the token, then the change; each needs the one before.

use hearth::domain::event::{EventKind, Subject};
use hearth::domain::id::{ChallengeId, LoginId, MailId};
use hearth::domain::login::{AuthenticationMethod, Challenge, Device, Login, Mailbox, MailboxId};
use hearth::domain::mail::{Delivery, Mail, MailKind};
use hearth::domain::text::{EmailAddress, Password};
use hearth::gate::commit;
use hearth::http::problem::ProblemDocument;
use hearth::http::stop::Internal;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::random;
use hearth::session::{cookie, password};
use hearth::store::{Found, Key, Transaction};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;
use crate::session::{ChallengeName, Outcome, event, hand_over, open};

/// Address and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    email: String,
    password: String,
}

/// Signs in, or mails a code when the device is new.
#[utoipa::path(post, path = "/login", operation_id = "sign_in", tag = "login", request_body = Credentials,
    responses((status = 200, body = Outcome), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn sign_in(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let Credentials { email, password } = call.json()?;
    let password = Password::presented(&password).map_err(|rule| Problem::in_field("password", rule))?;
    let mailbox = find_mailbox(context, call, &email).await?;
    let mut found = read_persons(context, call, mailbox.as_ref()).await?;
    let login = recognise(context, &found, mailbox.as_ref(), password).await?.ok_or_else(Problem::wrong_credentials)?;

    let device = match call.cookie(cookie::DEVICE) {
        Some(value) => found.get::<Device>(&Key::device(login.id, &cookie::read_device(value)))?,
        None => None,
    };
    if device.is_some_and(|device| found.now < device.expires_at) {
        let (session, secret) = open(login.id, AuthenticationMethod::Password, found.now)?;
        let answer = hand_over(context, &login, &session, &secret, found.now).await?;
        let change = Transaction::unpermitted(found.now, &found.request)
            .pin(&login)
            .create(&session)
            .record(found.trail(Subject::Login(login.id))?, event(login.id, EventKind::SignedIn));
        commit(&context.gate.store, change, &found, answer).await
    } else {
        challenge(context, &mut found, &login).await
    }
}

/// The mailbox of an address. What is no address at all is an address that nobody has.
async fn find_mailbox(context: &Context, call: &Call, email: &str) -> Result<Option<Mailbox>, Stop> {
    let address = email.parse::<EmailAddress>();
    let id = address.map_or_else(|_| MailboxId::from_hash([0; 32]), |address| context.secrets.mailbox(&address));
    let key = Key::mailbox(&id);
    context.gate.read(call).also(key.clone()).send().await?.get(&key)
}

/// Who is looked up where nobody is, so that every address makes the same calls, whoever is behind it.
const NOBODY: [LoginId; Mailbox::MOST_LOGINS] = [
    LoginId::from_random([0; 16]),
    LoginId::from_random([1; 16]),
    LoginId::from_random([2; 16]),
    LoginId::from_random([3; 16]),
];

async fn read_persons(context: &Context, call: &Call, mailbox: Option<&Mailbox>) -> Result<Found, Stop> {
    let device = call.cookie(cookie::DEVICE).map(cookie::read_device);
    let mut reading = context.gate.read(call);
    let logins = mailbox.map(|mailbox| mailbox.logins.as_slice()).unwrap_or_default();
    for &login in logins.iter().chain(&NOBODY).take(Mailbox::MOST_LOGINS) {
        reading = reading.also(Key::login(login)).trail(Subject::Login(login));
        if let Some(device) = &device {
            reading = reading.also(Key::device(login, device));
        }
    }
    reading.send().await
}

/// The one person behind the mailbox whose password it is. Two persons with the same password are told apart by nothing
/// here, so neither gets in: a guess could open the other one's children.
async fn recognise(
    context: &Context,
    found: &Found,
    mailbox: Option<&Mailbox>,
    password: Password,
) -> Result<Option<Login>, Stop> {
    let mut persons = Vec::new();
    for &login in mailbox.map(|mailbox| mailbox.logins.as_slice()).unwrap_or_default() {
        persons.extend(found.get::<Login>(&Key::login(login))?);
    }
    let mut hashes: Vec<String> = persons.iter().map(|person| person.password_hash.clone()).collect();
    hashes.resize(Mailbox::MOST_LOGINS, password::DUMMY.to_owned());
    let pepper = *context.secrets.pepper();
    // 80 ms of CPU: other requests of the local stack go on meanwhile.
    let matches = tokio::task::spawn_blocking(move || {
        hashes.iter().map(|hash| password::matches(&password, hash, &pepper)).collect::<Result<Vec<bool>, Stop>>()
    })
    .await
    .map_err(|_| Internal("hashing stopped"))??;
    let mut recognised = persons.into_iter().zip(matches).filter(|&(_, matches)| matches).map(|(person, _)| person);
    Ok(match (recognised.next(), recognised.next()) {
        (Some(person), None) => Some(person),
        _ => None,
    })
}

/// Mails a code to the person's first mailbox.
async fn challenge(context: &Context, found: &mut Found, login: &Login) -> Result<Answer, Stop> {
    let id = ChallengeId::from_random(random::bytes()?);
    let mailbox = login.mailboxes.first().ok_or(Internal("a login without a mailbox"))?;
    let challenge = Challenge { id, login: login.id, expires_at: found.now + Challenge::LIFE, version: 1 };
    let mail = Mail {
        id: MailId::from_random(random::bytes()?),
        mailbox: mailbox.clone(),
        language: login.language,
        kind: MailKind::SignInCode { challenge: id },
        created_at: found.now,
        delivery: Delivery::Pending,
        version: 1,
    };
    let name = ChallengeName { login: login.id, challenge: id };
    let answer = Answer::ok(&Outcome::CodeSent { challenge: name.to_string() })?;
    let change = Transaction::unpermitted(found.now, &found.request)
        .pin(login)
        .create(&challenge)
        .mail(&mail)
        .record(found.trail(Subject::Login(login.id))?, event(login.id, EventKind::CodeSent));
    commit(&context.gate.store, change, found, answer).await
}
