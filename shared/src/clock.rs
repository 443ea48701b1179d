//! The time, injected: handlers ask this clock and never the system's.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use aws_smithy_async::time::TimeSource;
use jiff::{SignedDuration, Timestamp};

/// Where the time comes from. Seconds are the finest unit that any rule uses.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The clock of the machine.
    #[must_use]
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until [`Clock::advance`]; for tests.
    #[must_use]
    pub fn manual(start: Timestamp) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(start.as_second()))))
    }

    /// Moves a manual clock forward; the machine's clock takes no orders.
    pub fn advance(&self, by: SignedDuration) {
        if let Source::Manual(seconds) = &self.0 {
            seconds.fetch_add(by.as_secs(), Ordering::SeqCst);
        }
    }

    /// The time, cut to whole seconds.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let seconds = match &self.0 {
            Source::System => Timestamp::now().as_second(),
            Source::Manual(seconds) => seconds.load(Ordering::SeqCst),
        };
        Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// Requests to AWS and links to files are signed with this clock's time.
impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        match &self.0 {
            Source::System => SystemTime::now(),
            Source::Manual(_) => {
                let seconds = u64::try_from(self.now().as_second()).unwrap_or_default();
                SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
            }
        }
    }
}
