//! `cargo run -- chain`: whether a record's events are what was written, here or in a clinic's table.

use crate::{Options, Stack, StartError};
use hearth::aws::Aws;
use hearth::clock::Clock;
use hearth::config::Environment;
use hearth::domain::event::{Event, Subject, first_broken};
use hearth::store::{Key, Store};
use std::path::Path;

/// Where the events stand.
#[derive(Debug)]
pub enum Source<'a> {
    /// The data folder of a stack that is stopped.
    Folder(&'a Path),
    /// A table in AWS; credentials and region come from the usual variables.
    Table(&'a str),
}

/// What a chain turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// There are no events: nobody has such an identifier.
    Unknown,
    /// Every event is what was written, and follows the one before it.
    Whole {
        /// How many.
        events: usize,
        /// When the last was written.
        last: jiff::Timestamp,
    },
    /// An event was changed, removed or put in later.
    Broken {
        /// The first place that is not as it was written, from 1.
        place: u64,
        /// How many events there are.
        events: usize,
    },
}

impl Verdict {
    /// The verdict in one sentence.
    #[must_use]
    pub fn sentence(&self, subject: &str) -> String {
        match self {
            Self::Unknown => format!("{subject} has no events: check the identifier"),
            Self::Whole { events, last } => format!(
                "{subject}: all {events} events are as they were written, up to {last}. Events removed from the end cannot \
                 be seen here: compare the number with the one you noted last time."
            ),
            Self::Broken { place, events } => format!(
                "{subject}: event {place} of {events} is not as it was written, or one before it is missing. Keep the table \
                 as it is, and restore a copy from before the change to compare (infra/deploy, Broken chain)."
            ),
        }
    }
}

/// Reads a member's or login's identifier.
#[must_use]
pub fn subject(text: &str) -> Option<Subject> {
    text.parse().map(Subject::Member).or_else(|_| text.parse().map(Subject::Login)).ok()
}

/// Checks the chain of a subject.
///
/// # Errors
/// [`StartError`] when the events cannot be read.
pub async fn check(subject: Subject, source: Source<'_>) -> Result<Verdict, StartError> {
    match source {
        Source::Table(table) => {
            let variables = std::env::vars().chain([("TABLE".to_owned(), table.to_owned())]).collect();
            in_table(subject, &Environment::new(variables, Clock::system())).await
        }
        Source::Folder(folder) if !folder.exists() => {
            Err(StartError::System(format!("there is no data folder {}", folder.display())))
        }
        Source::Folder(folder) => {
            let options = Options { data: Some(folder.to_owned()), ..Options::default() };
            let stack = Stack::start(options).await?;
            let verdict = in_table(subject, &Environment::new(stack.environment().clone(), Clock::system())).await;
            stack.stop().await;
            verdict
        }
    }
}

/// Checks the chain of a subject in the table that the surroundings name.
///
/// # Errors
/// As [`check`].
pub async fn in_table(subject: Subject, env: &Environment) -> Result<Verdict, StartError> {
    let wrong = |error: hearth::config::ConfigError| StartError::System(error.to_string());
    let aws = Aws::from_environment(env).map_err(wrong)?;
    let store = Store::from_environment(env, &aws).map_err(wrong)?;
    let partition = match subject {
        Subject::Member(member) => Key::member(member),
        Subject::Login(login) => Key::login(login),
    };
    // As text first: an event that cannot be read any more is a broken one, and the rest is still to be judged.
    let found = store.list::<serde_json::Value>(&partition, "EVENT#").await;
    let found = found.map_err(|stop| StartError::System(format!("the events could not be read: {}", stop.cause())))?;
    Ok(judge(found))
}

fn judge(found: Vec<serde_json::Value>) -> Verdict {
    let events = found.len();
    let readable: Vec<Event> = found.into_iter().map_while(|event| serde_json::from_value(event).ok()).collect();
    let unreadable = (readable.len() < events).then(|| u64::try_from(readable.len()).unwrap_or(u64::MAX) + 1);
    match (first_broken(&readable).or(unreadable), readable.last()) {
        (Some(place), _) => Verdict::Broken { place, events },
        (None, Some(last)) => Verdict::Whole { events, last: last.at },
        (None, None) => Verdict::Unknown,
    }
}
