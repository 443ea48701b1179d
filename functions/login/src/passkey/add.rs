//! Adding a passkey to one's own login: fresh proof, then the device makes a key, then it is kept.

use futures_util::future::try_join;
use hearth::domain::decide::Action;
use hearth::domain::event::{EventKind, Subject};
use hearth::domain::id::CeremonyId;
use hearth::domain::login::{Ceremony, CeremonyKind, Passkey, PasskeyError, may_add};
use hearth::domain::mail::MailKind;
use hearth::http::call::field;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Nothing, Problem, Stop};
use hearth::store::Key;
use serde::Deserialize;
use utoipa::ToSchema;

use super::list::OwnPasskey;
use super::relying_party::RelyingParty;
use super::wire::{Attestation, Begun};
use super::{caller, event, notice, own};
use crate::Context;

/// A new passkey.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPasskey {
    /// As the beginning gave it.
    ceremony: String,
    /// What the person calls the device, at most 60 characters.
    nickname: String,
    credential: Attestation,
}

/// Begins adding a passkey. Nothing that could be repeated by mistake: each beginning is a challenge of its own.
#[utoipa::path(post, path = "/login/passkeys/begin", operation_id = "begin_adding_passkey", tag = "login", security(("session" = [])),
    request_body = Nothing, responses((status = 200, body = Begun), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn begin(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let Nothing {} = call.json()?;
    let facts = gate.read_for(call, &claims).without_kept_answer().send();
    let (mut found, present) = try_join(facts, own(context, &claims)).await?;
    let permit = gate.permit(Action::ChangeOwnLogin, &mut found).await?;
    may_add(&present)?;
    let kind = CeremonyKind::Registration { login: claims.login, session: claims.session };
    let (begun, ceremony) = RelyingParty::of(call)?.begin_adding(caller(&found)?, &present, kind, found.now)?;
    gate.change(&permit, &found).create(&ceremony).commit(&gate.store).await?;
    Answer::ok(&begun)
}

/// Adds the passkey that the device made.
#[utoipa::path(post, path = "/login/passkeys", operation_id = "add_passkey", tag = "login", security(("session" = [])),
    request_body = NewPasskey, responses((status = 201, body = OwnPasskey), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn finish(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let NewPasskey { ceremony, nickname, credential } = call.json()?;
    let nickname = field("nickname", &nickname)?;
    let ceremony: CeremonyId = ceremony.parse().map_err(|_| PasskeyError::CeremonyOver)?;
    let ceremony_key = Key::ceremony(ceremony);
    let reading = gate.read_for(call, &claims).also(ceremony_key.clone()).trail(Subject::Login(claims.login));
    let (mut found, present) = try_join(reading.send(), own(context, &claims)).await?;
    // The proof was fresh when this session began the ceremony, minutes ago; it is not asked for twice.
    let permit = gate.permit(Action::UseOwnLogin, &mut found).await?;
    let party = RelyingParty::of(call)?;
    let ceremony: Ceremony = found.get(&ceremony_key)?.ok_or(PasskeyError::CeremonyOver)?;
    let kind = CeremonyKind::Registration { login: claims.login, session: claims.session };
    ceremony.admits(kind, &party.id, found.now)?;
    may_add(&present)?;
    let unfit = || Problem::cannot("credential", "your device gave another answer than was asked for; start again");
    let answer = credential.read().ok_or_else(unfit)?;
    let (id, credential) = party.added(&answer, &ceremony)?.ok_or_else(unfit)?;
    if present.iter().any(|passkey| passkey.id == id) {
        // The list is read beside the ceremony and can be the newer of the two: then the same answer came in a moment ago.
        let is_open = gate.store.get::<Ceremony>(&ceremony_key).await?.is_some();
        return Err(if is_open { PasskeyError::Known } else { PasskeyError::CeremonyOver }.into());
    }
    let passkey = Passkey {
        id,
        login: claims.login,
        rp_id: party.id,
        nickname,
        credential,
        added_at: found.now,
        used_at: None,
        suspended_at: None,
        version: 1,
    };
    let mail = notice(caller(&found)?, MailKind::PasskeyAdded, found.now)?;
    let change = gate
        .change(&permit, &found)
        .remove(&ceremony)
        .create(&passkey)
        .mail(&mail)
        .record(found.trail(Subject::Login(claims.login))?, event(claims.login, EventKind::PasskeyAdded, id));
    gate.commit(change, &found, Answer::created(&OwnPasskey::of(passkey, &ceremony.rp_id))?).await
}
