//! DynamoDB streams: one reader per event source mapping of the template.
//!
//! A reader wakes after every invocation (that is when something was written)
//! and, for writes from elsewhere, twice a second. It delivers at least once,
//! in order, and remembers how far it came.
//!
//! Source: AWS Lambda developer guide, "Using AWS Lambda with Amazon DynamoDB".
//! One difference: `ParallelizationFactor` is 1 here.

mod batch;
mod positions;

use crate::activity::Activity;
use crate::dynamodb::{DynamoDb, position};
use crate::filter::Pattern;
use crate::functions::{Invoker, StreamHandler};
use crate::retry::Backoff;
use crate::template::StreamMapping;
use batch::{Delivery, StreamRecord};
pub(crate) use positions::Positions;
use std::time::Duration;
use tokio::sync::watch;

/// How often to look for writes that came from outside.
const SLOW_POLL: Duration = Duration::from_millis(500);
/// Records in one read.
const PAGE: usize = 1000;

/// A function that listens to a stream.
pub(crate) struct Reader {
    pub(crate) function: String,
    pub(crate) mapping: StreamMapping,
    pub(crate) filters: Vec<Pattern>,
    pub(crate) handler: StreamHandler,
    pub(crate) timeout: Duration,
    pub(crate) database: DynamoDb,
    pub(crate) invoker: Invoker,
    pub(crate) dead_letters: crate::dead_letters::DeadLetters,
    pub(crate) positions: Positions,
    pub(crate) backoff: Backoff,
    pub(crate) clock: hearth::clock::Clock,
    pub(crate) stream_arn: String,
    pub(crate) region: String,
}

/// How far a reader has come, for those who wait for it.
#[derive(Clone)]
pub(crate) struct Progress {
    table: String,
    database: DynamoDb,
    activity: Activity,
    position: watch::Receiver<i64>,
}

impl Progress {
    /// Resolves when every record that exists now has been handled.
    pub(crate) async fn catch_up(&self) {
        let mut reader = self.position.clone();
        loop {
            let from = *reader.borrow_and_update();
            let records = self.database.records(&self.table, from, PAGE).unwrap_or_default();
            let Some(last) = records.last().map(position) else {
                return;
            };
            self.activity.wake();
            if reader.wait_for(|position| *position >= last).await.is_err() {
                return;
            }
        }
    }

    /// Whether nothing is waiting.
    pub(crate) fn is_caught_up(&self) -> bool {
        let from = *self.position.borrow();
        self.database.records(&self.table, from, 1).is_ok_and(|records| records.is_empty())
    }
}

impl Reader {
    fn name(&self) -> String {
        format!("{}.{}", self.function, self.mapping.name)
    }

    /// Starts reading until `stop` turns true.
    pub(crate) fn start(self, stop: watch::Receiver<bool>) -> (Progress, impl Future<Output = ()> + Send) {
        let start = self.positions.get(&self.name());
        let (sender, receiver) = watch::channel(start);
        let progress = Progress {
            table: self.mapping.table.clone(),
            database: self.database.clone(),
            activity: self.invoker.activity.clone(),
            position: receiver,
        };
        (progress, self.run(sender, stop))
    }

    async fn run(self, progress: watch::Sender<i64>, mut stop: watch::Receiver<bool>) {
        let activity = self.invoker.activity.clone();
        while !*stop.borrow_and_update() {
            // Made before reading, so that a write during the read is not overslept.
            let written = activity.something_written();
            if self.drain(&progress, &mut stop).await {
                continue;
            }
            tokio::select! {
                () = written => {}
                () = tokio::time::sleep(SLOW_POLL) => {}
                _ = stop.changed() => {}
            }
        }
        self.positions.set(&self.name(), *progress.borrow());
    }

    /// Handles one page; whether there may be more.
    async fn drain(&self, progress: &watch::Sender<i64>, stop: &mut watch::Receiver<bool>) -> bool {
        let from = *progress.borrow();
        let records = match self.database.records(&self.mapping.table, from, PAGE) {
            Ok(records) => records,
            Err(error) => {
                tracing::dispatcher::with_default(&self.invoker.log, || {
                    tracing::error!(mapping = self.name(), %error, "the stream cannot be read");
                });
                return false;
            }
        };
        let Some(last) = records.last().map(position) else {
            return false;
        };
        let wanted: Vec<StreamRecord> = records
            .iter()
            .map(|record| StreamRecord::new(record, &self.stream_arn, &self.region))
            .filter(|record| self.filters.is_empty() || self.filters.iter().any(|filter| filter.matches(&record.json)))
            .collect();
        for batch in wanted.chunks(self.mapping.batch_size.max(1)) {
            let work = self.invoker.activity.begin();
            let delivery = Delivery { reader: self, stop: stop.clone() };
            if !delivery.deliver(batch.to_vec()).await {
                return false;
            }
            if let Some(record) = batch.last() {
                self.positions.set(&self.name(), record.position);
                progress.send_replace(record.position);
            }
            drop(work);
        }
        progress.send_replace(last);
        true
    }
}
