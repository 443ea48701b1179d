//! All items of a clinic, read as what they are.

use hearth::domain::agency::HandOver;
use hearth::domain::document::Document;
use hearth::domain::event::Event;
use hearth::domain::grant::Grant;
use hearth::domain::invitation::Invitation;
use hearth::domain::login::{Mailbox, Session};
use hearth::domain::mail::Mail;
use hearth::domain::packet::Packet;
use journeys::World;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that the table and the bucket hold.
#[derive(Default)]
pub(super) struct Ledger {
    /// Chains of events by partition, in order.
    pub(super) chains: BTreeMap<String, Vec<Event>>,
    pub(super) grants: Vec<Grant>,
    pub(super) invitations: Vec<Invitation>,
    pub(super) documents: Vec<Document>,
    pub(super) packets: Vec<Packet>,
    pub(super) mails: Vec<Mail>,
    pub(super) mailboxes: Vec<Mailbox>,
    pub(super) sessions: Vec<Session>,
    pub(super) hand_overs: BTreeMap<String, HandOver>,
    /// Every item's keys.
    pub(super) keys: BTreeSet<(String, String)>,
    pub(super) objects: BTreeSet<String>,
}

impl Ledger {
    /// Reads everything; what cannot be read is broken.
    pub(super) fn read(world: &World) -> Result<Self, String> {
        let mut ledger = Self::default();
        for item in world.stack.items()? {
            let item = plain_map(&item["item"]);
            let text = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let (pk, sk) = (text("pk"), text("sk"));
            let prefix = |key: &str| key.split('#').next().unwrap_or_default().to_owned();
            let value = Value::Object(item.clone());
            let unreadable = |error: serde_json::Error| format!("{pk} {sk} cannot be read: {error}");
            match (prefix(&pk).as_str(), prefix(&sk).as_str()) {
                (_, "EVENT") => {
                    let event = serde_json::from_value(value).map_err(unreadable)?;
                    ledger.chains.entry(pk.clone()).or_default().push(event);
                }
                ("LOGIN", "GRANT") => ledger.grants.push(serde_json::from_value(value).map_err(unreadable)?),
                ("AGENCY", "HANDOVER") => {
                    let act: HandOver = serde_json::from_value(value).map_err(unreadable)?;
                    ledger.hand_overs.insert(act.id.to_string(), act);
                }
                ("LOGIN", "SESSION") => ledger.sessions.push(serde_json::from_value(value).map_err(unreadable)?),
                ("INVITATION", _) => ledger.invitations.push(serde_json::from_value(value).map_err(unreadable)?),
                ("MEMBER", "DOCUMENT") => ledger.documents.push(serde_json::from_value(value).map_err(unreadable)?),
                ("MEMBER", "PACKET") => ledger.packets.push(serde_json::from_value(value).map_err(unreadable)?),
                ("MAIL", _) => ledger.mails.push(serde_json::from_value(value).map_err(unreadable)?),
                ("MAILBOX", _) => ledger.mailboxes.push(serde_json::from_value(value).map_err(unreadable)?),
                _ => {}
            }
            ledger.keys.insert((pk, sk));
        }
        for chain in ledger.chains.values_mut() {
            chain.sort_by_key(|event| event.sequence);
        }
        let objects = world.stack.objects().map_err(|error| error.to_string())?;
        ledger.objects = objects.into_iter().map(|(_, key)| key).collect();
        Ok(ledger)
    }

    pub(super) fn has(&self, pk: &str, sk: &str) -> bool {
        self.keys.contains(&(pk.to_owned(), sk.to_owned()))
    }
}

/// DynamoDB's JSON as plain JSON.
fn plain_map(item: &Value) -> Map<String, Value> {
    item.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), plain(value))).collect()
}

fn plain(value: &Value) -> Value {
    let Some((kind, inner)) = value.as_object().and_then(|value| value.iter().next()) else { return Value::Null };
    match (kind.as_str(), inner) {
        ("N", Value::String(number)) => serde_json::from_str(number).unwrap_or_default(),
        ("NULL", _) => Value::Null,
        ("M", inner) => Value::Object(plain_map(inner)),
        ("L", Value::Array(values)) => values.iter().map(plain).collect(),
        _ => json!(inner),
    }
}
