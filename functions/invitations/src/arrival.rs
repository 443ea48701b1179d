//! Who accepts an invitation: the login on the screen, or somebody who gets one by it.

use hearth::domain::agency::Agency;
use hearth::domain::decide::Action;
use hearth::domain::event::{Capacity, EventKind, NewEvent, Subject, Trail};
use hearth::domain::id::LoginId;
use hearth::domain::invitation::Invitation;
use hearth::domain::login::{Device, Language, Lineage, Login, Mailbox, Role};
use hearth::domain::text::{Password, PersonName};
use hearth::http::stop::Internal;
use hearth::http::{Problem, Stop, field};
use hearth::random;
use hearth::session::cookie::Secret;
use hearth::session::password;
use hearth::store::{Found, Key, Transaction};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;

/// A person without a login.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLogin {
    /// The person's own name.
    name: String,
    /// At least 15 characters, and not one that many people have.
    password: String,
    language: Language,
}

/// A person without a login, with name and password that fit.
pub(crate) struct Newcomer {
    name: PersonName,
    password: Password,
    language: Language,
}

impl TryFrom<NewLogin> for Newcomer {
    type Error = Stop;

    fn try_from(input: NewLogin) -> Result<Self, Stop> {
        Ok(Self {
            name: field("new_login.name", &input.name)?,
            password: Password::chosen(&input.password)
                .map_err(|rule| Problem::in_field("new_login.password", rule))?,
            language: input.language,
        })
    }
}

/// Who accepts.
pub(crate) enum Accepter {
    /// The login on the screen.
    Known(Box<Login>),
    /// Somebody without a login.
    New(Newcomer),
}

pub(crate) fn who_accepts(
    found: &Found,
    invitation: &Invitation,
    newcomer: Option<Newcomer>,
) -> Result<Accepter, Stop> {
    match (&found.login, newcomer) {
        // Nobody at the clinic makes herself a parent: a colleague invites her.
        (Some(login), None) if login.id == invitation.invited_by => {
            Err(Problem::cannot("token", "you sent this invitation yourself; ask a colleague to invite you").into())
        }
        (Some(login), None) => Ok(Accepter::Known(Box::new(login.clone()))),
        (None, Some(newcomer)) => Ok(Accepter::New(newcomer)),
        (Some(_), Some(_)) => Err(Problem::cannot("new_login", "you are signed in; accept with your own login").into()),
        (None, None) => Err(Problem::cannot("new_login", "sign in, or write your name and a new password").into()),
    }
}

/// The person who accepts, and the beginning of the change.
pub(crate) struct Arrival {
    pub(crate) person: Login,
    pub(crate) is_new: bool,
    pub(crate) change: Transaction,
    pub(crate) device: Option<Secret>,
    /// The record of a person who is new.
    pub(crate) trail: Option<Trail>,
}

impl Accepter {
    /// Lets the person arrive behind the invited mailbox, and on the roster that the invitation names.
    pub(crate) async fn arrive(
        self,
        context: &Context,
        found: &mut Found,
        place: (&Mailbox, Option<&Agency>),
    ) -> Result<Arrival, Stop> {
        match self {
            Self::Known(login) => join(context, found, place, *login).await,
            Self::New(newcomer) => create_login(context, found, place, newcomer).await,
        }
    }
}

async fn join(
    context: &Context,
    found: &mut Found,
    (mailbox, joins): (&Mailbox, Option<&Agency>),
    login: Login,
) -> Result<Arrival, Stop> {
    let permit = context.gate.permit(Action::UseOwnLogin, found).await?;
    let mut change = context.gate.change(&permit, found);
    let mut proved = login.with_mailbox(&mailbox.id).map_err(Problem::from)?;
    proved.agency = joins.map_or(login.agency, |agency| Some(agency.id));
    if !login.mailboxes.contains(&mailbox.id) {
        change = stand_behind(context, change, mailbox, login.id)?;
    }
    if proved != login {
        change = change.replace(&login, proved);
    }
    Ok(Arrival { person: login, is_new: false, change, device: None, trail: None })
}

async fn create_login(
    context: &Context,
    found: &Found,
    (mailbox, joins): (&Mailbox, Option<&Agency>),
    newcomer: Newcomer,
) -> Result<Arrival, Stop> {
    let id = LoginId::from_random(random::bytes()?);
    let pepper = *context.secrets.pepper();
    let Newcomer { name, password, language } = newcomer;
    password
        .avoids(&[name.as_str(), mailbox.address.as_typed(), context.clinic.as_str()])
        .map_err(|rule| Problem::in_field("new_login.password", rule))?;
    // Hashing takes 20 ms of CPU; other requests of the local stack go on meanwhile.
    let password_hash = tokio::task::spawn_blocking(move || password::hash(&password, &pepper))
        .await
        .map_err(|_| Internal("hashing stopped"))??;
    let mailboxes = vec![mailbox.id.clone()];
    let login = Login {
        id,
        name,
        role: Role::Family,
        language,
        password_hash,
        mailboxes,
        agency: joins.map(|agency| agency.id),
        lineage: Lineage::default(),
        version: 1,
    };
    let secret = Secret::draw()?;
    // The code proved this browser as well: signing in with the new password needs no second code.
    let device =
        Device { login: id, token_hash: secret.hash(), expires_at: found.now + Device::REMEMBERED, version: 1 };
    let mut trail = Trail::after(Subject::Login(id), None);
    let change = Transaction::unpermitted(found.now, &found.request)
        .create(&login)
        .create(&device)
        .record(&mut trail, by(id, EventKind::LoginCreated));
    let change = stand_behind(context, change, mailbox, id)?;
    Ok(Arrival { person: login, is_new: true, change, device: Some(secret), trail: Some(trail) })
}

/// Puts a person behind the mailbox, where twins of its address are looked for as well.
fn stand_behind(
    context: &Context,
    change: Transaction,
    mailbox: &Mailbox,
    login: LoginId,
) -> Result<Transaction, Stop> {
    let change = change.replace(mailbox, mailbox.joined(login).map_err(Problem::from)?);
    Ok(match context.secrets.alias_group(&mailbox.address) {
        Some(group) => change.point(Key::alias(&group, &mailbox.id)),
        None => change,
    })
}

/// What the person who accepts did.
pub(crate) fn by(login: LoginId, kind: EventKind) -> NewEvent {
    NewEvent { kind, actor: Some(login), capacity: Capacity::Family, object: None, reason: None }
}
