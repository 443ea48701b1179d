//! Every flow × every call × every fault.
//!
//! The scene of a flow is prepared once, and the table is put back to it after each combination. So nothing wears off: neither
//! the limits on guessing nor what a combination broke reach the next one.

use super::clinic::Clinic;
use super::flows::{Flow, table};
use super::invariants::invariants;
use super::trial::{Scene, Trouble};
use crate::rights::Rights;
use futures_util::future::join_all;
use hearth_local::faults::{Fault, Lasting};
use jiff::SignedDuration;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Mutex;
use std::time::Instant;

/// Clinics that are open at the same time: while one waits, another one goes on.
const CLINICS: usize = 6;
/// Set to run all combinations.
const ALL: &str = "HEARTH_ALL_FAULTS";
/// Fewer combinations than these mean that calls or faults got lost on the way: of all, and of the part that is run every time.
const FEWEST: (usize, usize) = (7_000, 1_000);
/// Into so many parts the combinations at a call fall.
const PARTS: u64 = 8;
/// The one that is run every time: always the same, so that a run says something about the change and not about the day.
const PART: u64 = 3;

/// What became of combinations.
#[derive(Default)]
pub(super) struct Tally {
    /// First answers, by status.
    pub(super) met: BTreeMap<u16, usize>,
    faults: BTreeMap<Fault, usize>,
    pub(super) wrong: Vec<String>,
    rights: Rights,
}

impl Tally {
    fn add(&mut self, other: Self) {
        other.met.into_iter().for_each(|(status, count)| *self.met.entry(status).or_default() += count);
        other.faults.into_iter().for_each(|(fault, count)| *self.faults.entry(fault).or_default() += count);
        self.wrong.extend(other.wrong);
        self.rights.add(other.rights);
    }
}

/// Which combinations are run.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    All,
    /// At each call, those of one part of [`PARTS`], and at least two.
    Of(u64),
}

impl Part {
    /// All when the environment says so.
    fn wanted() -> Self {
        if std::env::var_os(ALL).is_some() { Self::All } else { Self::Of(PART) }
    }

    /// Chooses among the troubles of one call.
    fn choose<'a>(self, flow: &str, mut troubles: Vec<Trouble<'a>>) -> Vec<Trouble<'a>> {
        let Self::Of(part) = self else { return troubles };
        let rank = |trouble: &Trouble<'_>| {
            let mut hasher = DefaultHasher::new();
            (flow, trouble.to_string()).hash(&mut hasher);
            (hasher.finish() % PARTS + PARTS - part) % PARTS
        };
        troubles.sort_by_key(rank);
        let chosen = troubles.iter().filter(|trouble| rank(trouble) == 0).count().max(2);
        troubles.truncate(chosen);
        troubles
    }
}

/// Faults of all calls of a flow.
pub(super) async fn all_bad_days(clinic: &Clinic, flow: &Flow, part: Part) -> Tally {
    let mut tally = Tally::default();
    let empty = clinic.moment().await;
    let scene = Scene::prepare(clinic, flow).await;
    // Some scenes hold what no route makes.
    let known: BTreeSet<String> = invariants(&clinic.world).into_iter().collect();
    let good = scene.good_day().await;
    if good.calls.is_empty() {
        tally.wrong.push(format!("{} makes no calls; name it among those without", flow.name()));
    }
    for (call, nth) in &good.calls {
        let lasting =
            |fault: Fault| if fault.can_last() { &[Lasting::Once, Lasting::Throughout][..] } else { &[Lasting::Once] };
        let each =
            Fault::of(call).into_iter().flat_map(|fault| lasting(fault).iter().map(move |&lasting| (fault, lasting)));
        let troubles = each.map(|(fault, lasting)| Trouble { call, nth: *nth, fault, lasting }).collect();
        for trouble in part.choose(&flow.name(), troubles) {
            let outcome = scene.bad_day(&good, &trouble).await;
            clinic.world.settled().await;
            let broken = invariants(&clinic.world).into_iter().filter(|wrong| !known.contains(wrong));
            let mut wrong: Vec<String> = broken.collect();
            match outcome {
                Ok(status) => {
                    *tally.met.entry(status).or_default() += 1;
                    *tally.faults.entry(trouble.fault).or_default() += 1;
                }
                Err(told) => wrong.push(told),
            }
            tally.wrong.extend(wrong.into_iter().map(|wrong| format!("{}: {trouble}: {wrong}", flow.name())));
            scene.clear().await;
        }
    }
    clinic.back_to(&empty).await;
    tally
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_flow_survives_every_fault_of_every_call() {
    let (started, part) = (Instant::now(), Part::wanted());
    let only = std::env::var("FAULTS_ONLY").unwrap_or_default();
    let flows: Vec<Flow> = table().into_iter().filter(|flow| flow.name().contains(&only)).collect();
    let count_of_flows = flows.len();
    let flows = std::sync::Arc::new(Mutex::new(flows));
    let shares = (0..CLINICS.min(count_of_flows)).map(|_| {
        let flows = std::sync::Arc::clone(&flows);
        tokio::spawn(async move {
            let clinic = Clinic::open().await;
            let mut tally = Tally::default();
            let next = || flows.lock().expect("flows").pop();
            while let Some(flow) = next() {
                let begun = Instant::now();
                let of_flow = all_bad_days(&clinic, &flow, part).await;
                println!("{:>7.1?} {}", begun.elapsed(), flow.name());
                of_flow.wrong.iter().for_each(|wrong| println!("        {wrong}"));
                tally.add(of_flow);
            }
            // What only the clock does, on the day after.
            clinic.world.passes(SignedDuration::from_hours(25));
            // Whether they succeed is the business of other tests.
            let _ = clinic.world.stack.strike().await;
            tally.rights = Rights::of(&clinic.world.stack);
            tally.wrong.extend(clinic.faults.overruns().into_iter().map(|overrun| format!("too slow: {overrun}")));
            tally
        })
    });
    let mut all = Tally::default();
    for tally in join_all(shares).await {
        all.add(tally.expect("a clinic"));
    }
    let count: usize = all.met.values().sum();
    println!("{count} combinations of {count_of_flows} flows in {:.1?} ({part:?})", started.elapsed());
    println!("first answers: {:?}\n{:?}", all.met, all.faults);
    assert!(all.wrong.is_empty(), "{} wrong:\n{}", all.wrong.len(), all.wrong.join("\n"));
    if only.is_empty() {
        println!("parts of the policies that no flow made use of: {:#?}", all.rights.idle());
        let faults = all.rights.faults();
        assert!(faults.is_empty(), "the policies in template.yaml:\n{}", faults.join("\n"));
        let fewest = if matches!(part, Part::All) { FEWEST.0 } else { FEWEST.1 };
        assert!(count >= fewest, "only {count} combinations");
        let kinds: HashSet<_> = all.faults.keys().map(std::mem::discriminant).collect();
        assert!(kinds.len() >= 13, "only {} kinds of faults were met", kinds.len());
    }
}
