//! Confirming a new device with the mailed code. Four calls in series: the challenge, the count of guesses, the token, the
//! change; nothing is compared before it was counted, and KMS signs nothing before the code was right.

use hearth::domain::event::{EventKind, Subject};
use hearth::domain::login::{AuthenticationMethod, Challenge, Device, Login};
use hearth::gate::commit;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::session::cookie::{self, Secret};
use hearth::store::{Key, Transaction};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;
use crate::session::{ChallengeName, Outcome, event, hand_over, open};

/// The code of a sign-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Confirmation {
    /// As the sign-in gave it.
    challenge: String,
    /// Eight digits; spaces and dashes do not matter.
    code: String,
}

/// Confirms a code: signs in and remembers the device.
#[utoipa::path(post, path = "/login/code", operation_id = "confirm_sign_in", tag = "login", request_body = Confirmation,
    responses((status = 200, body = Outcome), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn confirm(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let Confirmation { challenge, code } = call.json()?;
    let name: ChallengeName = challenge.parse().map_err(|()| Problem::wrong_credentials())?;
    let (challenge_key, login_key) = (Key::challenge(name.login, name.challenge), Key::login(name.login));
    let reading = context.gate.read(call).also(challenge_key.clone()).also(login_key.clone());
    let mut found = reading.trail(Subject::Login(name.login)).send().await?;
    let challenge: Option<Challenge> = found.get(&challenge_key)?;
    let challenge =
        challenge.filter(|challenge| found.now < challenge.expires_at).ok_or_else(Problem::wrong_credentials)?;
    let login: Login = found.get(&login_key)?.ok_or_else(Problem::wrong_credentials)?;

    let guesses = Key::guesses(challenge.id);
    let guess = context.gate.store.count_guess(&guesses, Challenge::MOST_TRIES, challenge.expires_at).await?;
    let guess = guess.ok_or_else(Problem::wrong_credentials)?;
    if !context.secrets.sign_in_code(challenge.id).matches(&code, guess) {
        return Err(Problem::wrong_credentials().into());
    }
    let (session, secret) = open(login.id, AuthenticationMethod::PasswordAndMailedCode, found.now)?;
    let device_secret = Secret::draw()?;
    let device = Device {
        login: login.id,
        token_hash: device_secret.hash(),
        expires_at: found.now + Device::REMEMBERED,
        version: 1,
    };
    let answer = hand_over(context, &login, &session, &secret, found.now).await?.with_cookie(cookie::set(
        cookie::DEVICE,
        &cookie::device_value(&device_secret),
        Device::REMEMBERED,
    ));
    let change = Transaction::unpermitted(found.now, &found.request)
        .pin(&login)
        .remove(&challenge)
        .create(&session)
        .create(&device)
        .record(found.trail(Subject::Login(login.id))?, event(login.id, EventKind::SignedIn));
    commit(&context.gate.store, change, &found, answer).await
}
