//! Requests, each on a scene on which it succeeds, or is refused.

pub(super) mod agencies;
pub(super) mod forms;
pub(super) mod proofs;

use super::clinic::Clinic;
use journeys::{Asking, PASSWORD, Person, terms};
use serde_json::{Value, json};

/// The route's example.
pub(super) async fn example(clinic: &Clinic, route: &str) -> Asking {
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
    asking
}

/// Renewing a session, with the cookie that is there now.
pub(super) async fn refresh(clinic: &Clinic) -> Asking {
    let person = clinic.signer_elsewhere().await;
    person.browser.ask("POST", "/login/refresh").json(&json!({}))
}

/// The list of somebody who is not staff.
pub(super) async fn own_list(clinic: &Clinic) -> Asking {
    clinic.record.signer.ask("GET", "/members")
}

/// Opening a record as somebody who is not staff.
pub(super) async fn own_switch(clinic: &Clinic) -> Asking {
    let path = format!("/members/{}/switch", clinic.record.member);
    clinic.record.signer.ask("POST", &path).json(&json!({}))
}

/// Accepting with the login on the screen.
pub(super) async fn accept_existing(clinic: &Clinic) -> Asking {
    let (world, signer) = (&clinic.world, &clinic.record.signer);
    let member = world.registers("Another child", "2019-09-09").await;
    let invited = world.invites(&signer.email, &[(&member, terms("PRN", "parental-responsibility"))]).await;
    let code = world.proof_for(&invited).await;
    signer.ask("POST", "/invitations/accept").json(&json!({"token": invited.token, "code": code}))
}

/// Changes of somebody's access, who has it.
pub(super) async fn lower(clinic: &Clinic, how: &str) -> Asking {
    let desk = access(clinic, true).await;
    let body =
        if how == "narrow" { json!({"scopes": ["profile"], "reason": "review"}) } else { json!({"reason": "review"}) };
    let path = format!("/grants/{}/{how}", clinic.record.others[3]);
    desk.ask("POST", &path).json(&body)
}

/// Giving access back to somebody who lost it.
pub(super) async fn give(clinic: &Clinic) -> Asking {
    access(clinic, true).await;
    let desk = access(clinic, false).await;
    let body = json!({"login": clinic.record.others[3], "terms": terms("AUNT", "court-order"), "reason": "request"});
    desk.ask("POST", "/grants").json(&body)
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

/// The other parent, who can be asked to sign as well.
fn other_parent(clinic: &Clinic) -> Person {
    let mut father = Person::new(clinic.world.browser(), "father@family.example", PASSWORD);
    father.id.clone_from(&clinic.father);
    father
}

/// A packet that asks both parents: declining or taking it back tells the other one.
pub(super) async fn asked_of_two(clinic: &Clinic, how: &str) -> Asking {
    let (world, record) = (&clinic.world, &clinic.record);
    let father = other_parent(clinic);
    let people = [(&record.signer, record.capacity), (&father, record.capacity)];
    let packet = world.asks(&record.member, &record.document, &people).await;
    let tab = record.signer.opens(&record.member).await;
    let seen = tab.reads(&packet).await;
    let slot = seen["mine"]["slot"].as_str().expect("an own slot");
    match how {
        "settle" => {
            let desk = world.staff.opens_as_staff(&record.member).await;
            let body = json!({"how": "on-paper", "scan": record.document});
            desk.ask("POST", &format!("/packets/{packet}/slots/{slot}/settle")).json(&body)
        }
        "void" => {
            let desk = world.staff.opens_as_staff(&record.member).await;
            desk.ask("POST", &format!("/packets/{packet}/void")).json(&json!({}))
        }
        "decline" => {
            let path = format!("/packets/{packet}/slots/{slot}/decline");
            tab.ask("POST", &path).json(&json!({"reason": "not today"}))
        }
        _ => {
            let body = journeys::signing(&seen, &json!({"kind": "typed", "name": "Signer"}));
            tab.ask("POST", &format!("/packets/{packet}/slots/{slot}/sign")).json(&body)
        }
    }
}

/// A record that the person may not see: the no goes on record.
pub(super) async fn denied(clinic: &Clinic) -> Asking {
    let member = clinic.world.registers("Not theirs", "2019-09-09").await;
    clinic.record.signer.ask("POST", &format!("/members/{member}/switch")).json(&json!({}))
}

/// A guess at the code of an invitation that is wrong.
pub(super) async fn accept_wrongly(clinic: &Clinic) -> Asking {
    let world = &clinic.world;
    let member = world.registers("Another child", "2019-09-09").await;
    let email = format!("{member}@family.example");
    let invited = world.invites(&email, &[(&member, terms("PRN", "parental-responsibility"))]).await;
    let code = proofs::wrong(&world.proof_for(&invited).await);
    let new_login = json!({"name": "Newcomer", "password": PASSWORD, "language": "en"});
    let body = json!({"token": invited.token, "code": code, "new_login": new_login});
    world.browser().ask("POST", "/invitations/accept").json(&body)
}

/// Keeping somebody out who has an address, a login, and one more invitation.
pub(super) async fn block_by_address(clinic: &Clinic) -> Asking {
    let (world, record) = (&clinic.world, &clinic.record);
    let terms = terms("FTH", "parental-responsibility");
    world.invites("father@family.example", &[(&record.member, terms)]).await;
    let desk = world.staff.opens_as_staff(&record.member).await;
    desk.ask("POST", "/blocks").json(&json!({"email": "father@family.example", "reason": "safeguarding"}))
}

/// The first or the second of the two who lift a block with a paper.
pub(super) async fn lift(clinic: &Clinic, which: &str) -> Asking {
    let (world, record) = (&clinic.world, &clinic.record);
    let desk = world.staff.opens_as_staff(&record.member).await;
    let body = json!({"email": "father@family.example", "reason": "order", "evidence": record.document});
    let path = format!("/blocks/{}/lift", desk.post("/blocks", &body).await.is(201).at("/id"));
    let paper: Value = json!({"reason": "order", "evidence": record.document});
    if which == "first" {
        return desk.ask("POST", &path).json(&paper);
    }
    desk.post(&path, &paper).await.is(200);
    let colleague = world.colleague().await;
    colleague.opens_as_staff(&record.member).await.ask("POST", &path).json(&paper)
}
