//! One good request for every route of the template: what the tests over all routes start from.

use crate::spare::wish;
use crate::{Browser, Invited, PASSWORD, Person, World, form, handing, pdf, sha256, signing, terms};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// A member with somebody who is asked to sign for it.
#[derive(Debug, Clone)]
pub struct Record {
    /// The member.
    pub member: String,
    /// The person with a slot in every packet.
    pub signer: Person,
    /// In which capacity.
    pub capacity: &'static str,
    /// A document that is ready.
    pub document: String,
    /// Logins with access, one for each way to lower it, and one without.
    pub others: [String; 4],
}

/// Whose token a request carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bearer {
    /// Nobody's.
    Nobody,
    /// The session token of the spare person who was made for the newest example.
    Spare,
    /// Staff's session token.
    Staff,
    /// The signer's session token.
    Signer,
    /// Staff's member token.
    StaffForMember,
    /// The signer's member token.
    SignerForMember,
    /// The spare person's token for the first member within the spare person's reach.
    SpareForMember,
}

/// A request that succeeds, once.
#[derive(Debug, Clone)]
pub struct Example {
    /// Method.
    pub method: String,
    /// The template's path.
    pub route: String,
    /// Values of the path's parameters.
    pub parameters: Vec<(String, String)>,
    /// JSON body of a `POST`.
    pub body: Option<Value>,
    /// Who may send it.
    pub bearer: Bearer,
}

impl Example {
    /// The path, with its parameters.
    #[must_use]
    pub fn path(&self) -> String {
        let fill = |path: String, (name, value): &(String, String)| path.replace(&format!("{{{name}}}"), value);
        self.parameters.iter().fold(self.route.clone(), fill)
    }
}

/// Whether a route wants the token of a member.
#[must_use]
pub fn wants_member_token(route: &str) -> bool {
    route.contains("/members/{member}") && !route.ends_with("/switch")
}

impl World {
    /// A record that every example can be about: a child with two parents, one of whom is asked to sign.
    pub async fn record(&self) -> Record {
        let family = self.family().await;
        let document = family.mother.opens(&family.child).await.uploads(self, "Consent", &pdf("Consent")).await;
        let others = self.others(&family.child).await;
        Record { member: family.child, signer: family.mother, capacity: "parent", document, others }
    }

    /// Three logins with access to a member, and one without.
    pub async fn others(&self, member: &str) -> [String; 4] {
        let spare = self.registers("Elsewhere", "2019-09-09").await;
        let mut others = Vec::new();
        for (number, member) in [member, member, member, &spare].into_iter().enumerate() {
            let email = format!("other-{number}@family.example");
            let invited = self.invites(&email, &[(member, terms("GRPRN", "court-order"))]).await;
            others.push(self.accepts(&invited, "Other").await.at("/login"));
        }
        others.try_into().expect("four of them")
    }

    /// A fresh invitation to a member that nobody else is concerned with.
    pub(crate) async fn spare_invitation(&self) -> Invited {
        let member = self.registers("Spare child", "2019-09-09").await;
        let email = format!("{member}@spare.example");
        self.invites(&email, &[(&member, terms("PRN", "parental-responsibility"))]).await
    }

    /// A hold on somebody whom no hold of this record names yet.
    async fn next_hold(&self, member: &str) -> Value {
        let known = self.staff.opens_as_staff(member).await.get("/blocks").await.is(200).list("blocks").len();
        let until = self.clock.now() + SignedDuration::from_hours(1);
        json!({"name": format!("Somebody {known}"), "reason": "safeguarding", "until": until})
    }

