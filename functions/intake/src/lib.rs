//! Inspects every uploaded file and keeps the canonical PDF (design §7).
//!
//! S3 tells of a new object in quarantine, at least once. The file is read and inspected; what passes is written once under
//! a key that names its own hash, and only then one transaction says so on the document and on the member's record. A
//! doubled event finds a document that was inspected before; a run that died between the two writes is done again with the
//! same bytes under the same key. Only what may get better by itself is reported as a failure: a file that cannot be used is
//! a refusal, with a word that the family reads as a sentence.

mod inspection;
pub mod pdf;
mod upload;

use std::time::Instant;

use aws_lambda_events::s3::S3Event;
use hearth::aws::Aws;
use hearth::clock::Clock;
use hearth::config::{ConfigError, Environment};
use hearth::domain::policy::ClinicPolicy;
use hearth::files::Files;
use hearth::function::Failure;
use hearth::http::meter::Meter;
use hearth::store::Store;

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
        let started = Instant::now();
        let meter = Meter::default();
        let outcome = meter.measure(inspection::run(context, &upload)).await;
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (aws_calls, dynamodb_calls) = (meter.calls(), meter.dynamodb_calls());
        let request = upload.request.as_str();
        match outcome {
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
                tracing::info!(
                    outcome = "refused",
                    refusal = refusal.code(),
                    duration_ms,
                    aws_calls,
                    dynamodb_calls,
                    request,
                    "upload"
                );
            }
            Ok(Outcome::Ignored(cause)) => {
                tracing::info!(outcome = "ignored", cause, duration_ms, aws_calls, dynamodb_calls, request, "upload");
            }
            Err(stop) => {
                tracing::error!(
                    outcome = "failed",
                    cause = stop.cause(),
                    duration_ms,
                    aws_calls,
                    dynamodb_calls,
                    request,
                    "upload"
                );
                result = Err(Failure::Event);
            }
        }
    }
    result
}
