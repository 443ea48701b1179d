//! Tells people in time: each hour of papers that wait for them, and once a day of birthdays that will change who reaches what.
//!
//! Nothing opens or closes here; that happens by the clock whenever somebody asks (`domain::decide`). What is due is worked out
//! from the records, and a run that is repeated, or died halfway, sends nothing twice: a notice stands in the outbox under a name
//! made from what it is about, and a reminder is one change with the packet that counts it.

mod birthdays;
mod papers;

use std::time::Instant;

use hearth::aws::Aws;
use hearth::clock::Clock;
use hearth::config::{ConfigError, Environment};
use hearth::domain::policy::ClinicPolicy;
use hearth::function::Failure;
use hearth::http::Stop;
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

/// The hour at which the clinic's families hear of birthdays, where the clinic is: in the morning, and not at night.
const MORNING: i8 = 10;

/// Sends what is due now.
///
/// # Errors
/// [`Failure::Event`] when something could not be told now; the schedule comes again, and what was told stays told.
pub async fn on_schedule(context: &Context) -> Result<(), Failure> {
    let papers = report("papers", papers::tell(context)).await;
    let hour = context.clock.now().to_zoned(context.policy.time_zone.clone()).hour();
    let birthdays = if hour == MORNING { report("birthdays", birthdays::tell(context)).await } else { Ok(()) };
    papers.and(birthdays)
}

/// Does one kind of telling, and writes one line about it.
async fn report(about: &'static str, telling: impl Future<Output = Result<u32, Stop>>) -> Result<(), Failure> {
    let started = Instant::now();
    let meter = Meter::default();
    let outcome = meter.measure(telling).await;
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (aws_calls, dynamodb_calls) = (meter.calls(), meter.dynamodb_calls());
    match outcome {
        Ok(mails) => {
            tracing::info!(about, outcome = "told", mails, duration_ms, aws_calls, dynamodb_calls, "reminders");
            Ok(())
        }
        Err(stop) => {
            let cause = stop.cause();
            tracing::error!(about, outcome = "failed", cause, duration_ms, aws_calls, dynamodb_calls, "reminders");
            Err(Failure::Event)
        }
    }
}
