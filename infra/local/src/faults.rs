//! Faults for tests: what AWS, the network and Lambda do to a function on a bad day, call by call.
//!
//! The layer stands between the AWS SDKs and the embedded services, where the SDK sends its HTTP requests; so the SDK's own
//! retries, time-outs and error texts take part as they do in production. A stack has no such layer unless its options name
//! one. A test keeps a clone of it and asks for
//!
//! * [faults](Fault) on the n-th call of a kind, in one request or one function, on one attempt or on all,
//! * a [barrier](Faults::hold), at which the calls of several requests wait until the test lets them pass, in its order,
//! * [sabotage](Sabotage), which takes a precaution away from every call, to see that the tests notice.
//!
//! Requests are told apart by their *lane*: the `Idempotency-Key` that they carry, or nothing.
//!
//! No test waits. Waits of a second and more (the SDK's time-outs) take no time of their own here: they end when a call hangs,
//! in the order in which they would. What the SDK is configured to wait for is therefore what is tested. Shorter ones are its
//! pauses between attempts, and are over at once.
//! [`Faults::take_real_time`] turns that off.

mod answers;
mod barrier;
mod call;
mod chance;
mod invocation;
mod rules;
mod sabotage;
mod stale;
mod time;
mod wire;

pub use barrier::{Barrier, Waiting};
pub use call::{Call, Service};
pub(crate) use invocation::Killed;
pub use rules::{Fault, Lasting, Place, Rule};
pub use sabotage::Sabotage;
pub use stale::Past;

use crate::dynamodb::DynamoDb;
use hearth::aws::Wire;
use invocation::Invocation;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

/// The fault layer of one stack. Clones are the same layer.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    rules: Mutex<Vec<Arc<Rule>>>,
    calls: Mutex<Vec<Call>>,
    barrier: Arc<barrier::State>,
    sabotage: Mutex<BTreeSet<Sabotage>>,
    memory: stale::Memory,
    chance: chance::Chance,
    breaker: OnceLock<String>,
    invocations: AtomicU64,
    real_time: AtomicBool,
    overruns: Mutex<Vec<String>>,
}

/// Locks, whoever may have panicked meanwhile: that test fails anyway.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Faults {
    /// A layer that does nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for a fault. It stays until [`Faults::heal`].
    #[must_use]
    pub fn inject(&self, place: Place, fault: Fault, lasting: Lasting) -> Arc<Rule> {
        let rule = Arc::new(Rule::new(place, fault, lasting));
        lock(&self.0.rules).push(Arc::clone(&rule));
        rule
    }

    /// From now on so many thousandths of all attempts meet a fault, any of those that can happen to the call, until
    /// [`Faults::heal`].
    pub fn by_chance(&self, per_thousand: u64, seed: u64) {
        self.0.chance.set(per_thousand, seed);
    }

    /// How many attempts there were while faults came by chance, and what met them.
    #[must_use]
    pub fn met_by_chance(&self) -> (u64, BTreeMap<Fault, u64>) {
        self.0.chance.met()
    }

    /// Takes all faults away.
    pub fn heal(&self) {
        lock(&self.0.rules).clear();
        self.0.chance.set(0, 0);
    }

    /// The calls that were made since the last time this was asked, each once, however often it was tried.
    #[must_use]
    pub fn take_calls(&self) -> Vec<Call> {
        std::mem::take(&mut *lock(&self.0.calls))
    }

    /// Makes every call of these lanes wait until it is let pass.
    #[must_use]
    pub fn hold(&self, lanes: &[&str]) -> Barrier {
        Barrier::new(Arc::clone(&self.0.barrier), lanes)
    }

    /// Takes a precaution away from every call until [`Faults::mend`].
    pub fn sabotage(&self, what: Sabotage) {
        lock(&self.0.sabotage).insert(what);
    }

    /// Weak reads and queries of indexes do not learn of the last change of an item from now on, until [`Faults::mend`].
    pub fn answer_weak_reads_late(&self) {
        self.0.memory.keep(true);
    }

    /// What weak reads may still tell, as it is now.
    #[must_use]
    pub fn past(&self) -> Past {
        self.0.memory.copy()
    }

    /// Weak reads may tell again what they might have told then: after the table was put back to that moment.
    pub fn recall(&self, past: &Past) {
        self.0.memory.recall(past);
    }

    /// Gives back what sabotage took, and all answers are of today.
    pub fn mend(&self) {
        lock(&self.0.sabotage).clear();
        self.0.memory.keep(false);
    }

    /// Lets the SDK's time-outs take their time.
    pub fn take_real_time(&self) {
        self.0.real_time.store(true, Ordering::SeqCst);
    }

    /// Invocations that would have gone on when Lambda ends them, by the time that hanging calls took from them.
    #[must_use]
    pub fn overruns(&self) -> Vec<String> {
        lock(&self.0.overruns).clone()
    }

    /// The way to AWS for one function.
    pub(crate) fn wire(&self, function: &str) -> Wire {
        Wire { http: wire::client(self.clone(), function), sleep: time::sleep(self.clone()) }
    }

    /// Lets the layer see what stands in the database, for stale answers, and opens the address at which connections break.
    pub(crate) fn attach(
        &self,
        database: DynamoDb,
        breaker: tokio::net::TcpListener,
    ) -> impl Future<Output = ()> + use<> {
        self.0.memory.attach(database);
        if let Ok(address) = breaker.local_addr() {
            let _ = self.0.breaker.set(format!("http://{address}"));
        }
        wire::break_connections(breaker)
    }

    /// Runs an invocation within reach of the layer.
    pub(crate) async fn during<T>(
        &self,
        function: &str,
        lane: &str,
        limit: Duration,
        work: impl Future<Output = T>,
    ) -> Result<T, Killed> {
        let number = self.0.invocations.fetch_add(1, Ordering::SeqCst);
        let invocation = Arc::new(Invocation::new(function, lane, number));
        let _within = self.0.barrier.enter(lane);
        let outcome = Arc::clone(&invocation).run(work).await;
        if invocation.time.now() > limit {
            lock(&self.0.overruns).push(format!("{function}: {:?} of {limit:?}", invocation.time.now()));
        }
        for late in invocation.take_late() {
            late.await;
        }
        outcome
    }

    fn is_real_time(&self) -> bool {
        self.0.real_time.load(Ordering::SeqCst)
    }

    /// Puts a call on the list, unless it is another attempt of one that is there.
    fn note(&self, call: &Call) {
        let mut calls = lock(&self.0.calls);
        if !calls.iter().rev().any(|known| known.id == call.id) {
            calls.push(call.clone());
        }
    }

    /// The fault that this attempt meets.
    fn fault(&self, call: &Call, invocation: &Invocation) -> Option<Fault> {
        let rules = lock(&self.0.rules).clone();
        let ruled = rules.iter().find(|rule| rule.strikes(call, invocation.number)).map(|rule| rule.fault());
        ruled.or_else(|| self.0.chance.draw(call))
    }
}
