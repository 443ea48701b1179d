//! The demo clinic: a first staff login, families as clinics really have them, and forms that the project made itself.

mod clinic;
mod family;
pub mod forms;

use std::path::Path;

pub use clinic::{DemoError, first_staff};

use crate::{Options, Stack, StartError};

/// Marks a data folder whose demo clinic is complete.
const COMPLETE: &str = "demo-clinic";

/// Furnishes a new stack, and says who can sign in.
///
/// # Errors
/// [`StartError`], also when the first start was broken off halfway.
pub async fn open(stack: &Stack, data: &Path) -> Result<Vec<String>, StartError> {
    let marker = data.join(COMPLETE);
    if !marker.exists() {
        let items = stack.items().map_err(StartError::System)?;
        if !items.is_empty() {
            let half = "the first start was broken off before the demo clinic was complete; start once with --fresh";
            return Err(StartError::System(half.to_owned()));
        }
        let clinic = Options::default().clinic.name;
        clinic::furnish(stack, &clinic).await.map_err(|error| StartError::System(error.to_string()))?;
        std::fs::write(&marker, "").map_err(|source| StartError::folder(marker, source))?;
    }
    let mut lines = vec!["  Demo sign-ins (a new browser is asked for a code; it is on the mail page):".to_owned()];
    lines.extend(clinic::sign_ins().iter().map(|sign_in| format!("    {:<22} {}", sign_in.email, sign_in.who)));
    lines.push(format!("    password for all       {}", clinic::PASSWORD));
    Ok(lines)
}
