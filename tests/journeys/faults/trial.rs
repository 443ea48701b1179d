//! One flow on a good day, and on a bad one.

use super::clinic::{Clinic, Moment};
use super::flows::Flow;
use super::shape::Shape;
use hearth_local::faults::{Call, Fault, Lasting, Place};
use journeys::{Asking, Reply};
use std::collections::BTreeMap;
use std::fmt;

/// A request, and everything as it was before it.
pub(super) struct Scene<'a> {
    clinic: &'a Clinic,
    flow: &'a Flow,
    request: Asking,
    before: Moment,
}

/// A flow on a good day.
pub(super) struct GoodDay {
    /// Each call, and the how manieth of its kind it is.
    pub(super) calls: Vec<(Call, usize)>,
    shape: Shape,
    guesses: usize,
    mails: usize,
}

/// One thing that goes wrong.
pub(super) struct Trouble<'a> {
    pub(super) call: &'a Call,
    pub(super) nth: usize,
    pub(super) fault: Fault,
    pub(super) lasting: Lasting,
}

impl fmt::Display for Trouble<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { call, nth, fault, lasting } = self;
        write!(formatter, "{fault:?} {lasting:?} at {} {nth}", call.operation)
    }
}

impl<'a> Scene<'a> {
    pub(super) async fn prepare(clinic: &'a Clinic, flow: &'a Flow) -> Self {
        let request = (flow.prepare)(clinic).await;
        Self { clinic, flow, request, before: clinic.moment().await }
    }

    /// Puts everything back to what it was then.
    pub(super) async fn clear(&self) {
        self.clinic.back_to(&self.before).await;
    }

    fn mails(&self) -> usize {
        self.clinic.world.stack.mails().len()
    }

    pub(super) async fn good_day(&self) -> GoodDay {
        let (clinic, flow) = (self.clinic, self.flow);
        let (since, key, mails) = (clinic.now().await, clinic.key(), self.mails());
        drop(clinic.faults.take_calls());
        let reply = self.request.elsewhere().key(&key).send().await;
        assert!(flow.good.contains(&reply.status), "{}: {} {}", flow.name(), reply.status, reply.text);
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        let numbered = |call: Call| {
            let nth = times.entry(call.operation.clone()).or_default();
            *nth += 1;
            (call, *nth)
        };
        let calls = clinic.calls_of(&key).into_iter().map(numbered).collect();
        let shape = clinic.changed(since).await;
        let good = GoodDay { calls, shape, guesses: clinic.guessed(since), mails: self.mails() - mails };
        self.clear().await;
        good
    }

    /// Runs one combination: what is wrong with it, or how the first answer was.
    pub(super) async fn bad_day(&self, good: &GoodDay, trouble: &Trouble<'_>) -> Result<u16, String> {
        let (clinic, flow, key, mails) = (self.clinic, self.flow, self.clinic.key(), self.mails());
        let since = clinic.now().await;
        let place = Place {
            lane: Some(key.clone()),
            service: Some(trouble.call.service),
            operation: trouble.call.operation.clone(),
            nth: trouble.nth,
            ..Place::default()
        };
        let rule = clinic.faults.inject(place, trouble.fault, trouble.lasting);
        let first = self.request.elsewhere().key(&key).send().await;
        clinic.faults.heal();
        if rule.met() == 0 {
            return Err("the fault was never met".to_owned());
        }
        let killed = matches!(trouble.fault, Fault::KilledBefore | Fault::KilledAfter);
        flow.check_answer(&first, killed)?;
        let after = clinic.changed(since).await;
        let (nothing, all) = (after.is_empty(), after == good.shape);
        let fits = match first.status {
            status if flow.good.contains(&status) => all,
            // Refused: nothing was done, unless a lost answer of the same request is what it is refused for.
            400..500 => nothing || (!flow.unkept.is_empty() && all),
            _ => nothing || all || flow.in_steps,
        };
        if !fits {
            return Err(format!("answered {} {}, and this was changed: {after:?}", first.status, first.text));
        }
        // The browser never heard of the first answer, whatever it was.
        let again = self.request.elsewhere().key(&key).send().await;
        flow.check_repetition(&first, &again, all)?;
        let end = clinic.changed(since).await;
        let told = format!("answered {}, then {}", first.status, again.status);
        let twice = || good.shape.iter().map(|(kind, count)| (kind.clone(), 2 * count)).collect::<Shape>();
        if end != good.shape && !(flow.each_counts && end == twice()) {
            return Err(format!("{told}; changed in the end: {end:?}, not {:?}", good.shape));
        }
        let (guesses, mails) = (clinic.guessed(since), self.mails() - mails);
        if guesses != good.guesses {
            return Err(format!("{told}; {guesses} guesses were counted, not {}", good.guesses));
        }
        if mails != good.mails {
            return Err(format!("{told}; {mails} mails went out, not {}", good.mails));
        }
        Ok(first.status)
    }
}

impl Flow {
    fn check_answer(&self, reply: &Reply, killed: bool) -> Result<(), String> {
        match reply.status {
            status if self.good.contains(&status) => Ok(()),
            500 if killed => Ok(()),
            400..500 | 503 => {
                if reply.header("content-type") != "application/problem+json" {
                    return Err(format!("answered {} {}, which is no problem document", reply.status, reply.text));
                }
                let retry = reply.header("retry-after").parse::<u32>().is_ok();
                if reply.status == 503 && !retry { Err("503 without Retry-After".to_owned()) } else { Ok(()) }
            }
            _ => Err(format!("answered {} {}", reply.status, reply.text)),
        }
    }

    fn check_repetition(&self, first: &Reply, again: &Reply, done: bool) -> Result<(), String> {
        let good = self.good.contains(&again.status);
        if !(good || done && self.unkept.contains(&again.status)) {
            return Err(format!(
                "answered {} {}, and repeated {} {}",
                first.status, first.text, again.status, again.text
            ));
        }
        if self.is_kept()
            && self.good.contains(&first.status)
            && (first.status, &first.text) != (again.status, &again.text)
        {
            return Err(format!("answered {}, and the same request {}", first.text, again.text));
        }
        Ok(())
    }
}
