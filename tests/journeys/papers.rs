//! Papers: upload, inspection, list, open.

use jiff::SignedDuration;
use journeys::{World, pdf, sha256};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_parent_uploads_a_paper_and_opens_exactly_what_the_list_names() {
    let world = World::new().await;
    let family = world.family().await;
    let tab = family.mother.opens(&family.child).await;
    let document = tab.uploads(&world, "Intake form", &pdf("Intake")).await;

    let seen = tab.document(&document).await;
    assert_eq!((&seen["state"], &seen["pages"], &seen["title"]), (&json!("ready"), &json!(1), &json!("Intake form")));
    assert_eq!(tab.get("/documents").await.is(200).json(), json!({"documents": [seen]}));

    let opened = tab.post(&format!("/documents/{document}/open"), &json!({})).await.is(200);
    assert_eq!(opened.json()["expires_in"], 60);
    let bytes = world.downloads(&opened.at("/url")).await.unwrap();
    assert_eq!(seen["sha256"], sha256(&bytes));
    assert_eq!(seen["bytes"], bytes.len());
    // The other parent and staff see the same paper; another child's record does not have it.
    let other = family.father.opens(&family.child).await;
    assert_eq!(other.document(&document).await, seen);
    let sibling = family.mother.opens(&family.sibling).await;
    sibling.get(&format!("/documents/{document}")).await.is_hidden();
    assert!(sibling.get("/documents").await.is(200).list("documents").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_on_its_way_when_access_ended_is_refused() {
    let world = World::new().await;
    let family = world.family().await;
    let file = pdf("On its way");
    let (hers, his) = (family.mother.opens(&family.child).await, family.father.opens(&family.child).await);
    let (lost, kept) = (hers.announces("Lost", &file).await.is(201), his.announces("Kept", &file).await.is(201));
    world.stops(&family.child, &family.mother, "revoke").await;
    for announced in [&lost, &kept] {
        assert!(world.puts(&announced.json()["upload"], &file).await.is_success());
    }
    world.settled().await;
    let desk = world.staff.opens_as_staff(&family.child).await;
    assert_eq!(desk.document(&lost.at("/id")).await["refusal"], "not-allowed");
    assert_eq!(desk.document(&kept.at("/id")).await["state"], "ready");
    let listed = his.get("/documents").await.is(200).list("documents");
    assert_eq!(listed.iter().map(|document| document["title"].as_str().unwrap()).collect::<Vec<_>>(), ["Kept"]);
    assert!(!his.get("/activity").await.is(200).text.contains(&lost.at("/id")));
}

#[tokio::test(flavor = "multi_thread")]
async fn links_to_files_end_after_a_minute_and_uploads_after_five() {
    let world = World::new().await;
    let (member, client) = world.client_alone().await;
    let tab = client.opens(&member).await;
    let document = tab.uploads(&world, "Paper", &pdf("Paper")).await;
    let url = tab.post(&format!("/documents/{document}/open"), &json!({})).await.is(200).at("/url");
    let announced = tab.announces("Late", &pdf("Late")).await.is(201).json();
    world.downloads(&url).await.unwrap();
    world.passes(SignedDuration::from_secs(61));
    assert_eq!(world.downloads(&url).await.unwrap_err(), 403);
    world.passes(SignedDuration::from_secs(240));
    assert_eq!(world.puts(&announced["upload"], &pdf("Late")).await, 403);
    // Links are made by the same clock.
    let url = tab.post(&format!("/documents/{document}/open"), &json!({})).await.is(200).at("/url");
    world.downloads(&url).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_upload_link_takes_the_announced_bytes_once_and_no_others() {
    let world = World::new().await;
    let (member, client) = world.client_alone().await;
    let tab = client.opens(&member).await;
    let file = pdf("Announced");
    let announced = tab.announces("Paper", &file).await.is(201);
    let upload = &announced.json()["upload"];
    let mut other = file.clone();
    *other.last_mut().unwrap() = b' ';
    assert!(!world.puts(upload, &other).await.is_success());
    assert!(!world.puts(upload, &[file.as_slice(), b"more"].concat()).await.is_success());
    assert!(world.puts(upload, &file).await.is_success());
    assert!(!world.puts(upload, &file).await.is_success());
    world.settled().await;
    assert_eq!(tab.document(&announced.at("/id")).await["state"], "ready");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_cannot_be_used_are_refused_with_a_reason() {
    let world = World::new().await;
    let (member, client) = world.client_alone().await;
    let tab = client.opens(&member).await;
    let locked = String::from_utf8(pdf("Locked")).unwrap();
    let encryption = "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (01234567890123456789012345678901) \
                      /U (01234567890123456789012345678901) >> /Root";
    let locked = locked.replace("/Root", encryption);
    for (file, reason) in [(b"Dear clinic, hello".to_vec(), "not-a-pdf"), (locked.into_bytes(), "encrypted")] {
        let document = tab.uploads(&world, "Paper", &file).await;
        let seen = tab.document(&document).await;
        assert_eq!((&seen["state"], &seen["refusal"]), (&json!("refused"), &json!(reason)));
        for language in ["en", "es"] {
            assert!(seen["message"][language].as_str().is_some_and(|words| words.ends_with('.')), "{seen}");
        }
        tab.post(&format!("/documents/{document}/open"), &json!({})).await.is_problem(409, "conflict");
    }
    assert!(world.stack.objects().unwrap().iter().all(|(_, key)| !key.starts_with("canonical/")));
    assert!(world.stack.dead_letters().is_empty());
}

/// A white picture of two points, written by hand.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x01\x08\0\0\0\0\xd1I V\0\0\0\x0b\
    IDATx\xdac\xf8\xff\x1f\0\x03\0\x01\xffo\x81\xab\xb6\0\0\0\0IEND\xaeB`\x82";

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_of_paper_becomes_a_page() {
    let world = World::new().await;
    let (member, client) = world.client_alone().await;
    let tab = client.opens(&member).await;
    let body = json!({
        "title": "Photo", "bytes": PICTURE.len(), "content_type": "image/png", "sha256": sha256(PICTURE),
    });
    let announced = tab.post("/documents", &body).await.is(201);
    let upload = &announced.json()["upload"];
    assert_eq!(upload["headers"]["content-type"], "image/png");
    assert!(world.puts(upload, PICTURE).await.is_success());
    world.settled().await;
    let document = announced.at("/id");
    let seen = tab.document(&document).await;
    assert_eq!((&seen["state"], &seen["pages"]), (&json!("ready"), &json!(1)), "{seen}");
    let url = tab.post(&format!("/documents/{document}/open"), &json!({})).await.is(200).at("/url");
    assert!(world.downloads(&url).await.unwrap().starts_with(b"%PDF-"));
    let other = json!({"title": "Photo", "bytes": 9, "content_type": "image/gif", "sha256": sha256(b"")});
    tab.post("/documents", &other).await.is_problem(400, "malformed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_tells_what_it_asks_for() {
    let world = World::new().await;
    let (member, client) = world.client_alone().await;
    let tab = client.opens(&member).await;
    let plain = tab.uploads(&world, "Letter", &pdf("Letter")).await;
    assert_eq!(tab.get(&format!("/documents/{plain}/fields")).await.is(200).json(), json!({"fields": []}));
    let document = tab.uploads(&world, "Form", &form()).await;
    let told = tab.get(&format!("/documents/{document}/fields")).await.is(200).json();
    let field = json!({
        "name": "child", "label": "Name of the child", "page": 1, "required": true,
        "kind": "text", "max_length": 40, "multiline": false,
    });
    assert_eq!(told, json!({"fields": [field]}));
    let awaiting = tab.announces("Late", &pdf("Late")).await.is(201).at("/id");
    tab.get(&format!("/documents/{awaiting}/fields")).await.is_problem(409, "conflict");
}

/// A PDF with one field.
fn form() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Annots [4 0 R] >>",
        "<< /Type /Annot /Subtype /Widget /Rect [72 700 300 720] /FT /Tx /T (child) /TU (Name of the child) \
         /MaxLen 40 /Ff 2 >>",
    ];
    let (mut file, mut table) = ("%PDF-1.7\n".to_owned(), "0000000000 65535 f \n".to_owned());
    for (number, object) in (1..).zip(objects) {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let start = file.len();
    file += &format!("xref\n0 5\n{table}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    file.into_bytes()
}