    /// A request to a route (`POST /members`) that succeeds when the right person sends it.
    pub async fn example(&self, route: &str, record: &Record) -> Example {
        let (method, path) = route.split_once(' ').expect("a method and a path");
        // Only somebody who grew up has a guardian of before to keep.
        let member = if path.ends_with("/helpers") { self.grown().await } else { record.member.clone() };
        let mut parameters = vec![("member".to_owned(), member)];
        let mut set = |name: &str, value: String| parameters.push((name.to_owned(), value));
        let (bearer, body) = match route {
            "GET /" | "GET /invitation" | "GET /verify" => (Bearer::Nobody, None),
            "POST /verify" => (Bearer::Nobody, Some(json!({"file": STANDARD.encode(pdf("Never sealed"))}))),
            "GET /assets/{file}" => {
                set("file", self.asset().await);
                (Bearer::Nobody, None)
            }
            // Somebody new each time: guesses at one person's password are counted.
            "POST /login" => {
                let email = self.spare_sign_in().await.0;
                (Bearer::Nobody, Some(json!({"email": email, "password": PASSWORD})))
            }
            "POST /login/code" => (Bearer::Nobody, Some(self.started_sign_in().await)),
            "POST /login/step-up" => (Bearer::Staff, Some(json!({"password": PASSWORD}))),
            // Everybody keeps the password that the other examples use.
            "POST /login/password" => (Bearer::Staff, Some(json!({"password": crate::PASSWORD}))),
            "POST /login/recovery-codes" | "POST /login/sessions/end-others" => (Bearer::Staff, Some(json!({}))),
            "GET /login/sessions" => (Bearer::Staff, None),
            "POST /login/sessions/{session}/end" => {
                let listed = async || record.signer.get("/login/sessions").await.list("sessions");
                if listed().await.len() < 2 {
                    record.signer.anew_on_device(self).signs_in().await;
                }
                let sessions = listed().await;
                let other = sessions.iter().find(|session| session["is_this"] == false).expect("another session");
                set("session", other["id"].as_str().expect("an identifier").to_owned());
                (Bearer::Signer, Some(json!({})))
            }
            "POST /login/recover" => {
                let (email, code) = self.spare_sign_in().await;
                (Bearer::Nobody, Some(json!({"email": email, "code": code})))
            }
            "POST /login/recover/confirm" => {
                let (email, code) = self.spare_sign_in().await;
                let body = json!({"email": email, "code": code});
                let challenge = self.browser().post("/login/recover", &body).await.is(200).at("/challenge");
                let code = self.code_for(&email).await;
                let body = json!({"challenge": challenge, "code": code, "password": "nine blue flowers in may"});
                (Bearer::Nobody, Some(body))
            }
            "POST /logins/{login}/recovery" => {
                set("login", record.signer.id.clone());
                (Bearer::Staff, Some(json!({"reason": "passport shown at the desk"})))
            }
            "POST /login/passkey/begin" => (Bearer::Nobody, Some(json!({}))),
            "POST /login/passkey" => {
                let (_, mut device, user) = self.staffs_passkey().await;
                (Bearer::Nobody, Some(self.signed(&mut device, &user).await))
            }
            "POST /login/passkeys/begin" => (Bearer::Staff, Some(json!({}))),
            "POST /login/passkeys" => {
                self.staffs_passkey().await;
                (Bearer::Staff, Some(self.staff.makes_passkey(&mut self.phone(), "Spare key").await))
            }
            "GET /login/passkeys" => (Bearer::Staff, None),
            "POST /login/passkeys/{passkey}/remove" => {
                set("passkey", self.staffs_passkey().await.0);
                (Bearer::Staff, Some(json!({})))
            }
            "POST /login/refresh" => (Bearer::Nobody, Some(json!({}))),
            "POST /login/sign-out" => (Bearer::Staff, Some(json!({}))),
            "GET /login/mailboxes" | "GET /login/aliases" => {
                self.spare_person().await;
                (Bearer::Spare, None)
            }
            "POST /login/mailboxes" => {
                let spare = self.spare_person().await;
                (Bearer::Spare, Some(json!({"email": format!("more-{}", spare.email)})))
            }
            "POST /login/mailboxes/confirm" => {
                let spare = self.spare_person().await;
                let code = spare.asks_for_address(self, &format!("more-{}", spare.email)).await;
                (Bearer::Spare, Some(json!({"code": code})))
            }
            "POST /login/mailboxes/{mailbox}/prefer" | "POST /login/mailboxes/{mailbox}/remove" => {
                let spare = self.spare_person().await;
                set("mailbox", spare.adds_address(self, &format!("more-{}", spare.email)).await);
                (Bearer::Spare, Some(json!({})))
            }
            "POST /login/merge" => {
                let other = self.spare_twins().await;
                let spare = self.spare();
                let code = spare.asks_for_address(self, &other.email).await;
                (Bearer::Spare, Some(json!({"code": code, "password": other.password})))
            }
            "POST /logins/{login}/unmerge" => {
                let other = self.spare_twins().await;
                self.spare().merges(self, &other).await.is(204);
                set("login", other.id);
                (Bearer::Staff, Some(json!({"reason": "they are two persons"})))
            }
            "GET /members" => (Bearer::Staff, None),
            "POST /members" => (Bearer::Staff, Some(json!({"name": "New client", "birth_date": "2017-02-03"}))),
            "POST /members/{member}/switch" => (Bearer::Staff, Some(json!({"reason": "phone call"}))),
            "GET /members/{member}" | "GET /members/{member}/activity" | "GET /members/{member}/documents" => {
                (Bearer::SignerForMember, None)
            }
            "GET /members/{member}/grants" => (Bearer::StaffForMember, None),
            "POST /members/{member}/grants" => {
                let terms = terms("AUNT", "court-order");
                let [.., newcomer] = &record.others;
                (Bearer::StaffForMember, Some(json!({"login": newcomer, "terms": terms, "reason": "request"})))
            }
            "POST /members/{member}/grants/{login}/change" => {
                let login = &record.others[0];
                set("login", login.clone());
                let listed = self.staff.opens_as_staff(&record.member).await.get("/grants").await.list("grants");
                let version = listed
                    .iter()
                    .find(|access| access["login"] == *login)
                    .map_or(json!(1), |one| one["version"].clone());
                let terms = terms("GRMTH", "court-order");
                (Bearer::StaffForMember, Some(json!({"terms": terms, "version": version, "reason": "review"})))
            }
            "POST /members/{member}/people/{login}/preview" => {
                set("login", record.others[3].clone());
                (Bearer::StaffForMember, Some(json!({})))
            }
            "POST /members/{member}/people/{login}/why" => {
                set("login", record.others[3].clone());
                (Bearer::StaffForMember, Some(json!({"action": "book-appointment"})))
            }
            "GET /members/{member}/blocks" => (Bearer::StaffForMember, None),
            "POST /members/{member}/blocks" => {
                let mut block = self.next_hold(&record.member).await;
                block.as_object_mut().expect("a body").remove("until");
                (Bearer::StaffForMember, Some(block))
            }
            "POST /members/{member}/blocks/{block}/lift" => {
                let tab = self.staff.opens_as_staff(&record.member).await;
                let hold = self.next_hold(&record.member).await;
                set("block", tab.post("/blocks", &hold).await.is(201).at("/id"));
                (Bearer::StaffForMember, Some(json!({"reason": "review"})))
            }
            "POST /members/{member}/grants/{login}/narrow" => {
                set("login", record.others[0].clone());
                (Bearer::StaffForMember, Some(json!({"scopes": ["profile"], "reason": "review"})))
            }
            "POST /members/{member}/grants/{login}/end" | "POST /members/{member}/grants/{login}/revoke" => {
                set("login", record.others[usize::from(route.ends_with("revoke")) + 1].clone());
                (Bearer::StaffForMember, Some(json!({"reason": "review"})))
            }
            "POST /agencies" => (Bearer::Staff, Some(json!({"name": "County services"}))),
            "GET /agencies" => (Bearer::Staff, None),
            _ if route.contains("/agencies/{agency}") => {
                let office = self.office(1).await;
                set("agency", office.agency.clone());
                set("login", office.from.clone());
                let body = match path.rsplit('/').next() {
                    Some("workers") => json!({"login": record.others[3]}),
                    Some("remove") => json!({"reason": "end-date"}),
                    Some("hand-overs") => handing(&office.from, &office.to, &json!(office.children)),
                    _ => json!({}),
                };
                if path.contains("{handover}") {
                    let begun = self.hands_over(&office.agency, &office.from, &office.to, &json!("all")).await;
                    set("handover", begun.is(201).at("/id"));
                }
                (Bearer::Staff, (method == "POST").then_some(body))
            }
            "POST /invitations" => {
                let offer = json!({"member": record.member, "terms": terms("UNCLE", "court-order")});
                let body = json!({"email": "uncle@family.example", "language": "es", "offers": [offer]});
                (Bearer::Staff, Some(body))
            }
            "POST /invitations/look" | "POST /invitations/confirm" | "POST /invitations/decline" => {
                (Bearer::Nobody, Some(json!({"token": self.spare_invitation().await.token})))
            }
            "POST /invitations/accept" => {
                let invited = self.spare_invitation().await;
                let code = self.proof_for(&invited).await;
                let new_login = json!({"name": "Newcomer", "password": PASSWORD, "language": "en"});
                (Bearer::Nobody, Some(json!({"token": invited.token, "code": code, "new_login": new_login})))
            }
            "POST /invitations/{invitation}/resend" | "POST /invitations/{invitation}/revoke" => {
                set("invitation", self.spare_invitation().await.id);
                (Bearer::Staff, Some(json!({})))
            }
            "POST /members/{member}/documents" => {
                let file = pdf("More");
                let body = json!({"title": "More", "bytes": file.len(), "sha256": sha256(&file)});
                (Bearer::SignerForMember, Some(body))
            }
            "GET /members/{member}/documents/{document}"
            | "GET /members/{member}/documents/{document}/fields"
            | "POST /members/{member}/documents/{document}/open" => {
                set("document", record.document.clone());
                (Bearer::SignerForMember, (method == "POST").then(|| json!({})))
            }
            "POST /members/{member}/helpers" => {
                let guardian = self.former_guardian().await;
                (Bearer::SpareForMember, Some(json!({"login": guardian, "scopes": ["profile"]})))
            }
            "GET /members/{member}/directory" | "GET /members/{member}/requests" => (Bearer::StaffForMember, None),
            "POST /members/{member}/requests" => (Bearer::SignerForMember, Some(wish())),
            "POST /members/{member}/requests/{request}/approve"
            | "POST /members/{member}/requests/{request}/refuse" => {
                set("request", self.spare_request(&record.member).await);
                let refusal = json!({"reason": "please call us"});
                let approval = json!({"terms": terms("GRPRN", "court-order")});
                (Bearer::StaffForMember, Some(if route.ends_with("/refuse") { refusal } else { approval }))
            }
            "POST /members/{member}/packets" => {
                let slot = json!({"login": record.signer.id, "capacity": record.capacity});
                let body = json!({"document": record.document, "title": "Consent", "slots": [slot]});
                (Bearer::StaffForMember, Some(body))
            }
            "GET /members/{member}/packets" => (Bearer::SignerForMember, None),
            _ if route.contains("/slots/{slot}/answers") => {
                let tab = record.signer.opens(&record.member).await;
                // A form that nobody has filled in before.
                let document = tab.uploads(self, "Form", &form()).await;
                let people = [(&record.signer, record.capacity)];
                let mut asked = Vec::new();
                for _ in 0..2 {
                    let packet = self.asks(&record.member, &document, &people).await;
                    let slot = tab.packet(&packet).await["mine"]["slot"].as_str().expect("an own slot").to_owned();
                    asked.push(json!({"member": record.member, "packet": packet, "slot": slot}));
                }
                let [packet, slot] = ["packet", "slot"].map(|name| asked[0][name].as_str().expect("a name").to_owned());
                let saving = json!({"answers": {"child": "Robin"}, "version": 0});
                let carries = route.ends_with("/carry");
                if carries {
                    let [packet, slot] = ["packet", "slot"].map(|name| asked[1][name].as_str().expect("a name"));
                    tab.post(&format!("/packets/{packet}/slots/{slot}/answers"), &saving).await.is(200);
                }
                set("packet", packet);
                set("slot", slot);
                let body = if carries { json!({"from": asked[1], "version": 0}) } else { saving };
                (Bearer::SignerForMember, (method == "POST").then_some(body))
            }
            _ if route.contains("/packets/{packet}") => {
                let people = [(&record.signer, record.capacity)];
                let packet = self.asks(&record.member, &record.document, &people).await;
                let seen = record.signer.opens(&record.member).await.reads(&packet).await;
                set("packet", packet);
                set("slot", seen["mine"]["slot"].as_str().expect("an own slot").to_owned());
                // A scan is for staff alone from then on, so it is none of the papers that others sign.
                let scan = match path.ends_with("/settle") {
                    true => self.staff.opens_as_staff(&record.member).await.uploads(self, "Scan", &pdf("Scan")).await,
                    false => String::new(),
                };
                let body = match path.rsplit('/').next() {
                    Some("sign") => signing(&seen, &json!({"kind": "typed", "name": "Signer"})),
                    Some("decline") => json!({"reason": "not today"}),
                    Some("settle") => json!({"how": "on-paper", "scan": scan}),
                    _ => json!({}),
                };
                let staff = route.ends_with("/void") || route.ends_with("/settle");
                let bearer = if staff { Bearer::StaffForMember } else { Bearer::SignerForMember };
                (bearer, (method == "POST").then_some(body))
            }
            _ => panic!("the template has the route `{route}`, and no example of it stands here"),
        };
        let (method, route) = (method.to_owned(), path.to_owned());
        Example { method, route, parameters, body, bearer }
    }

