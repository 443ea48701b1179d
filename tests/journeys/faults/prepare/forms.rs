//! Forms that somebody fills in.

use super::super::clinic::Clinic;
use super::other_parent;
use journeys::{Asking, Tab, form, signing};
use serde_json::json;

/// A form that waits for the signer: the tab, the packet and the path of the slot.
async fn asked(clinic: &Clinic) -> (Tab, String, String) {
    let (world, record) = (&clinic.world, &clinic.record);
    let tab = record.signer.opens(&record.member).await;
    let document = tab.uploads(world, "Form", &form()).await;
    // The other parent signs later: a sealed file would outlive the table, which is put back, and keep its name taken.
    let people = [(&record.signer, record.capacity), (&other_parent(clinic), record.capacity)];
    let packet = world.asks(&record.member, &document, &people).await;
    let seen = tab.packet(&packet).await;
    let path = format!("/packets/{packet}/slots/{}", seen["mine"]["slot"].as_str().expect("an own slot"));
    let first = json!({"answers": {"child": "Robin"}, "version": 0});
    tab.post(&format!("{path}/answers"), &first).await.is(200);
    (tab, packet, path)
}

/// Other answers in the place of those that are there.
pub(crate) async fn save_again(clinic: &Clinic) -> Asking {
    let (tab, _, path) = asked(clinic).await;
    tab.ask("POST", &format!("{path}/answers")).json(&json!({"answers": {"child": "Kim"}, "version": 1}))
}

/// The signature of what was filled in.
pub(crate) async fn sign(clinic: &Clinic) -> Asking {
    let (tab, packet, path) = asked(clinic).await;
    let seen = tab.reads(&packet).await;
    let mut body = signing(&seen, &json!({"kind": "typed", "name": "Signer"}));
    body["answers_sha256"] = tab.get(&format!("{path}/answers")).await.is(200).json()["sha256"].clone();
    tab.ask("POST", &format!("{path}/sign")).json(&body)
}
