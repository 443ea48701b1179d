//! How long to wait before an event is tried again.

use std::time::Duration;

/// Doubling delays, much shorter than Lambda's: nobody wants to wait minutes at a laptop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Backoff {
    /// The delay before the second attempt.
    pub(crate) first: Duration,
}

impl Backoff {
    /// The delay after `attempts` failures, at most 32 times the first.
    pub(crate) fn delay(self, attempts: u32) -> Duration {
        let factor = 2_u32.saturating_pow(attempts.saturating_sub(1).min(5));
        self.first.saturating_mul(factor)
    }
}

#[cfg(test)]
mod tests {
    use super::Backoff;
    use std::time::Duration;

    #[test]
    fn delays_double_up_to_a_bound() {
        let backoff = Backoff { first: Duration::from_millis(10) };
        let delays = [1, 2, 3, 6, 60].map(|attempts| backoff.delay(attempts).as_millis());
        assert_eq!(delays, [10, 20, 40, 320, 320]);
    }
}
