//! Passkeys: adding, listing and removing one's own, and proving with one who somebody is.

pub(crate) mod add;
pub(crate) mod list;
pub(crate) mod prove;
mod relying_party;
pub(crate) mod remove;
mod wire;

use hearth::domain::event::{Capacity, EventKind, NewEvent};
use hearth::domain::id::{LoginId, MailId, PasskeyId};
use hearth::domain::login::{Login, Passkey};
use hearth::domain::mail::{Mail, MailKind};
use hearth::http::Stop;
use hearth::http::stop::Internal;
use hearth::random;
use hearth::session::token::Claims;
use hearth::store::{Found, Key};

use crate::Context;

/// An event about a passkey, on the chain of its login.
pub(crate) fn event(login: LoginId, kind: EventKind, passkey: PasskeyId) -> NewEvent {
    NewEvent { kind, actor: Some(login), capacity: Capacity::Family, object: Some(passkey.to_string()), reason: None }
}

/// The mail that tells a person what happened to the own passkeys, in case somebody else did it.
fn notice(login: &Login, kind: MailKind, now: hearth::Timestamp) -> Result<Mail, Stop> {
    let mail = Mail::to(login, kind, MailId::from_random(random::bytes()?), now);
    Ok(mail.ok_or(Internal("a login without a mailbox"))?)
}

/// All passkeys of the caller. Beside the facts, not after them: the gate says no before they are looked at.
async fn own(context: &Context, claims: &Claims) -> Result<Vec<Passkey>, Stop> {
    context.gate.store.list(&Key::login(claims.login), "PASSKEY#").await
}

/// The caller, whom a permit presupposes.
fn caller(found: &Found) -> Result<&Login, Internal> {
    found.login.as_ref().ok_or(Internal("a permit without a login"))
}
