//! Why the local stack could not start, in one sentence each.

use crate::template::TemplateError;
use std::path::PathBuf;

/// The stack did not start. Every message is one sentence for the person at the keyboard.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Somebody else listens on a port that the stack needs.
    #[error("port {port} is already in use; stop the other program or choose another port with --port")]
    PortInUse {
        /// The port.
        port: u16,
    },
    /// A listener could not be opened for another reason.
    #[error("cannot listen on port {port}: {source}")]
    Listen {
        /// The port; 0 stands for "any".
        port: u16,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The data folder cannot be created, read or written.
    #[error("cannot use the data folder {}: {source}; choose another one with --data", path.display())]
    Folder {
        /// The folder or the file in it.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The folder holds something else.
    #[error(
        "{} is not empty and was not made by Hearth; choose another folder with --data",
        path.display()
    )]
    Foreign {
        /// The folder.
        path: PathBuf,
    },
    /// Another process works with the folder.
    #[error(
        "another Hearth is running on the data folder {}; stop it first or choose another folder with --data",
        path.display()
    )]
    Locked {
        /// The folder.
        path: PathBuf,
    },
    /// The folder was written by another version.
    #[error(
        "the data folder {} is of version {found}, this program reads version {expected}; start with --fresh to begin anew (this deletes the folder's data)",
        path.display()
    )]
    Version {
        /// The folder.
        path: PathBuf,
        /// The version that it says it has.
        found: String,
        /// The version of this program.
        expected: u32,
    },
    /// The database or a file next to it is damaged or missing.
    #[error(
        "{} is damaged ({reason}); put back a copy, or start with --fresh to begin anew (this deletes the folder's data)",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The tables were made from another template.
    #[error(
        "the tables in {} were made from another template.yaml; start with --fresh to begin anew (this deletes the folder's data)",
        path.display()
    )]
    Changed {
        /// The database file.
        path: PathBuf,
    },
    /// The template cannot be run locally.
    #[error("template.yaml: {0}")]
    Template(#[from] TemplateError),
    /// The template names a function that no crate implements, or misuses one.
    #[error("template.yaml: function {logical_id}: {reason}")]
    Function {
        /// Its name in the template.
        logical_id: String,
        /// What is wrong.
        reason: String,
    },
    /// The system gave no random bytes, or a log could not be opened.
    #[error("{0}")]
    System(String),
}

impl StartError {
    pub(crate) fn folder(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        use std::io::ErrorKind::{InvalidData, UnexpectedEof};
        if matches!(source.kind(), InvalidData | UnexpectedEof) {
            return Self::damaged(path, source);
        }
        Self::Folder { path: path.into(), source }
    }

    pub(crate) fn damaged(path: impl Into<PathBuf>, reason: impl ToString) -> Self {
        Self::Damaged { path: path.into(), reason: reason.to_string() }
    }

    pub(crate) fn function(logical_id: &str, reason: impl ToString) -> Self {
        Self::Function { logical_id: logical_id.to_owned(), reason: reason.to_string() }
    }
}
