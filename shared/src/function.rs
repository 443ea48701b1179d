//! How a function starts in Lambda.

use std::future::Future;

use lambda_runtime::{LambdaEvent, service_fn};
use serde::Serialize;
use serde::de::DeserializeOwned;
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
