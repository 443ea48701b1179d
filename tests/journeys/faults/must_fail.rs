//! The tests must be able to fail: a precaution is taken away on the wire, and what held before no longer does.

use super::clinic::Clinic;
use super::combinations::all_bad_days;
use super::flows::table;
use super::together::two_accept;
use hearth_local::faults::Sabotage;
use journeys::terms;
use serde_json::json;

/// Revocations, each followed by reads.
const REVOCATIONS: usize = 20;
/// Reads after each.
const READS: usize = 50;

/// Takes access away and reads at once; how many reads still got something.
async fn reads_after_the_end(clinic: &Clinic) -> usize {
    let (world, record) = (&clinic.world, &clinic.record);
    let mut leaked = 0;
    for _ in 0..REVOCATIONS {
        let desk = world.staff.opens_as_staff(&record.member).await;
        let body = json!({"login": record.signer.id, "terms": terms("MTH", "parental-responsibility")});
        desk.post("/grants", &body).await;
        let tab = record.signer.opens(&record.member).await;
        desk.post(&format!("/grants/{}/revoke", record.signer.id), &json!({"reason": "safeguarding"})).await.is(204);
        for _ in 0..READS {
            if tab.get("").await.status != 404 {
                leaked += 1;
            }
        }
    }
    leaked
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reads_after_access_was_taken_not_even_when_answers_are_late() {
    let clinic = Clinic::open().await;
    clinic.faults.answer_weak_reads_late();
    assert_eq!(reads_after_the_end(&clinic).await, 0, "of {}", REVOCATIONS * READS);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_weak_reads_it_would_be_read_after_access_was_taken() {
    let clinic = Clinic::open().await;
    clinic.faults.sabotage(Sabotage::WeakReads);
    clinic.faults.answer_weak_reads_late();
    // The first try tells: what is late stays late, and giving access again is refused by conditions.
    let (world, record) = (&clinic.world, &clinic.record);
    let tab = record.signer.opens(&record.member).await;
    let desk = world.staff.opens_as_staff(&record.member).await;
    desk.post(&format!("/grants/{}/revoke", record.signer.id), &json!({"reason": "safeguarding"})).await.is(204);
    let mut leaked = 0;
    for _ in 0..READS {
        leaked += usize::from(tab.get("").await.status == 200);
    }
    println!("{leaked} of {READS} reads leaked");
    assert!(leaked > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_conditions_two_accept_one_invitation() {
    let clinic = Clinic::open().await;
    clinic.faults.sabotage(Sabotage::NoConditions);
    let wrong = two_accept(&clinic).await.expect_err("the second one was stopped by something else");
    println!("{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_transactions_half_a_change_is_found() {
    let clinic = Clinic::open().await;
    clinic.faults.sabotage(Sabotage::NoTransactions);
    let flow = table().into_iter().find(|flow| flow.route == "POST /invitations").expect("the flow");
    let tally = all_bad_days(&clinic, &flow).await;
    println!("{} of {} wrong", tally.wrong.len(), tally.wrong.len() + tally.met.values().sum::<usize>());
    assert!(tally.wrong.iter().any(|wrong| wrong.contains("KilledAfter") && wrong.contains("this was changed")));
    assert!(tally.wrong.iter().any(|wrong| wrong.contains("I1")), "the invariants see nothing");
}
