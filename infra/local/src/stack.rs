//! The embedded stack: everything that `template.yaml` describes, in one process on loopback.

mod assembly;
mod listeners;
mod options;
mod surroundings;
mod wiring;

pub use options::{Clinic, Options};
pub(crate) use surroundings::functions_in_containers;

use crate::activity::Activity;
use crate::data::DataFolder;
use crate::dead_letters::{DeadLetter, DeadLetters};
use crate::dynamodb::{DynamoDb, Snapshot};
use crate::error::StartError;
use crate::log::Log;
use crate::mail::{Mail, Mailbox};
use crate::rights::{Callers, Part};
use crate::s3::Objects;
use crate::schedules::Schedule;
use crate::streams::Progress;
use crate::template::Template;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long `stop` waits for requests that are being answered.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long `stop` waits for deliveries that are due.
const GRACE: Duration = Duration::from_secs(2);

/// A running stack. Dropping it stops it at once; [`Stack::stop`] lets work finish first.
pub struct Stack {
    url: String,
    tools_url: String,
    template: Template,
    environment: BTreeMap<String, String>,
    activity: Activity,
    database: DynamoDb,
    objects: Objects,
    mailbox: Mailbox,
    mail_failures: Arc<AtomicUsize>,
    dead_letters: DeadLetters,
    log: Log,
    progress: Vec<Progress>,
    schedules: Vec<Schedule>,
    callers: Callers,
    /// Servers that take requests from people.
    front: Group,
    /// Readers of streams.
    readers: Group,
    /// Servers that the functions call.
    back: Group,
    /// Given up last: its lock keeps others out while anything still writes.
    _folder: DataFolder,
}

/// Tasks that stop together.
struct Group {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Group {
    fn new() -> Self {
        Self { stop: watch::Sender::new(false), tasks: JoinSet::new() }
    }

    /// A future that resolves when the group is to stop.
    fn stopping(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut stop = self.stop.subscribe();
        async move {
            // An error means that the stack is gone, which is as good a reason.
            let _ = stop.wait_for(|stop| *stop).await;
        }
    }

    /// Asks all tasks to end, waits, and ends those that do not.
    async fn stop(&mut self, patience: Duration) {
        self.stop.send_replace(true);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(patience, all).await.is_err() {
            self.tasks.shutdown().await;
        }
    }
}

impl Stack {
    /// Starts a stack and returns when it answers.
    ///
    /// # Errors
    /// [`StartError`], one sentence for the person at the keyboard.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        assembly::start(options).await
    }

    /// The portal, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The operator's pages (mails, dead letters, API description), without a slash at the end.
    #[must_use]
    pub fn tools_url(&self) -> &str {
        &self.tools_url
    }

    /// What the stack runs.
    #[must_use]
    pub fn template(&self) -> &Template {
        &self.template
    }

    /// The variables that reach the stack's services through the AWS SDKs, and the table's and bucket's names:
    /// every variable that any function gets.
    #[must_use]
    pub fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment
    }

    /// Every caught mail, oldest first.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        self.mailbox.all()
    }

    /// Makes the next `count` calls of `SendEmail` fail.
    pub fn fail_mails(&self, count: usize) {
        self.mail_failures.store(count, Ordering::SeqCst);
    }

    /// Events that were given up.
    #[must_use]
    pub fn dead_letters(&self) -> Vec<DeadLetter> {
        self.dead_letters.all()
    }

    /// Parts of the template's policies that were made use of.
    #[must_use]
    pub fn used_rights(&self) -> std::collections::BTreeSet<Part> {
        self.callers.used()
    }

    /// What functions asked for and no policy allows.
    #[must_use]
    pub fn denied(&self) -> Vec<String> {
        self.callers.denied()
    }

    /// The functions' log lines, as far as the sink keeps them.
    #[must_use]
    pub fn logs(&self) -> Vec<String> {
        self.log.lines()
    }

    /// Every item of every table: `{"table": …, "item": …}` in DynamoDB JSON.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn items(&self) -> Result<Vec<serde_json::Value>, String> {
        self.database.items().map_err(|_| "the database cannot be read".to_owned())
    }

    /// Writes to the table after a position (0 at first), oldest first, as stream records, and the position after them.
    #[must_use]
    pub fn changes(&self, position: i64) -> (Vec<serde_json::Value>, i64) {
        self.database.changes(position)
    }

    /// Everything that stands in the tables now: for tests that try many things on one scene. What was written before should have
    /// been delivered, see [`Stack::idle`].
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn snapshot(&self) -> Result<Snapshot, String> {
        self.database.snapshot(&self.template.tables).map_err(|error| format!("the database cannot be read: {error}"))
    }

    /// Puts the tables back to a snapshot. What was mailed stays mailed, and files stay in their buckets.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn restore(&self, snapshot: &Snapshot) -> Result<(), String> {
        self.database.restore(snapshot).map_err(|error| format!("the database cannot be written: {error}"))
    }

    /// Every object's bucket and key, in order.
    ///
    /// # Errors
    /// The disk cannot be read.
    pub fn objects(&self) -> std::io::Result<Vec<(String, String)>> {
        let mut all = Vec::new();
        for bucket in &self.template.buckets {
            let objects = self.objects.list(&bucket.name)?;
            all.extend(objects.into_iter().map(|object| (bucket.name.clone(), object.key)));
        }
        Ok(all)
    }

    /// Wakes every function that has a schedule, one after the other, as if its time had come.
    ///
    /// # Errors
    /// The first function that failed, and why; the others were woken all the same.
    pub async fn strike(&self) -> Result<(), String> {
        let mut outcome = Ok(());
        for schedule in &self.schedules {
            let result = schedule.strike().await.map_err(|reason| format!("{}: {reason}", schedule.function));
            outcome = outcome.and(result);
        }
        outcome
    }

    /// Resolves when no invocation runs and no stream record or notification waits.
    pub async fn idle(&self) {
        loop {
            self.activity.silence().await;
            for progress in &self.progress {
                progress.catch_up().await;
            }
            if self.activity.is_silent() && self.progress.iter().all(Progress::is_caught_up) {
                return;
            }
        }
    }

    /// Stops the stack: no new requests, running ones are answered, and what
    /// is not delivered by then is delivered after the next start.
    pub async fn stop(mut self) {
        self.front.stop(PATIENCE).await;
        // Whatever is still being retried after this stands on disk.
        let _ = tokio::time::timeout(GRACE, self.idle()).await;
        self.readers.stop(PATIENCE).await;
        self.back.stop(PATIENCE).await;
    }
}
