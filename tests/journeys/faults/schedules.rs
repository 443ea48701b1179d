//! All orders in which the calls of several requests can happen: run, look where the paths part, and go back to the last
//! place where another path is left. Nothing sleeps, and nothing is left to chance.
//!
//! Reads do not disturb each other, so of the orders that differ only in which of two neighbouring reads came first, one is
//! run: that in which the reads of the first request come first.

use super::clinic::Clinic;
use hearth_local::faults::Waiting;
use journeys::{Asking, Reply};

/// What passes the barrier in one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grain {
    /// One call.
    Call,
    /// The calls that a request makes at the same time.
    Step,
}

/// Runs requests, made anew for each run, through every order of their calls. Returns how many orders there are.
pub(super) async fn explore<T>(
    clinic: &Clinic,
    grain: Grain,
    prepare: impl AsyncFn() -> (Vec<Asking>, T),
    check: impl AsyncFn(T, &[Reply]) -> Vec<String>,
) -> Result<usize, Vec<String>> {
    let mut path: Vec<usize> = Vec::new();
    let mut runs = 0;
    loop {
        let (requests, scene) = prepare().await;
        let Run { choices, is_new, replies } = run(clinic, grain, &path, requests).await;
        clinic.world.settled().await;
        runs += usize::from(is_new);
        let wrong = check(scene, &replies).await;
        if !wrong.is_empty() {
            let statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
            return Err(vec![format!("order {choices:?} with answers {statuses:?}: {wrong:#?}")]);
        }
        // The last step at which another call could have come first.
        let Some(last) = choices.iter().rposition(|(chosen, of)| chosen + 1 < *of) else { return Ok(runs) };
        path = choices[..last].iter().map(|(chosen, _)| *chosen).collect();
        path.push(choices[last].0 + 1);
    }
}

/// Runs one order: the choices of `path`, and then always the first.
async fn run(clinic: &Clinic, grain: Grain, path: &[usize], requests: Vec<Asking>) -> Run {
    clinic.world.settled().await;
    let keys: Vec<String> = requests.iter().map(|_| clinic.key()).collect();
    let lanes: Vec<&str> = keys.iter().map(String::as_str).collect();
    let barrier = clinic.faults.hold(&lanes);
    let under_way: Vec<_> =
        requests.into_iter().zip(&keys).map(|(request, key)| tokio::spawn(request.key(key).send())).collect();
    let mut choices = Vec::new();
    let (mut before, mut last, mut is_new) = (Vec::new(), None::<Step>, true);
    loop {
        let all = options(grain, &barrier.standstill().await);
        if all.is_empty() {
            break;
        }
        let is_needed = |option: &&Step| match &last {
            Some(last) => !(option.commutes(last) && option.name() < last.name() && before.contains(&option.name())),
            None => true,
        };
        let needed: Vec<&Step> = all.iter().filter(is_needed).collect();
        is_new &= !needed.is_empty();
        // Nothing is left when every order from here on was run in another one's place; one is run nevertheless.
        let of = needed.len().max(1);
        let chosen = path.get(choices.len()).copied().unwrap_or(0);
        let step = needed.get(chosen).copied().unwrap_or(&all[0]).clone();
        match grain {
            Grain::Step => barrier.release(&step.lane),
            Grain::Call => barrier.release_one(&step.lane, step.place),
        }
        choices.push((chosen, of));
        before = all.iter().map(Step::name).collect();
        last = Some(step);
    }
    drop(barrier);
    let mut replies = Vec::new();
    for request in under_way {
        replies.push(request.await.expect("an answer"));
    }
    Run { choices, is_new, replies }
}

/// One order: what was chosen of how many, whether it was run in no other one's place, and the answers.
struct Run {
    choices: Vec<(usize, usize)>,
    is_new: bool,
    replies: Vec<Reply>,
}

/// What could pass next. Steps of the first request come first, then those with the first name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    lane: String,
    names: Vec<String>,
    place: usize,
}

impl Step {
    fn name(&self) -> (String, Vec<String>) {
        (self.lane.clone(), self.names.clone())
    }

    /// Whether it does not matter which of two steps came first.
    fn commutes(&self, other: &Self) -> bool {
        let reads = |name: &String| matches!(name.as_str(), "BatchGetItem" | "GetItem" | "Query" | "Sign");
        self.names.iter().chain(&other.names).all(reads)
    }
}

fn options(grain: Grain, waiting: &Waiting) -> Vec<Step> {
    let mut options = Vec::new();
    for (lane, calls) in waiting {
        match grain {
            Grain::Step => options.push(Step { lane: lane.clone(), names: calls.clone(), place: 0 }),
            Grain::Call => {
                let each = calls.iter().enumerate();
                options.extend(each.map(|(place, name)| Step { lane: lane.clone(), names: vec![name.clone()], place }));
            }
        }
    }
    options.sort();
    options
}
