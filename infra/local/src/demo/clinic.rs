//! Furnishing a new stack: the first staff login by hand, everything else through the routes, as staff and families do it.

use hearth::aws::Aws;
use hearth::clock::Clock;
use hearth::config::{ConfigError, Environment};
use hearth::domain::event::{Capacity, EventKind, NewEvent, Subject, Trail};
use hearth::domain::id::LoginId;
use hearth::domain::login::{Language, Lineage, Login, Mailbox, Role};
use hearth::domain::text::{EmailAddress, Password, PersonName, TextError};
use hearth::http::Stop;
use hearth::secrets::Secrets;
use hearth::session::password;
use hearth::store::{Store, Transaction};
use thiserror::Error;

use super::family;
use super::forms::FormError;
use crate::Stack;
use crate::client::ClientError;

/// Why the demo clinic could not be furnished.
#[derive(Debug, Error)]
pub enum DemoError {
    /// A step through the routes failed.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The stack's variables cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A name or an address does not fit.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A form could not be made.
    #[error(transparent)]
    Form(#[from] FormError),
    /// The first staff login could not be written.
    #[error("the first staff login could not be written")]
    FirstStaff,
}

impl From<Stop> for DemoError {
    fn from(_: Stop) -> Self {
        Self::FirstStaff
    }
}

/// A login of the demo clinic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SignIn {
    /// Who it is, in a few words.
    pub(super) who: &'static str,
    /// Address to sign in with.
    pub(super) email: &'static str,
}

/// Password of every demo login. It protects nothing: the demo clinic has no patients.
pub(super) const PASSWORD: &str = "only for the demo clinic";

/// Staff of the demo clinic.
pub(super) const DESK: SignIn = SignIn { who: "front desk (staff)", email: "desk@clinic.example" };

/// Writes the first staff login. There is no route for it: somebody must be there who can invite.
///
/// # Errors
/// [`DemoError`].
pub async fn first_staff(stack: &Stack, clock: &Clock, name: &str, email: &str, secret: &str) -> Result<(), DemoError> {
    let env = Environment::new(stack.environment().clone(), clock.clone());
    let aws = Aws::from_environment(&env)?;
    let store = Store::from_environment(&env, &aws)?;
    let secrets = Secrets::from_environment(&env)?;
    let address: EmailAddress = email.parse()?;
    let name: PersonName = name.parse()?;
    let id = LoginId::from_random(hearth::random::bytes().map_err(|_| DemoError::FirstStaff)?);
    let mailbox = secrets.mailbox(&address);
    let login = Login {
        id,
        name,
        role: Role::Staff,
        language: Language::English,
        password_hash: password::hash(&Password::chosen(secret)?, secrets.pepper())?,
        mailboxes: vec![mailbox.clone()],
        agency: None,
        lineage: Lineage::default(),
        version: 1,
    };
    let mailbox = Mailbox { id: mailbox, address, logins: vec![id], version: 1 };
    let created =
        NewEvent { kind: EventKind::LoginCreated, actor: None, capacity: Capacity::System, object: None, reason: None };
    let mut trail = Trail::after(Subject::Login(id), None);
    Transaction::unpermitted(env.clock().now(), "first-staff")
        .create(&login)
        .create(&mailbox)
        .record(&mut trail, created)
        .commit(&store)
        .await?;
    Ok(())
}

/// Furnishes a new stack with the demo clinic.
pub(super) async fn furnish(stack: &Stack, clinic: &str) -> Result<(), DemoError> {
    first_staff(stack, &Clock::system(), "Robin", DESK.email, PASSWORD).await?;
    family::furnish(stack, clinic).await
}

/// Who can sign in to the demo clinic.
pub(super) fn sign_ins() -> Vec<SignIn> {
    std::iter::once(DESK).chain(family::GUESTS.iter().map(|guest| guest.sign_in)).collect()
}
