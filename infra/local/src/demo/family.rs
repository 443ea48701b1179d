//! The families of the demo clinic.

use hearth::domain::login::Language;
use reqwest::Method;
use serde_json::{Value, json};

use super::clinic::{DESK, DemoError, PASSWORD, SignIn};
use super::forms;
use crate::Stack;
use crate::client::{Person, code_in, newest_mail, part, text, token_in};

/// A person of the demo clinic, and the members the person is invited to.
pub(super) struct Guest {
    pub(super) sign_in: SignIn,
    name: &'static str,
    language: &'static str,
    relationship: &'static str,
    authority: &'static str,
    members: &'static [(&'static str, &'static str)],
    /// Whether the person is a client as well.
    own_record: Option<(&'static str, &'static str)>,
}

const MIA: (&str, &str) = ("Mia", "2017-04-02");
const LEO: (&str, &str) = ("Leo", "2019-09-15");
/// Old enough for a part of the record to be private from parents.
const RUTH: (&str, &str) = ("Ruth", "2011-05-30");
const SAM: (&str, &str) = ("Sam", "2023-02-11");

/// Everybody but staff.
pub(super) const GUESTS: [Guest; 6] = [
    Guest {
        sign_in: SignIn { who: "mother of four, separated", email: "ana@family.example" },
        name: "Ana",
        language: "en",
        relationship: "MTH",
        authority: "parental-responsibility",
        members: &[MIA, LEO, RUTH, SAM],
        own_record: None,
    },
    Guest {
        sign_in: SignIn { who: "father of Mia and Leo, separated", email: "ben@family.example" },
        name: "Ben",
        language: "en",
        relationship: "FTH",
        authority: "parental-responsibility",
        members: &[MIA, LEO],
        own_record: None,
    },
    Guest {
        sign_in: SignIn { who: "client herself, and mother of Nora (Spanish mails)", email: "carla@family.example" },
        name: "Carla",
        language: "es",
        relationship: "MTH",
        authority: "parental-responsibility",
        members: &[("Nora", "2015-01-20")],
        own_record: Some(("Carla", "1988-06-11")),
    },
    Guest {
        sign_in: SignIn { who: "foster mother of Finn", email: "dora@family.example" },
        name: "Dora",
        language: "en",
        relationship: "MTHFOST",
        authority: "foster-placement",
        members: &[("Finn", "2016-12-24")],
        own_record: None,
    },
    Guest {
        sign_in: SignIn { who: "caseworker with ten children from different homes", email: "eli@county.example" },
        name: "Eli",
        language: "en",
        relationship: "RESPRSN",
        authority: "agency-custody",
        members: &[
            ("Ada", "2012-02-01"),
            ("Bo", "2013-03-02"),
            ("Cleo", "2014-04-03"),
            ("Dan", "2015-05-04"),
            ("Ella", "2016-06-05"),
            ("Finn", "2016-12-24"),
            ("Gus", "2017-07-06"),
            ("Hana", "2018-08-07"),
            ("Ivo", "2019-09-08"),
            ("Jade", "2020-10-09"),
        ],
        own_record: None,
    },
    Guest {
        sign_in: SignIn { who: "caseworker of the same agency, with one child", email: "fay@county.example" },
        name: "Fay",
        language: "en",
        relationship: "RESPRSN",
        authority: "agency-custody",
        members: &[("Kim", "2018-11-10")],
        own_record: None,
    },
];

/// Registers the members, invites the people, lets them accept, and puts forms on the children's records.
pub(super) async fn furnish(stack: &Stack, clinic: &str) -> Result<(), DemoError> {
    let mut desk = Person::new(stack.url());
    desk.sign_in(DESK.email, PASSWORD, async || mailed_code(stack, DESK.email).await).await?;
    let agency = text(&desk.post("/agencies", json!({ "name": "County child services" })).await?, "/id")?;
    let mut registered: Vec<((&str, &str), String)> = Vec::new();
    for guest in &GUESTS {
        let mut offers = Vec::new();
        for &member in guest.members {
            let known = registered.iter().find(|(known, _)| *known == member).map(|(_, id)| id.clone());
            let id = match known {
                Some(id) => id,
                None => register(&mut desk, member).await?,
            };
            offers.push(offer(&id, guest.relationship, guest.authority, &agency));
            registered.push((member, id));
        }
        if let Some(own) = guest.own_record {
            let id = register(&mut desk, own).await?;
            offers.push(offer(&id, "ONESELF", "self", &agency));
        }
        welcome(stack, &mut desk, guest, offers).await?;
    }
    if let Some((_, mia)) = registered.iter().find(|(member, _)| *member == MIA) {
        papers(stack, &mut desk, mia, clinic).await?;
    }
    Ok(())
}

