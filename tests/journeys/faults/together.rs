//! Two at once, in every order of their calls: one wins, or both do what they may, and the record tells in which order.

use super::clinic::Clinic;
use super::invariants::invariants;
use super::prepare;
use super::schedules::{Grain, explore};
use journeys::{Asking, Invited, PASSWORD, Reply, Tab, pdf, sha256, signing, terms};
use serde_json::json;

type Outcome = Result<usize, Vec<String>>;

/// Fewer orders than these mean that the requests did not meet. Two requests of two reads and a write each have eight: the write
/// of the winner comes before, between (either way) or after the reads of the other.
#[track_caller]
fn at_least(least: usize, name: &str, outcome: Outcome) {
    let orders = outcome.unwrap_or_else(|wrong| panic!("{name}: {}", wrong.join("\n")));
    println!("{orders} orders of {name}");
    assert!(orders >= least, "only {orders} orders of {name}");
}

/// What is wrong with these statuses and with the clinic.
fn judge(clinic: &Clinic, replies: &[Reply], allowed: &[[u16; 2]]) -> Vec<String> {
    let mut wrong = invariants(&clinic.world);
    let [one, two] = replies else { return vec!["not two answers".to_owned()] };
    if !allowed.contains(&[one.status, two.status]) {
        wrong.push(format!("{} {} and {} {}", one.status, one.text, two.status, two.text));
    }
    wrong
}

/// An invitation to a child of its own, and the code for it.
async fn invited(clinic: &Clinic) -> (Invited, String, String) {
    let member = clinic.world.registers("Child", "2016-01-01").await;
    let email = format!("{member}@family.example");
    let invited = clinic.world.invites(&email, &[(&member, terms("PRN", "parental-responsibility"))]).await;
    let code = clinic.world.proof_for(&invited).await;
    (invited, code, member)
}

fn accepting(clinic: &Clinic, invited: &Invited, code: &str, name: &str) -> Asking {
    let new_login = json!({"name": name, "password": PASSWORD, "language": "en"});
    let body = json!({"token": invited.token, "code": code, "new_login": new_login});
    clinic.world.browser().ask("POST", "/invitations/accept").json(&body)
}

/// Every order of two people who accept one invitation.
pub(super) async fn two_accept(clinic: &Clinic) -> Outcome {
    let prepare = async || {
        let (invited, code, _) = invited(clinic).await;
        (["One", "Other"].map(|name| accepting(clinic, &invited, &code, name)).to_vec(), ())
    };
    explore(clinic, Grain::Step, prepare, async |(), replies| judge(clinic, replies, &[[200, 410], [410, 200]])).await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_accept_one_invitation() {
    let clinic = Clinic::open().await;
    at_least(6, "accept ‖ accept", two_accept(&clinic).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_accepted_or_taken_back() {
    let clinic = Clinic::open().await;
    let prepare = async || {
        let (invited, code, _) = invited(&clinic).await;
        let path = format!("/invitations/{}/revoke", invited.id);
        let revoke = clinic.world.staff.ask("POST", &path).json(&json!({}));
        (vec![accepting(&clinic, &invited, &code, "Parent"), revoke], ())
    };
    let check = async |(), replies: &[Reply]| judge(&clinic, replies, &[[200, 409], [200, 410], [410, 204]]);
    at_least(6, "accept ‖ take back", explore(&clinic, Grain::Step, prepare, check).await);
}

/// The signer's record open, and staff's.
async fn tabs(clinic: &Clinic) -> (Tab, Tab) {
    let (world, record) = (&clinic.world, &clinic.record);
    // Access may have been taken in the order before.
    let desk = world.staff.opens_as_staff(&record.member).await;
    let body =
        json!({"login": record.signer.id, "terms": terms("MTH", "parental-responsibility"), "reason": "request"});
    desk.post("/grants", &body).await;
    (record.signer.opens(&record.member).await, desk)
}

fn revoking(clinic: &Clinic, desk: &Tab) -> Asking {
    let path = format!("/grants/{}/revoke", clinic.record.signer.id);
    desk.ask("POST", &path).json(&json!({"reason": "safeguarding"}))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_and_the_end_of_access() {
    let clinic = Clinic::open().await;
    let (world, record) = (&clinic.world, &clinic.record);
    let prepare = async || {
        let (tab, desk) = tabs(&clinic).await;
        let packet = world.asks(&record.member, &record.document, &[(&record.signer, record.capacity)]).await;
        let seen = tab.reads(&packet).await;
        let path = format!("/packets/{packet}/slots/{}/sign", seen["mine"]["slot"].as_str().expect("a slot"));
        let sign = tab.ask("POST", &path).json(&signing(&seen, &json!({"kind": "typed", "name": "P"})));
        (vec![sign.clone(), revoking(&clinic, &desk)], sign)
    };
    let check = async |sign: Asking, replies: &[Reply]| {
        let mut wrong = judge(&clinic, replies, &[[200, 204], [404, 204]]);
        // I12: nobody signs after the revocation was answered.
        let later = sign.send().await.status;
        if later != 404 {
            wrong.push(format!("I12: signed {later} after access was taken"));
        }
        wrong
    };
    at_least(8, "sign ‖ take access", explore(&clinic, Grain::Call, prepare, check).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_and_the_end_of_the_packet() {
    let clinic = Clinic::open().await;
    let (world, record) = (&clinic.world, &clinic.record);
    let (tab, desk) = tabs(&clinic).await;
    let prepare = async || {
        let packet = world.asks(&record.member, &record.document, &[(&record.signer, record.capacity)]).await;
        let seen = tab.reads(&packet).await;
        let path = format!("/packets/{packet}/slots/{}/sign", seen["mine"]["slot"].as_str().expect("a slot"));
        let sign = tab.ask("POST", &path).json(&signing(&seen, &json!({"kind": "typed", "name": "P"})));
        (vec![sign, desk.ask("POST", &format!("/packets/{packet}/void")).json(&json!({}))], ())
    };
    let check = async |(), replies: &[Reply]| judge(&clinic, replies, &[[200, 409], [409, 204]]);
    at_least(18, "sign ‖ void", explore(&clinic, Grain::Call, prepare, check).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_renew_one_session() {
    let clinic = Clinic::open().await;
    let prepare = async || {
        let tab = prepare::refresh(&clinic).await;
        (vec![tab.elsewhere(), tab.elsewhere()], ())
    };
    // Whoever is first exchanges the cookie; the other one is given the same successor.
    let check = async |(), replies: &[Reply]| judge(&clinic, replies, &[[200, 200]]);
    at_least(6, "refresh ‖ refresh", explore(&clinic, Grain::Step, prepare, check).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_and_the_end_of_access() {
    let clinic = Clinic::open().await;
    let file = pdf("Late");
    let body = json!({"title": "Late", "bytes": file.len(), "sha256": sha256(&file)});
    let prepare = async || {
        let (tab, desk) = tabs(&clinic).await;
        let upload = tab.ask("POST", "/documents").json(&body);
        (vec![upload.clone(), revoking(&clinic, &desk)], upload)
    };
    let check = async |upload: Asking, replies: &[Reply]| {
        let mut wrong = judge(&clinic, replies, &[[201, 204], [404, 204]]);
        let later = upload.send().await.status;
        if later != 404 {
            wrong.push(format!("I12: an upload began ({later}) after access was taken"));
        }
        wrong
    };
    at_least(8, "upload ‖ take access", explore(&clinic, Grain::Call, prepare, check).await);
}
