//! The steps of the journey, as people take them.

use std::io::Write;
use std::path::Path;

use hearth::clock::Clock;
use hearth::domain::answers::{FieldAnswer, FieldAnswers};
use hearth::domain::form::{FieldKind, FormField};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{JourneyError, Record};
use crate::Stack;
use crate::client::{ClientError, Person, code_in, newest_mail, part, text, token_in};
use crate::demo::first_staff;

const DESK: &str = "desk@clinic.example";
const MOTHER: &str = "mother@family.example";
const FATHER: &str = "father@family.example";
const PASSWORD: &str = "a password for one journey";

/// Walks the whole way and returns the sealed file.
pub(super) async fn walk<W: Write>(
    stack: &Stack,
    record: &mut Record<'_, W>,
    form: &Path,
    pdf: Vec<u8>,
) -> Result<Vec<u8>, JourneyError> {
    first_staff(stack, &Clock::system(), "Front desk", DESK, PASSWORD).await?;
    let mut desk = Person::new(stack.url());
    sign_in(stack, &mut desk, DESK).await?;
    record.done(stack, "Staff sign in with password and mailed code").await?;

    let elder = register(&mut desk, "First sibling", "2014-05-06").await?;
    let younger = register(&mut desk, "Second sibling", "2017-08-09").await?;
    record.done(stack, "Staff register two siblings").await?;

    invite(&mut desk, FATHER, "FTH", &[&elder]).await?;
    let mut father = join(stack, FATHER, "Father").await?;
    record.done(stack, "The father gets a login for the first child").await?;

    invite(&mut desk, MOTHER, "MTH", &[&elder, &younger]).await?;
    invite(&mut desk, FATHER, "FTH", &[&younger]).await?;
    record.done(stack, "Staff invite her for both children, him for the second").await?;

    let mut mother = join(stack, MOTHER, "Mother").await?;
    let token = token_in(&newest_mail(&stack.mails(), FATHER)?)?;
    father.post("/invitations/accept", json!({ "token": token })).await?;
    record.done(stack, "Both accept: she as a new person, he with the login he has").await?;

    mother.open(&elder, None).await?;
    let child = mother.open(&younger, None).await?;
    record.done(stack, "The mother opens one child, then the other").await?;

    let bytes = pdf.len();
    let document = mother.upload(&younger, &child, "Form", pdf).await?;
    stack.idle().await;
    let path = format!("/members/{younger}/documents/{document}");
    let paper = mother.send(Method::GET, &path, Some(&child), None).await?;
    let state = text(&paper, "/state")?;
    if state != "ready" {
        let reason = text(&paper, "/message/en").unwrap_or(state);
        let code = text(&paper, "/refusal").unwrap_or_default();
        return Err(JourneyError::Refused { path: form.to_owned(), reason, code });
    }
    let pages: u32 = part(&paper, "/pages")?;
    let count = if pages == 1 { "1 page".to_owned() } else { format!("{pages} pages") };
    record.done(stack, &format!("The mother uploads the form: {count}, {bytes} bytes, inspected")).await?;

    let packet = ask(&mut desk, &younger, &document, &[&mother, &father]).await?;
    record.done(stack, "Staff ask both parents for a signature").await?;

    let filled = fill_in(&mut mother, &younger, &packet).await?;
    if filled > 0 {
        record.done(stack, &format!("The mother fills in the form: {filled} fields")).await?;
    }
    sign(&mut mother, &younger, &packet, &json!({ "kind": "typed", "name": "Mother" })).await?;
    record.done(stack, "The mother signs by typing the name").await?;
    let drawn =
        json!({ "kind": "drawn", "strokes": [[[80, 220], [180, 60], [260, 240], [420, 120], [640, 200], [900, 80]]] });
    sign(&mut father, &younger, &packet, &drawn).await?;
    record.done(stack, "The father signs by drawing; the packet is sealed").await?;

    let sealed = collect(&mut father, &younger, &packet, &text(&paper, "/sha256")?, part(&paper, "/bytes")?).await?;
    record.done(stack, &format!("The father downloads the sealed copy ({} bytes)", sealed.len())).await?;
    Ok(sealed)
}

async fn sign_in(stack: &Stack, person: &mut Person, email: &str) -> Result<(), ClientError> {
    person.sign_in(email, PASSWORD, async || mailed_code(stack, email).await).await
}

async fn mailed_code(stack: &Stack, email: &str) -> Result<String, ClientError> {
    stack.idle().await;
    code_in(&newest_mail(&stack.mails(), email)?)
}

async fn register(desk: &mut Person, name: &str, birth_date: &str) -> Result<String, ClientError> {
    text(&desk.post("/members", json!({ "name": name, "birth_date": birth_date })).await?, "/id")
}

async fn invite(desk: &mut Person, email: &str, relationship: &str, members: &[&str]) -> Result<(), ClientError> {
    let terms = json!({
        "relationship": relationship,
        "authority": "parental-responsibility",
        "scopes": ["profile", "documents-read", "documents-upload", "sign"],
    });
    let offers: Vec<Value> = members.iter().map(|member| json!({ "member": member, "terms": terms })).collect();
    desk.post("/invitations", json!({ "email": email, "language": "en", "offers": offers })).await?;
    Ok(())
}