    /// A file that the portal's page names.
    async fn asset(&self) -> String {
        let page = self.browser().get("/").await.is(200).text;
        let name = page.split("/assets/").nth(1).and_then(|rest| rest.split(['"', '\'', ')']).next());
        name.expect("the page names an asset").to_owned()
    }

    /// Somebody with a login, for one sign-in: the address, and a code that the desk printed.
    async fn spare_sign_in(&self) -> (String, String) {
        let invited = self.spare_invitation().await;
        let login = self.accepts(&invited, "Spare person").await.at("/login");
        let body = json!({"reason": "passport shown at the desk"});
        let printed = self.staff.post(&format!("/logins/{login}/recovery"), &body).await.is(201);
        (invited.email, printed.at("/code"))
    }

    /// A sign-in on a new device, that waits for its code.
    async fn started_sign_in(&self) -> Value {
        let (email, _) = self.spare_sign_in().await;
        let elsewhere = Person::new(self.browser(), &email, PASSWORD);
        let challenge = elsewhere.tries_to_sign_in().await.is(200).at("/challenge");
        json!({"challenge": challenge, "code": self.code_for(&email).await})
    }

    /// The token of an example, for the right person.
    pub async fn token_of(&self, bearer: Bearer, record: &Record) -> Option<String> {
        match bearer {
            Bearer::Nobody => None,
            Bearer::Spare => Some(self.spare().token()),
            Bearer::SpareForMember => {
                let spare = self.spare();
                let own = spare.members().await.remove(0);
                Some(spare.opens(own["id"].as_str().expect("an identifier")).await.token)
            }
            Bearer::Staff => Some(self.staff.token()),
            Bearer::Signer => Some(record.signer.token()),
            Bearer::StaffForMember => Some(self.staff.opens_as_staff(&record.member).await.token),
            Bearer::SignerForMember => Some(record.signer.opens(&record.member).await.token),
        }
    }

    /// Every route of the template, in its order; signing out last, because it ends what the others need.
    #[must_use]
    pub fn routes(&self) -> Vec<String> {
        let mut routes: Vec<String> = self.stack.template().routes().map(|(route, _)| route.key()).collect();
        routes
            .sort_by_key(|route| ["POST /login/sessions/end-others", "POST /login/sign-out"].contains(&route.as_str()));
        routes
    }

    /// The browser of staff, or one that nobody has used.
    #[must_use]
    pub fn browser_of(&self, bearer: Bearer, route: &str) -> Browser {
        match bearer {
            Bearer::Nobody if route != "POST /login/refresh" => self.browser(),
            _ => self.staff.browser.clone(),
        }
    }
}
