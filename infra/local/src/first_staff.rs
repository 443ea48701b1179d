//! `cargo run -- first-staff`: the first staff login of a stack. Everybody else is invited; somebody must be there to invite.

use hearth::aws::Aws;
use hearth::config::{ConfigError, Environment};
use hearth::domain::event::{Capacity, EventKind, NewEvent, Subject, Trail};
use hearth::domain::id::LoginId;
use hearth::domain::login::{Language, Lineage, Login, Mailbox, Role};
use hearth::domain::text::{EmailAddress, Password, PersonName, TextError};
use hearth::http::Stop;
use hearth::secrets::Secrets;
use hearth::session::password;
use hearth::store::{Key, Store, Transaction};
use thiserror::Error;

/// Why the first staff login could not be written.
#[derive(Debug, Error)]
pub enum FirstStaffError {
    /// The stack's variables cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A name or an address does not fit.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The address has a sign-in already.
    #[error("somebody signs in with this address already; nothing was changed")]
    Known,
    /// The table did not take it, or nobody knows whether it did.
    #[error(
        "the first staff login could not be written; look at the table's name, the region and your rights, and try again"
    )]
    Unwritten,
}

impl From<Stop> for FirstStaffError {
    fn from(_: Stop) -> Self {
        Self::Unwritten
    }
}

/// A password for paper: 100 random bits in groups that can be read aloud.
///
/// # Errors
/// The system gave no random bytes.
pub fn password_for_paper() -> Result<String, FirstStaffError> {
    /// Without letters and digits that look alike.
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789+";
    let bytes: [u8; 20] = hearth::random::bytes().map_err(|_| FirstStaffError::Unwritten)?;
    let letters = bytes.iter().filter_map(|byte| LETTERS.get(usize::from(byte % 32)).copied().map(char::from));
    let mut text = String::new();
    for (place, letter) in letters.enumerate() {
        if place > 0 && place % 5 == 0 {
            text.push('-');
        }
        text.push(letter);
    }
    Ok(text)
}

/// Writes a staff login into the table that the surroundings name (`TABLE`, `STACK_SECRET`, region and credentials).
///
/// # Errors
/// [`FirstStaffError`].
pub async fn write(env: &Environment, name: &str, email: &str, secret: &str) -> Result<(), FirstStaffError> {
    let aws = Aws::from_environment(env)?;
    let store = Store::from_environment(env, &aws)?;
    let secrets = Secrets::from_environment(env)?;
    let address: EmailAddress = email.parse()?;
    let name: PersonName = name.parse()?;
    let id = LoginId::from_random(hearth::random::bytes().map_err(|_| FirstStaffError::Unwritten)?);
    let mailbox = secrets.mailbox(&address);
    if store.get::<Mailbox>(&Key::mailbox(&mailbox)).await?.is_some() {
        return Err(FirstStaffError::Known);
    }
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