/// Accepts the newest invitation as a new person, and signs in.
async fn join(stack: &Stack, email: &str, name: &str) -> Result<Person, ClientError> {
    stack.idle().await;
    let token = token_in(&newest_mail(&stack.mails(), email)?)?;
    let mut person = Person::new(stack.url());
    person.post("/invitations/confirm", json!({ "token": token })).await?;
    let code = mailed_code(stack, email).await?;
    let new_login = json!({ "name": name, "password": PASSWORD, "language": "en" });
    person.post("/invitations/accept", json!({ "token": token, "code": code, "new_login": new_login })).await?;
    // The code of the invitation proved this device as well.
    person.sign_in(email, PASSWORD, async || Err(ClientError::NoMail)).await?;
    Ok(person)
}

async fn ask(desk: &mut Person, member: &str, document: &str, signers: &[&Person]) -> Result<String, ClientError> {
    let token = desk.open(member, Some("a form to be signed")).await?;
    let slots: Vec<Value> =
        signers.iter().map(|signer| json!({ "login": signer.login, "capacity": "parent" })).collect();
    let body = json!({ "document": document, "title": "Form", "mode": "together", "slots": slots });
    let answer = desk.send(Method::POST, &format!("/members/{member}/packets"), Some(&token), Some(&body)).await?;
    text(&answer, "/id")
}

/// Fills in what the form asks for, each field with an example; tells how many there were.
async fn fill_in(person: &mut Person, member: &str, packet: &str) -> Result<usize, ClientError> {
    let token = person.open(member, None).await?;
    let path = format!("/members/{member}/packets/{packet}");
    let shown = person.send(Method::GET, &path, Some(&token), None).await?;
    if text(&shown, "/mine/answers")? != "own" {
        return Ok(0);
    }
    let path = format!("{path}/slots/{}/answers", text(&shown, "/mine/slot")?);
    let form = person.send(Method::GET, &path, Some(&token), None).await?;
    let fields: Vec<FormField> = part(&form, "/fields")?;
    let answers: FieldAnswers = fields.iter().map(|field| (field.name.clone(), example_of(&field.kind))).collect();
    let version: u64 = part(&form, "/version")?;
    let body = json!({ "answers": answers, "version": version });
    person.send(Method::POST, &path, Some(&token), Some(&body)).await?;
    Ok(fields.len())
}

fn example_of(kind: &FieldKind) -> FieldAnswer {
    match kind {
        FieldKind::CheckBox => FieldAnswer::Ticked(true),
        FieldKind::Text { max_length, .. } => {
            let most = max_length.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
            FieldAnswer::Text("Example".chars().take(most).collect())
        }
        FieldKind::Radio { options } | FieldKind::Choice { options, .. } => {
            FieldAnswer::Text(options.first().map(|option| option.value.clone()).unwrap_or_default())
        }
    }
}

/// Opens the paper, checks that it is the one to sign, and signs.
async fn sign(person: &mut Person, member: &str, packet: &str, mark: &Value) -> Result<(), JourneyError> {
    let token = person.open(member, None).await?;
    let path = format!("/members/{member}/packets/{packet}");
    let shown = person.send(Method::GET, &path, Some(&token), None).await?;
    let sha256 = text(&shown, "/document_sha256")?;
    let link = person.send(Method::POST, &format!("{path}/open"), Some(&token), Some(&json!({}))).await?;
    let paper = person.download(&text(&link, "/url")?).await?;
    if hex::encode(Sha256::digest(&paper)) != sha256 {
        return Err(JourneyError::WrongSeal("the paper that a parent opened is not the one to sign"));
    }
    let slot = text(&shown, "/mine/slot")?;
    let answers_sha256 = match text(&shown, "/mine/answers")?.as_str() {
        "nobody" => None,
        _ => {
            let answers = person.send(Method::GET, &format!("{path}/slots/{slot}/answers"), Some(&token), None).await?;
            Some(text(&answers, "/sha256")?)
        }
    };
    let body = json!({
        "document_sha256": sha256,
        "answers_sha256": answers_sha256,
        "pages": part::<u32>(&shown, "/pages")?,
        "consent_version": text(&shown, "/mine/consent_version")?,
        "attestation_version": text(&shown, "/mine/attestation_version")?,
        "mark": mark,
    });
    person.send(Method::POST, &format!("{path}/slots/{slot}/sign"), Some(&token), Some(&body)).await?;
    Ok(())
}

/// Downloads the sealed copy and checks that it begins with the very file that both were shown.
async fn collect(
    person: &mut Person,
    member: &str,
    packet: &str,
    shown_sha256: &str,
    shown_bytes: usize,
) -> Result<Vec<u8>, JourneyError> {
    let token = person.open(member, None).await?;
    let path = format!("/members/{member}/packets/{packet}/open");
    let link = person.send(Method::POST, &path, Some(&token), Some(&json!({}))).await?;
    if text(&link, "/file")? != "sealed" {
        return Err(JourneyError::WrongSeal("the packet was not sealed"));
    }
    let sealed = person.download(&text(&link, "/url")?).await?;
    let prefix = sealed.get(..shown_bytes).ok_or(JourneyError::WrongSeal("it is shorter than what was shown"))?;
    if hex::encode(Sha256::digest(prefix)) != shown_sha256 {
        return Err(JourneyError::WrongSeal("it does not begin with what was shown"));
    }
    Ok(sealed)
}
