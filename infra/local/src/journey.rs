//! `journey FILE`: the main job on the user's own PDF, against a fresh stack, through the routes.
//!
//! Two siblings, two parents who live apart; the mother is new, the father has a login already. One parent uploads the
//! form, staff ask both for a signature, both sign, and the sealed file is written beside the form.

mod record;
mod steps;

use std::io::Write;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::client::ClientError;
use crate::demo::DemoError;
use crate::{Options, Stack, StartError};

pub use record::{Record, Step};

/// Why the journey ended early.
#[derive(Debug, Error)]
pub enum JourneyError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is larger than an upload may be, or empty.
    #[error("{} cannot be used: it is {why}", path.display())]
    Size {
        /// Which file.
        path: PathBuf,
        /// Too large or empty.
        why: &'static str,
    },
    /// Inspection refused the file; nothing was signed or written.
    #[error("{} cannot be used: {reason} ({code})", path.display())]
    Refused {
        /// Which file.
        path: PathBuf,
        /// The sentence that a parent would read.
        reason: String,
        /// The word for programs.
        code: String,
    },
    /// The sealed file is not what it must be.
    #[error("the sealed file is wrong: {0}")]
    WrongSeal(&'static str),
    /// The sealed file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Unwritable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The user pressed Ctrl-C.
    #[error("the journey was interrupted; no sealed file was written")]
    Interrupted,
    /// The stack did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A step failed.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The clinic could not be furnished.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// Progress could not be told.
    #[error("cannot write to the terminal")]
    Terminal(#[from] std::io::Error),
}

/// Runs the journey on `form` and tells progress to `terminal`. Returns where the sealed file is.
///
/// # Errors
/// [`JourneyError`]; then no file was written.
pub async fn run(form: &Path, terminal: &mut (impl Write + Send)) -> Result<PathBuf, JourneyError> {
    run_until(form, Options::default(), terminal, std::future::pending()).await
}

/// As [`run`], on a stack with `options`, but ends early when `interrupted` resolves; the stack's temporary folder is removed in either case.
///
/// # Errors
/// [`JourneyError`]; then no file was written.
pub async fn run_until(
    form: &Path,
    options: Options,
    terminal: &mut (impl Write + Send),
    interrupted: impl Future<Output = ()> + Send,
) -> Result<PathBuf, JourneyError> {
    let pdf = std::fs::read(form).map_err(|source| JourneyError::Unreadable { path: form.to_owned(), source })?;
    let too_large = u64::try_from(pdf.len()).is_ok_and(|bytes| bytes > hearth::domain::document::Document::LARGEST);
    if too_large || pdf.is_empty() {
        let why = if too_large { "larger than 25 MB" } else { "empty" };
        return Err(JourneyError::Size { path: form.to_owned(), why });
    }
    let stack = Stack::start(options).await?;
    let mut record = Record::new(terminal);
    let outcome = tokio::select! {
        outcome = steps::walk(&stack, &mut record, form, pdf) => outcome,
        () = interrupted => Err(JourneyError::Interrupted),
    };
    let written = match outcome {
        Ok(sealed) => {
            let target = sealed_name(form);
            write_whole(&target, &sealed)
                .map_err(|source| JourneyError::Unwritable { path: target.clone(), source })?;
            Ok(target)
        }
        Err(error) => Err(error),
    };
    if let Ok(target) = &written {
        record.summary(target)?;
    }
    stack.stop().await;
    written
}

/// `form.pdf` becomes `form.sealed.pdf`.
fn sealed_name(form: &Path) -> PathBuf {
    form.with_extension("sealed.pdf")
}

/// Writes all or nothing: beside the target first, then in its place, with the permissions of any file the user makes.
fn write_whole(target: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    let builder = builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.persist(target)?;
    Ok(())
}
