//! Small files and evidence for the tests.

use super::{ENGLISH, Evidence, Mark, Moment, Sealing, SignatureEvidence};
use lopdf::{Dictionary, Document, Object, ObjectId, SaveOptions, Stream, dictionary};
use sha2::{Digest, Sha256};

/// How a test file is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    Table,
    XrefStream,
    ObjectStreams,
}

/// A file with two pages below an inner node that is rotated, lies about its
/// count, and hands everything down.
pub(super) fn nested(form: Form) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let content = document.add_object(Stream::new(Dictionary::new(), b"0 0 m 9 9 l S".to_vec()));
    let (root, inner) = (document.new_object_id(), document.new_object_id());
    let pages: Vec<Object> = (0..2)
        .map(|_| {
            let page = dictionary! { "Type" => "Page", "Parent" => inner, "Contents" => content };
            document.add_object(page).into()
        })
        .collect();
    let kids = document.add_object(vec![Object::Reference(inner)]);
    let inner_node =
        dictionary! { "Type" => "Pages", "Parent" => root, "Kids" => pages, "Count" => 77, "Rotate" => 90 };
    let root_node = dictionary! {
        "Type" => "Pages", "Kids" => kids, "Count" => 5, "Rotate" => 180,
        "MediaBox" => vec![0.into(), 0.into(), 300.into(), 200.into()],
        "CropBox" => vec![0.into(), 0.into(), 20.into(), 20.into()],
    };
    document.objects.insert(inner, inner_node.into());
    document.objects.insert(root, root_node.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => root });
    document.trailer.set("Root", catalog);
    let identifier = Object::string_literal("0123456789abcdef");
    document.trailer.set("ID", vec![identifier.clone(), identifier]);
    if matches!(form, Form::Table) {
        document.reference_table.cross_reference_type = lopdf::xref::XrefType::CrossReferenceTable;
    }
    let options = SaveOptions::builder()
        .use_xref_streams(!matches!(form, Form::Table))
        .use_object_streams(matches!(form, Form::ObjectStreams))
        .build();
    let mut bytes = Vec::new();
    document.save_with_options(&mut bytes, options).unwrap();
    bytes
}

/// The page tree as a reader sees it.
pub(super) fn page_ids(bytes: &[u8]) -> (Document, Vec<ObjectId>) {
    let options = lopdf::LoadOptions { strict: true, ..lopdf::LoadOptions::default() };
    let document = Document::load_mem_with_options(bytes, options).unwrap();
    let pages = document.page_iter().collect();
    (document, pages)
}

pub(super) fn signature(name: &str) -> SignatureEvidence {
    let moment = || Moment { utc: "2026-05-03 18:04:09 UTC".into(), local: "3 May 2026, 14:04 EDT".into() };
    SignatureEvidence {
        answers_sha256: None,
        mark: Mark::Typed(name.into()),
        signer: name.into(),
        capacity: "as parent".into(),
        authority: "legal authority recorded by the clinic".into(),
        attestation: "I have read this document and I agree to it.".into(),
        records_consent: "text of 1 March 2026".into(),
        signed_at: moment(),
        authentication: "password and a code sent by email".into(),
        authenticated_at: moment(),
        facts: vec![("Event".into(), "12".into())],
    }
}

pub(super) fn evidence(canonical: &[u8], pages: u32, signatures: Vec<SignatureEvidence>) -> Evidence {
    Evidence {
        answers: None,
        packet: "pk_7Q2M9C4T".into(),
        title_lines: vec!["Riverside Clinic".into()],
        document_sha256: Sha256::digest(canonical).into(),
        pages,
        signatures,
        facts: Vec::new(),
        labels: ENGLISH,
    }
}

pub(super) fn key() -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap()
}

pub(super) fn sealing(time_stamp: bool) -> Sealing {
    let certificate = pades::local::self_signed(&key(), "CN=Test seal").unwrap();
    let chain = pades::Chain::from_der(vec![certificate]).unwrap().into();
    Sealing { chain, time_stamp, at: "2026-05-03T18:05:00Z".parse().unwrap() }
}
