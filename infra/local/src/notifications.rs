//! S3 notifications: an event to a function for every new object that a rule of the template matches.
//!
//! The event is written to disk before the object appears and removed after
//! the function has handled it, so a notification survives Ctrl-C and is
//! delivered at least once, as S3 promises.

use crate::dead_letters::{DeadLetter, DeadLetters};
use crate::functions::{Invoker, ObjectHandler};
use crate::retry::Backoff;
use crate::s3::{Objects, Stored};
use crate::template::Notification;
use aws_lambda_events::s3::S3Event;
use hearth::clock::Clock;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;

/// What S3 leaves readable in the keys of its events.
const KEY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'*');

/// A function that listens to a bucket.
pub(crate) struct Listener {
    pub(crate) function: String,
    pub(crate) notification: Notification,
    pub(crate) handler: ObjectHandler,
    pub(crate) timeout: Duration,
    pub(crate) retries: u32,
    pub(crate) destination: Option<String>,
}

/// The rules and the folder of undelivered events.
#[derive(Clone)]
pub(crate) struct Notifications(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) folder: PathBuf,
    pub(crate) region: String,
    pub(crate) listeners: Vec<Listener>,
    pub(crate) invoker: Invoker,
    pub(crate) dead_letters: DeadLetters,
    pub(crate) clock: Clock,
    pub(crate) backoff: Backoff,
    pub(crate) next: AtomicU64,
    /// True, or without its sender, when the stack stops.
    pub(crate) stop: watch::Receiver<bool>,
}

/// An event on disk that is not delivered yet.
#[derive(Debug)]
pub(crate) struct Staged {
    file: PathBuf,
    event: Pending,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Pending {
    function: String,
    mapping: String,
    bucket: String,
    key: String,
    event: Json,
}

impl Notifications {
    pub(crate) fn new(inner: Inner) -> std::io::Result<Self> {
        std::fs::create_dir_all(&inner.folder)?;
        Ok(Self(Arc::new(inner)))
    }

    /// Writes down the events that storing this object causes.
    pub(crate) fn stage(&self, stored: &Stored) -> std::io::Result<Vec<Staged>> {
        let mut staged = Vec::new();
        for listener in &self.0.listeners {
            let rule = &listener.notification;
            let created =
                rule.events.iter().any(|event| event == "s3:ObjectCreated:*" || event == "s3:ObjectCreated:Put");
            let matches = rule.bucket == stored.bucket
                && stored.key.starts_with(&rule.prefix)
                && stored.key.ends_with(&rule.suffix);
            if !created || !matches {
                continue;
            }
            let event = Pending {
                function: listener.function.clone(),
                mapping: rule.name.clone(),
                bucket: stored.bucket.clone(),
                key: stored.key.clone(),
                event: self.event(stored),
            };
            // The process id keeps names apart across restarts.
            let number = self.0.next.fetch_add(1, Ordering::Relaxed);
            let name = format!("{}-{}-{number}.json", self.0.clock.now().as_second(), std::process::id());
            let file = self.0.folder.join(name);
            crate::data::replace(&file, &serde_json::to_vec(&event)?)?;
            staged.push(Staged { file, event });
        }
        Ok(staged)
    }

    /// Delivers staged events in the background. When the stack stops or is dropped, what is not delivered stays on disk: its
    /// functions could only fail against services that are gone.
    pub(crate) fn deliver(&self, staged: Vec<Staged>) {
        for staged in staged {
            let this = self.clone();
            let work = self.0.invoker.activity.begin();
            let mut stop = self.0.stop.clone();
            tokio::spawn(async move {
                let _work = work;
                let stopping = async move {
                    // An error means that the stack is gone, which is as good a reason.
                    let _ = stop.wait_for(|stop| *stop).await;
                };
                tokio::select! {
                    biased;
                    () = stopping => {}
                    () = this.deliver_one(staged) => {}
                }
            });
        }
    }

    /// Delivers what an earlier run left; events of objects that never appeared are dropped.
    pub(crate) fn recover(&self, objects: &Objects) -> std::io::Result<()> {
        let mut files: Vec<PathBuf> = Vec::new();
        for entry in std::fs::read_dir(&self.0.folder)? {
            files.push(entry?.path());
        }
        files.sort();
        for file in files {
            let event = read(&file);
            let exists = match &event {
                Some(event) => objects.describe(&event.bucket, &event.key)?.is_some(),
                None => false,
            };
            match event {
                Some(event) if exists => self.deliver(vec![Staged { file, event }]),
                _ => std::fs::remove_file(file)?,
            }
        }
        Ok(())
    }

    async fn deliver_one(&self, staged: Staged) {
        let event = &staged.event;
        let listener = self
            .0
            .listeners
            .iter()
            .find(|listener| listener.function == event.function && listener.notification.name == event.mapping);
        let mut attempts = 0_u32;
        let reason = loop {
            let Some(listener) = listener else {
                break "the template no longer has this mapping".to_owned();
            };
            attempts = attempts.saturating_add(1);
            let reason = match serde_json::from_value::<S3Event>(event.event.clone()) {
                Ok(parsed) => {
                    let answer = (listener.handler)(parsed);
                    match self.0.invoker.run(&listener.function, "", listener.timeout, answer).await {
                        Ok(Ok(())) => return done(&staged.file),
                        Ok(Err(reason)) => reason,
                        Err(crash) => crash.to_string(),
                    }
                }
                Err(error) => error.to_string(),
            };
            if attempts > listener.retries {
                break reason;
            }
            tokio::time::sleep(self.0.backoff.delay(attempts)).await;
        };
        self.0.dead_letters.park(DeadLetter {
            function: event.function.clone(),
            mapping: event.mapping.clone(),
            destination: listener.and_then(|listener| listener.destination.clone()),
            records: vec![event.key.clone()],
            attempts,
            reason,
            time: self.0.clock.now().to_string(),
        });
        done(&staged.file);
    }

    /// The event, version 2.1 of "Event message structure" in the S3 user guide.
    fn event(&self, stored: &Stored) -> Json {
        let key = utf8_percent_encode(&stored.key, KEY).to_string().replace("%20", "+");
        let sequencer = format!("{:016X}", self.0.next.fetch_add(1, Ordering::Relaxed));
        json!({"Records": [{
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": self.0.region,
            "eventTime": self.0.clock.now().to_string(),
            "eventName": "ObjectCreated:Put",
            "userIdentity": {"principalId": "local"},
            "requestParameters": {"sourceIPAddress": "127.0.0.1"},
            "responseElements": {"x-amz-request-id": sequencer, "x-amz-id-2": "local"},
            "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": "local",
                "bucket": {
                    "name": stored.bucket,
                    "ownerIdentity": {"principalId": "local"},
                    "arn": format!("arn:aws:s3:::{}", stored.bucket),
                },
                "object": {
                    "key": key,
                    "size": stored.size,
                    "eTag": stored.e_tag,
                    "sequencer": sequencer,
                },
            },
        }]})
    }
}

/// A file that cannot be read was never finished: its object cannot exist.
fn read(file: &Path) -> Option<Pending> {
    serde_json::from_slice(&std::fs::read(file).ok()?).ok()
}

fn done(file: &Path) {
    // If it stays, the event is delivered once more at the next start, which is allowed.
    let _ = std::fs::remove_file(file);
}
