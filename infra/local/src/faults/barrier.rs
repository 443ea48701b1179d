//! A barrier: calls of chosen requests wait until the test lets them pass, one by one, in its order.

use super::call::Call;
use super::lock;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::sync::{Notify, oneshot};

/// Who waits where.
#[derive(Debug, Default)]
pub(super) struct State {
    lanes: Mutex<BTreeMap<String, Lane>>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct Lane {
    /// Invocations that have begun and not ended.
    running: usize,
    begun: bool,
    /// Calls that have come and do not yet know whether another one comes beside them.
    coming: usize,
    waiting: Vec<(String, oneshot::Sender<()>)>,
    /// Calls that were let pass and have no answer yet.
    passing: usize,
}

/// Calls that wait, by lane.
pub type Waiting = BTreeMap<String, Vec<String>>;

impl State {
    /// Marks that an invocation of a lane runs, until the value is dropped.
    pub(super) fn enter(self: &Arc<Self>, lane: &str) -> Option<Within> {
        let mut lanes = lock(&self.lanes);
        let place = lanes.get_mut(lane)?;
        place.running += 1;
        place.begun = true;
        Some(Within { state: Arc::clone(self), lane: lane.to_owned(), leave: |lane| lane.running -= 1 })
    }

    /// Waits until the call may pass; it counts as passing until the value is dropped.
    pub(super) async fn pass(self: &Arc<Self>, call: &Call) -> Option<Within> {
        let (sender, receiver) = oneshot::channel();
        lock(&self.lanes).get_mut(&call.lane)?.coming += 1;
        // Calls that a function makes at the same time are sent within the same turn of its task.
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
        {
            let mut lanes = lock(&self.lanes);
            let lane = lanes.get_mut(&call.lane)?;
            lane.coming -= 1;
            lane.waiting.push((call.operation.clone(), sender));
        }
        self.changed.notify_waiters();
        // An error means that the barrier was lifted.
        let _ = receiver.await;
        let mut lanes = lock(&self.lanes);
        lanes.get_mut(&call.lane)?;
        Some(Within { state: Arc::clone(self), lane: call.lane.clone(), leave: |lane| lane.passing -= 1 })
    }
}

/// Something that counts on a lane.
#[derive(Debug)]
pub(super) struct Within {
    state: Arc<State>,
    lane: String,
    leave: fn(&mut Lane),
}

impl Drop for Within {
    fn drop(&mut self) {
        if let Some(lane) = lock(&self.state.lanes).get_mut(&self.lane) {
            (self.leave)(lane);
        }
        self.state.changed.notify_waiters();
    }
}

/// A barrier across some lanes. Dropping it lets everybody pass.
#[derive(Debug)]
pub struct Barrier {
    state: Arc<State>,
    lanes: Vec<String>,
}

impl Barrier {
    pub(super) fn new(state: Arc<State>, lanes: &[&str]) -> Self {
        let lanes: Vec<String> = lanes.iter().map(|lane| (*lane).to_owned()).collect();
        lock(&state.lanes).extend(lanes.iter().map(|lane| (lane.clone(), Lane::default())));
        Self { state, lanes }
    }

    /// Resolves when every lane either waits at the barrier or has come to its end, and tells who waits. Nobody: all ended.
    pub async fn standstill(&self) -> Waiting {
        loop {
            let changed = self.state.changed.notified();
            let waiting = self.look();
            if let Some(waiting) = waiting {
                return waiting;
            }
            changed.await;
        }
    }

    fn look(&self) -> Option<Waiting> {
        let lanes = lock(&self.state.lanes);
        let mut all = Waiting::new();
        for name in &self.lanes {
            let lane = lanes.get(name)?;
            let ended = lane.begun && lane.running == 0;
            if ended {
                continue;
            }
            if lane.coming > 0 || lane.passing > 0 || lane.waiting.is_empty() {
                return None;
            }
            all.insert(name.clone(), lane.waiting.iter().map(|(operation, _)| operation.clone()).collect());
        }
        Some(all)
    }

    /// Lets all waiting calls of a lane pass, together.
    pub fn release(&self, lane: &str) {
        let mut lanes = lock(&self.state.lanes);
        if let Some(lane) = lanes.get_mut(lane) {
            for (_, sender) in std::mem::take(&mut lane.waiting) {
                lane.passing += 1;
                // A receiver that is gone belongs to a call that was given up.
                if sender.send(()).is_err() {
                    lane.passing -= 1;
                }
            }
        }
    }

    /// Lets one waiting call of a lane pass.
    pub fn release_one(&self, lane: &str, place: usize) {
        let mut lanes = lock(&self.state.lanes);
        if let Some(lane) = lanes.get_mut(lane)
            && place < lane.waiting.len()
        {
            let (_, sender) = lane.waiting.remove(place);
            if sender.send(()).is_ok() {
                lane.passing += 1;
            }
        }
    }
}

impl Drop for Barrier {
    fn drop(&mut self) {
        let mut lanes = lock(&self.state.lanes);
        for lane in &self.lanes {
            lanes.remove(lane);
        }
        drop(lanes);
        self.state.changed.notify_waiters();
    }
}
