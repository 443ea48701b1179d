//! Furnishing a new stack: the first staff login by hand, everything else through the routes, as staff and families do it.

use hearth::clock::Clock;
use hearth::config::Environment;
use hearth::domain::text::TextError;
use thiserror::Error;

use super::family;
use super::forms::FormError;
use crate::Stack;
use crate::client::ClientError;
use crate::first_staff::FirstStaffError;

/// Why the demo clinic could not be furnished.
#[derive(Debug, Error)]
pub enum DemoError {
    /// A step through the routes failed.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// A name or an address does not fit.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A form could not be made.
    #[error(transparent)]
    Form(#[from] FormError),
    /// The first staff login could not be written.
    #[error(transparent)]
    FirstStaff(#[from] FirstStaffError),
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
    Ok(crate::first_staff::write(&env, name, email, secret).await?)
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
