//! Why a handler's recipe stopped before its end.

use crate::random::NoRandomness;

use super::{Answer, Problem};

/// A fault of ours: a constant text for the log, never for a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Internal(pub &'static str);

/// Why a recipe stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The client gets a problem document.
    Problem(Problem),
    /// The same request was answered before: the client gets that answer.
    Replay(Box<Answer>),
    /// What was read has changed before it could be written. Nothing was written; the recipe starts anew.
    Changed,
    /// A service did not answer, or nobody knows whether it did.
    Unavailable(&'static str),
    /// A fault of ours.
    Internal(Internal),
}

impl Stop {
    /// The reason in constant words, for a log line.
    #[must_use]
    pub const fn cause(&self) -> &'static str {
        match self {
            Self::Problem(_) => "a problem for the client",
            Self::Replay(_) => "answered before",
            Self::Changed => "changed in the meantime",
            Self::Unavailable(cause) => cause,
            Self::Internal(internal) => internal.0,
        }
    }
}

impl<P: Into<Problem>> From<P> for Stop {
    fn from(problem: P) -> Self {
        Self::Problem(problem.into())
    }
}

impl From<Internal> for Stop {
    fn from(internal: Internal) -> Self {
        Self::Internal(internal)
    }
}

impl From<NoRandomness> for Stop {
    fn from(_: NoRandomness) -> Self {
        Self::Internal(Internal("the operating system gave no randomness"))
    }
}
