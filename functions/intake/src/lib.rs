//! Inspects every uploaded file and keeps the canonical PDF (design §7).
//!
//! S3 tells of a new object in quarantine, at least once. The file is read and inspected; what passes is written once under
//! a key that names its own hash, and only then one transaction says so on the document and on the member's record. A
//! doubled event finds a document that was inspected before; a run that died between the two writes is done again with the
//! same bytes under the same key; and when the event itself was lost, or every try of it died, the schedule finds the document
//! on the list of those that wait. Only what may get better by itself is reported as a failure: a file that cannot be used is
//! a refusal, with a word that the family reads as a sentence.

mod inspection;
pub mod pdf;
mod upload;

use std::time::{Duration, Instant};

use aws_lambda_events::s3::S3Event;
use hearth::aws::Aws;
use hearth::clock::Clock;
use hearth::config::{ConfigError, Environment};
use hearth::domain::document::Document;
use hearth::domain::policy::ClinicPolicy;
use hearth::files::Files;
use hearth::function::Failure;
use hearth::http::Stop;
use hearth::http::meter::Meter;
use hearth::store::Store;
use hearth::store::items::AWAITING;
use jiff::SignedDuration;

use crate::inspection::Outcome;
use crate::upload::Upload;

/// What an inspection needs, built once.
#[derive(Debug, Clone)]
pub struct Context {
    store: Store,
    files: Files,
    clock: Clock,
    policy: ClinicPolicy,
}

impl Context {
    /// Reads `TABLE`, `BUCKET`, the clinic's rules and what [`Aws`] needs.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn new(env: &Environment) -> Result<Self, ConfigError> {
        let aws = Aws::from_environment(env)?;
        Ok(Self {
            store: Store::from_environment(env, &aws)?,
            files: Files::from_environment(env, &aws)?,
            clock: env.clock(),
            policy: env.clinic_policy()?,
        })
    }
}

/// How long an uploaded file is its event's: Lambda tries an event three times within as many minutes.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);

/// How long the sweep tries. A file on which the function dies again and again must not be tried for ever, and of a file that
/// never came there is nothing to try.
const GIVEN_UP: SignedDuration = SignedDuration::from_hours(3);

/// Documents that one run of the schedule looks at.
const MOST_LEFT: usize = 200;

/// The sweep begins no further file after that time, so that it ends with the last one within the function's timeout.
const ENOUGH: Duration = Duration::from_secs(10);

/// Inspects the files that an event tells of, one after the other: two large ones would not fit the memory together.
///
/// # Errors
/// [`Failure::Event`] when a file could not be inspected now. The event then comes again, and what was done stays done.
pub async fn handle(context: &Context, event: S3Event) -> Result<(), Failure> {
    let mut result = Ok(());
    for record in &event.records {
        // Keys of another form are nothing that this portal handed out a link for.
        let Some(upload) = Upload::read(record) else {
            tracing::warn!(outcome = "unknown-key", "upload");
            continue;
        };
        if !run(&upload, inspection::run(context, &upload)).await {
            result = Err(Failure::Event);
        }
    }
    result
}

/// Inspects the files whose event was lost or given up, and gives up those that have waited too long.
///
/// # Errors
/// [`Failure::Event`] when nobody knows what waits. A file that cannot be inspected now is no failure: most of them never came,
/// and the schedule comes again.
pub async fn on_schedule(context: &Context) -> Result<(), Failure> {
    let started = Instant::now();
    let keys = context.store.whole_directory(AWAITING, MOST_LEFT).await.map_err(|_| Failure::Event)?;
    let mut waiting =
        context.store.values::<Document>(&keys.into_iter().collect()).await.map_err(|_| Failure::Event)?;
    // The youngest first: a file on which the function died before must not hold up those that came after it.
    waiting.sort_by_key(|document| std::cmp::Reverse(document.created_at));
    let now = context.clock.now();
    let (given_up, left): (Vec<_>, Vec<_>) = waiting
        .into_iter()
        .filter(|document| document.created_at + PATIENCE <= now)
        .partition(|document| document.created_at + GIVEN_UP <= now);
    for document in given_up {
        let upload = Upload::of(&document);
        run(&upload, inspection::give_up(context, &upload)).await;
    }
    for document in left {
        if started.elapsed() > ENOUGH {
            break;
        }
        let upload = Upload::of(&document);
        run(&upload, inspection::run(context, &upload)).await;
    }
    Ok(())
}

/// Does what is to be done with one upload and writes one line about it; whether it is settled.
async fn run(upload: &Upload, work: impl Future<Output = Result<Outcome, Stop>>) -> bool {
    let started = Instant::now();
    let meter = Meter::default();
    let outcome = meter.measure(work).await;
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (aws_calls, dynamodb_calls) = (meter.calls(), meter.dynamodb_calls());
    let request = upload.request.as_str();
    match &outcome {
        Ok(Outcome::Ready { pages, bytes, removed }) => {
            tracing::info!(
                outcome = "ready",
                pages,
                bytes,
                removed,
                duration_ms,
                aws_calls,
                dynamodb_calls,
                request,
                "upload"
            );
        }
        Ok(Outcome::Refused(refusal)) => {
            let refusal = refusal.code();
            tracing::info!(outcome = "refused", refusal, duration_ms, aws_calls, dynamodb_calls, request, "upload");
        }
        Ok(Outcome::Ignored(cause)) => {
            tracing::info!(outcome = "ignored", cause, duration_ms, aws_calls, dynamodb_calls, request, "upload");
        }
        Err(stop) => {
            let cause = stop.cause();
            tracing::error!(outcome = "failed", cause, duration_ms, aws_calls, dynamodb_calls, request, "upload");
        }
    }
    outcome.is_ok()
}
