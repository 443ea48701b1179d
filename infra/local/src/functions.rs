//! The functions, in process: from the template's name of a binary to the crate's handler.

use crate::activity::Activity;
use crate::faults::{Faults, Killed};
use aws_lambda_events::dynamodb::Event as StreamEvent;
use aws_lambda_events::s3::S3Event;
use hearth::config::Environment;
use lambda_http::{Body, Request, Response};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tracing::Dispatch;
use tracing::instrument::WithSubscriber;

/// A future that a handler returns.
pub type Answer<T> = Pin<Box<dyn Future<Output = T> + Send>>;
/// Answers an HTTP request.
pub type HttpHandler = Arc<dyn Fn(Request) -> Answer<Response<Body>> + Send + Sync>;
/// Handles stream records and names those that failed.
pub type StreamHandler = Arc<dyn Fn(StreamEvent) -> Answer<Vec<String>> + Send + Sync>;
/// Handles S3 notifications.
pub type ObjectHandler = Arc<dyn Fn(S3Event) -> Answer<Result<(), String>> + Send + Sync>;

/// Does what is due when the clock wakes the function.
pub type ScheduleHandler = Arc<dyn Fn() -> Answer<Result<(), String>> + Send + Sync>;

/// A function whose context has been built.
#[derive(Clone)]
pub enum Handler {
    /// Behind the HTTP API.
    Http(HttpHandler),
    /// Behind a DynamoDB stream.
    Stream(StreamHandler),
    /// Behind S3 notifications.
    Objects(ObjectHandler),
}

/// Builds a function's context from its variables and clock.
type Build = Arc<dyn Fn(&Environment) -> Result<Handler, String> + Send + Sync>;
/// The same for the function's schedules.
type BuildSchedule = Arc<dyn Fn(&Environment) -> Result<ScheduleHandler, String> + Send + Sync>;

/// One program of the workspace.
#[derive(Clone, Default)]
struct Program {
    build: Option<Build>,
    on_schedule: Option<BuildSchedule>,
    openapi: Option<fn() -> utoipa::openapi::OpenApi>,
}

/// Every program that a template may name.
#[derive(Clone, Default)]
pub struct Registry(BTreeMap<String, Program>);

macro_rules! http_program {
    ($function:ident) => {{
        let build: Build = Arc::new(|environment| {
            let context = $function::Context::new(environment).map_err(|error| error.to_string())?;
            let context = Arc::new(context);
            Ok(Handler::Http(Arc::new(move |request| {
                let context = Arc::clone(&context);
                Box::pin(async move { $function::handle(&context, request).await })
            })))
        });
        Program { build: Some(build), on_schedule: None, openapi: Some($function::openapi) }
    }};
}

macro_rules! stream_program {
    ($function:ident) => {{
        let build: Build = Arc::new(|environment| {
            let context = $function::Context::new(environment).map_err(|error| error.to_string())?;
            let context = Arc::new(context);
            Ok(Handler::Stream(Arc::new(move |event| {
                let context = Arc::clone(&context);
                Box::pin(async move {
                    let response = $function::handle(&context, event).await;
                    let failures = response.batch_item_failures.into_iter();
                    failures.map(|failure| failure.item_identifier).collect()
                })
            })))
        });
        Program { build: Some(build), ..Program::default() }
    }};
}

macro_rules! object_program {
    ($function:ident) => {{
        let build: Build = Arc::new(|environment| {
            let context = $function::Context::new(environment).map_err(|error| error.to_string())?;
            let context = Arc::new(context);
            Ok(Handler::Objects(Arc::new(move |event| {
                let context = Arc::clone(&context);
                Box::pin(async move { $function::handle(&context, event).await.map_err(|error| error.to_string()) })
            })))
        });
        Program { build: Some(build), ..Program::default() }
    }};
}

macro_rules! on_schedule {
    ($function:ident) => {{
        let build: BuildSchedule = Arc::new(|environment| {
            let context = $function::Context::new(environment).map_err(|error| error.to_string())?;
            let context = Arc::new(context);
            Ok(Arc::new(move || {
                let context = Arc::clone(&context);
                Box::pin(async move { $function::on_schedule(&context).await.map_err(|error| error.to_string()) })
            }))
        });
        Some(build)
    }};
}

