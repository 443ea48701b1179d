//! Packets over the whole way of a request: what each route does, who may, and how many calls one waits for.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, unreachable_pub, reason = "a test")]

mod support;

use hearth::domain::event::EventKind;
use hearth::domain::grant::{Authority, GrantState, Reason, ReasonCode};
use hearth::domain::id::LoginId;
use hearth::domain::mail::MailKind;
use hearth::domain::packet::{Packet, PacketState};
use hearth::store::Key;
use serde_json::{Value, json};
use support::*;

const GONE: &str = "pkt_00000000000000000000000000000000";
const NO_SLOT: &str = "slt_00000000000000000000000000000000";

async fn state(clinic: &Clinic, packet: &str) -> PacketState {
    let key = Key::packet(MEMBER, packet.parse().unwrap());
    clinic.store.get::<Packet>(&key).await.unwrap().unwrap().state
}

async fn revoke(clinic: &Clinic, login: LoginId) {
    let live = grant(login, Authority::ParentalResponsibility);
    let stopped = live.stopped(GrantState::Revoked, Reason::of(ReasonCode::Order).unwrap()).unwrap();
    clinic.write(|change| change.replace(&live, stopped)).await;
}

#[tokio::test]
async fn two_parents_sign_and_the_packet_is_ready() {
    let clinic = Clinic::with_family().await;
    let (packet, slots) = clinic.packet(&[MOTHER, FATHER]).await;
    let asked = about(MailKind::SignatureAsked);
    assert_eq!(clinic.mails(), [("11".to_owned(), asked.clone()), ("12".to_owned(), asked)].into());
    assert_eq!(clinic.todos(), 2);

    let first = clinic.sign(MOTHER, &packet, &slots[0]).await;
    assert_eq!((first.status, &first.body["state"], &first.body["signed"]), (200, &json!("out"), &json!(1)));
    assert_eq!(clinic.todos(), 1);
    let last = clinic.sign(FATHER, &packet, &slots[1]).await;
    assert_eq!(
        (last.status, &last.body["state"], &last.body["mine"]["state"]),
        (200, &json!("ready"), &json!("signed"))
    );
    assert_eq!((clinic.todos(), state(&clinic, &packet).await), (0, PacketState::Ready));
    let kinds = [EventKind::PacketCreated, EventKind::PacketSigned, EventKind::PacketSigned];
    assert_eq!(clinic.events().await, kinds);

    let again = clinic.sign(FATHER, &packet, &slots[1]).await;
    assert_eq!((again.status, &again.body["type"]), (409, &json!("urn:hearth:problem:conflict")));
    assert_eq!(clinic.void(STAFF, &packet).await.status, 409);
}

#[tokio::test]
async fn each_route_waits_for_as_few_calls_as_promised() {
    let clinic = Clinic::with_family().await;
    let made = clinic.ask(&[MOTHER, FATHER]).await;
    let (packet, slot) = (text(&made.body["id"]), text(&made.body["slots"][0]["id"]));
    clinic.all_read(&packet).await;
    assert_eq!(made.series, 2, "create");
    assert_eq!(clinic.list(MOTHER).await.series, 1, "list");
    assert_eq!(clinic.look(STAFF, &packet).await.series, 1, "look");
    assert_eq!(clinic.open_paper(MOTHER, &packet).await.series, 2, "open");
    assert_eq!(clinic.sign(MOTHER, &packet, &slot).await.series, 2, "sign");
    assert_eq!(clinic.void(STAFF, &packet).await.series, 3, "void, with somebody to tell");
    let (alone, slots) = clinic.packet(&[MOTHER]).await;
    assert_eq!(clinic.decline(MOTHER, &alone, &slots[0]).await.series, 2, "decline, with nobody to tell");
}

