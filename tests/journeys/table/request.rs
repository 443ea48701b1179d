//! The request with which somebody asks for what a row says.

use hearth::domain::signature::{ATTESTATION_VERSION, CONSENT_VERSION};
use journeys::{Reply, World, terms};
use serde_json::{Value, json};

use super::Expected;
use super::facts::{Fixture, PAPER};
use super::row::Row;

/// A request of a row.
pub(crate) struct Request {
    method: &'static str,
    path: String,
    body: Option<Value>,
}

/// The request for what a row asks, when a route does it.
pub(crate) fn of(fixture: &Fixture) -> Option<Request> {
    let Fixture { member, other, document, packet, slot, .. } = fixture;
    let own = fixture.facts.login.id;
    let get = |path: String| Some(Request { method: "GET", path, body: None });
    let post = |path: String, body: Value| Some(Request { method: "POST", path, body: Some(body) });
    let record = format!("/members/{member}");
    match fixture.does.as_str() {
        "use-own-login" | "list-all-members" => get("/members".to_owned()),
        "register-member" => post("/members".to_owned(), json!({"name": "New client", "birth_date": "2017-02-03"})),
        "open-member" => post(format!("{record}/switch"), json!({})),
        "open-member-with-reason" => post(format!("{record}/switch"), json!({"reason": "review"})),
        "read-profile" => get(record),
        "read-people" => get(format!("{record}/grants")),
        "read-directory" => get(format!("{record}/directory")),
        "read-activity" => get(format!("{record}/activity")),
        "give-grant" => post(
            format!("{record}/grants"),
            json!({"login": other, "terms": terms("AUNT", "court-order"), "reason": "request"}),
        ),
        "lower-own-grant" => post(format!("{record}/grants/{own}/end"), json!({"reason": "request"})),
        "lower-parents-grant" | "lower-helpers-grant" | "lower-unknown-grant" => {
            post(format!("{record}/grants/{other}/end"), json!({"reason": "review"}))
        }
        "keep-helper" => post(format!("{record}/helpers"), json!({"login": other, "scopes": ["profile"]})),
        "invite" => {
            let offer = json!({"member": member, "terms": terms("UNCLE", "court-order")});
            let email = format!("{member}@invited.example");
            post("/invitations".to_owned(), json!({"email": email, "language": "en", "offers": [offer]}))
        }
        "ask-for-access" => {
            let wish =
                json!({"kind": "access", "name": "Robin", "email": "robin@family.example", "relationship": "AUNT"});
            post(format!("{record}/requests"), json!({"wish": wish}))
        }
        "read-requests" => get(format!("{record}/requests")),
        "upload-document" => {
            let body = json!({"title": "More", "bytes": 1_000, "sha256": PAPER});
            post(format!("{record}/documents"), body)
        }
        "upload-for-staff" => {
            let body = json!({"title": "Order", "bytes": 1_000, "sha256": PAPER, "audience": "staff"});
            post(format!("{record}/documents"), body)
        }
        "list-documents" => get(format!("{record}/documents")),
        "open-document" => post(format!("{record}/documents/{document}/open"), json!({})),
        "create-packet" => {
            // Somebody else's grant is a court's, or that of a row about a parent.
            let is_parent = fixture.facts.grant.as_ref().is_some_and(|grant| grant.login == *other);
            let slot = json!({"login": other, "capacity": if is_parent { "parent" } else { "guardian" }});
            post(format!("{record}/packets"), json!({"document": document, "title": "Consent", "slots": [slot]}))
        }
        "void-packet" => post(format!("{record}/packets/{packet}/void"), json!({})),
        "read-packets" => get(format!("{record}/packets")),
        "read-own-packet" | "read-others-packet" => get(format!("{record}/packets/{packet}")),
        "open-own-packet" | "open-others-packet" => post(format!("{record}/packets/{packet}/open"), json!({})),
        "sign-as-parent" | "sign-as-guardian" | "sign-as-patient" | "sign-as-assent" | "sign-as-witness"
        | "sign-for-clinic" | "sign-for-another" => {
            let body = json!({
                "document_sha256": PAPER, "pages": 1, "consent_version": CONSENT_VERSION,
                "attestation_version": ATTESTATION_VERSION, "mark": {"kind": "typed", "name": "Alex"},
            });
            post(format!("{record}/packets/{packet}/slots/{slot}/sign"), body)
        }
        _ => None,
    }
}

impl Request {
    /// Sends it with the token that its route wants.
    pub(crate) async fn send(&self, world: &World, fixture: &Fixture) -> Reply {
        let wants_member = self.path.starts_with("/members/") && !self.path.ends_with("/switch");
        let token = if wants_member { &fixture.member_token } else { &fixture.session_token };
        let asking = world.browser().ask(self.method, &self.path).bearer(token);
        match &self.body {
            Some(body) => asking.json(body).send().await,
            None => asking.send().await,
        }
    }

    /// What the answer of the row is over HTTP.
    pub(crate) fn expected(&self, row: &Row, fixture: &Fixture) -> Expected {
        let facts = &fixture.facts;
        let own = facts.grant.as_ref().filter(|grant| grant.login == facts.login.id && grant.member == fixture.member);
        let hidden = Expected::No(404, "not-found");
        match (row.does.as_str(), row.answer.as_str()) {
            (_, "session-ended") => Expected::No(401, "sign-in-again"),
            (_, "proof-too-old") => Expected::No(401, "prove-again"),
            (_, "reason-missing") => Expected::No(422, "cannot-be-done"),
            // One list for all: a family sees its own.
            ("list-all-members", "staff-only") => Expected::Yes,
            // May be asked for, but there is none.
            ("lower-unknown-grant", _) => hidden,
            ("lower-own-grant", "office") if own.is_none() => hidden,
            // An invitation names its members in the body; each that does not fit is named to staff.
            ("invite", "blocked" | "own-case") => Expected::No(422, "cannot-be-done"),
            ("invite", "office") if facts.member.is_none() => Expected::No(422, "cannot-be-done"),
            (_, "own-login" | "grant" | "office") => Expected::Yes,
            _ => hidden,
        }
    }
}
