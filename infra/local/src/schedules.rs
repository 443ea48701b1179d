//! Schedules: what EventBridge wakes by the clock.

use crate::functions::{Crash, Invoker, ScheduleHandler};
use hearth::clock::Clock;
use jiff::SignedDuration;
use std::time::Duration;

/// A function that the clock wakes.
#[derive(Clone)]
pub(crate) struct Schedule {
    pub(crate) function: String,
    pub(crate) every: Duration,
    pub(crate) handler: ScheduleHandler,
    pub(crate) timeout: Duration,
    pub(crate) invoker: Invoker,
}

impl Schedule {
    /// Wakes the function once. It is not woken again for a failure: the next time comes anyway.
    pub(crate) async fn strike(&self) -> Result<(), String> {
        match self.invoker.run(&self.function, "schedule", self.timeout, (self.handler)()).await {
            Ok(outcome) => outcome,
            Err(crash @ (Crash::Panicked | Crash::TimedOut | Crash::Killed)) => Err(crash.to_string()),
        }
    }

    /// Wakes it again and again, as long as the stack's clock shows the machine's time; with any other clock, tests say when.
    pub(crate) async fn run(self, clock: Clock, stopping: impl Future<Output = ()> + Send) {
        tokio::pin!(stopping);
        loop {
            tokio::select! {
                () = &mut stopping => return,
                () = tokio::time::sleep(self.every) => {}
            }
            let off = jiff::Timestamp::now().duration_since(clock.now()).abs();
            if off < SignedDuration::from_mins(1)
                && let Err(reason) = self.strike().await
            {
                tracing::dispatcher::with_default(&self.invoker.log, || {
                    tracing::error!(function = self.function, reason, "schedule");
                });
            }
        }
    }
}
