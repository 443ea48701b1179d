//! The demo clinic: a first staff login, families as clinics really have them, and forms that the project made itself.

mod clinic;
mod family;
pub mod forms;

use std::path::Path;

pub use clinic::{DemoError, first_staff};

use crate::{Options, Stack, StartError};

/// Marks a data folder whose demo clinic is complete.
const COMPLETE: &str = "demo-clinic";
/// Marks a data folder whose demo clinic is being furnished; renamed when it is complete.
const UNFINISHED: &str = "demo-clinic.unfinished";

/// Erases what a first start left that was broken off while the demo clinic was being furnished: nobody has been told any
/// sign-in by then, so it holds nothing of the user's. Comes before [`Stack::start`].
///
/// # Errors
/// As [`crate::erase`].
pub fn discard_unfinished(data: &Path) -> Result<(), StartError> {
    if data.join(UNFINISHED).exists() && !data.join(COMPLETE).exists() {
        crate::erase(data)?;
    }
    Ok(())
}

/// Furnishes a new stack, and says who can sign in.
///
/// # Errors
/// [`StartError`], also when the folder holds data without any demo clinic.
pub async fn open(stack: &Stack, data: &Path) -> Result<Vec<String>, StartError> {
    let marker = data.join(COMPLETE);
    if !marker.exists() {
        let items = stack.items().map_err(StartError::System)?;
        if !items.is_empty() {
            let half = "the data folder holds no complete demo clinic; start with --fresh to begin anew (this deletes the folder's data)";
            return Err(StartError::System(half.to_owned()));
        }
        let unfinished = data.join(UNFINISHED);
        std::fs::write(&unfinished, "").map_err(|source| StartError::folder(&unfinished, source))?;
        let clinic = Options::default().clinic.name;
        clinic::furnish(stack, &clinic).await.map_err(|error| StartError::System(error.to_string()))?;
        std::fs::rename(unfinished, &marker).map_err(|source| StartError::folder(marker, source))?;
    }
    let mut lines = vec![
        "  Demo sign-ins (a new browser is asked for a code, and staff always are; it is on the mail page):".to_owned(),
    ];
    lines.extend(clinic::sign_ins().iter().map(|sign_in| format!("    {:<22} {}", sign_in.email, sign_in.who)));
    lines.push(format!("    password for all       {}", clinic::PASSWORD));
    Ok(lines)
}
