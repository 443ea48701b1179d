//! Signing in with address and password.
//!
//! An address leads to a mailbox, a mailbox to up to four persons; the password tells which of them it is. The work is the
//! same for every address: four hashes, known or not, one person or four. Calls in series: the mailbox, its persons, on a known
//! device the token, then the change; each needs the one before.

use hearth::domain::login::{AuthenticationMethod, Login, Mailbox, Purpose};
use hearth::domain::text::Password;
use hearth::gate::commit;
use hearth::http::problem::ProblemDocument;
use hearth::http::stop::Internal;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::session::{cookie, password};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;
use crate::session::{Goal, Outcome, ask_for_code, proved};
use crate::who::{Behind, Presented, behind, knows};

/// Address and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    email: String,
    password: String,
}

/// Signs in, or mails a code when the device is new, and to staff always.
#[utoipa::path(post, path = "/login", operation_id = "sign_in", tag = "login", request_body = Credentials,
    responses((status = 200, body = Outcome), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn sign_in(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let Credentials { email, password } = call.json()?;
    let password = Password::presented(&password).map_err(|rule| Problem::in_field("password", rule))?;
    let Behind { mut found, persons } = behind(context, call, &email, Presented::Password).await?;
    let login = recognise(context, persons, password).await?.ok_or_else(Problem::wrong_credentials)?;

    let device = call.cookie(cookie::DEVICE).map(cookie::read_device);
    let knows_device = knows(&found, login.id, device.as_deref(), found.now)?;
    if login.role.wants_second_factor(knows_device) {
        return ask_for_code(context, &mut found, &login, Purpose::SignIn).await;
    }
    let (change, answer) = proved(context, &mut found, &login, AuthenticationMethod::Password, Goal::SignIn).await?;
    commit(&context.gate.store, change, &found, answer).await
}

/// The one person behind the mailbox whose password it is. Two persons with the same password are told apart by nothing
/// here, so neither gets in: a guess could open the other one's children.
async fn recognise(context: &Context, persons: Vec<Login>, password: Password) -> Result<Option<Login>, Stop> {
    let mut hashes: Vec<String> = persons.iter().map(|person| person.password_hash.clone()).collect();
    hashes.resize(Mailbox::MOST_LOGINS, password::DUMMY.to_owned());
    let matches = compare(context, password, hashes).await?;
    let mut recognised = persons.into_iter().zip(matches).filter(|&(_, matches)| matches).map(|(person, _)| person);
    Ok(match (recognised.next(), recognised.next()) {
        (Some(person), None) => Some(person),
        _ => None,
    })
}

/// Which of the hashes the password has; all of them are compared.
pub(crate) async fn compare(context: &Context, password: Password, hashes: Vec<String>) -> Result<Vec<bool>, Stop> {
    let pepper = *context.secrets.pepper();
    // 20 ms of CPU each: other requests of the local stack go on meanwhile.
    tokio::task::spawn_blocking(move || {
        hashes.iter().map(|hash| password::matches(&password, hash, &pepper)).collect::<Result<Vec<bool>, Stop>>()
    })
    .await
    .map_err(|_| Internal("hashing stopped"))?
}

/// Hashes a chosen password.
pub(crate) async fn hash(context: &Context, password: Password) -> Result<String, Stop> {
    let pepper = *context.secrets.pepper();
    tokio::task::spawn_blocking(move || password::hash(&password, &pepper))
        .await
        .map_err(|_| Internal("hashing stopped"))?
}
