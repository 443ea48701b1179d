//! Personal data stay where they belong: a word of its own in every field, and then a search everywhere.

use journeys::{Person, World, pdf, signing, terms};
use serde_json::{Value, json};

/// A date of birth that stands for nothing else in this test.
const BIRTH_DATE: &str = "2020-08-27";

/// A word that a person wrote, and the kinds of item that may hold it.
const CANARIES: [(&str, &[&str]); 14] = [
    ("canary-child-name", &["MEMBER META"]),
    (BIRTH_DATE, &["MEMBER META"]),
    ("canary-mother-name", &["LOGIN META", "MEMBER PACKET"]),
    ("canary-father-name", &["LOGIN META", "MEMBER PACKET"]),
    ("canary-mother-address", &["MAILBOX META"]),
    ("canary-father-address", &["MAILBOX META"]),
    ("canary-name-of-a-phone", &["LOGIN PASSKEY"]),
    ("canary-document-title", &["MEMBER DOCUMENT"]),
    ("canary-packet-title", &["MEMBER PACKET", "LOGIN TODO"]),
    ("canary-staff-reason", &["MEMBER EVENT"]),
    ("canary-typed-name", &["MEMBER PACKET"]),
    ("canary-decline-reason", &["MEMBER PACKET"]),
    ("canary-password-of-the-mother", &[]),
    ("canary-file-content", &[]),
];

fn parent() -> Value {
    terms("PRN", "parental-responsibility")
}

async fn opened(world: &World, member: &str) -> journeys::Reply {
    let body = json!({"reason": "canary-staff-reason"});
    world.staff.post(&format!("/members/{member}/switch"), &body).await.is(200)
}

/// The whole journey of a family, in canaries.
async fn journey(world: &World) -> Vec<String> {
    let child = world.registers("canary-child-name", BIRTH_DATE).await;
    let invited = world.invites("canary-mother-address@family.example", &[(&child, parent())]).await;
    let mother = world.joins_with(&invited, "canary-mother-name", "canary-password-of-the-mother").await;
    let elsewhere = Person::new(world.browser(), &mother.email, &mother.password);
    elsewhere.signs_in_with_code(world).await;
    let mut phone = world.phone();
    let (_, user) = mother.adds_passkey(&mut phone, "canary-name-of-a-phone").await;
    world.tries_passkey(&world.browser(), &mut phone, &user).await.is(200);
    let invited = world.invites("canary-father-address@family.example", &[(&child, parent())]).await;
    let father = world.joins(&invited, "canary-father-name").await;

    let tab = mother.opens(&child).await;
    let document = tab.uploads(world, "canary-document-title", &pdf("canary-file-content")).await;
    let refused = tab.uploads(world, "canary-document-title", b"canary-file-content").await;
    assert_eq!(tab.document(&refused).await["state"], "refused");
    let opening = tab.post(&format!("/documents/{document}/open"), &json!({})).await.is(200);
    let desk = opened(world, &child).await.at("/token");
    let mut urls = vec![opening.at("/url")];
    for end in ["sealed", "declined", "out"] {
        let slots = json!([{"login": mother.id, "capacity": "parent"}, {"login": father.id, "capacity": "parent"}]);
        let body = json!({"document": document, "title": "canary-packet-title", "mode": "together", "slots": slots});
        let asking = world.staff.browser.ask("POST", &format!("/members/{child}/packets")).bearer(&desk);
        let packet = asking.json(&body).send().await.is(201).at("/id");
        let seen = tab.reads(&packet).await;
        let sign = format!("/packets/{packet}/slots/{}/sign", seen["mine"]["slot"].as_str().unwrap());
        let typed = signing(&seen, &json!({"kind": "typed", "name": "canary-typed-name"}));
        let key = format!("0123456789abcdef-{end}");
        tab.ask("POST", &sign).key(&key).json(&typed).send().await.is(200);
        let other = father.opens(&child).await;
        if end == "declined" {
            let slot = other.packet(&packet).await["mine"]["slot"].as_str().unwrap().to_owned();
            let path = format!("/packets/{packet}/slots/{slot}/decline");
            other.post(&path, &json!({"reason": "canary-decline-reason"})).await.is(204);
        } else if end == "sealed" {
            let mark = json!({"kind": "drawn", "strokes": [[[1, 1], [900, 200]]]});
            other.tries_to_sign(&packet, &mark).await.is(200);
            world.settled().await;
            urls.push(tab.post(&format!("/packets/{packet}/open"), &json!({})).await.is(200).at("/url"));
        }
    }
    // Bad input and denials carry canaries as well.
    let nonsense = json!({"name": "canary-child-name\r\nBcc: x", "birth_date": "canary-child-name"});
    world.staff.post("/members", &nonsense).await.is(400);
    father.post("/members", &json!({"name": "canary-child-name", "birth_date": BIRTH_DATE})).await.is_hidden();
    world.settled().await;
    let uploads = world.heard().into_iter().filter(|reply| reply.text.contains("\"upload\""));
    urls.extend(uploads.map(|reply| reply.at("/upload/url")));
    urls
}

