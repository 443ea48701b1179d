//! Counts work in progress, so that tests and shutdown can wait for silence instead of sleeping.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Notify;

/// A shared counter of running invocations and pending deliveries.
#[derive(Debug, Clone, Default)]
pub(crate) struct Activity(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    running: AtomicUsize,
    /// Rung whenever the counter reaches zero.
    silent: Notify,
    /// Rung whenever something may have been written.
    written: Notify,
}

/// One piece of work; it ends when this value is dropped, even by a panic.
#[derive(Debug)]
pub(crate) struct Work(Arc<Inner>);

impl Activity {
    /// Marks the beginning of a piece of work.
    pub(crate) fn begin(&self) -> Work {
        self.0.running.fetch_add(1, Ordering::SeqCst);
        Work(Arc::clone(&self.0))
    }

    /// Whether nothing runs at this moment.
    pub(crate) fn is_silent(&self) -> bool {
        self.0.running.load(Ordering::SeqCst) == 0
    }

    /// Resolves when nothing runs.
    pub(crate) async fn silence(&self) {
        loop {
            let notified = self.0.silent.notified();
            if self.is_silent() {
                return;
            }
            notified.await;
        }
    }

    /// Wakes those who wait in [`Self::something_written`].
    pub(crate) fn wake(&self) {
        self.0.written.notify_waiters();
    }

    /// Resolves at the next end of a piece of work or [`Self::wake`].
    pub(crate) fn something_written(&self) -> tokio::sync::futures::Notified<'_> {
        self.0.written.notified()
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if self.0.running.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.silent.notify_waiters();
        }
        self.0.written.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::Activity;

    #[tokio::test]
    async fn silence_comes_after_the_last_piece_of_work() {
        let activity = Activity::default();
        activity.silence().await;
        let first = activity.begin();
        let second = activity.begin();
        let waiting = tokio::spawn({
            let activity = activity.clone();
            async move { activity.silence().await }
        });
        drop(first);
        assert!(!activity.is_silent());
        drop(second);
        waiting.await.unwrap();
    }
}
