//! Where events end that no retry could deliver.
//!
//! As in the queue behind AWS's `OnFailure`, an entry names what failed and
//! holds none of its content.

use crate::data::DataFolder;
use crate::error::StartError;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tracing::Dispatch;

const FILE: &str = "dead-letters.jsonl";

/// An event that was given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// The function's name in the template.
    pub function: String,
    /// The event mapping's name in the template.
    pub mapping: String,
    /// ARN of the queue that would hold it in AWS.
    pub destination: Option<String>,
    /// What failed: table keys or object keys, none of them personal.
    pub records: Vec<String>,
    /// How often it was tried.
    pub attempts: u32,
    /// What happened the last time.
    pub reason: String,
    /// When it was given up (RFC 3339).
    pub time: String,
}

/// The list of dead letters, kept in the data folder.
#[derive(Clone)]
pub(crate) struct DeadLetters {
    file: PathBuf,
    letters: Arc<Mutex<Vec<DeadLetter>>>,
    log: Dispatch,
}

impl DeadLetters {
    pub(crate) fn open(folder: &DataFolder, log: Dispatch) -> Result<Self, StartError> {
        let file = folder.file(FILE);
        let letters = read_lines(&file)?;
        Ok(Self { file, letters: Arc::new(Mutex::new(letters)), log })
    }

    /// Parks an event and raises the alarm in the log.
    pub(crate) fn park(&self, letter: DeadLetter) {
        let appended = append_line(&self.file, &letter);
        tracing::dispatcher::with_default(&self.log, || {
            tracing::error!(
                alarm = "dead letter",
                function = letter.function,
                mapping = letter.mapping,
                attempts = letter.attempts,
                reason = letter.reason,
                kept = appended.is_ok(),
            );
        });
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
    }

    pub(crate) fn all(&self) -> Vec<DeadLetter> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Reads a file with one JSON value per line; a file that does not exist is empty.
pub(crate) fn read_lines<T: serde::de::DeserializeOwned>(file: &PathBuf) -> Result<Vec<T>, StartError> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(vec![]),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            return Err(StartError::damaged(file, "it is not text"));
        }
        Err(source) => return Err(StartError::folder(file, source)),
    };
    let lines = text.split_inclusive('\n');
    // A last line without its end was being written when the machine stopped.
    let whole = lines.filter(|line| line.ends_with('\n'));
    whole.map(|line| serde_json::from_str(line).map_err(|error| StartError::damaged(file, error))).collect()
}

/// Appends one JSON value as a line.
pub(crate) fn append_line<T: Serialize>(file: &PathBuf, value: &T) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file)?;
    file.write_all(&line)
}
