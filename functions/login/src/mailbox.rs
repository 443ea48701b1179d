//! The own addresses: look, choose the one that receives mail, give one up.

use std::collections::BTreeSet;

use hearth::domain::decide::{Action, Permit};
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::id::{AddressId, MailId};
use hearth::domain::login::{Login, Mailbox, MailboxId};
use hearth::domain::mail::{Mail, MailKind};
use hearth::domain::text::EmailAddress;
use hearth::gate::{event, missing};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Nothing, Problem, Stop};
use hearth::random;
use hearth::store::{Found, Key};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// The person's own addresses.
#[derive(Serialize, ToSchema)]
pub(crate) struct Addresses {
    /// The one that receives mail stands first.
    addresses: Vec<OwnAddress>,
    /// Tells the person apart from others who use the same address, should they have the same password.
    sign_in_name: String,
}

/// One of the person's own addresses.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnAddress {
    /// Names it in paths, for this person only.
    id: AddressId,
    /// As it was typed.
    address: EmailAddress,
    /// Whether mail goes there.
    receives_mail: bool,
}

impl OwnAddress {
    pub(crate) fn of(context: &Context, login: &Login, mailbox: &Mailbox) -> Self {
        Self {
            id: context.secrets.address_id(login.id, &mailbox.id),
            address: mailbox.address.clone(),
            receives_mail: login.mailboxes.first() == Some(&mailbox.id),
        }
    }
}

/// The mailboxes of a person, in the person's order.
pub(crate) async fn own_mailboxes(context: &Context, login: &Login) -> Result<Vec<Mailbox>, Stop> {
    let keys: BTreeSet<Key> = login.mailboxes.iter().map(Key::mailbox).collect();
    let mut mailboxes: Vec<Mailbox> = context.gate.store.values(&keys).await?;
    mailboxes.sort_by_key(|mailbox| login.mailboxes.iter().position(|own| *own == mailbox.id));
    Ok(mailboxes)
}

/// Lists the own addresses. Which they are is known from the login: two calls in series.
#[utoipa::path(get, path = "/login/mailboxes", operation_id = "list_addresses", tag = "login", security(("session" = [])),
    responses((status = 200, body = Addresses), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn list(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let (_, login) = permitted(context, call, Action::UseOwnLogin).await?;
    let mailboxes = own_mailboxes(context, &login).await?;
    Answer::ok(&Addresses {
        addresses: mailboxes.iter().map(|mailbox| OwnAddress::of(context, &login, mailbox)).collect(),
        sign_in_name: context.secrets.sign_in_name(login.id).for_reading(),
    })
}

/// Makes another of the own addresses the one that receives mail. The one before is told.
#[utoipa::path(post, path = "/login/mailboxes/{mailbox}/prefer", operation_id = "prefer_address", tag = "login", security(("session" = [])),
    params(("mailbox" = AddressId, Path)), request_body = Nothing,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn prefer(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let Nothing {} = call.json()?;
    let id = call.parameter::<AddressId>("mailbox")?;
    let ((mut found, permit), login) = permitted(context, call, Action::ChangeOwnLogin).await?;
    let mailbox = named(context, &login, id)?;
    let preferring = login.preferring(&mailbox).map_err(Problem::from)?;
    let event = changed(&permit, EventKind::AddressPreferred, id);
    let change = context
        .gate
        .change(&permit, &found)
        .mail(&notice(&login, login.mailboxes.first(), MailKind::AddressesChanged, found.now)?)
        .replace(&login, preferring)
        .record(found.trail(Subject::Login(login.id))?, event);
    context.gate.commit(change, &found, Answer::nothing()).await
}

/// Gives an address up; never the last one. It is told, and so is the one that receives mail from then on. Who else uses it
/// keeps it. Which mailbox it is stands in the login only: three calls in series.
#[utoipa::path(post, path = "/login/mailboxes/{mailbox}/remove", operation_id = "remove_address", tag = "login", security(("session" = [])),
    params(("mailbox" = AddressId, Path)), request_body = Nothing,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn remove(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let Nothing {} = call.json()?;
    let id = call.parameter::<AddressId>("mailbox")?;
    let ((mut found, permit), login) = permitted(context, call, Action::ChangeOwnLogin).await?;
    let own = named(context, &login, id)?;
    let without = login.without_mailbox(&own).map_err(Problem::from)?;
    let key = Key::mailbox(&own);
    let mailbox: Mailbox = context.gate.store.get(&key).await?.ok_or(missing("an own address without its mailbox"))?;
    let event = changed(&permit, EventKind::AddressRemoved, id);
    let change = context
        .gate
        .change(&permit, &found)
        .mail(&notice(&login, Some(&own), MailKind::AddressRemoved, found.now)?)
        .mail(&notice(&login, without.mailboxes.first(), MailKind::AddressesChanged, found.now)?)
        .replace(&login, without)
        .replace(&mailbox, mailbox.left(login.id))
        .record(found.trail(Subject::Login(login.id))?, event);
    context.gate.commit(change, &found, Answer::nothing()).await
}

/// Reads and decides for the person who is signed in.
async fn permitted(context: &Context, call: &Call, action: Action) -> Result<((Found, Permit), Login), Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let mut found = gate.read_for(call, &claims).trail(Subject::Login(claims.login)).send().await?;
    let permit = gate.permit(action, &mut found).await?;
    let login = found.login.clone().ok_or(missing("a permit without a login"))?;
    Ok(((found, permit), login))
}

/// The own mailbox of that name.
fn named(context: &Context, login: &Login, id: AddressId) -> Result<MailboxId, Stop> {
    let is_it = |mailbox: &&MailboxId| context.secrets.address_id(login.id, mailbox) == id;
    login.mailboxes.iter().find(is_it).cloned().ok_or_else(|| Problem::not_found().into())
}

/// An event about one of the own addresses.
pub(crate) fn changed(permit: &Permit, kind: EventKind, id: AddressId) -> NewEvent {
    NewEvent { object: Some(id.to_string()), ..event(permit, kind) }
}

/// A mail about a person's addresses to one of them.
pub(crate) fn notice(
    login: &Login,
    mailbox: Option<&MailboxId>,
    kind: MailKind,
    now: hearth::Timestamp,
) -> Result<Mail, Stop> {
    let mailbox = mailbox.ok_or(missing("a login without a mailbox"))?;
    Ok(Mail::to_mailbox(mailbox, login.language, kind, MailId::from_random(random::bytes()?), now))
}
