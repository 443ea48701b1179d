//! How many AWS calls a person waits for one after the other, counted by the functions themselves (fields `aws_calls` and
//! `aws_series` of the log line). Design §3: a read takes one, a change two, or the reason stands beside the number.

use journeys::{Record, World, wants_member_token};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Calls in series per route.
#[rustfmt::skip]
const TABLE: &[(&str, u64)] = &[
    ("GET /", 0),
    ("GET /invitation", 0),
    ("GET /verify", 0),
    ("POST /verify", 0),
    ("GET /assets/{file}", 0),
    // Mailbox, its persons, then the change: only the mailbox says whose passwords to compare. On a known device KMS signs
    // between the two, for the person that the password found; see `a_known_device_takes_one_call_more_and_a_familys_list_one_less`.
    ("POST /login", 3),
    // Challenge, count, KMS, change: nothing is compared before it was counted, nothing signed before the code was right.
    ("POST /login/code", 4),
    // The new ceremony alone.
    // Anybody may ask: the own block of addresses and everybody are counted first, in two tries where they were busy of late.
    ("POST /login/passkey/begin", 3),
    // The ceremony with the login and passkey that the device names, KMS, change: nothing is signed before the signature was
    // right. Somebody who is signed in gets no token, see `renewing_a_proof_takes_one_call_less`.
    ("POST /login/passkey", 3),
    ("POST /login/passkeys/begin", 2),
    ("POST /login/passkeys", 2),
    ("GET /login/passkeys", 1),
    // The facts, then the sessions that end with it, as for a new password.
    ("POST /login/passkeys/{passkey}/remove", 3),
    // Session, KMS, change: nothing is signed before the cookie was right.
    ("POST /login/refresh", 3),
    // With the limits beside the facts; one more when somebody guesses a second time within 90 seconds.
    ("POST /login/step-up", 2),
    // Mailbox, its persons, then the change, as for signing in; the limits are counted beside them. With the desk's code, as here,
    // one more: the guess is counted before it is compared, and which code it is at is known from the persons only.
    ("POST /login/recover", 4),
    // Challenge, the count of guesses, then the sessions and devices that the change removes: listed after the end of the login's chain was read, so that
    // no sign-in slips in between.
    ("POST /login/recover/confirm", 4),
    // The facts, then what ends with the old password, as for a recovery.
    ("POST /login/password", 3),
    ("POST /login/recovery-codes", 2),
    ("GET /login/sessions", 1),
    // The facts, then the sessions, for the same reason.
    ("POST /login/sessions/end-others", 3),
    ("POST /login/sessions/{session}/end", 2),
    ("POST /logins/{login}/recovery", 2),
    ("POST /login/sign-out", 2),
    // Which mailboxes are the own ones stands in the login.
    ("GET /login/mailboxes", 2),
    ("POST /login/mailboxes", 2),
    // The mailbox is named by the proof, or by the login: only then it can be read.
    // The guess is counted before it is compared.
    ("POST /login/mailboxes/confirm", 4),
    ("POST /login/mailboxes/{mailbox}/prefer", 2),
    ("POST /login/mailboxes/{mailbox}/remove", 3),
    // Two when nothing was proved just now, as here: the own mailboxes stand in the login. Else the group, and its addresses.
    ("GET /login/aliases", 2),
    // Proof and own grants, mailboxes, persons behind with what they have, the records of that, the change: each names the next.
    ("POST /login/merge", 6),
    // The record of the merge names all that goes back.
    ("POST /logins/{login}/unmerge", 3),
    ("POST /members", 2),
    // Staff: that the caller is staff, the index of members, and their names, which stand in the members' own items. A family
    // takes two, see `a_known_device_takes_one_call_more_and_a_familys_list_one_less`: the grants are read beside the facts.
    ("GET /members", 3),
    ("GET /members/{member}", 1),
    ("POST /members/{member}/switch", 2),
    // Who has access is known from the pointers, what exactly from the grants, and the names of those who gave it from these.
    ("GET /members/{member}/grants", 3),
    ("POST /members/{member}/grants", 2),
    ("POST /members/{member}/grants/{login}/change", 2),
    // That staff asked is put on the record.
    ("POST /members/{member}/people/{login}/preview", 2),
    ("POST /members/{member}/people/{login}/why", 2),
    ("GET /members/{member}/blocks", 1),
    // By name, with no open invitation; else 3: who stands behind an address, and which invitations are open for it, is known from the
    // address and from the pointers only.
    ("POST /members/{member}/blocks", 2),
    ("POST /members/{member}/blocks/{block}/lift", 2),
    ("POST /members/{member}/grants/{login}/narrow", 2),
    ("POST /members/{member}/grants/{login}/end", 2),
    ("POST /members/{member}/grants/{login}/revoke", 2),
    ("POST /members/{member}/helpers", 2),
    // Who has access is known from the pointers only.
    ("GET /members/{member}/directory", 2),
    ("POST /members/{member}/requests", 2),
    ("GET /members/{member}/requests", 1),
    // For whom is known from the request; who is told, from that record's pointers.
    ("POST /members/{member}/requests/{request}/approve", 4),
    // Who asked is known from the request.
    ("POST /members/{member}/requests/{request}/refuse", 3),
    ("GET /members/{member}/activity", 1),
    ("POST /agencies", 2),
    // The index of agencies is read beside the facts, their names afterwards: they stand in the agencies' own items.
    ("GET /agencies", 2),
    // Who is on the roster is known from the pointers, what they have from their grants.
    ("GET /agencies/{agency}", 2),
    ("POST /agencies/{agency}/workers", 2),
    ("POST /agencies/{agency}/workers/{login}/remove", 2),
    // The act stands before the first child moves, so that a machine that stops in between leaves something to go on with. Then
    // the children and their chains are read, and they move; two more for each further 19, see `agencies_many`.
    ("POST /agencies/{agency}/hand-overs", 4),
    // Whose children they were is known from the act.
    ("GET /agencies/{agency}/hand-overs/{handover}", 2),
    // Here nothing is left to move; with children left it takes two more, as above.
    ("POST /agencies/{agency}/hand-overs/{handover}/continue", 2),
    ("POST /invitations", 2),
    ("POST /invitations/look", 1),
    ("POST /invitations/confirm", 2),
    // Which members an invitation touches is known from the invitation only: one more for each answer to it. A guess at the
    // code is counted beside the second.
    ("POST /invitations/accept", 3),
    ("POST /invitations/decline", 3),
    ("POST /invitations/{invitation}/resend", 3),
    ("POST /invitations/{invitation}/revoke", 3),
    ("POST /members/{member}/documents", 2),
    ("GET /members/{member}/documents", 1),
    ("GET /members/{member}/documents/{document}", 1),
    ("GET /members/{member}/documents/{document}/fields", 1),
    ("POST /members/{member}/documents/{document}/open", 2),
    ("POST /members/{member}/packets", 2),
    ("GET /members/{member}/packets", 1),
    ("GET /members/{member}/packets/{packet}", 1),
    // Which form it is stands in the packet. One more where the same form was answered before: on whose record, the pointers say.
    ("GET /members/{member}/packets/{packet}/slots/{slot}/answers", 2),
    // As above, and the change.
    ("POST /members/{member}/packets/{packet}/slots/{slot}/answers", 3),
    ("POST /members/{member}/packets/{packet}/slots/{slot}/answers/carry", 2),
    ("POST /members/{member}/packets/{packet}/slots/{slot}/sign", 2),
    // 3 when somebody else is still asked, see `the_end_of_a_packet`: who that is stands in the packet, and they are told.
    ("POST /members/{member}/packets/{packet}/slots/{slot}/decline", 2),
    // As above; here the one who is asked is told.
    ("POST /members/{member}/packets/{packet}/void", 3),
    ("POST /members/{member}/packets/{packet}/slots/{slot}/paper", 2),
    // Who was asked is told: as above.
    ("POST /members/{member}/packets/{packet}/slots/{slot}/settle", 3),
    ("POST /members/{member}/packets/{packet}/open", 2),
];

