//! What a stream record says about a packet.

use aws_lambda_events::dynamodb::EventRecord;
use hearth::domain::id::{MemberId, PacketId};
use serde::Deserialize;

/// The record of a packet with something to seal has keys of another form than this version writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the record of a packet could not be read")]
pub(crate) struct Unreadable;

/// Where a packet with something to seal stands. Everything else is read from the table, where it is newer than in the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Whose packet.
    pub(crate) member: MemberId,
    /// Which.
    pub(crate) packet: PacketId,
}

#[derive(Deserialize)]
struct Keys {
    pk: String,
    sk: String,
}

#[derive(Deserialize)]
struct Image {
    waits_for: Option<String>,
}

impl Place {
    /// Reads a record; `None` when it does not tell of a packet with something to seal. The event source filters as well, by the template.
    pub(crate) fn read(record: &EventRecord) -> Result<Option<Self>, Unreadable> {
        let keys: Keys = serde_dynamo::from_item(record.change.keys.clone()).map_err(|_| Unreadable)?;
        let image: Image = serde_dynamo::from_item(record.change.new_image.clone()).map_err(|_| Unreadable)?;
        if !keys.sk.starts_with("PACKET#") || image.waits_for.as_deref() != Some("seal") {
            return Ok(None);
        }
        Self::of(&keys.pk, &keys.sk).ok_or(Unreadable).map(Some)
    }

    /// Reads a packet's key.
    pub(crate) fn of(pk: &str, sk: &str) -> Option<Self> {
        let member = pk.strip_prefix("MEMBER#")?.parse().ok()?;
        let packet = sk.strip_prefix("PACKET#")?.parse().ok()?;
        Some(Self { member, packet })
    }
}

#[cfg(test)]
mod tests {
    use aws_lambda_events::dynamodb::Event;

    use super::*;

    const EVENT: &str = include_str!("../../../events/seal/ready.json");

    fn read(text: &str) -> Result<Option<Place>, Unreadable> {
        Place::read(&serde_json::from_str::<Event>(text).unwrap().records[0])
    }

    #[test]
    fn the_sample_event_names_its_packet() {
        let place = read(EVENT).unwrap().unwrap();
        assert!(EVENT.contains(&format!("MEMBER#{}", place.member)));
        assert!(EVENT.contains(&format!("PACKET#{}", place.packet)));
    }

    #[test]
    fn other_items_and_other_states_are_left_alone() {
        assert_eq!(read(&EVENT.replace("PACKET#", "DOCUMENT#")), Ok(None));
        assert_eq!(read(&EVENT.replace("\"waits_for\"", "\"waited_for\"")), Ok(None));
    }

    #[test]
    fn keys_of_an_unknown_form_are_reported() {
        assert_eq!(read(&EVENT.replace("pkt_", "packet_")), Err(Unreadable));
    }
}
