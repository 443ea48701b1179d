//! Another password: whoever signed in with the old one, somewhere else, is signed in no more.

use futures_util::future::try_join3;
use hearth::domain::decide::Action;
use hearth::domain::event::{EventKind, Subject};
use hearth::domain::login::{Device, Login, Mailbox, Session};
use hearth::domain::mail::MailKind;
use hearth::domain::text::Password;
use hearth::gate::{event, missing};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::session::cookie;
use hearth::store::Key;
use hearth::store::items::Stored;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;
use crate::code::notify;
use crate::password::hash;
use crate::sessions::{clear_all, of_login};

/// What to sign in with from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    /// At least 15 characters, and not one that many people have.
    password: String,
}

/// Where a login is at home: what ends with its password, and the words that a password must not repeat.
///
/// Read after the end of the login's chain: whoever signs in with the old password between adds to the chain, so that the change
/// fails and is done anew. The addresses are read beside, for the login names its mailboxes.
pub(crate) struct Access {
    sessions: Vec<Session>,
    devices: Vec<Device>,
    mailboxes: Vec<Mailbox>,
}

impl Access {
    pub(crate) async fn of(context: &Context, login: &Login) -> Result<Self, Stop> {
        let store = &context.gate.store;
        let (sessions, devices, mailboxes) = try_join3(
            of_login(store, login.id),
            store.list::<Device>(&Key::login(login.id), "DEVICE#"),
            store.values::<Mailbox>(&login.mailboxes.iter().map(Key::mailbox).collect()),
        )
        .await?;
        Ok(Self { sessions, devices, mailboxes })
    }

    /// Refuses a password with the own name, an own address or the clinic in it.
    pub(crate) fn check(&self, context: &Context, login: &Login, password: &Password) -> Result<(), Problem> {
        let addresses = self.mailboxes.iter().map(|mailbox| mailbox.address.as_typed());
        let words: Vec<&str> = addresses.chain([login.name.as_str(), context.clinic.as_str()]).collect();
        password.avoids(&words).map_err(|rule| Problem::in_field("password", rule))
    }

    /// Every session and device.
    pub(crate) fn everywhere(&self) -> Vec<Key> {
        self.sessions.iter().map(Stored::key).chain(self.devices.iter().map(Stored::key)).collect()
    }

    /// The same, but for one session and the device that it is on.
    fn elsewhere(&self, session: &Session, device: Option<&str>) -> Vec<Key> {
        let here = [Some(session.key()), device.map(|hash| Key::device(session.login, hash))];
        self.everywhere().into_iter().filter(|key| !here.iter().flatten().any(|kept| kept == key)).collect()
    }
}

/// Reads a password that somebody chose.
pub(crate) fn chosen(text: &str) -> Result<Password, Problem> {
    Password::chosen(text).map_err(|rule| Problem::in_field("password", rule))
}

/// Changes one's own password: ends every other session, forgets every other device, and says so to every mailbox.
#[utoipa::path(post, path = "/login/password", operation_id = "change_password", tag = "login", security(("session" = [])),
    request_body = NewPassword,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn change(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let NewPassword { password } = call.json()?;
    let password = chosen(&password)?;
    let mut found = gate.read_for(call, &claims).trail(Subject::Login(claims.login)).send().await?;
    let permit = gate.permit(Action::ChangeOwnLogin, &mut found).await?;
    let (Some(login), Some(session)) = (found.login.clone(), found.session.clone()) else {
        return Err(missing("a permit without a session"));
    };
    let access = Access::of(context, &login).await?;
    access.check(context, &login, &password)?;

    let renewed = Login { password_hash: hash(context, password).await?, ..login.clone() };
    let device = call.cookie(cookie::DEVICE).map(cookie::read_device);
    let change = gate.change(&permit, &found).replace(&login, renewed);
    let keys = access.elsewhere(&session, device.as_deref());
    let change = clear_all(&gate.store, change, keys, found.now, &found.request).await?;
    let change = change.record(found.trail(Subject::Login(login.id))?, event(&permit, EventKind::PasswordChanged));
    let change = notify(change, &login, &MailKind::PasswordChanged, found.now)?;
    gate.commit(change, &found, Answer::nothing()).await
}
