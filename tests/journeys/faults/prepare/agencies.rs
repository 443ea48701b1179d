//! Children who pass from one worker to another.

use super::super::clinic::Clinic;
use hearth_local::faults::{Fault, Lasting, Place};
use journeys::{Asking, handing};
use serde_json::json;

/// Going on with a hand-over whose function died after it had begun.
pub(crate) async fn half_done(clinic: &Clinic) -> Asking {
    let (world, key) = (&clinic.world, clinic.key());
    let office = world.office(3).await;
    let path = format!("/agencies/{}/hand-overs", office.agency);
    let begin = world.staff.ask("POST", &path).json(&handing(&office.from, &office.to, &json!("all")));
    let place =
        Place { lane: Some(key.clone()), operation: "TransactWriteItems".to_owned(), nth: 1, ..Place::default() };
    let rule = clinic.faults.inject(place, Fault::KilledAfter, Lasting::Once);
    assert!(begin.key(&key).send().await.status >= 500);
    clinic.faults.heal();
    assert_eq!(rule.met(), 1);
    let shown = world.staff.get(&format!("/agencies/{}", office.agency)).await.is(200).list("unfinished");
    let act = shown[0].get("id").unwrap_or(&shown[0]).as_str().expect("an identifier").to_owned();
    world.staff.ask("POST", &format!("{path}/{act}/continue")).json(&json!({}))
}
