//! A clinic with one packet that two parents signed.

use std::collections::BTreeMap;

use hearth::aws::Aws;
use hearth::clock::Clock;
use hearth::config::Environment;
use hearth::domain::document::{CanonicalFile, Sha256Digest};
use hearth::domain::event::{Event, EventKind, first_broken};
use hearth::domain::grant::{Authority as Ground, Grant, GrantState, Reason, ReasonCode, Relationship, Scope, Terms};
use hearth::domain::id::{DocumentId, LoginId, MemberId, PacketId, SlotId};
use hearth::domain::login::{AuthenticationMethod, Language, Lineage, Login, MailboxId, Role};
use hearth::domain::member::Member;
use hearth::domain::packet::{Group, Mode, Packet, PacketState, SealedFile, Slot, SlotState};
use hearth::domain::signature::{ATTESTATION_VERSION, CONSENT_VERSION, Mark, Signature, SigningCapacity};
use hearth::store::{Key, Store, Transaction};
use jiff::civil::date;
use lopdf::{Document, Object, Stream, dictionary};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

mod authority;
mod files;
mod kms;

pub(super) use authority::{Authority, Mood};
pub(super) use files::Pause;

const MEMBER: MemberId = MemberId::from_random([0x50; 16]);
const DOCUMENT: DocumentId = DocumentId::from_random([0x60; 16]);
const PACKET: PacketId = PacketId::from_random([0x70; 16]);
pub(super) const MOTHER: LoginId = LoginId::from_random([0x11; 16]);
pub(super) const FATHER: LoginId = LoginId::from_random([0x12; 16]);

pub(super) struct Clinic {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) files: files::Files,
    /// Asked only by the clinic that was opened with it.
    pub(super) authority: Authority,
    context: crate::Context,
    database: dynoxide::Database,
}

/// A file of one page.
pub(super) fn paper() -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let content = document.add_object(Stream::new(lopdf::Dictionary::new(), b"0 0 m 9 9 l S".to_vec()));
    let root = document.new_object_id();
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => root, "Contents" => content, "Resources" => dictionary! {},
        "MediaBox" => vec![0.into(), 0.into(), 612.into(), 792.into()],
    });
    let pages = dictionary! { "Type" => "Pages", "Kids" => vec![Object::Reference(page)], "Count" => 1 };
    document.objects.insert(root, pages.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => root });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

fn slot(login: LoginId, number: u8, sha256: Sha256Digest, clock: &Clock) -> Slot {
    let signature = Signature {
        name: "Alex".parse().unwrap(),
        relationship: Some(Relationship::Prn),
        authority: Some(Ground::ParentalResponsibility),
        mark: Mark::Typed { name: "Alex".parse().unwrap() },
        document_sha256: sha256,
        pages: 1,
        answers_sha256: None,
        consent_version: CONSENT_VERSION.to_owned(),
        attestation_version: ATTESTATION_VERSION.to_owned(),
        language: Language::English,
        method: AuthenticationMethod::Password,
        authenticated_at: clock.now(),
        signed_at: clock.now(),
    };
    Slot {
        opened_at: Some(clock.now()),
        state: SlotState::Signed { signature: Box::new(signature) },
        ..Slot::asking(SlotId::from_random([number; 16]), Some(login), SigningCapacity::Parent)
    }
}

impl Clinic {
    /// A clinic without time stamps.
    pub(super) async fn open() -> Self {
        Self::open_with(false).await
    }

