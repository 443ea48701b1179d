//! One batch: invoking, retrying from the first failure, giving up.

use super::Reader;
use crate::dead_letters::DeadLetter;
use crate::dynamodb::position;
use aws_lambda_events::dynamodb::Event;
use dynoxide::actions::get_records::Record;
use serde_json::{Value as Json, json};
use tokio::sync::watch;

/// A record as Lambda hands it over.
#[derive(Debug, Clone)]
pub(super) struct StreamRecord {
    pub(super) json: Json,
    pub(super) position: i64,
}

impl StreamRecord {
    pub(super) fn new(record: &Record, stream_arn: &str, region: &str) -> Self {
        let mut json = serde_json::to_value(record).unwrap_or_default();
        if let Some(map) = json.as_object_mut() {
            map.insert("eventSourceARN".to_owned(), json!(stream_arn));
            map.insert("awsRegion".to_owned(), json!(region));
        }
        Self { json, position: position(record) }
    }

    fn sequence_number(&self) -> &str {
        self.json.pointer("/dynamodb/SequenceNumber").and_then(Json::as_str).unwrap_or_default()
    }

    /// The item's key in words, for the list of dead letters.
    fn key(&self) -> String {
        let keys = self.json.pointer("/dynamodb/Keys").and_then(Json::as_object);
        let values = keys.into_iter().flatten().filter_map(|(_, value)| {
            value.as_object()?.values().next().map(|value| value.as_str().unwrap_or_default().to_owned())
        });
        values.collect::<Vec<_>>().join(" ")
    }
}

/// What became of one invocation.
enum Outcome {
    /// Indices of the records that failed; none: all is well.
    Reported(Vec<usize>, String),
    /// The invocation as a whole failed.
    Crashed(String),
}

pub(super) struct Delivery<'a> {
    pub(super) reader: &'a Reader,
    pub(super) stop: watch::Receiver<bool>,
}

impl Delivery<'_> {
    /// Delivers or gives up; `false` when the stack stops before either.
    pub(super) async fn deliver(&self, batch: Vec<StreamRecord>) -> bool {
        let mapping = &self.reader.mapping;
        let mut queue = vec![batch];
        while let Some(mut batch) = queue.pop() {
            let mut attempts = 0_u32;
            loop {
                attempts = attempts.saturating_add(1);
                let (failed, reason) = match self.invoke(&batch).await {
                    Outcome::Reported(failed, _) if failed.is_empty() => break,
                    Outcome::Reported(failed, reason) => (failed, reason),
                    Outcome::Crashed(_) if mapping.bisects && batch.len() > 1 => {
                        let rest = batch.split_off(batch.len() / 2);
                        queue.push(rest);
                        attempts = 0;
                        continue;
                    }
                    Outcome::Crashed(reason) => ((0..batch.len()).collect(), reason),
                };
                if mapping.maximum_retries.is_some_and(|maximum| attempts > maximum) {
                    let lost = failed.iter().filter_map(|index| batch.get(*index));
                    self.park(lost.map(StreamRecord::key).collect(), attempts, reason);
                    break;
                }
                // Lambda goes on from the first record that failed; later ones may come twice.
                batch = batch.split_off(failed.iter().copied().min().unwrap_or(0));
                let mut stop = self.stop.clone();
                tokio::select! {
                    () = tokio::time::sleep(self.reader.backoff.delay(attempts)) => {}
                    _ = stop.wait_for(|stop| *stop) => return false,
                }
            }
        }
        true
    }

    async fn invoke(&self, batch: &[StreamRecord]) -> Outcome {
        let records: Vec<&Json> = batch.iter().map(|record| &record.json).collect();
        let event: Event = match serde_json::from_value(json!({"Records": records})) {
            Ok(event) => event,
            Err(error) => return Outcome::Crashed(format!("the event cannot be read: {error}")),
        };
        let reader = self.reader;
        let answer = (reader.handler)(event);
        let reported = match reader.invoker.run(&reader.function, "", reader.timeout, answer).await {
            Ok(reported) => reported,
            Err(crash) => return Outcome::Crashed(crash.to_string()),
        };
        if !reader.mapping.reports_failures {
            // Without ReportBatchItemFailures, Lambda does not look at the answer.
            return Outcome::Reported(vec![], String::new());
        }
        let mut failed = Vec::new();
        for id in reported {
            match batch.iter().position(|record| record.sequence_number() == id) {
                Some(index) => failed.push(index),
                // An identifier that is not in the batch fails all of it, as in Lambda.
                None => return Outcome::Crashed("the function reported an unknown record".to_owned()),
            }
        }
        Outcome::Reported(failed, "the function reported a failure".to_owned())
    }

    fn park(&self, records: Vec<String>, attempts: u32, reason: String) {
        self.reader.dead_letters.park(DeadLetter {
            function: self.reader.function.clone(),
            mapping: self.reader.mapping.name.clone(),
            destination: self.reader.mapping.on_failure.clone(),
            records,
            attempts,
            reason,
            time: self.reader.clock.now().to_string(),
        });
    }
}
