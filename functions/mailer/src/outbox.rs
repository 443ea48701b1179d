//! What a stream record says about a row of the outbox.

use aws_lambda_events::dynamodb::EventRecord;
use hearth::domain::id::MailId;
use hearth::domain::login::MailboxId;
use serde::Deserialize;

/// The row of a new mail is not of the form that this version writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable;

impl std::fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the record of a mail could not be read")
    }
}

/// Where a new mail stands. Everything else is read from the table, where it is newer than in the stream.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Row {
    /// Which mail.
    #[serde(rename = "id")]
    pub(crate) mail: MailId,
    /// Which mailbox it goes to.
    pub(crate) mailbox: MailboxId,
}

#[derive(Deserialize)]
struct Keys {
    pk: String,
}

impl Row {
    /// Reads a record; `None` when it does not tell of a new mail. The event source filters as well, by the template.
    pub(crate) fn read(record: &EventRecord) -> Result<Option<Self>, Unreadable> {
        let keys: Keys = serde_dynamo::from_item(record.change.keys.clone()).map_err(|_| Unreadable)?;
        if record.event_name != "INSERT" || !keys.pk.starts_with("MAIL#") {
            return Ok(None);
        }
        serde_dynamo::from_item(record.change.new_image.clone()).map(Some).map_err(|_| Unreadable)
    }
}

#[cfg(test)]
mod tests {
    use aws_lambda_events::dynamodb::Event;

    use super::*;

    const EVENT: &str = include_str!("../../../events/mailer/invitation.json");

    fn record(text: &str) -> EventRecord {
        serde_json::from_str::<Event>(text).unwrap().records.remove(0)
    }

    #[test]
    fn the_sample_event_names_its_mail() {
        let row = Row::read(&record(EVENT)).unwrap().unwrap();
        assert!(EVENT.contains(&format!("MAIL#{}", row.mail)));
        assert!(EVENT.contains(&row.mailbox.to_string()));
    }

    #[test]
    fn other_rows_and_changed_rows_are_left_alone() {
        assert_eq!(Row::read(&record(&EVENT.replace("MAIL#", "MEMBER#"))), Ok(None));
        assert_eq!(Row::read(&record(&EVENT.replace("INSERT", "MODIFY"))), Ok(None));
        assert_eq!(Row::read(&record(&EVENT.replace("INSERT", "REMOVE"))), Ok(None));
    }

    #[test]
    fn a_mail_of_an_unknown_form_is_reported() {
        assert_eq!(Row::read(&record(&EVENT.replace("\"mailbox\"", "\"box\""))), Err(Unreadable));
    }
}