#[tokio::test]
async fn a_decline_closes_the_packet_and_tells_who_waited_without_a_reason() {
    let clinic = Clinic::with_family().await;
    let (packet, slots) = clinic.packet(&[MOTHER, FATHER]).await;
    assert_eq!(clinic.decline(MOTHER, &packet, &slots[0]).await.status, 204);
    assert_eq!(clinic.todos(), 0);
    assert!(clinic.mails().contains(&("12".to_owned(), about(MailKind::RequestClosed))));
    assert!(!clinic.mails().contains(&("11".to_owned(), about(MailKind::RequestClosed))));
    assert_eq!(clinic.sign(FATHER, &packet, &slots[1]).await.status, 409);
    let father = clinic.look(FATHER, &packet).await.body;
    assert_eq!((&father["state"], father.to_string().contains("talk")), (&json!("declined"), false));
    let staff = clinic.look(STAFF, &packet).await.body;
    assert_eq!(staff["slots"][0]["reason"], "Let us talk first");
}

#[tokio::test]
async fn staff_take_a_packet_back_and_who_lost_access_hears_nothing() {
    let clinic = Clinic::with_family().await;
    let (packet, slots) = clinic.packet(&[MOTHER, FATHER]).await;
    revoke(&clinic, FATHER).await;
    assert_eq!(clinic.sign(FATHER, &packet, &slots[1]).await.status, 404);
    assert_eq!(clinic.void(MOTHER, &packet).await.status, 404);
    assert_eq!(clinic.void(STAFF, &packet).await.status, 204);
    assert_eq!((clinic.todos(), state(&clinic, &packet).await), (0, PacketState::Voided));
    let closed: Vec<_> =
        clinic.mails().into_iter().filter(|(_, kind)| *kind == about(MailKind::RequestClosed)).collect();
    assert_eq!(closed, [("11".to_owned(), about(MailKind::RequestClosed))]);
}

#[tokio::test]
async fn what_is_not_ones_own_does_not_exist() {
    let clinic = Clinic::with_family().await;
    let (packet, slots) = clinic.packet(&[MOTHER]).await;
    let no = clinic.look(MOTHER, GONE).await;
    assert_eq!(no.status, 404);
    let same = |answered: Answered| assert_eq!((answered.status, &answered.body), (404, &no.body));
    same(clinic.look(FATHER, &packet).await);
    same(clinic.look(STAFF, GONE).await);
    same(clinic.open_paper(FATHER, &packet).await);
    same(clinic.open_paper(FATHER, GONE).await);
    same(clinic.sign(FATHER, &packet, &slots[0]).await);
    same(clinic.sign(STAFF, &packet, &slots[0]).await);
    same(clinic.sign(MOTHER, &packet, NO_SLOT).await);
    same(clinic.sign(MOTHER, GONE, &slots[0]).await);
    same(clinic.sign(MOTHER, "packet", "slot").await);
    same(clinic.decline(FATHER, &packet, &slots[0]).await);
    same(clinic.void(FATHER, &packet).await);
    assert_eq!(clinic.list(FATHER).await.body, json!({"packets": []}));
    assert_eq!(clinic.list(MOTHER).await.body["packets"][0]["id"], packet);
    assert_eq!(clinic.list(FOSTER).await.status, 404);
    assert_eq!(clinic.list(STAFF).await.body["packets"][0]["slots"][0]["login"], MOTHER.to_string());
}

#[tokio::test]
async fn only_who_may_sign_is_asked_and_only_on_a_ready_document() {
    let clinic = Clinic::with_family().await;
    let ask = async |who, document: Value, slots: Value| {
        let body = json!({"document": document, "title": "Consent", "slots": slots});
        clinic.send(who, "POST /members/{member}/packets", &[], body, None).await
    };
    let slot = |login: LoginId, capacity: &str| json!({"login": login, "capacity": capacity});
    let mother = json!([slot(MOTHER, "parent")]);
    assert_eq!(ask(MOTHER, json!(DOCUMENT), mother.clone()).await.status, 404);
    assert_eq!(ask(STAFF, json!(AWAITED), mother.clone()).await.status, 409);
    assert_eq!(ask(STAFF, json!("doc_00000000000000000000000000000000"), mother.clone()).await.status, 404);
    revoke(&clinic, FATHER).await;
    for slots in [
        json!([]),
        json!([slot(MOTHER, "parent"), slot(MOTHER, "parent")]),
        json!([slot(MOTHER, "guardian")]),
        json!([slot(FOSTER, "guardian")]),
        json!([slot(FATHER, "parent")]),
        json!([slot(STAFF, "parent")]),
        json!([slot(LoginId::from_random([0x77; 16]), "parent")]),
        Value::Array(vec![slot(MOTHER, "parent"); 11]),
    ] {
        let refused = ask(STAFF, json!(DOCUMENT), slots.clone()).await;
        assert_eq!((refused.status, &refused.body["field"]), (422, &json!("slots")), "{slots}");
    }
    assert_eq!(ask(STAFF, json!(DOCUMENT), mother).await.status, 201);
}

