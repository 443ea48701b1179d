//! A service that says nothing for eight seconds, in real time: the product has given up long before.

use super::clinic::Clinic;
use hearth_local::faults::{Fault, Lasting, Place};
use std::time::{Duration, Instant};

/// Two attempts of two seconds each, a short pause, and time for a busy machine.
const LONGEST: Duration = Duration::from_millis(6_500);

#[tokio::test(flavor = "multi_thread")]
async fn eight_silent_seconds_are_answered_with_503_after_four() {
    let clinic = Clinic::open().await;
    clinic.faults.take_real_time();
    let place = Place { operation: "BatchGetItem".to_owned(), nth: 1, ..Place::default() };
    let rule = clinic.faults.inject(place, Fault::SilentFor8Seconds, Lasting::Throughout);
    let begun = Instant::now();
    let reply = clinic.world.staff.get("/members").await;
    assert_eq!(reply.problem(), "unavailable");
    assert!(!reply.header("retry-after").is_empty());
    let waited = begun.elapsed();
    println!("503 after {waited:.1?}, {} attempts", rule.met());
    assert_eq!(reply.status, 503);
    assert_eq!(rule.met(), 2);
    assert!(waited >= Duration::from_secs(4) && waited < LONGEST, "{waited:?}");
    clinic.faults.heal();
    clinic.world.staff.get("/members").await.is(200);
}
