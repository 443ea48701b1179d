//! Which fault meets which call.

use super::call::{Call, Service};
use std::sync::Mutex;
use tokio::sync::Notify;

/// What happens to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The service refuses because it is busy; nothing is done.
    Throttled,
    /// The service answers with an error of its own; nothing is done.
    ServerError,
    /// The connection breaks before anything is done.
    ResetBefore,
    /// The connection breaks after it was done.
    ResetAfter,
    /// No answer comes, and nothing is done.
    HangBefore,
    /// No answer comes, and it was done.
    HangAfter,
    /// No answer comes, and it is done when the function has ended.
    Late,
    /// Half of an answer comes, after it was done.
    Truncated,
    /// A transaction is cancelled for this reason, though nothing stands in its way.
    Cancelled(&'static str),
    /// A batch is answered without any of its items.
    AllUnprocessed,
    /// A batch is answered without the second half of its items.
    SomeUnprocessed,
    /// The answer is from before the last change.
    Stale,
    /// The function dies before the call.
    KilledBefore,
    /// The function dies after the call was done.
    KilledAfter,
    /// The connection stays silent for eight seconds of real time, and then breaks.
    SilentFor8Seconds,
}

impl Fault {
    /// Everything that can happen to a call.
    #[must_use]
    pub fn of(call: &Call) -> Vec<Self> {
        use Fault::{
            AllUnprocessed, Cancelled, HangAfter, HangBefore, KilledAfter, KilledBefore, Late, ResetAfter, ResetBefore,
            ServerError, SomeUnprocessed, Stale, Throttled, Truncated,
        };
        let mut faults = vec![Throttled, ServerError, ResetBefore, HangBefore, Truncated, KilledBefore, KilledAfter];
        // What reads only is the same before and after.
        let writes = matches!(
            call.operation.as_str(),
            "TransactWriteItems" | "PutItem" | "UpdateItem" | "DeleteItem" | "PutObject" | "SendEmail"
        );
        if writes {
            faults.extend([ResetAfter, HangAfter, Late]);
        }
        match call.operation.as_str() {
            "TransactWriteItems" => faults.extend(
                ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "ConditionalCheckFailed"]
                    .map(Cancelled),
            ),
            // No condition of an update here is one that fails without reason: what failed it comes with the answer.
            "UpdateItem" => faults.push(Cancelled("TransactionConflict")),
            "PutItem" => faults.extend([Cancelled("TransactionConflict"), Cancelled("ConditionalCheckFailed")]),
            "BatchGetItem" => faults.extend([AllUnprocessed, SomeUnprocessed]),
            _ => {}
        }
        if call.weak {
            faults.push(Stale);
        }
        faults
    }

    /// Whether the fault can meet more than one attempt: nobody dies twice.
    #[must_use]
    pub const fn can_last(self) -> bool {
        !matches!(self, Self::KilledBefore | Self::KilledAfter | Self::Stale)
    }
}

/// How many attempts a fault meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lasting {
    /// The first attempt of the call.
    Once,
    /// Every attempt of this call and of the later ones of the same kind, until the invocation ends.
    Throughout,
}

/// Which call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// In this function only, when it is named.
    pub function: Option<String>,
    /// In this lane only, when it is named.
    pub lane: Option<String>,
    /// The service, when it matters.
    pub service: Option<Service>,
    /// What is asked for.
    pub operation: String,
    /// The how manieth of these, from 1.
    pub nth: usize,
}

impl Place {
    fn fits(&self, call: &Call) -> bool {
        self.function.as_ref().is_none_or(|function| *function == call.function)
            && self.lane.as_ref().is_none_or(|lane| *lane == call.lane)
            && self.service.is_none_or(|service| service == call.service)
            && self.operation == call.operation
    }
}

/// A fault that was asked for.
#[derive(Debug)]
pub struct Rule {
    place: Place,
    fault: Fault,
    lasting: Lasting,
    state: Mutex<State>,
    struck: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// The SDK's names of the calls that fit, in the order of their first attempts.
    calls: Vec<String>,
    invocation: Option<u64>,
    met: usize,
}

impl Rule {
    pub(super) fn new(place: Place, fault: Fault, lasting: Lasting) -> Self {
        Self { place, fault, lasting, state: Mutex::default(), struck: Notify::new() }
    }

    pub(super) const fn fault(&self) -> Fault {
        self.fault
    }

    /// How many attempts met the fault.
    #[must_use]
    pub fn met(&self) -> usize {
        super::lock(&self.state).met
    }

    /// Resolves when an attempt has met the fault.
    pub async fn strike(&self) {
        loop {
            let struck = self.struck.notified();
            if self.met() > 0 {
                return;
            }
            struck.await;
        }
    }

    pub(super) fn strikes(&self, call: &Call, invocation: u64) -> bool {
        if !self.place.fits(call) {
            return false;
        }
        let mut state = super::lock(&self.state);
        let place = state.calls.iter().position(|known| *known == call.id).unwrap_or_else(|| {
            state.calls.push(call.id.clone());
            state.calls.len() - 1
        });
        let strikes = match self.lasting {
            Lasting::Once => place + 1 == self.place.nth && state.met == 0,
            Lasting::Throughout => {
                place + 1 >= self.place.nth && *state.invocation.get_or_insert(invocation) == invocation
            }
        };
        if strikes {
            state.met += 1;
            self.struck.notify_waiters();
        }
        strikes
    }
}