#[tokio::test]
async fn a_signature_fits_the_paper_and_the_texts_or_is_refused() {
    let clinic = Clinic::with_family().await;
    let (packet, slots) = clinic.packet(&[MOTHER]).await;
    for (field, value) in [
        ("document_sha256", json!("00".repeat(32))),
        ("consent_version", json!("2020-01-01")),
        ("attestation_version", json!("2020-01-01")),
        ("mark", json!({"kind": "drawn", "strokes": []})),
        ("mark", json!({"kind": "drawn", "strokes": [[[0, 0], [1001, 0]]]})),
    ] {
        let mut body = signing();
        body[field] = value;
        let refused = clinic.sign_with(MOTHER, &packet, &slots[0], body, None).await;
        assert_eq!((refused.status, &refused.body["field"]), (422, &json!(field)));
    }
    let mut extra = signing();
    extra["signed_at"] = json!("2020-01-01T00:00:00Z");
    assert_eq!(clinic.sign_with(MOTHER, &packet, &slots[0], extra, None).await.status, 400);
    assert_eq!(state(&clinic, &packet).await, PacketState::Out);
}

#[tokio::test]
async fn a_repeated_request_gets_the_same_answer_and_signs_once() {
    let clinic = Clinic::with_family().await;
    let (packet, slots) = clinic.packet(&[MOTHER, FATHER]).await;
    let key = Some("0123456789abcdef-key");
    let first = clinic.sign_with(MOTHER, &packet, &slots[0], signing(), key).await;
    let second = clinic.sign_with(MOTHER, &packet, &slots[0], signing(), key).await;
    assert_eq!((first.status, &first.body), (second.status, &second.body));
    assert_eq!(clinic.events().await, [EventKind::PacketCreated, EventKind::PacketSigned]);
    let mut other = signing();
    other["mark"]["name"] = json!("Kim");
    let refused = clinic.sign_with(MOTHER, &packet, &slots[0], other, key).await;
    assert_eq!(refused.body["type"], "urn:hearth:problem:idempotency-key-reused");
}

#[tokio::test]
async fn the_paper_is_opened_for_who_is_asked_and_the_record_says_so() {
    let clinic = Clinic::with_family().await;
    let (packet, _) = clinic.packet(&[MOTHER]).await;
    let opened = clinic.open_paper(MOTHER, &packet).await;
    assert_eq!(
        (opened.status, &opened.body["file"], &opened.body["expires_in"]),
        (200, &json!("canonical"), &json!(60))
    );
    assert!(text(&opened.body["url"]).contains("/canonical/"));
    assert_eq!(clinic.events().await, [EventKind::PacketCreated, EventKind::PacketOpened]);
}

#[tokio::test]
async fn ten_of_the_longest_drawings_fit_into_one_item() {
    let clinic = Clinic::with_family().await;
    let (id, slots) = clinic.packet(&[MOTHER, FATHER]).await;
    let mut body = signing();
    body["mark"] = json!({"kind": "drawn", "strokes": vec![vec![[1_000, 300]; 20]; 125]});
    assert_eq!(clinic.sign_with(MOTHER, &id, &slots[0], body, None).await.status, 200);

    let packet: Packet = clinic.store.get(&Key::packet(MEMBER, id.parse().unwrap())).await.unwrap().unwrap();
    let with_slots = |number| Packet { slots: vec![packet.slots[0].clone(); number], ..packet.clone() };
    assert!(
        clinic.store.replace(&packet, with_slots(2 * Packet::MOST_SLOTS)).await.is_err(),
        "the limit is not checked here"
    );
    assert!(clinic.store.replace(&packet, with_slots(Packet::MOST_SLOTS)).await.is_ok());
}
