//! Proving who one is: on a known device, with a code of each kind, and wrongly.

use super::super::clinic::Clinic;
use journeys::{Asking, Bearer, PASSWORD, Person};
use serde_json::{Value, json};

/// The same code with another end.
pub(super) fn wrong(code: &str) -> String {
    let last = if code.ends_with('0') { '1' } else { '0' };
    code.chars().take(code.len() - 1).chain([last]).collect()
}

/// Somebody new, signed in on a device that is known.
async fn parent(clinic: &Clinic) -> Person {
    let world = &clinic.world;
    let member = world.registers("Another child", "2019-09-09").await;
    let terms = journeys::terms("PRN", "parental-responsibility");
    let invited = world.invites(&format!("{member}@family.example"), &[(&member, terms)]).await;
    world.joins(&invited, "Parent").await
}

/// Signing in on a known device, or with a wrong password.
pub(crate) async fn sign_in(clinic: &Clinic, password: &str) -> Asking {
    let person = parent(clinic).await;
    let browser = if password == PASSWORD { person.browser.clone() } else { clinic.world.browser() };
    browser.ask("POST", "/login").json(&json!({"email": person.email, "password": password}))
}

/// Proving once more with the password alone, which is enough for who is not staff.
pub(crate) async fn step_up(clinic: &Clinic, password: &str) -> Asking {
    parent(clinic).await.ask("POST", "/login/step-up").json(&json!({"password": password}))
}

/// Proving once more with the mailed code, as staff do.
pub(crate) async fn step_up_code(clinic: &Clinic) -> Asking {
    let (world, staff) = (&clinic.world, &clinic.world.staff);
    let challenge = staff.tries_to_prove().await.is(200).at("/challenge");
    let body = json!({"challenge": challenge, "code": world.code_for(&staff.email).await});
    staff.ask("POST", "/login/code").json(&body)
}

/// A sign-in on a new device, with the mailed code or a code from paper.
async fn started(clinic: &Clinic, person: &Person) -> (Asking, Value) {
    let elsewhere = Person::new(clinic.world.browser(), &person.email, PASSWORD);
    let challenge = elsewhere.tries_to_sign_in().await.is(200).at("/challenge");
    (elsewhere.browser.ask("POST", "/login/code"), json!({"challenge": challenge}))
}

pub(crate) async fn wrong_code(clinic: &Clinic) -> Asking {
    let person = parent(clinic).await;
    let (asking, mut body) = started(clinic, &person).await;
    body["code"] = json!(wrong(&clinic.world.code_for(&person.email).await));
    asking.json(&body)
}

/// One of ten codes for paper.
async fn paper(person: &Person) -> String {
    let codes = person.post("/login/recovery-codes", &json!({})).await.is(200).list("codes");
    codes[2].as_str().expect("a code").to_owned()
}

pub(crate) async fn recovery_code(clinic: &Clinic) -> Asking {
    let person = parent(clinic).await;
    let code = paper(&person).await;
    let (asking, mut body) = started(clinic, &person).await;
    body["recovery_code"] = json!(code);
    asking.json(&body)
}

/// Beginning a recovery with a code from paper.
pub(crate) async fn recover(clinic: &Clinic) -> Asking {
    let person = parent(clinic).await;
    let body = json!({"email": person.email, "code": paper(&person).await});
    clinic.world.browser().ask("POST", "/login/recover").json(&body)
}

/// Mistyping the code that the desk printed.
pub(crate) async fn mistyped(clinic: &Clinic) -> Asking {
    let (world, person) = (&clinic.world, parent(clinic).await);
    let body = json!({"reason": "passport shown at the desk"});
    let printed = world.staff.post(&format!("/logins/{}/recovery", person.id), &body).await.is(201).at("/code");
    let body = json!({"email": person.email, "code": wrong(&printed)});
    world.browser().ask("POST", "/login/recover").json(&body)
}

/// A new password, with a code from paper: every session ends.
pub(crate) async fn new_password(clinic: &Clinic) -> Asking {
    let (world, person) = (&clinic.world, parent(clinic).await);
    let body = json!({"email": person.email, "code": paper(&person).await});
    let challenge = world.browser().post("/login/recover", &body).await.is(200).at("/challenge");
    let code = world.code_for(&person.email).await;
    let body = json!({"challenge": challenge, "code": code, "password": "nine blue flowers in may"});
    world.browser().ask("POST", "/login/recover/confirm").json(&body)
}

/// Proving once more with a passkey.
pub(crate) async fn passkey_again(clinic: &Clinic) -> Asking {
    let body = clinic.world.example("POST /login/passkey", &clinic.record).await.body.expect("a signature");
    clinic.world.staff.ask("POST", "/login/passkey").json(&body)
}

/// A wrong code for a new address.
pub(crate) async fn wrong_address_code(clinic: &Clinic) -> Asking {
    let person = parent(clinic).await;
    let code = person.asks_for_address(&clinic.world, &format!("more-{}", person.email)).await;
    person.ask("POST", "/login/mailboxes/confirm").json(&json!({"code": wrong(&code)}))
}

/// Twins, of whom the first has the code for the other one's address.
pub(crate) async fn merge_wrongly(clinic: &Clinic) -> Asking {
    let (world, record) = (&clinic.world, &clinic.record);
    let mut body = world.example("POST /login/merge", record).await.body.expect("a body");
    body["password"] = json!("the password of somebody else");
    let token = clinic.token_of(Bearer::Spare).await.expect("a token");
    world.browser().ask("POST", "/login/merge").bearer(&token).json(&body)
}

/// The twins of an address that was proved just now.
pub(crate) async fn aliases(clinic: &Clinic) -> Asking {
    let (first, second) = clinic.world.twins("PRN").await;
    let code = first.asks_for_address(&clinic.world, &second.email).await;
    first.post("/login/mailboxes/confirm", &json!({"code": code})).await.is(200);
    first.ask("GET", "/login/aliases")
}

/// Ending all sessions but this one, where there are three.
pub(crate) async fn end_others(clinic: &Clinic) -> Asking {
    let person = parent(clinic).await;
    for _ in 0..2 {
        person.anew_on_device(&clinic.world).signs_in().await;
    }
    person.ask("POST", "/login/sessions/end-others").json(&json!({}))
}