/// Sends the example of a route and returns what it took.
async fn measured(world: &World, route: &str, record: &Record) -> Value {
    let example = world.example(route, record).await;
    let token = world.token_of(example.bearer, record).await;
    assert!(!wants_member_token(route) || token.is_some(), "{route} has an example without a token");
    let mut asking = world.browser_of(example.bearer, route).ask(&example.method, &example.path());
    if let Some(token) = &token {
        asking = asking.bearer(token);
    }
    if let Some(body) = &example.body {
        asking = asking.json(body);
    }
    world.settled().await;
    let reply = asking.send().await;
    assert!(reply.status < 300, "{route}: {} {}", reply.status, reply.text);
    let line = world.line(&reply);
    assert_eq!((line["route"].as_str(), line["status"].as_u64()), (Some(route), Some(reply.status.into())));
    line
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_takes_the_calls_in_series_that_the_table_says() {
    let world = World::new().await;
    let record = world.record().await;
    let expected: BTreeMap<&str, u64> = TABLE.iter().copied().collect();
    let routes = world.routes();
    let named: BTreeSet<&str> = expected.keys().copied().collect();
    assert_eq!(routes.iter().map(String::as_str).collect::<BTreeSet<_>>(), named, "the template and the table differ");
    let mut wrong = Vec::new();
    for route in &routes {
        let line = measured(&world, route, &record).await;
        let (series, calls) = (line["aws_series"].as_u64().unwrap(), line["aws_calls"].as_u64().unwrap());
        if series != expected[route.as_str()] || calls < series {
            wrong.push(format!("{route}: {series} in series, {calls} in all, not {}", expected[route.as_str()]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_device_takes_one_call_more_and_a_familys_list_one_less() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let signed_in = client.tries_to_sign_in().await.is(200);
    // Mailbox, persons, KMS, change: which person is known only after the passwords were compared.
    assert_eq!(world.line(&signed_in)["aws_series"], 4);
    let listed = client.get("/members").await.is(200);
    assert_eq!(world.line(&listed)["aws_series"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn renewing_a_proof_takes_one_call_less() {
    let world = World::new().await;
    let mut phone = world.phone();
    let (_, user) = world.staff.adds_passkey(&mut phone, "Desk").await;
    let signed = world.signed(&mut phone, &user).await;
    let renewed = world.staff.post("/login/passkey", &signed).await.is(200);
    assert_eq!(world.line(&renewed)["aws_series"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_packet_takes_one_call_more_when_others_are_told() {
    let world = World::new().await;
    let family = world.family().await;
    let tab = family.mother.opens(&family.child).await;
    let document = tab.uploads(&world, "Consent", &journeys::pdf("Consent")).await;
    let people = [(&family.mother, "parent"), (&family.father, "parent")];
    let packet = world.asks(&family.child, &document, &people).await;
    let slot = tab.packet(&packet).await["mine"]["slot"].as_str().unwrap().to_owned();
    let path = format!("/packets/{packet}/slots/{slot}/decline");
    let declined = tab.post(&path, &serde_json::json!({"reason": "not today"})).await.is(204);
    assert_eq!(world.line(&declined)["aws_series"], 3);
}
