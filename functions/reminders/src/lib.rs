//! Tells people in time, once a day: of birthdays that will change who reaches what.
//!
//! Nothing opens or closes here; that happens by the clock whenever somebody asks (`domain::decide`). What is due is worked out
//! from the records each day, and each mail stands in the outbox under a name made from what it is about: a run that is repeated,
//! or died halfway, sends nothing twice.

mod birthdays;

use std::time::Instant;

use hearth::aws::Aws;
use hearth::clock::Clock;
use hearth::config::{ConfigError, Environment};
use hearth::domain::policy::ClinicPolicy;
use hearth::function::Failure;
use hearth::http::meter::Meter;
use hearth::store::Store;

/// What reminding needs, built once.
#[derive(Debug, Clone)]
pub struct Context {
    store: Store,
    policy: ClinicPolicy,
    clock: Clock,
}

impl Context {
    /// Reads `TABLE`, the clinic's rules and what [`Aws`] needs.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn new(env: &Environment) -> Result<Self, ConfigError> {
        let aws = Aws::from_environment(env)?;
        Ok(Self { store: Store::from_environment(env, &aws)?, policy: env.clinic_policy()?, clock: env.clock() })
    }
}

/// Sends what is due today.
///
/// # Errors
/// [`Failure::Event`] when something could not be told now; the schedule comes again, and what was told stays told.
pub async fn on_schedule(context: &Context) -> Result<(), Failure> {
    let started = Instant::now();
    let meter = Meter::default();
    let outcome = meter.measure(birthdays::tell(context)).await;
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (aws_calls, dynamodb_calls) = (meter.calls(), meter.dynamodb_calls());
    match outcome {
        Ok(mails) => {
            tracing::info!(outcome = "told", mails, duration_ms, aws_calls, dynamodb_calls, "birthdays");
            Ok(())
        }
        Err(stop) => {
            let cause = stop.cause();
            tracing::error!(outcome = "failed", cause, duration_ms, aws_calls, dynamodb_calls, "birthdays");
            Err(Failure::Event)
        }
    }
}
