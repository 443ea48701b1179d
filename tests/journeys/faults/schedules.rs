//! All orders in which the calls of several requests can happen: run, look where the paths part, and go back to the last
//! place where another path is left. Nothing sleeps, and nothing is left to chance.

use super::clinic::Clinic;
use hearth_local::faults::{Barrier, Waiting};
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
        let (choices, replies) = run(clinic, grain, &path, requests).await;
        clinic.world.settled().await;
        runs += 1;
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

/// One order: the choices of `path`, and then always the first. Returns what was chosen of how many, and the answers.
async fn run(
    clinic: &Clinic,
    grain: Grain,
    path: &[usize],
    requests: Vec<Asking>,
) -> (Vec<(usize, usize)>, Vec<Reply>) {
    clinic.world.settled().await;
    let keys: Vec<String> = requests.iter().map(|_| clinic.key()).collect();
    let lanes: Vec<&str> = keys.iter().map(String::as_str).collect();
    let barrier = clinic.faults.hold(&lanes);
    let under_way: Vec<_> =
        requests.into_iter().zip(&keys).map(|(request, key)| tokio::spawn(request.key(key).send())).collect();
    let mut choices = Vec::new();
    loop {
        let waiting = barrier.standstill().await;
        let options = options(grain, &waiting);
        if options.is_empty() {
            break;
        }
        let chosen = path.get(choices.len()).copied().unwrap_or(0);
        let (lane, place) = &options[chosen];
        release(&barrier, grain, lane, *place);
        choices.push((chosen, options.len()));
    }
    drop(barrier);
    let mut replies = Vec::new();
    for request in under_way {
        replies.push(request.await.expect("an answer"));
    }
    (choices, replies)
}

/// Who could go next: lanes in their order, and within a lane its calls by name, whichever came first.
fn options(grain: Grain, waiting: &Waiting) -> Vec<(String, usize)> {
    let mut options = Vec::new();
    for (lane, calls) in waiting {
        let mut places: Vec<usize> = (0..calls.len()).collect();
        places.sort_by_key(|place| &calls[*place]);
        if grain == Grain::Step {
            places.truncate(1);
        }
        options.extend(places.into_iter().map(|place| (lane.clone(), place)));
    }
    options
}

fn release(barrier: &Barrier, grain: Grain, lane: &str, place: usize) {
    match grain {
        Grain::Step => barrier.release(lane),
        Grain::Call => barrier.release_one(lane, place),
    }
}
