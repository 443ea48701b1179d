//! Caught mails: what SES would have sent.

use crate::data::DataFolder;
use crate::dead_letters::{append_line, read_lines};
use crate::error::StartError;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

const FILE: &str = "mail.jsonl";

/// One caught mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// SES's message id.
    pub id: String,
    /// When it was accepted (RFC 3339).
    pub time: String,
    /// `From`.
    pub from: String,
    /// Every recipient.
    pub to: Vec<String>,
    /// `Subject`.
    pub subject: String,
    /// The plain-text part.
    pub text: Option<String>,
    /// The HTML part.
    pub html: Option<String>,
}

/// The mails of one stack, kept in the data folder.
#[derive(Debug, Clone)]
pub(crate) struct Mailbox {
    file: PathBuf,
    mails: Arc<Mutex<Vec<Mail>>>,
}

impl Mailbox {
    pub(crate) fn open(folder: &DataFolder) -> Result<Self, StartError> {
        let file = folder.file(FILE);
        let mails = read_lines(&file)?;
        Ok(Self { file, mails: Arc::new(Mutex::new(mails)) })
    }

    /// Keeps a mail; it is accepted only when the disk has it.
    pub(crate) fn accept(&self, mail: Mail) -> std::io::Result<()> {
        let mut mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
        append_line(&self.file, &mail)?;
        mails.push(mail);
        Ok(())
    }

    /// All mails, oldest first.
    pub(crate) fn all(&self) -> Vec<Mail> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
