//! Stopping and starting the stack loses nothing.

use hearth::clock::Clock;
use hearth_local::{Options, Stack};
use journeys::{World, pdf, sha256, terms};
use serde_json::json;
use std::time::Duration;

fn options(folder: &std::path::Path, clock: &Clock) -> Options {
    Options { data: Some(folder.to_owned()), clock: clock.clone(), ..Options::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn data_sessions_and_files_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::manual(jiff::Timestamp::now());
    let world = World::with(options(folder.path(), &clock)).await;
    let (member, client) = world.client_alone().await;
    let tab = client.opens(&member).await;
    let document = tab.uploads(&world, "Consent", &pdf("Consent")).await;
    let packet = world.asks(&member, &document, &[(&client, "patient")]).await;
    let seen = tab.document(&document).await;
    let items = world.items().await;
    let World { stack, staff, .. } = world;
    stack.stop().await;

    let stack = Stack::start(options(folder.path(), &clock)).await.unwrap();
    let world = World::resumed(stack, clock.clone());
    world.settled().await;
    assert_eq!(world.items().await, items);
    // The session from before still counts, and signing in again works as before.
    let (staff, client) = (staff.at(world.stack.url()), client.at(world.stack.url()));
    assert_eq!(staff.members().await.len(), 1);
    let client = client.signs_in().await;
    assert_eq!(client.members().await[0]["waiting"][0]["packet"], packet.as_str());
    let tab = client.opens(&member).await;
    assert_eq!(tab.document(&document).await, seen);
    let url = tab.post(&format!("/documents/{document}/open"), &json!({})).await.is(200).at("/url");
    assert_eq!(seen["sha256"], sha256(&world.downloads(&url).await.unwrap()));
    tab.tries_to_sign(&packet, &json!({"kind": "typed", "name": "Adult client"})).await.is(200);
    world.settled().await;
    assert_eq!(tab.packet(&packet).await["state"], "sealed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_was_not_delivered_is_delivered_after_the_restart() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::manual(jiff::Timestamp::now());
    // Whatever fails is tried again in an hour, which is after the end of this test.
    let patient = Options { retry_delay: Duration::from_secs(3600), ..options(folder.path(), &clock) };
    let world = World::with(patient).await;
    let child = world.registers("Child", "2016-01-01").await;
    world.settled().await;
    let sent = world.stack.mails().len();
    world.stack.fail_mails(usize::MAX);
    let offer = json!({"member": child, "terms": terms("PRN", "parental-responsibility")});
    let body = json!({"email": "parent@family.example", "language": "en", "offers": [offer]});
    world.staff.post("/invitations", &body).await.is(201);
    assert_eq!(world.stack.mails().len(), sent);
    world.stack.stop().await;

    let world = World::resumed(Stack::start(options(folder.path(), &clock)).await.unwrap(), clock);
    let token = world.link_for("parent@family.example").await;
    assert_eq!(world.stack.mails().len(), sent + 1);
    world.browser().post("/invitations/look", &json!({"token": token})).await.is(200);
    assert!(world.stack.dead_letters().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_after_the_last_signature_leaves_a_packet_that_the_next_start_seals() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::manual(jiff::Timestamp::now());
    let world = World::with(options(folder.path(), &clock)).await;
    let (member, client) = world.client_alone().await;
    let tab = client.opens(&member).await;
    let document = tab.uploads(&world, "Consent", &pdf("Consent")).await;
    let packet = world.asks(&member, &document, &[(&client, "patient")]).await;
    tab.tries_to_sign(&packet, &json!({"kind": "typed", "name": "Adult client"})).await.is(200);
    // Nobody says goodbye: whatever runs at this moment is cut off.
    drop(world);

    // A sealer that was cut off holds its lease for 90 seconds.
    clock.advance(jiff::SignedDuration::from_secs(91));
    let world = World::resumed(Stack::start(options(folder.path(), &clock)).await.unwrap(), clock);
    world.settled().await;
    let client = client.at(world.stack.url());
    let tab = client.opens(&member).await;
    assert_eq!(tab.packet(&packet).await["state"], "sealed");
    let sealed = tab.post(&format!("/packets/{packet}/open"), &json!({})).await.is(200);
    assert_eq!(sealed.at("/file"), "sealed");
    assert!(world.downloads(&sealed.at("/url")).await.unwrap().starts_with(b"%PDF-"));
    assert!(world.stack.dead_letters().is_empty());
}