/// Partition and sort key without what follows their first part.
fn kind(item: &Value) -> String {
    let part =
        |key: &str| item[key]["S"].as_str().and_then(|text| text.split('#').next()).unwrap_or_default().to_owned();
    format!("{} {}", part("pk"), part("sk"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_of_a_person_is_found_only_where_it_belongs() {
    let world = World::new().await;
    let urls = journey(&world).await;
    let logs = world.stack.logs().join("\n");
    let objects = format!("{:?}", world.stack.objects().unwrap());
    let mails = world.stack.mails();
    let headers: String = world.heard().iter().map(|reply| format!("{:?} {}\n", reply.headers, reply.asked)).collect();
    let items = world.items().await;
    let mut faults = Vec::new();
    for (canary, homes) in CANARIES {
        for (place, text) in [("the logs", &logs), ("keys of S3", &objects), ("headers and URLs", &headers)] {
            if text.contains(canary) {
                faults.push(format!("{place} hold {canary}"));
            }
        }
        if urls.iter().any(|url| url.contains(canary)) {
            faults.push(format!("a link holds {canary}"));
        }
        for mail in &mails {
            let shown = format!("{} {} {:?} {:?}", mail.from, mail.subject, mail.text, mail.html);
            if shown.contains(canary) {
                faults.push(format!("a mail holds {canary}"));
            }
        }
        let mut found = std::collections::BTreeSet::new();
        for item in items.iter().map(|item| &item["item"]) {
            for key in ["pk", "sk", "directory", "listed_at"] {
                if item[key].to_string().contains(canary) {
                    faults.push(format!("a key holds {canary}"));
                }
            }
            if item.to_string().contains(canary) {
                found.insert(kind(item));
            }
        }
        let homes: std::collections::BTreeSet<String> = homes.iter().map(|home| (*home).to_owned()).collect();
        if found != homes {
            faults.push(format!("{canary} stands in {found:?}, not in {homes:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    // The search looked at something.
    assert!(mails.iter().any(|mail| mail.to == ["canary-mother-address@family.example"]));
    assert!(logs.len() > 1_000 && !objects.is_empty() && headers.len() > 1_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_request_has_one_log_line_of_known_fields() {
    const FIELDS: [&str; 13] = [
        "timestamp",
        "level",
        "message",
        "route",
        "status",
        "duration_ms",
        "aws_calls",
        "dynamodb_calls",
        "aws_series",
        "aws_operations",
        "codes_compared",
        "request",
        "cause",
    ];
    let world = World::new().await;
    journey(&world).await;
    let log = world.log();
    let heard: Vec<_> = world.heard().into_iter().filter(|reply| !reply.request().is_empty()).collect();
    assert!(heard.len() > 30);
    for reply in heard {
        let lines: Vec<&Value> = log.iter().filter(|line| line["request"] == reply.request()).collect();
        assert_eq!(lines.len(), 1, "{}: {lines:?}", reply.asked);
        let line = lines[0].as_object().unwrap();
        assert_eq!(line["status"], reply.status);
        assert!(line["route"].as_str().unwrap().starts_with(reply.asked.split(' ').next().unwrap()));
        for name in line.keys() {
            assert!(FIELDS.contains(&name.as_str()), "{}: a field {name}", reply.asked);
        }
    }
}