async fn register(desk: &mut Person, (name, birth_date): (&str, &str)) -> Result<String, DemoError> {
    let answer = desk.post("/members", json!({ "name": name, "birth_date": birth_date })).await?;
    Ok(text(&answer, "/id")?)
}

fn offer(member: &str, relationship: &str, authority: &str, agency: &str) -> Value {
    let scopes: &[&str] = match authority {
        "foster-placement" => &["profile", "documents-read", "documents-upload"],
        "self" => &["profile", "documents-read", "documents-upload", "sign", "household-directory", "invite"],
        _ => &["profile", "documents-read", "documents-upload", "sign", "invite"],
    };
    let terms = if authority == "agency-custody" {
        json!({ "relationship": relationship, "authority": authority, "scopes": scopes, "agency": agency })
    } else {
        json!({ "relationship": relationship, "authority": authority, "scopes": scopes })
    };
    json!({ "member": member, "terms": terms })
}

/// Invites a guest, who accepts with a new login.
async fn welcome(stack: &Stack, desk: &mut Person, guest: &Guest, offers: Vec<Value>) -> Result<(), DemoError> {
    let email = guest.sign_in.email;
    desk.post("/invitations", json!({ "email": email, "language": guest.language, "offers": offers })).await?;
    stack.idle().await;
    let token = token_in(&newest_mail(&stack.mails(), email)?)?;
    let mut person = Person::new(stack.url());
    person.post("/invitations/confirm", json!({ "token": token })).await?;
    let code = mailed_code(stack, email).await?;
    let new_login = json!({ "name": guest.name, "password": PASSWORD, "language": guest.language });
    person.post("/invitations/accept", json!({ "token": token, "code": code, "new_login": new_login })).await?;
    Ok(())
}

/// Puts the clinic's own forms on a child's record (the consent in both languages, the intake form in English only), and asks for
/// signatures.
async fn papers(stack: &Stack, desk: &mut Person, member: &str, clinic: &str) -> Result<(), DemoError> {
    let token = desk.open(member, Some("demo clinic")).await?;
    let consent = forms::consent_form(clinic, Language::English)?;
    for (title, pdf) in [
        ("Intake form", forms::intake_form(clinic, Language::English)?),
        ("Consentimiento para el tratamiento", forms::consent_form(clinic, Language::Spanish)?),
    ] {
        desk.upload(member, &token, title, pdf).await?;
    }
    let consent = desk.upload(member, &token, "Consent to treatment", consent).await?;
    stack.idle().await;
    ask_parents(desk, member, &token, &consent).await
}

/// Asks both parents to sign: something waits for them when they sign in.
async fn ask_parents(desk: &mut Person, member: &str, token: &str, document: &str) -> Result<(), DemoError> {
    let path = format!("/members/{member}/grants");
    let people: Vec<Value> = part(&desk.send(Method::GET, &path, Some(token), None).await?, "/grants")?;
    let slot = |person: &Value| json!({ "login": person.get("login"), "capacity": "parent" });
    let slots: Vec<Value> = people.iter().map(slot).collect();
    let asked = json!({ "document": document, "title": "Consent to treatment", "slots": slots });
    desk.send(Method::POST, &format!("/members/{member}/packets"), Some(token), Some(&asked)).await?;
    Ok(())
}

pub(super) async fn mailed_code(stack: &Stack, email: &str) -> Result<String, crate::client::ClientError> {
    stack.idle().await;
    code_in(&newest_mail(&stack.mails(), email)?)
}
