//! A bad week in minutes: many families at the same time, and one call in fifty meets a fault, or kills its function.
//!
//! Everybody does what people do with a page that says "try again": the same request once more, with the same key. Then all is
//! healed, what is left over is done, and nothing may be lost or there twice.
//!
//! ```sh
//! HEARTH_SOAK=600 cargo test --workspace --test journeys soak -- --nocapture
//! ```

mod people;

use super::clinic::Clinic;
use super::invariants::invariants;
use super::ledger::Ledger;
use futures_util::future::join_all;
use hearth::domain::document::DocumentState;
use hearth::domain::event::EventKind;
use hearth::domain::packet::PacketState;
use hearth_local::faults::Fault;
use jiff::SignedDuration;
use people::{Done, Family, Office};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long, in seconds; unless it is set, as long as every run of the tests can afford.
const LENGTH: &str = "HEARTH_SOAK";
const SHORT: u64 = 15;
/// So many thousandths of all attempts of calls meet a fault.
const FAULTS: u64 = 20;
/// As long a pause before a failed event comes again that a sealer's lease, which lasts a quarter of its time here, is over
/// before the event is given up.
const RETRY: Duration = Duration::from_millis(100);
/// Families at the same time.
const FAMILIES: usize = 6;
/// Longer than a sealer's lease, and than the pause before an upload is looked for.
const LATER: SignedDuration = SignedDuration::from_mins(11);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn soak() {
    let length = std::env::var(LENGTH).ok().and_then(|length| length.parse().ok()).unwrap_or(SHORT);
    let office = Arc::new(Office::new(Clinic::retrying_after(RETRY).await));
    let clinic = &office.clinic;
    let before = counted(clinic);
    clinic.faults.by_chance(FAULTS, length);
    let begun = Instant::now();
    let end = begun + Duration::from_secs(length);
    let over = Arc::new(AtomicBool::new(false));
    let sweeping = tokio::spawn(sweeps(Arc::clone(&office), Arc::clone(&over)));

    let families = (0..FAMILIES).map(|number| tokio::spawn(live(Arc::clone(&office), number, end)));
    let mut done = Done::default();
    for family in join_all(families).await {
        done.add(family.expect("a family"));
    }
    println!("the last household left after {:.0?}", begun.elapsed());
    over.store(true, Ordering::SeqCst);
    sweeping.await.expect("the clock");

    clinic.faults.heal();
    // What waits for somebody else's lease, or for the next sweep, is done by three of them.
    for round in 0..3 {
        println!("left-overs, {round}, after {:.0?}", begun.elapsed());
        // First the time, or all would wait for the leases of sealers that died.
        clinic.world.passes(LATER);
        clinic.world.settled().await;
        clinic.world.stack.strike().await.expect("a sweep on a good day");
    }
    clinic.world.settled().await;

    let (attempts, met) = clinic.faults.met_by_chance();
    println!("{length} s: {done:?}");
    println!("{attempts} attempts of calls, {} met a fault: {met:?}", met.values().sum::<u64>());
    let mut wrong = invariants(&clinic.world);
    // An upload's event comes three times; the sweep finds what it could not do, and the files are counted below.
    let (swept, lost): (Vec<_>, Vec<_>) =
        clinic.world.stack.dead_letters().into_iter().partition(|letter| letter.function == "Intake");
    println!("{} uploads were left to the sweep", swept.len());
    wrong.extend(lost.into_iter().map(|letter| format!("given up: {letter:?}")));
    wrong.extend(clinic.faults.overruns().into_iter().map(|overrun| format!("too slow: {overrun}")));
    wrong.extend(compared(&before, &counted(clinic), &done));
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(done.visits >= FAMILIES, "only {} visits: people wait for something", done.visits);
    let killed = [Fault::KilledBefore, Fault::KilledAfter].iter().any(|fault| met.contains_key(fault));
    assert!(length < SHORT || killed, "no function was killed in {attempts} attempts");
}

/// One household after the other, until the time is over.
async fn live(office: Arc<Office>, number: usize, end: Instant) -> Done {
    let mut done = Done::default();
    let mut household = 0;
    while Instant::now() < end {
        Family::new(&office, &format!("{number}-{household}")).lives(&mut done, end).await;
        household += 1;
    }
    done
}

/// Time passes four times as fast as on the wall, and the sweeps look for what a fault left undone. They meet faults themselves.
async fn sweeps(office: Arc<Office>, over: Arc<AtomicBool>) {
    let (begun, mut passed) = (Instant::now(), SignedDuration::ZERO);
    while !over.load(Ordering::SeqCst) {
        tokio::time::sleep(Duration::from_millis(250)).await;
        let world = &office.clinic.world;
        // By the wall, or a busy machine would make a lease longer than all the tries that wait for its end.
        let due = SignedDuration::try_from(begun.elapsed() * 4).expect("a duration");
        world.passes(due - passed);
        passed = due;
        // What fails is tried again at the next stroke.
        let _ = world.stack.strike().await;
    }
}

/// What stands in the clinic, by kind.
fn counted(clinic: &Clinic) -> BTreeMap<&'static str, usize> {
    let ledger = Ledger::read(&clinic.world).expect("a readable clinic");
    let told = |kind: EventKind| ledger.chains.values().flatten().filter(|event| event.kind == kind).count();
    let ready = ledger.documents.iter().filter(|document| matches!(document.state, DocumentState::Ready { .. }));
    let sealed = ledger.packets.iter().filter(|packet| matches!(packet.state, PacketState::Sealed { .. }));
    BTreeMap::from([
        ("members", told(EventKind::MemberRegistered)),
        ("accepted", told(EventKind::InvitationAccepted)),
        ("documents", ledger.documents.len()),
        ("ready", ready.count()),
        ("packets", ledger.packets.len()),
        ("signatures", told(EventKind::PacketSigned)),
        ("sealed", sealed.count()),
        ("revoked", told(EventKind::GrantRevoked)),
    ])
}

/// What was answered with success is there, once; and nothing else is, but what was under way at the end.
fn compared(before: &BTreeMap<&str, usize>, after: &BTreeMap<&str, usize>, done: &Done) -> Vec<String> {
    let mut wrong = Vec::new();
    for (what, count) in &done.counted() {
        let there = after[what] - before[what];
        if there != *count {
            wrong.push(format!("{what}: {count} were promised, and {there} are there"));
        }
    }
    wrong
}
