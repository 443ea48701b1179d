//! Proving with a passkey who somebody is: signing in, or for somebody who is signed in, once more before what needs it.
//!
//! A passkey whose device verified its user is two factors, so staff need nothing else. Three calls in series to sign in: the
//! ceremony with the login and passkey that the device names, the token, the change; KMS signs nothing before the signature was
//! right. The ceremony is removed by the change that it leads to: of the same answer sent many times at once, one counts.

use hearth::domain::event::{EventKind, Subject};
use hearth::domain::id::CeremonyId;
use hearth::domain::login::{AuthenticationMethod, Ceremony, CeremonyKind, Login, Passkey, Standing};
use hearth::domain::mail::MailKind;
use hearth::gate::{commit, missing};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Nothing, Problem, Stop};
use hearth::store::{Found, Key, Transaction};
use serde::Deserialize;
use utoipa::ToSchema;

use super::relying_party::{Proof, RelyingParty};
use super::wire::{Assertion, Begun};
use super::{event, notice};
use crate::Context;
use crate::session::{Goal, Outcome, proved};
use crate::who::take_room;

/// A signature for a ceremony.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Signed {
    /// As the beginning gave it.
    ceremony: String,
    credential: Assertion,
}

/// Begins proving with a passkey. No address is asked for, so none can be tried out; nor is an answer kept, for the key of a
/// request by nobody would cost a second item.
#[utoipa::path(post, path = "/login/passkey/begin", operation_id = "begin_with_passkey", tag = "login", request_body = Nothing,
    responses((status = 200, body = Begun), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn begin(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let Nothing {} = call.json()?;
    let now = context.gate.now();
    // Anybody may cause the write below: one item of half a kilobyte that is forgotten after five minutes.
    take_room(context, call).await?;
    let (begun, ceremony) = RelyingParty::of(call)?.begin_proving(now)?;
    Transaction::unpermitted(now, call.request_id()).create(&ceremony).commit(&context.gate.store).await?;
    Answer::ok(&begun)
}

/// Signs in with a passkey. With a session token it renews the proof of that session.
#[utoipa::path(post, path = "/login/passkey", operation_id = "prove_with_passkey", tag = "login", request_body = Signed,
    responses((status = 200, body = Outcome), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn prove(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session_if_any(call)?;
    let Signed { ceremony, credential } = call.json()?;
    let refused = || {
        if claims.is_some() { Problem::other_passkey() } else { Problem::unknown_passkey() }
    };
    let party = RelyingParty::of(call)?;
    let ceremony: CeremonyId = ceremony.parse().map_err(|_| refused())?;
    let answer = credential.read().ok_or_else(refused)?;
    let (login, passkey) = party.named(&answer).ok_or_else(refused)?;
    if claims.is_some_and(|claims| claims.login != login) {
        return Err(refused().into());
    }
    let keys = (Key::ceremony(ceremony), Key::login(login), Key::passkey(login, passkey));
    let reading = claims.as_ref().map_or_else(|| gate.read(call), |claims| gate.read_for(call, claims));
    let reading = reading.also(keys.0.clone()).also(keys.1.clone()).also(keys.2.clone());
    let mut found = reading.trail(Subject::Login(login)).send().await?;
    let facts: (Option<Ceremony>, Option<Login>, Option<Passkey>) =
        (found.get(&keys.0)?, found.get(&keys.1)?, found.get(&keys.2)?);
    let (Some(ceremony), Some(login), Some(passkey)) = facts else { return Err(refused().into()) };
    let is_open = !login.is_merged() && ceremony.admits(CeremonyKind::Authentication, &party.id, found.now).is_ok();
    if !is_open || passkey.standing(&party.id) != Standing::Usable {
        return Err(refused().into());
    }
    let used = match party.proof(&answer, &ceremony, &passkey)? {
        Proof::Valid(credential) => passkey.used(credential, found.now),
        Proof::None => return Err(refused().into()),
        Proof::Copied => {
            suspend(context, &mut found, &login, (&ceremony, &passkey)).await?;
            return Err(refused().into());
        }
    };
    let session = found.session.clone();
    let goal = match (&claims, &session) {
        (Some(_), Some(session)) => Goal::StepUp(session),
        (Some(_), None) => return Err(missing("a caller without a session")),
        (None, _) => Goal::SignIn,
    };
    let with = (AuthenticationMethod::Passkey, Some(passkey.id));
    let (change, answer) = proved(context, &mut found, &login, with, goal).await?;
    let change = change.remove(&ceremony).replace(&passkey, used);
    commit(&gate.store, change, &found, answer).await
}

/// Takes a copied passkey out of use and tells its person. The one who signed learns no more than that it did not work.
async fn suspend(
    context: &Context,
    found: &mut Found,
    login: &Login,
    (ceremony, passkey): (&Ceremony, &Passkey),
) -> Result<(), Stop> {
    let request = found.request.clone();
    Transaction::unpermitted(found.now, &request)
        .pin(login)
        .remove(ceremony)
        .replace(passkey, passkey.suspended(found.now))
        .mail(&notice(login, MailKind::PasskeySuspended, found.now)?)
        .record(found.trail(Subject::Login(login.id))?, event(login.id, EventKind::PasskeySuspended, passkey.id))
        .commit(&context.gate.store)
        .await
}
