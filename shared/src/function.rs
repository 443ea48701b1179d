//! How a function starts in Lambda.

use std::future::Future;

use lambda_runtime::{LambdaEvent, service_fn};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;

use crate::config::{ConfigError, Environment};

/// Why a function could not start or an event could not be handled. The runtime reports it and tries again.
#[derive(Debug, Error)]
pub enum Failure {
    /// A variable is missing or malformed.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The event could not be handled now.
    #[error("the event could not be handled; it will be tried again")]
    Event,
    /// The Lambda runtime stopped.
    #[error("the runtime stopped")]
    Runtime,
}

impl From<Failure> for lambda_runtime::Diagnostic {
    fn from(failure: Failure) -> Self {
        Self { error_type: "Failure".to_owned(), error_message: failure.to_string() }
    }
}

/// What wakes a function that works by itself: an event of its own kind, or the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Occasion<E> {
    /// Its schedule (`Type: Schedule` in the template): do what is due, and what an event that never came has left undone.
    Schedule,
    /// An event.
    Event(E),
}

impl<'de, E: DeserializeOwned> Deserialize<'de> for Occasion<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let payload = serde_json::Value::deserialize(deserializer)?;
        // EventBridge's word for its schedules; neither S3 nor DynamoDB has this field.
        if payload.get("detail-type").is_some_and(|kind| kind == "Scheduled Event") {
            return Ok(Self::Schedule);
        }
        serde_json::from_value(payload).map(Self::Event).map_err(D::Error::custom)
    }
}

/// Which records of a batch must be tried again (`ReportBatchItemFailures`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchResponse {
    /// One entry per record that failed; none means that all were handled.
    pub batch_item_failures: Vec<BatchItemFailure>,
}

/// A record that must be tried again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchItemFailure {
    /// Sequence number of the record in the stream.
    pub item_identifier: String,
}

/// Runs a function that answers HTTP requests until Lambda stops it.
///
/// # Errors
/// [`Failure`] when the surroundings are wrong or the runtime stops.
pub fn run_http<C, F>(
    build: impl FnOnce(&Environment) -> Result<C, ConfigError>,
    handle: impl Fn(&'static C, lambda_http::Request) -> F + Send + Sync + Copy + 'static,
) -> Result<(), Failure>
where
    C: Send + Sync + 'static,
    F: Future<Output = lambda_http::Response<lambda_http::Body>> + Send + 'static,
{
    start(build, |context| async move {
        let service = lambda_http::service_fn(move |request| {
            let answer = handle(context, request);
            async move { Ok::<_, std::convert::Infallible>(answer.await) }
        });
        lambda_http::run(service).await.map_err(|_| Failure::Runtime)
    })
}

/// Runs a function that handles events until Lambda stops it.
///
/// # Errors
/// [`Failure`] when the surroundings are wrong or the runtime stops.
pub fn run_events<C, E, A, F>(
    build: impl FnOnce(&Environment) -> Result<C, ConfigError>,
    handle: impl Fn(&'static C, E) -> F + Send + Sync + Copy + 'static,
) -> Result<(), Failure>
where
    C: Send + Sync + 'static,
    E: DeserializeOwned + Send + 'static,
    A: Serialize + Send + 'static,
    F: Future<Output = Result<A, Failure>> + Send + 'static,
{
    start(build, |context| async move {
        let service = service_fn(move |event: LambdaEvent<E>| handle(context, event.payload));
        lambda_runtime::run(service).await.map_err(|_| Failure::Runtime)
    })
}

fn start<C, R>(
    build: impl FnOnce(&Environment) -> Result<C, ConfigError>,
    run: impl FnOnce(&'static C) -> R,
) -> Result<(), Failure>
where
    C: Send + Sync + 'static,
    R: Future<Output = Result<(), Failure>>,
{
    // The only failure is a subscriber set before, and then that one serves as well.
    let _ = tracing::subscriber::set_global_default(crate::log::subscriber(std::io::stdout));
    // One context for the life of the process.
    let context: &'static C = Box::leak(Box::new(build(&Environment::process())?));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|_| Failure::Runtime)?;
    runtime.block_on(run(context))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Eq, Deserialize)]
    struct Batch {
        #[serde(rename = "Records")]
        records: Vec<serde_json::Value>,
    }

    #[test]
    fn a_schedule_is_told_from_a_batch_of_the_stream() {
        let read = |text: &str| serde_json::from_str::<Occasion<Batch>>(text);
        let batch = read(include_str!("../../events/seal/ready.json")).unwrap();
        assert!(matches!(batch, Occasion::Event(Batch { records }) if records.len() == 1));
        assert_eq!(read(include_str!("../../events/seal/schedule.json")).unwrap(), Occasion::Schedule);
        assert!(read(r#"{"detail-type": "Something else"}"#).is_err());
    }
}
