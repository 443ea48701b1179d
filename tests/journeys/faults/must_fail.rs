//! The tests must be able to fail: a precaution is taken away on the wire, and what held before no longer does.

use super::clinic::Clinic;
use super::combinations::{Part, all_bad_days};
use super::flows::table;
use super::together::two_accept;
use hearth_local::faults::Sabotage;
use journeys::terms;
use serde_json::json;

/// Revocations, each followed by reads.
const REVOCATIONS: usize = 20;
/// Reads after each.
const READS: usize = 50;

/// Takes access away and reads at once, while weak reads do not know of it yet; how many reads still got something.
async fn reads_after_the_end(clinic: &Clinic, sabotage: Option<Sabotage>) -> usize {
    let (world, record) = (&clinic.world, &clinic.record);
    let desk = world.staff.opens_as_staff(&record.member).await;
    let mut leaked = 0;
    for _ in 0..REVOCATIONS {
        let tab = record.signer.opens(&record.member).await;
        clinic.faults.answer_weak_reads_late();
        desk.post(&format!("/grants/{}/revoke", record.signer.id), &json!({"reason": "safeguarding"})).await.is(204);
        sabotage.into_iter().for_each(|sabotage| clinic.faults.sabotage(sabotage));
        for _ in 0..READS {
            leaked += usize::from(tab.get("").await.status != 404);
        }
        clinic.faults.mend();
        let body =
            json!({"login": record.signer.id, "terms": terms("MTH", "parental-responsibility"), "reason": "request"});
        desk.post("/grants", &body).await.is(201);
    }
    leaked
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reads_after_access_was_taken_but_with_weak_reads_everybody_would() {
    let clinic = Clinic::open().await;
    assert_eq!(reads_after_the_end(&clinic, None).await, 0, "of {}", REVOCATIONS * READS);
    let leaked = reads_after_the_end(&clinic, Some(Sabotage::WeakReads)).await;
    println!("{leaked} of {} reads leaked with weak reads, 0 with consistent ones", REVOCATIONS * READS);
    assert_eq!(leaked, REVOCATIONS * READS);
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
    let tally = all_bad_days(&clinic, &flow, Part::All).await;
    println!("{} of {} wrong", tally.wrong.len(), tally.wrong.len() + tally.met.values().sum::<usize>());
    assert!(!tally.met.is_empty(), "what fails before anything is written must still be well");
    assert!(tally.wrong.iter().any(|wrong| wrong.contains("KilledAfter") && wrong.contains("this was changed")));
    assert!(tally.wrong.iter().any(|wrong| wrong.contains("I1")), "the invariants see nothing");
}