impl Registry {
    /// The product's own functions.
    #[must_use]
    pub fn product() -> Self {
        let programs = [
            ("login", http_program!(login)),
            ("members", http_program!(members)),
            ("invitations", http_program!(invitations)),
            ("documents", http_program!(documents)),
            ("signatures", http_program!(signatures)),
            ("portal", http_program!(portal)),
            ("verify", http_program!(verify)),
            ("intake", Program { on_schedule: on_schedule!(intake), ..object_program!(intake) }),
            ("seal", Program { on_schedule: on_schedule!(seal), ..stream_program!(seal) }),
            ("mailer", Program { on_schedule: on_schedule!(mailer), ..stream_program!(mailer) }),
            ("reminders", Program { on_schedule: on_schedule!(reminders), ..Program::default() }),
        ];
        Self(programs.into_iter().map(|(name, program)| (name.to_owned(), program)).collect())
    }

    /// Adds or replaces a program; for tests of the stack itself.
    #[must_use]
    pub fn with(
        mut self,
        name: &str,
        build: impl Fn(&Environment) -> Result<Handler, String> + Send + Sync + 'static,
    ) -> Self {
        self.0.insert(name.to_owned(), Program { build: Some(Arc::new(build)), ..Program::default() });
        self
    }

    /// Builds the named program's context.
    ///
    /// # Errors
    /// No such program, or its variables are missing or malformed.
    pub fn build(&self, name: &str, environment: &Environment) -> Result<Handler, String> {
        let build = self.program(name)?.build.as_ref();
        build.ok_or_else(|| format!("`{name}` is woken by schedules alone"))?(environment)
    }

    /// Builds the context that the named program uses when its schedule wakes it.
    ///
    /// # Errors
    /// As [`Registry::build`], or it does nothing by the clock.
    pub fn build_schedule(&self, name: &str, environment: &Environment) -> Result<ScheduleHandler, String> {
        let build = self.program(name)?.on_schedule.as_ref();
        build.ok_or_else(|| format!("`{name}` does nothing by the clock"))?(environment)
    }

    fn program(&self, name: &str) -> Result<&Program, String> {
        self.0
            .get(name)
            .ok_or_else(|| format!("there is no function crate named `{name}`; known are {}", self.names().join(", ")))
    }

    fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    /// The API description of all programs together.
    #[must_use]
    pub fn openapi(&self) -> utoipa::openapi::OpenApi {
        let described = self.0.iter().filter_map(|(name, program)| Some((name.as_str(), program.openapi?())));
        crate::openapi::merge(described)
    }
}

/// Why an invocation gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Crash {
    /// The function panicked; in Lambda its process would be gone.
    #[error("the function crashed")]
    Panicked,
    /// The function took longer than its `Timeout`.
    #[error("the function ran out of time")]
    TimedOut,
    /// A test ended the function's process.
    #[error("the function was killed")]
    Killed,
}

/// Runs invocations, each in a task of its own.
#[derive(Clone)]
pub(crate) struct Invoker {
    pub(crate) activity: Activity,
    pub(crate) log: Dispatch,
    pub(crate) faults: Option<Faults>,
}

impl Invoker {
    /// Runs one invocation. It goes on when the caller loses interest, as it does in Lambda. The lane tells requests apart
    /// for tests.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        function: &str,
        lane: &str,
        timeout: Duration,
        answer: Answer<T>,
    ) -> Result<T, Crash> {
        let work = self.activity.begin();
        let (faults, name, lane) = (self.faults.clone(), function.to_owned(), lane.to_owned());
        let task = async move {
            let _work = work;
            match faults {
                // The layer keeps a time of its own; how busy the machine is has no part in it.
                Some(faults) => {
                    let answer = tokio::time::timeout(timeout.saturating_mul(30), answer);
                    faults.during(&name, &lane, timeout, answer).await
                }
                None => Ok(tokio::time::timeout(timeout, answer).await),
            }
        };
        let crash = match tokio::spawn(task.with_subscriber(self.log.clone())).await {
            Ok(Ok(Ok(value))) => return Ok(value),
            Ok(Ok(Err(_))) => Crash::TimedOut,
            Ok(Err(Killed)) => Crash::Killed,
            Err(_) => Crash::Panicked,
        };
        tracing::dispatcher::with_default(&self.log, || {
            tracing::error!(function, "{crash}");
        });
        Err(crash)
    }
}