    pub(super) async fn open_with(stamped: bool) -> Self {
        let database = dynoxide::Database::memory().unwrap();
        let key = |name, kind| json!({"AttributeName": name, "KeyType": kind});
        let text = |name| json!({"AttributeName": name, "AttributeType": "S"});
        let table = json!({
            "TableName": "test", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [text("pk"), text("sk")], "KeySchema": [key("pk", "HASH"), key("sk", "RANGE")],
        });
        database.create_table(serde_json::from_value(table).unwrap()).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(dynoxide::server::serve_with_shutdown(listener, database.clone(), std::future::pending()));
        let (files, files_address) = files::Files::open().await;

        let clock = Clock::manual("2026-11-21T12:00:00Z".parse().unwrap());
        let authority = Authority::open(clock.now()).await;
        let variables = [
            ("TIMESTAMP_URL", if stamped { authority.url.clone() } else { String::new() }),
            ("TABLE", "test".to_owned()),
            ("BUCKET", "files".to_owned()),
            ("CLINIC_TIME_ZONE", "America/New_York".to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "test".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
            ("AWS_ENDPOINT_URL_DYNAMODB", format!("http://{address}")),
            ("SEAL_KEY_ID", "seal".to_owned()),
            ("SEAL_CERTIFICATE", kms::certificate()),
            ("AWS_ENDPOINT_URL_KMS", format!("http://{}", kms::open().await)),
            ("AWS_ENDPOINT_URL_S3", format!("http://{files_address}")),
        ];
        let variables: BTreeMap<_, _> = variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let env = Environment::new(variables, clock.clone());
        let store = Store::from_environment(&env, &Aws::from_environment(&env).unwrap()).unwrap();
        let clinic = Self { store, clock, files, authority, context: crate::Context::new(&env).unwrap(), database };
        clinic.fill().await;
        clinic
    }

    async fn fill(&self) {
        let now = self.clock.now();
        let paper = paper();
        let sha256 = Sha256Digest::new(Sha256::digest(&paper).into());
        let member = Member {
            id: MEMBER,
            name: "Sam".parse().unwrap(),
            birth_date: date(2019, 5, 4),
            registered_at: now,
            withdrawn: Vec::new(),
            blocks: Vec::new(),
            version: 1,
        };
        let packet = Packet {
            id: PACKET,
            member: MEMBER,
            document: DOCUMENT,
            canonical: CanonicalFile { sha256, bytes: paper.len() as u64, pages: 1 },
            title: "Consent".parse().unwrap(),
            created_by: MOTHER,
            created_at: now,
            mode: Mode::Together,
            groups: Group::alone(),
            is_form: false,
            supersedes: None,
            superseded_by: None,
            closing: None,
            slots: vec![slot(MOTHER, 1, sha256, &self.clock), slot(FATHER, 2, sha256, &self.clock)],
            state: PacketState::Ready,
            version: 3,
        };
        let mut change = Transaction::unpermitted(now, "fixture").create(&member).create(&packet);
        for (login, number) in [(MOTHER, 0x11), (FATHER, 0x12)] {
            change = change.create(&grant(login)).create(&Login {
                id: login,
                name: "Alex".parse().unwrap(),
                role: Role::Family,
                language: Language::English,
                password_hash: String::new(),
                mailboxes: vec![MailboxId::from_hash([number; 32])],
                agency: None,
                lineage: Lineage::default(),
                version: 1,
            });
        }
        change.commit(&self.store).await.unwrap();
        self.files.put(&format!("canonical/{MEMBER}/{DOCUMENT}/{sha256}.pdf"), paper);
    }

    /// Delivers the record of the ready packet; whether it was handled.
    pub(super) async fn deliver(&self) -> bool {
        let keys = json!({"pk": {"S": format!("MEMBER#{MEMBER}")}, "sk": {"S": format!("PACKET#{PACKET}")}});
        let record = json!({
            "awsRegion": "us-east-1", "eventID": "1", "eventName": "MODIFY",
            "dynamodb": {"Keys": keys, "NewImage": {"waits_for": {"S": "seal"}}, "SequenceNumber": "7", "SizeBytes": 1},
        });
        let event = serde_json::from_value(json!({"Records": [record]})).unwrap();
        let failures = crate::handle(&self.context, event).await.batch_item_failures;
        assert!(failures.iter().all(|failure| failure.item_identifier == "7"));
        failures.is_empty()
    }

    pub(super) async fn packet(&self) -> Packet {
        self.store.get(&Key::packet(MEMBER, PACKET)).await.unwrap().unwrap()
    }

    /// Checks that the packet was sealed once, by this attempt, and that its file is what it should be.
    pub(super) async fn check_sealed(&self, attempt: u32) -> SealedFile {
        let PacketState::Sealed { sealed } = self.packet().await.state else { panic!("not sealed") };
        assert_eq!(sealed.attempt, attempt);
        let bytes = self.files.get(&format!("sealed/{MEMBER}/{PACKET}/{attempt}.pdf")).unwrap();
        assert_eq!((sealed.bytes, *sealed.sha256.as_bytes()), (bytes.len() as u64, Sha256::digest(&bytes).into()));
        assert!(bytes.len() > paper().len() && bytes.starts_with(&paper()));
        let verified =
            pades::verify(&bytes, Some(&[kms::certificate().parse::<pades::Chain>().unwrap().fingerprint()])).unwrap();
        assert_eq!((verified.record.packet, verified.record.signatures.len()), (PACKET.to_string(), 2));
        assert_eq!(self.events().await, [EventKind::PacketSealed]);
        sealed
    }

    /// The time stamp in the sealed file.
    pub(super) async fn stamped(&self) -> Option<jiff::Timestamp> {
        let PacketState::Sealed { sealed } = self.packet().await.state else { panic!("not sealed") };
        let bytes = self.files.get(&format!("sealed/{MEMBER}/{PACKET}/{}.pdf", sealed.attempt)).unwrap();
        pades::verify(&bytes, None).unwrap().time_stamp.map(|stamp| stamp.time())
    }

    pub(super) async fn events(&self) -> Vec<EventKind> {
        let events: Vec<Event> = self.store.list(&Key::member(MEMBER), "EVENT#").await.unwrap();
        assert_eq!(first_broken(&events), None);
        events.iter().map(|event| event.kind).collect()
    }

    /// First byte of each mailbox that gets a mail.
    pub(super) fn mails(&self) -> Vec<String> {
        let request = serde_json::from_value(json!({"TableName": "test"})).unwrap();
        let page: Value = serde_json::to_value(self.database.scan(request).unwrap()).unwrap();
        let items = page["Items"].as_array().unwrap().iter();
        let mails = items.filter(|item| item["pk"]["S"].as_str().unwrap().starts_with("MAIL#"));
        let mut boxes: Vec<_> = mails
            .map(|mail| {
                assert_eq!(mail["about"]["S"], "copy-ready");
                mail["mailbox"]["S"].as_str().unwrap().chars().take(2).collect()
            })
            .collect();
        boxes.sort_unstable();
        boxes
    }

    pub(super) async fn revoke(&self, login: LoginId) {
        let stopped = grant(login).stopped(GrantState::Revoked, Reason::of(ReasonCode::Order).unwrap()).unwrap();
        self.store.replace(&grant(login), stopped).await.unwrap();
    }
}

fn grant(login: LoginId) -> Grant {
    Grant {
        login,
        member: MEMBER,
        terms: Terms::plain(Relationship::Prn, Ground::ParentalResponsibility, [Scope::Sign]),
        state: GrantState::Active,
        reason: None,
        granted_by: MOTHER,
        granted_at: "2026-11-21T12:00:00Z".parse().unwrap(),
        version: 1,
    }
}
