//! How domain values become items: their place, their version, when they may be forgotten.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Key;
use crate::domain::Version;
use crate::domain::agency::{Agency, HandOver};
use crate::domain::document::{Document, DocumentState};
use crate::domain::draft::Draft;
use crate::domain::event::Event;
use crate::domain::form::Form;
use crate::domain::grant::Grant;
use crate::domain::id::{LoginId, MemberId, PacketId};
use crate::domain::invitation::Invitation;
use crate::domain::limit::CodeAllowance;
use crate::domain::login::{
    AddressProof, Ceremony, Challenge, DeskRecovery, Device, Login, Mailbox, Merge, Passkey, RecoveryCodes, Session,
};
use crate::domain::mail::{Delivery, Mail};
use crate::domain::member::Member;
use crate::domain::packet::{Packet, PacketState};
use crate::domain::request::Request;
use crate::domain::text::Title;
use crate::http::stop::Internal;

/// An item as DynamoDB holds it.
pub type Item = HashMap<String, AttributeValue>;

/// Version of the form of items. Readers accept what they wrote before.
const SCHEMA: u32 = 1;

/// A value that is kept as one item.
pub trait Stored: Serialize + DeserializeOwned {
    /// Where it stands.
    fn key(&self) -> Key;

    /// How often it was replaced.
    fn version(&self) -> Version;

    /// Sets the version that is about to be written.
    fn set_version(&mut self, version: Version);

    /// When DynamoDB may delete it; deletion can lag by days, so no rule rests on it.
    fn expires(&self) -> Option<Timestamp> {
        None
    }

    /// The work that waits on it, for the filter of an event source, which looks at the top of an item only.
    fn waits_for(&self) -> Option<&'static str> {
        None
    }

    /// The list of index `directory` on which it stands, and since when.
    fn listed(&self) -> Option<(&'static str, Timestamp)> {
        None
    }
}

/// Writes a value as an item.
pub(super) fn to_item<T: Stored>(value: &T) -> Result<Item, Internal> {
    let mut item: Item =
        serde_dynamo::to_item(value).map_err(|_| Internal("a value could not be written as an item"))?;
    place(&mut item, &value.key(), value.expires());
    if let Some(work) = value.waits_for() {
        item.insert("waits_for".to_owned(), AttributeValue::S(work.to_owned()));
    }
    if let Some((list, since)) = value.listed() {
        item.insert("directory".to_owned(), AttributeValue::S(list.to_owned()));
        item.insert("listed_at".to_owned(), AttributeValue::S(since.to_string()));
    }
    Ok(item)
}

/// Adds what every item has.
pub(super) fn place(item: &mut Item, key: &Key, expires: Option<Timestamp>) {
    item.insert("pk".to_owned(), AttributeValue::S(key.pk.clone()));
    item.insert("sk".to_owned(), AttributeValue::S(key.sk.clone()));
    item.insert("schema".to_owned(), AttributeValue::N(SCHEMA.to_string()));
    if let Some(expires) = expires {
        item.insert("expires".to_owned(), AttributeValue::N(expires.as_second().to_string()));
    }
}

/// Reads an item.
pub(super) fn from_item<T: DeserializeOwned>(item: &Item) -> Result<T, Internal> {
    serde_dynamo::from_item(item.clone()).map_err(|_| Internal("an item could not be read"))
}

/// A signature that waits for somebody: what the list of members shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Todo {
    /// Who is asked.
    pub login: LoginId,
    /// For whom.
    pub member: MemberId,
    /// In which packet.
    pub packet: PacketId,
    /// Title of the packet.
    pub title: Title,
    /// Since when.
    pub since: Timestamp,
    /// Replaced how often.
    pub version: Version,
}

/// That access was denied and put on record; until it ends, the same person's further attempts are not, so that nobody can fill
/// a record or hold up others who write to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denial {
    /// To which member.
    pub member: MemberId,
    /// Of whom.
    pub login: LoginId,
    /// Until when further attempts are not recorded.
    pub until: Timestamp,
    /// Replaced how often.
    pub version: Version,
}

impl Denial {
    /// How long one event stands for all attempts of a person on a member.
    pub const SPAN: SignedDuration = SignedDuration::from_hours(1);
}

