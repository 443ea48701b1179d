//! One run of a function: whose calls these are, and its end.

use super::time::LogicalTime;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::{Notify, watch};

tokio::task_local! {
    static CURRENT: Arc<Invocation>;
}

/// Work that is done after the invocation ended.
type Late = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A run of a function.
pub(super) struct Invocation {
    pub(super) lane: String,
    pub(super) number: u64,
    pub(super) time: Arc<LogicalTime>,
    name: String,
    killed: watch::Sender<bool>,
    /// Calls that are under way and do not hang.
    in_flight: AtomicUsize,
    landed: Notify,
    late: Mutex<Vec<Late>>,
}

impl std::fmt::Debug for Invocation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {}", self.name, self.number)
    }
}

/// The process of the function is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Killed;

impl Invocation {
    pub(super) fn new(function: &str, lane: &str, number: u64) -> Self {
        Self {
            lane: lane.to_owned(),
            number,
            time: Arc::default(),
            name: function.to_owned(),
            killed: watch::Sender::new(false),
            in_flight: AtomicUsize::new(0),
            landed: Notify::new(),
            late: Mutex::default(),
        }
    }

    /// The invocation on whose behalf this code runs.
    pub(super) fn current() -> Option<Arc<Self>> {
        CURRENT.try_with(Arc::clone).ok()
    }

    /// Runs the function until its end or its death.
    pub(super) async fn run<T>(self: Arc<Self>, work: impl Future<Output = T>) -> Result<T, Killed> {
        let mut killed = self.killed.subscribe();
        let work = CURRENT.scope(Arc::clone(&self), work);
        tokio::select! {
            biased;
            _ = killed.wait_for(|killed| *killed) => Err(Killed),
            value = work => Ok(value),
        }
    }

    /// Ends the function as a crash of its process does: what it was doing is dropped.
    pub(super) async fn kill(&self) -> ! {
        self.killed.send_replace(true);
        std::future::pending().await
    }

    /// Marks a call as under way until the value is dropped.
    pub(super) fn fly(self: &Arc<Self>) -> Flight {
        self.in_flight.fetch_add(1, Ordering::SeqCst);
        Flight(Arc::clone(self))
    }

    /// Never answers; the SDK's next time-out comes as soon as every other call of the invocation has its answer.
    pub(super) async fn hang(&self, flight: Flight, real_time: bool) -> ! {
        drop(flight);
        // Calls that the function makes at the same time are sent within the same turn of its task.
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
        if real_time {
            std::future::pending::<()>().await;
        }
        loop {
            let landed = self.landed.notified();
            if self.in_flight.load(Ordering::SeqCst) == 0 {
                self.time.jump();
                break;
            }
            landed.await;
        }
        std::future::pending().await
    }

    /// Does something when the function has ended.
    pub(super) fn later(&self, work: impl Future<Output = ()> + Send + 'static) {
        super::lock(&self.late).push(Box::pin(work));
    }

    pub(super) fn take_late(&self) -> Vec<Late> {
        std::mem::take(&mut *super::lock(&self.late))
    }
}

/// A call that is under way.
#[derive(Debug)]
pub(super) struct Flight(Arc<Invocation>);

impl Drop for Flight {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::SeqCst);
        self.0.landed.notify_waiters();
    }
}
