//! What a sealed file proves, for whoever holds it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use journeys::{Reply, World, pdf, sha256};
use serde_json::{Value, json};

async fn asks(world: &World, file: &[u8]) -> Reply {
    world.browser().post("/verify", &json!({"file": STANDARD.encode(file)})).await
}

async fn reason(world: &World, file: &[u8]) -> Value {
    let answer = asks(world, file).await.is(200).json();
    assert_eq!(answer["result"], "not-proven");
    assert_eq!(answer.as_object().unwrap().len(), 2, "more than the reason: {answer}");
    answer["reason"].clone()
}

/// A paper that an adult client signed, as shown and as sealed.
async fn sealed(world: &World) -> (Vec<u8>, Vec<u8>) {
    let (member, client) = world.client_alone().await;
    let tab = client.opens(&member).await;
    let document = tab.uploads(world, "Consent", &pdf("Consent")).await;
    let packet = world.asks(&member, &document, &[(&client, "patient")]).await;
    let open = format!("/packets/{packet}/open");
    let shown = tab.post(&open, &json!({})).await.is(200).at("/url");
    let shown = world.downloads(&shown).await.unwrap();
    tab.tries_to_sign(&packet, &json!({"kind": "typed", "name": "Adult client"})).await.is(200);
    world.settled().await;
    let kept = tab.post(&open, &json!({})).await.is(200).at("/url");
    (shown, world.downloads(&kept).await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_file_proves_itself_to_anybody_and_every_change_is_noticed() {
    let world = World::new().await;
    let (shown, sealed) = sealed(&world).await;
    let proof = asks(&world, &sealed).await.is(200).json();
    assert_eq!(proof["result"], "proven");
    assert_eq!(proof["sha256"], sha256(&sealed));
    assert_eq!(proof["document_sha256"], sha256(&shown));
    assert_eq!(proof["document_bytes"], shown.len());
    assert!(proof["pages"].as_u64() > proof["document_pages"].as_u64());
    assert_eq!(proof["signatures"].as_array().unwrap().len(), 1);
    assert_eq!(proof["signatures"][0]["signer"], "Adult client");
    assert_eq!(proof["time_stamp"], Value::Null);

    assert_eq!(reason(&world, &shown).await, "no-seal");
    assert_eq!(reason(&world, b"hello").await, "not-pdf");
    assert_eq!(reason(&world, b"").await, "not-pdf");
    assert_eq!(reason(&world, &[sealed.as_slice(), b"\n%%EOF\n"].concat()).await, "extended");
    for place in (8..sealed.len()).step_by(sealed.len() / 40) {
        let mut changed = sealed.clone();
        changed[place] ^= 1;
        assert_ne!(reason(&world, &changed).await, Value::Null, "byte {place}");
    }
    let mut changed = sealed.clone();
    changed[shown.len() / 2] ^= 1;
    assert_eq!(reason(&world, &changed).await, "changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_seal_of_another_clinic_is_not_this_clinics() {
    let (here, elsewhere) = (World::new().await, World::new().await);
    let (_, sealed) = sealed(&elsewhere).await;
    assert_eq!(asks(&elsewhere, &sealed).await.is(200).json()["result"], "proven");
    assert_eq!(reason(&here, &sealed).await, "not-this-clinic");
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_leaves_nothing_behind() {
    let world = World::new().await;
    let (_, sealed) = sealed(&world).await;
    let (items, objects) = (world.items().await, world.stack.objects().unwrap().len());
    let reply = asks(&world, &sealed).await.is(200);
    assert_eq!((world.items().await, world.stack.objects().unwrap().len()), (items, objects));
    let line = world.line(&reply);
    assert_eq!(line["aws_calls"], 0);
    assert!(!line.to_string().contains("Adult"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_too_long_is_refused() {
    let world = World::new().await;
    assert_eq!(reason(&world, &vec![b' '; 4 * 1024 * 1024]).await, "not-pdf");
    asks(&world, &vec![b' '; 4_400_000]).await.is_problem(413, "too-large");
}
