//! Counts the AWS calls of a request: how many, and how many in series. Counts the codes that it compared, as well.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};

tokio::task_local! {
    static METER: Meter;
}

/// The calls of one request.
#[derive(Debug, Clone, Default)]
pub struct Meter {
    calls: Arc<Mutex<Vec<Call>>>,
    codes: Arc<AtomicUsize>,
}

#[derive(Debug, Clone)]
struct Call {
    from: Instant,
    until: Instant,
    is_dynamodb: bool,
    operation: String,
}

impl Meter {
    /// Counts the calls made while `work` runs.
    pub async fn measure<T>(&self, work: impl Future<Output = T>) -> T {
        METER.scope(self.clone(), work).await
    }

    fn note(&self, call: Call) {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
    }

    /// All calls.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// What was called, in the order of the alphabet: calls that run at once have no other.
    #[must_use]
    pub fn operations(&self) -> String {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let mut names: Vec<&str> = calls.iter().map(|call| call.operation.as_str()).collect();
        names.sort_unstable();
        names.join(" ")
    }

    /// Codes that were compared with what somebody typed.
    #[must_use]
    pub fn codes(&self) -> usize {
        self.codes.load(Ordering::Relaxed)
    }

    /// Calls to DynamoDB.
    #[must_use]
    pub fn dynamodb_calls(&self) -> usize {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).iter().filter(|call| call.is_dynamodb).count()
    }

    /// The longest chain of calls of which each began after the one before had ended: the round trips that a person waits
    /// for one after the other.
    #[must_use]
    pub fn series(&self) -> usize {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone();
        calls.sort_by_key(|call| call.until);
        let mut length = 0;
        let mut free_from = None;
        for Call { from, until, .. } in calls {
            if free_from.is_none_or(|free| free <= from) {
                length += 1;
                free_from = Some(until);
            }
        }
        length
    }
}

/// Notes that a code is compared with what somebody typed.
pub(crate) fn note_code() {
    // Outside a request nobody counts.
    let _ = METER.try_with(|meter| meter.codes.fetch_add(1, Ordering::Relaxed));
}

#[derive(Debug)]
struct Began(Instant);

impl Storable for Began {
    type Storer = StoreReplace<Self>;
}

/// Tells the meter of every request that is really sent; a presigned link sends none.
#[derive(Debug, Clone, Copy)]
pub struct CallCounter;

impl Intercept for CallCounter {
    fn name(&self) -> &'static str {
        "CallCounter"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        bag.interceptor_state().store_put(Began(Instant::now()));
        Ok(())
    }

    fn read_before_deserialization(
        &self,
        _: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let now = Instant::now();
        let began = bag.load::<Began>().map_or(now, |began| began.0);
        // Outside a request, as in a sweep, nobody counts.
        let (service, operation) = bag.load::<Metadata>().map_or(("", ""), |known| (known.service(), known.name()));
        let (is_dynamodb, operation) = (service == "DynamoDB", operation.to_owned());
        let _ = METER.try_with(|meter| meter.note(Call { from: began, until: now, is_dynamodb, operation }));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn overlapping_calls_count_once_in_series() {
        let meter = Meter::default();
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        for (from, until) in [(0, 10), (1, 5), (11, 20)] {
            let operation = String::new();
            meter.note(Call { from: at(from), until: at(until), is_dynamodb: false, operation });
        }
        assert_eq!((meter.calls(), meter.series()), (3, 2));
    }
}