macro_rules! stored {
    ($($kind:ty, $value:ident => $key:expr $(, expires $expires:expr)? $(, waits $work:expr)? $(, listed $list:tt at $since:expr $(, while $listed:expr)?)?;)*) => {$(
        impl Stored for $kind {
            fn key(&self) -> Key {
                let $value = self;
                $key
            }

            fn version(&self) -> Version {
                self.version
            }

            fn set_version(&mut self, version: Version) {
                self.version = version;
            }

            $(fn expires(&self) -> Option<Timestamp> {
                let $value = self;
                Some($expires)
            })?

            $(fn waits_for(&self) -> Option<&'static str> {
                let $value = self;
                $work
            })?

            $(fn listed(&self) -> Option<(&'static str, Timestamp)> {
                let $value = self;
                Some(($list, $since))$(.filter(|_| $listed))?
            })?
        }
    )*};
}

/// Lists of index `directory`: the clinic's members.
pub const MEMBERS: &str = "MEMBER";
/// Its agencies.
pub const AGENCIES: &str = "AGENCY";
/// Mails that nobody has sent yet.
pub const UNSENT: &str = "UNSENT";
/// Packets that wait for people.
pub const OUT: &str = "OUT";
/// Packets with a file that is not sealed yet.
pub const UNSEALED: &str = "UNSEALED";

/// Documents whose file has not been inspected yet.
pub const AWAITING: &str = "AWAITING";

/// How long sent mails stay in the outbox, for questions about what was sent.
const OUTBOX: SignedDuration = SignedDuration::from_hours(30 * 24);

stored! {
    Login, login => Key::login(login.id);
    Session, session => Key::session(session.login, session.id), expires session.ends_at;
    Device, device => Key::device(device.login, &device.token_hash), expires device.expires_at;
    Challenge, challenge => Key::challenge(challenge.login, challenge.id), expires challenge.expires_at;
    RecoveryCodes, codes => Key::recovery_codes(codes.login);
    DeskRecovery, recovery => Key::desk_recovery(recovery.login), expires recovery.expires_at;
    CodeAllowance, allowance => Key::code_allowance(allowance.login);
    Passkey, passkey => Key::passkey(passkey.login, passkey.id);
    Ceremony, ceremony => Key::ceremony(ceremony.id), expires ceremony.expires_at;
    Mailbox, mailbox => Key::mailbox(&mailbox.id);
    AddressProof, proof => Key::proof(proof.login), expires proof.sent_at + AddressProof::HOUR;
    Merge, merge => Key::merge(merge.merged);
    Member, member => Key::member(member.id), listed MEMBERS at member.registered_at;
    Grant, grant => Key::grant(grant.login, grant.member);
    Invitation, invitation => Key::invitation(invitation.id);
    Document, document => Key::document(document.member, document.id),
        listed AWAITING at document.created_at, while document.state == DocumentState::Awaiting;
    Form, form => Key::form(form.member, form.document);
    Packet, packet => Key::packet(packet.member, packet.id), waits packet.waits_for_seal().then_some("seal"),
        listed (if packet.is_unsealed() { UNSEALED } else { OUT }) at packet.created_at,
        while packet.is_unsealed() || packet.state == PacketState::Out;
    Request, request => Key::request(request.member, request.id);
    Agency, agency => Key::agency(agency.id), listed AGENCIES at agency.registered_at;
    HandOver, hand_over => Key::hand_over(hand_over.agency, hand_over.id);
    Denial, denial => Key::denied(denial.member, denial.login), expires denial.until;
    Todo, todo => Key::todo(todo.login, todo.member, todo.packet);
    Mail, mail => Key::mail(mail.id), expires mail.created_at + OUTBOX,
        listed UNSENT at mail.created_at, while mail.delivery == Delivery::Pending;
}

impl Stored for Draft {
    fn key(&self) -> Key {
        Key::draft(self.login, self.packet, self.slot)
    }

    fn version(&self) -> Version {
        self.version
    }

    fn set_version(&mut self, version: Version) {
        self.version = version;
    }

    fn expires(&self) -> Option<Timestamp> {
        self.kept_until()
    }
}

impl Stored for Event {
    fn key(&self) -> Key {
        Key::event(self.subject, self.sequence)
    }

    fn version(&self) -> Version {
        1
    }

    // An event is never replaced.
    fn set_version(&mut self, _: Version) {}
}
