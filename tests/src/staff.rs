//! What staff do in most journeys.

use crate::world::{DESK, PASSWORD};
use crate::{Person, Reply, Tab, World};
use serde_json::{Value, json};

/// An invitation on its way.
#[derive(Debug, Clone)]
pub struct Invited {
    /// The invitation.
    pub id: String,
    /// What stands after `#` in the mailed link.
    pub token: String,
    /// The invited address.
    pub email: String,
}

impl World {
    /// Staff register a client.
    pub async fn registers(&self, name: &str, birth_date: &str) -> String {
        let body = json!({"name": name, "birth_date": birth_date});
        self.staff.post("/members", &body).await.is(201).at("/id")
    }

    /// Staff invite an address to members.
    pub async fn invites(&self, email: &str, offers: &[(&str, Value)]) -> Invited {
        let offers: Vec<Value> =
            offers.iter().map(|(member, terms)| json!({"member": member, "terms": terms})).collect();
        let body = json!({"email": email, "language": "en", "offers": offers});
        let id = self.staff.post_proving(self, "/invitations", &body).await.is(201).at("/id");
        Invited { id, token: self.link_for(email).await, email: email.to_owned() }
    }

    /// An invitation whose link staff hand over on paper, as to a teenager.
    pub async fn invites_at_the_desk(&self, member: &str, email: &str, terms: &Value) -> Invited {
        let offers = json!([{"member": member, "terms": terms}]);
        let body = json!({"email": email, "language": "en", "offers": offers, "handing": "desk"});
        let sent = self.staff.post("/invitations", &body).await.is(201);
        let token = sent.at("/link").strip_prefix("/invitation#").expect("a page to print").to_owned();
        Invited { id: sent.at("/id"), token, email: email.to_owned() }
    }

    /// The code that proves the invited mailbox.
    pub async fn proof_for(&self, invited: &Invited) -> String {
        self.browser().post("/invitations/confirm", &json!({"token": invited.token})).await.is(204);
        self.code_for(&invited.email).await
    }

    /// Somebody without a login accepts, and signs in with the new password.
    pub async fn joins(&self, invited: &Invited, name: &str) -> Person {
        self.joins_with(invited, name, PASSWORD).await
    }

    /// Somebody without a login accepts, and does not sign in.
    pub async fn accepts(&self, invited: &Invited, name: &str) -> Reply {
        let code = self.proof_for(invited).await;
        let new_login = json!({"name": name, "password": PASSWORD, "language": "en"});
        let body = json!({"token": invited.token, "code": code, "new_login": new_login});
        self.browser().post("/invitations/accept", &body).await.is(200)
    }

    /// As [`World::joins`], with a password of one's own.
    pub async fn joins_with(&self, invited: &Invited, name: &str, password: &str) -> Person {
        let code = self.proof_for(invited).await;
        let person = Person::new(self.browser(), &invited.email, password);
        let new_login = json!({"name": name, "password": password, "language": "en"});
        let body = json!({"token": invited.token, "code": code, "new_login": new_login});
        let accepted = person.browser.post("/invitations/accept", &body).await.is(200);
        let person = person.signs_in().await;
        assert_eq!(person.id, accepted.at("/login"));
        person
    }

    /// Staff open a record and give a login access to it.
    pub async fn gives(&self, member: &str, person: &Person, terms: &Value) -> Tab {
        let tab = self.staff.opens_as_staff(member).await;
        let body = json!({"login": person.id, "terms": terms, "reason": "request"});
        let mut given = tab.post("/grants", &body).await;
        if given.status == 401 && given.problem() == "prove-again" {
            self.staff.proves_again(self).await;
            given = tab.post("/grants", &body).await;
        }
        given.is(201);
        tab
    }

    /// The staff member shows once more who it is: what wants a fresh proof can be done for five minutes.
    pub async fn staff_prove_again(&mut self) {
        self.staff = Person::new(self.browser(), DESK, PASSWORD).signs_in_with_code(self).await;
    }

    /// Another staff member.
    pub async fn colleague(&self) -> Person {
        let email = "colleague@clinic.example";
        let made = hearth_local::demo::first_staff(&self.stack, &self.clock, "Second desk", email, PASSWORD).await;
        made.expect("another staff login");
        Person::new(self.browser(), email, PASSWORD).signs_in_with_code(self).await
    }

    /// Staff ask whether somebody may do something at a moment: `Ok`, or the code of the no.
    pub async fn asks_why(&self, member: &str, login: &str, action: &str, at: Option<&str>) -> Result<(), String> {
        let tab = self.staff.opens_as_staff(member).await;
        let body = json!({"action": action, "at": at});
        let verdict = tab.post(&format!("/people/{login}/why"), &body).await.is(200);
        if verdict.json()["allowed"] == true { Ok(()) } else { Err(verdict.at("/why_not/code")) }
    }

    /// Staff change somebody's access: `how` is `narrow`, `end` or `revoke`.
    pub async fn stops(&self, member: &str, person: &Person, how: &str) {
        let tab = self.staff.opens_as_staff(member).await;
        let path = format!("/grants/{}/{how}", person.id);
        tab.post(&path, &json!({"reason": "safeguarding"})).await.is(204);
    }

    /// Staff ask people to sign one document together; returns the packet.
    pub async fn asks(&self, member: &str, document: &str, people: &[(&Person, &str)]) -> String {
        let slots: Vec<Value> =
            people.iter().map(|(person, capacity)| json!({"login": person.id, "capacity": capacity})).collect();
        self.asks_for(member, document, json!({"mode": "together", "slots": slots})).await
    }

    /// Staff ask for signatures as `how` says; returns the packet.
    pub async fn asks_for(&self, member: &str, document: &str, mut how: Value) -> String {
        how["document"] = json!(document);
        how["title"] = json!("Consent to treatment");
        let tab = self.staff.opens_as_staff(member).await;
        tab.post("/packets", &how).await.is(201).at("/id")
    }
}
