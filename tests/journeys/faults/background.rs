//! What nobody waits for: mails, inspection, sealing. Whatever happens to a call, it is done in the end, and done once.

use super::clinic::Clinic;
use super::invariants::invariants;
use futures_util::future::BoxFuture;
use hearth_local::faults::{Call, Fault, Lasting, Place};
use jiff::SignedDuration;
use journeys::{pdf, terms};
use serde_json::json;
use std::collections::BTreeMap;

/// Longer than a sealer's lease: another one may take over.
const LEASE_OVER: SignedDuration = SignedDuration::from_secs(91);

/// A function that is set off by what stands in the table or in the bucket.
struct Quiet {
    /// Its name in the template.
    function: &'static str,
    /// Sets it off.
    trigger: for<'a> fn(&'a Clinic) -> BoxFuture<'a, ()>,
    /// Fewer combinations than these mean that something was not met.
    fewest: usize,
}

fn upload(clinic: &Clinic) -> BoxFuture<'_, ()> {
    Box::pin(async {
        let tab = clinic.record.signer.opens(&clinic.record.member).await;
        let file = pdf("Paper");
        let announced = tab.announces("Paper", &file).await.is(201);
        assert!(clinic.world.puts(&announced.json()["upload"], &file).await.is_success());
    })
}

fn invite(clinic: &Clinic) -> BoxFuture<'_, ()> {
    Box::pin(async {
        let member = clinic.world.registers("Child", "2016-01-01").await;
        let offer = json!({"member": member, "terms": terms("PRN", "parental-responsibility")});
        let body = json!({"email": format!("{member}@mail.example"), "language": "en", "offers": [offer]});
        clinic.world.staff.post("/invitations", &body).await.is(201);
    })
}

fn last_signature(clinic: &Clinic) -> BoxFuture<'_, ()> {
    Box::pin(async {
        let (world, record) = (&clinic.world, &clinic.record);
        let packet = world.asks(&record.member, &record.document, &[(&record.signer, record.capacity)]).await;
        let tab = record.signer.opens(&record.member).await;
        tab.tries_to_sign(&packet, &json!({"kind": "typed", "name": "Signer"})).await.is(200);
    })
}

impl Quiet {
    /// Every call of the function on a good day.
    async fn calls(&self, clinic: &Clinic) -> Vec<(Call, usize)> {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        let calls = clinic.faults.take_calls().into_iter().filter(|call| call.function == self.function);
        let numbered = calls.map(|call| {
            let nth = times.entry(call.operation.clone()).or_default();
            *nth += 1;
            (call, *nth)
        });
        numbered.collect()
    }

    async fn every_fault(&self) {
        let clinic = Clinic::open().await;
        clinic.world.settled().await;
        drop(clinic.faults.take_calls());
        let since = clinic.now().await;
        (self.trigger)(&clinic).await;
        let good = clinic.changed(since).await;
        let calls = self.calls(&clinic).await;
        let (mut count, mut wrong) = (0, Vec::new());
        for (call, nth) in &calls {
            for fault in Fault::of(call) {
                let lasting =
                    if fault.can_last() { &[Lasting::Once, Lasting::Throughout][..] } else { &[Lasting::Once] };
                for &lasting in lasting {
                    // The clock goes on from combination to combination here.
                    clinic.record.signer.clone().refreshes().await;
                    clinic.world.staff.clone().refreshes().await;
                    clinic.record.signer.proves_again(&clinic.world).await;
                    if self.function == "Mailer" {
                        // Staff prove with a mailed code, and codes are limited.
                        clinic.world.passes(SignedDuration::from_mins(4));
                        clinic.world.staff.proves_again(&clinic.world).await;
                    }
                    let since = clinic.now().await;
                    let place = Place {
                        function: Some(self.function.to_owned()),
                        service: Some(call.service),
                        operation: call.operation.clone(),
                        nth: *nth,
                        ..Place::default()
                    };
                    let rule = clinic.faults.inject(place, fault, lasting);
                    (self.trigger)(&clinic).await;
                    tokio::select! {
                        () = rule.strike() => {}
                        () = clinic.world.settled() => {}
                    }
                    clinic.world.passes(LEASE_OVER);
                    let changed = clinic.changed(since).await;
                    clinic.faults.heal();
                    let what = format!("{}: {fault:?} {lasting:?} at {} {nth}", self.function, call.operation);
                    if rule.met() == 0 {
                        wrong.push(format!("{what}: the fault was never met"));
                    } else if changed != good {
                        wrong.push(format!("{what}: {changed:#?}"));
                    }
                    count += 1;
                }
            }
        }
        wrong.extend(invariants(&clinic.world));
        wrong.extend(clinic.world.stack.dead_letters().into_iter().map(|letter| format!("given up: {letter:?}")));
        wrong.extend(clinic.faults.overruns());
        println!("{count} combinations of call and fault in {}", self.function);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(count >= self.fewest, "only {count} combinations in {}", self.function);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mail_goes_out_whatever_happens_to_a_call() {
    Quiet { function: "Mailer", trigger: invite, fewest: 50 }.every_fault().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_upload_is_inspected_whatever_happens_to_a_call() {
    Quiet { function: "Intake", trigger: upload, fewest: 80 }.every_fault().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_packet_is_sealed_whatever_happens_to_a_call() {
    Quiet { function: "Seal", trigger: last_signature, fewest: 100 }.every_fault().await;
}
