//! Time-outs without waiting: the clock of an invocation stands still until one of its calls hangs, and then jumps to the
//! next time-out.

use super::Faults;
use super::invocation::Invocation;
use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep, Sleep};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// Shorter waits are pauses between attempts.
const SHORTEST_TIMEOUT: Duration = Duration::from_secs(1);

/// The time that hanging calls took from one invocation, and who waits for what.
#[derive(Debug, Default)]
pub(super) struct LogicalTime(Mutex<Clock>);

#[derive(Debug, Default)]
struct Clock {
    now: Duration,
    next: u64,
    sleepers: BTreeMap<(Duration, u64), Option<Waker>>,
}

impl LogicalTime {
    /// How long calls have hung so far.
    pub(super) fn now(&self) -> Duration {
        super::lock(&self.0).now
    }

    /// Goes on to the next time-out.
    pub(super) fn jump(&self) {
        let mut clock = super::lock(&self.0);
        if let Some((deadline, _)) = clock.sleepers.keys().next().copied() {
            clock.now = clock.now.max(deadline);
            clock.sleepers.values_mut().filter_map(Option::take).for_each(Waker::wake);
        }
    }

    fn sleep(self: Arc<Self>, duration: Duration) -> Sleeper {
        let mut clock = super::lock(&self.0);
        clock.next += 1;
        let place = (clock.now.saturating_add(duration), clock.next);
        clock.sleepers.insert(place, None);
        drop(clock);
        Sleeper { time: self, place }
    }
}

struct Sleeper {
    time: Arc<LogicalTime>,
    place: (Duration, u64),
}

impl Future for Sleeper {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut clock = super::lock(&self.time.0);
        if clock.now >= self.place.0 {
            return Poll::Ready(());
        }
        clock.sleepers.insert(self.place, Some(context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        super::lock(&self.time.0).sleepers.remove(&self.place);
    }
}

#[derive(Debug)]
struct LogicalSleep(Faults);

/// What the SDK measures its waits by.
pub(super) fn sleep(faults: Faults) -> SharedAsyncSleep {
    SharedAsyncSleep::new(LogicalSleep(faults))
}

impl AsyncSleep for LogicalSleep {
    fn sleep(&self, duration: Duration) -> Sleep {
        match Invocation::current() {
            Some(invocation) if duration >= SHORTEST_TIMEOUT && !self.0.is_real_time() => {
                Sleep::new(Arc::clone(&invocation.time).sleep(duration))
            }
            Some(_) if !self.0.is_real_time() => Sleep::new(tokio::task::yield_now()),
            _ => Sleep::new(tokio::time::sleep(duration)),
        }
    }
}
