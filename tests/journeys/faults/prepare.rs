//! Requests that succeed, made anew for each combination.

use super::clinic::Clinic;
use journeys::{Asking, Browser, PASSWORD, Person, World, terms};
use serde_json::json;

/// A request, and the same once more from a browser that knows what the first knew.
pub(super) struct Prepared {
    pub(super) first: Asking,
    pub(super) again: Asking,
}

impl Prepared {
    fn twice(asking: Asking) -> Self {
        Self { first: asking.clone(), again: asking }
    }
}

/// The route's example.
pub(super) async fn example(clinic: &Clinic, route: &str) -> Prepared {
    let (world, record) = (&clinic.world, &clinic.record);
    // Nobody's clock moves, so tokens live as long as the clinic.
    let example = world.example(route, record).await;
    let token = clinic.token_of(example.bearer).await;
    let mut asking = world.browser_of(example.bearer, route).ask(&example.method, &example.path());
    if let Some(token) = &token {
        asking = asking.bearer(token);
    }
    if let Some(body) = &example.body {
        asking = asking.json(body);
    }
    Prepared::twice(asking)
}

/// A browser with the same cookies.
fn copy(world: &World, browser: &Browser) -> Browser {
    let copy = world.browser();
    for name in ["__Host-device", "__Host-refresh"] {
        copy.set_cookie(name, browser.cookie(name).as_deref());
    }
    copy
}

/// Renewing a session; the repetition presents the same cookie.
pub(super) async fn refresh(clinic: &Clinic) -> Prepared {
    let person = clinic.signer_elsewhere().await;
    let ask = || copy(&clinic.world, &person.browser).ask("POST", "/login/refresh").json(&json!({}));
    Prepared { first: ask(), again: ask() }
}

/// The list of somebody who is not staff.
pub(super) async fn own_list(clinic: &Clinic) -> Prepared {
    Prepared::twice(clinic.record.signer.ask("GET", "/members"))
}

/// Opening a record as somebody who is not staff.
pub(super) async fn own_switch(clinic: &Clinic) -> Prepared {
    let path = format!("/members/{}/switch", clinic.record.member);
    Prepared::twice(clinic.record.signer.ask("POST", &path).json(&json!({})))
}

/// Accepting with the login on the screen.
pub(super) async fn accept_existing(clinic: &Clinic) -> Prepared {
    let (world, signer) = (&clinic.world, &clinic.record.signer);
    let member = world.registers("Another child", "2019-09-09").await;
    let invited = world.invites(&signer.email, &[(&member, terms("PRN", "parental-responsibility"))]).await;
    let code = world.proof_for(&invited).await;
    Prepared::twice(signer.ask("POST", "/invitations/accept").json(&json!({"token": invited.token, "code": code})))
}

/// Changes of somebody's access, who has it.
pub(super) async fn lower(clinic: &Clinic, how: &str) -> Prepared {
    let desk = access(clinic, true).await;
    let body =
        if how == "narrow" { json!({"scopes": ["profile"], "reason": "review"}) } else { json!({"reason": "review"}) };
    let path = format!("/grants/{}/{how}", clinic.record.others[3]);
    Prepared::twice(desk.ask("POST", &path).json(&body))
}

/// Giving access back to somebody who lost it.
pub(super) async fn give(clinic: &Clinic) -> Prepared {
    access(clinic, true).await;
    let desk = access(clinic, false).await;
    let body = json!({"login": clinic.record.others[3], "terms": terms("AUNT", "court-order"), "reason": "request"});
    Prepared::twice(desk.ask("POST", "/grants").json(&body))
}

/// Sees to it that the fourth of the others has full access, or none.
async fn access(clinic: &Clinic, wanted: bool) -> journeys::Tab {
    let desk = clinic.world.staff.opens_as_staff(&clinic.record.member).await;
    let other = &clinic.record.others[3];
    // Whether there was anything to take back does not matter.
    desk.post(&format!("/grants/{other}/revoke"), &json!({"reason": "review"})).await;
    if wanted {
        desk.post("/grants", &json!({"login": other, "terms": terms("AUNT", "court-order"), "reason": "request"}))
            .await
            .is(201);
    }
    desk
}

/// A packet that asks both parents: declining or taking it back tells the other one.
pub(super) async fn asked_of_two(clinic: &Clinic, how: &str) -> Prepared {
    let (world, record) = (&clinic.world, &clinic.record);
    let mut father = Person::new(world.browser(), "father@family.example", PASSWORD);
    father.id.clone_from(&clinic.father);
    let people = [(&record.signer, record.capacity), (&father, record.capacity)];
    let packet = world.asks(&record.member, &record.document, &people).await;
    let tab = record.signer.opens(&record.member).await;
    let seen = tab.reads(&packet).await;
    let slot = seen["mine"]["slot"].as_str().expect("an own slot");
    match how {
        "void" => {
            let desk = world.staff.opens_as_staff(&record.member).await;
            Prepared::twice(desk.ask("POST", &format!("/packets/{packet}/void")).json(&json!({})))
        }
        "decline" => {
            let path = format!("/packets/{packet}/slots/{slot}/decline");
            Prepared::twice(tab.ask("POST", &path).json(&json!({"reason": "not today"})))
        }
        _ => {
            let body = journeys::signing(&seen, &json!({"kind": "typed", "name": "Signer"}));
            Prepared::twice(tab.ask("POST", &format!("/packets/{packet}/slots/{slot}/sign")).json(&body))
        }
    }
}

/// A record that the person may not see: the no goes on record.
pub(super) async fn denied(clinic: &Clinic) -> Prepared {
    let member = clinic.world.registers("Not theirs", "2019-09-09").await;
    Prepared::twice(clinic.record.signer.ask("POST", &format!("/members/{member}/switch")).json(&json!({})))
}
