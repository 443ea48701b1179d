//! A page, and a second one behind it with a seal.

use std::task::{Context, Poll, Waker};

use jiff::Timestamp;
use lopdf::{Document as Pdf, IncrementalDocument, Object, Stream, dictionary};
use p256::ecdsa::SigningKey;
use sha2::{Digest, Sha256};

use crate::local::{Authority, MemoryKey, self_signed};
use crate::signing::Signed;
use crate::{Chain, Document, Draft, Field, Record, SealingKey, Statement, timestamp};

pub(super) fn now() -> Timestamp {
    "2026-11-21T14:04:09Z".parse().unwrap()
}

pub(super) fn key() -> SigningKey {
    SigningKey::from_slice(&[7; 32]).unwrap()
}

pub(super) fn chain() -> Chain {
    Chain::from_der(vec![self_signed(&key(), "CN=Test seal").unwrap()]).unwrap()
}

pub(super) fn authority() -> Authority {
    Authority::new(SigningKey::from_slice(&[5; 32]).unwrap()).unwrap()
}

pub(super) fn ready<T>(mut future: std::pin::Pin<Box<dyn Future<Output = T> + Send + '_>>) -> T {
    let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) else { panic!("waits") };
    value
}

pub(super) fn paper() -> Vec<u8> {
    let mut document = Pdf::with_version("1.5");
    let root = document.new_object_id();
    let content = document.add_object(Stream::new(dictionary! {}, b"0 0 m 9 9 l S".to_vec()));
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => root, "Contents" => content, "Resources" => dictionary! {},
        "MediaBox" => vec![0.into(), 0.into(), 300.into(), 200.into()],
    });
    let pages = dictionary! { "Type" => "Pages", "Kids" => vec![Object::Reference(page)], "Count" => 1 };
    document.objects.insert(root, pages.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => root });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

pub(super) fn record(stamped: bool) -> Record {
    let paper = paper();
    let document = Document { sha256: hex::encode(Sha256::digest(&paper)), bytes: paper.len() as u64, pages: 1 };
    let text = |text: &str| text.to_owned();
    let statement = Statement {
        answers: None,
        signer: text("Ana Núñez"),
        capacity: text("as a parent of the client"),
        authority: text("parental responsibility"),
        attestation: text("I agree."),
        signed_at: text("2026-11-21 14:04:09 UTC"),
        authentication: text("password"),
        authenticated_at: text("2026-11-21 14:02:00 UTC"),
        mark: text("typed: Ana Núñez"),
    };
    Record::new(text("pkt_1"), document, stamped, vec![statement])
}

/// The paper with a second page and an empty seal.
pub(super) fn file(stamped: bool) -> Vec<u8> {
    file_at(stamped, now())
}

fn file_at(stamped: bool, at: Timestamp) -> Vec<u8> {
    let paper = paper();
    let previous = Pdf::load_mem(&paper).unwrap();
    let root = previous.catalog().unwrap().get(b"Pages").unwrap().as_reference().unwrap();
    let mut node = previous.get_dictionary(root).unwrap().clone();
    let mut update = IncrementalDocument::create_from(paper, previous);
    let page = update.new_document.add_object(dictionary! {
        "Type" => "Page", "Parent" => root, "MediaBox" => vec![0.into(), 0.into(), 300.into(), 200.into()],
    });
    node.get_mut(b"Kids").unwrap().as_array_mut().unwrap().push(page.into());
    node.set("Count", 2);
    update.new_document.objects.insert(root, node.into());
    let field = Field { name: "Clínica", at, chain: &chain(), record: &record(stamped) };
    field.add(&mut update, page).unwrap();
    let mut file = Vec::new();
    update.save_to(&mut file).unwrap();
    file
}

/// The file, signed, with nothing in its place yet; given to `with`.
pub(super) fn signed<T>(stamped: bool, at: Timestamp, with: impl FnOnce(Signed<'_>) -> T) -> T {
    let chain = chain();
    let draft = Draft::new(file_at(stamped, at), paper().len(), &chain).unwrap();
    let signature = signature(draft.digest());
    with(draft.sign(&signature).unwrap())
}

/// The key's answer.
pub(super) fn signature(digest: [u8; 32]) -> Vec<u8> {
    ready(MemoryKey(key()).sign(digest)).unwrap()
}

pub(super) fn seal(stamped: bool, at: Timestamp) -> Vec<u8> {
    signed(stamped, at, |signed| {
        let token = stamped.then(|| {
            let request = timestamp::Request::new(signed.imprint(), [3; 16]).unwrap();
            request.answered(&authority().answer(request.der(), at).unwrap(), at).unwrap()
        });
        signed.finish(token).unwrap()
    })
}

pub(super) fn sealed(stamped: bool) -> Vec<u8> {
    seal(stamped, now())
}
