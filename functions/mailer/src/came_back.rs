//! Mails that came back: SES tells through EventBridge.
//!
//! SES itself sends nothing more to an address whose mail bounced for good, or that complained (the configuration set's
//! suppression). Here it is counted for operators. The event names the address; nothing of that is read.

use aws_lambda_events::dynamodb::Event;
use hearth::log::Metric;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// What wakes the mailer besides the clock.
#[derive(Debug, Clone, PartialEq)]
pub enum Waking {
    /// New rows of the outbox.
    Outbox(Event),
    /// A mail that came back.
    CameBack(CameBack),
}

/// How a mail came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CameBack {
    /// There is no such address, or it takes no mail.
    Bounced,
    /// It may work another time: a full mailbox, a server that is down.
    Delayed,
    /// Somebody called it spam.
    Complained,
}

impl<'de> Deserialize<'de> for Waking {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let payload = serde_json::Value::deserialize(deserializer)?;
        let kind = payload.pointer("/detail/bounce/bounceType").and_then(serde_json::Value::as_str);
        match payload.get("detail-type").and_then(serde_json::Value::as_str) {
            Some("Email Complaint Received") => Ok(Self::CameBack(CameBack::Complained)),
            Some("Email Bounced") if kind == Some("Permanent") => Ok(Self::CameBack(CameBack::Bounced)),
            Some("Email Bounced") => Ok(Self::CameBack(CameBack::Delayed)),
            // The library's words could quote the event.
            Some(_) => Err(D::Error::custom("an event of another kind")),
            None => serde_json::from_value(payload)
                .map(Self::Outbox)
                .map_err(|_| D::Error::custom("no batch of the stream")),
        }
    }
}

/// Counts it.
pub fn note_what_came_back(told: &CameBack) {
    let outcome = match told {
        CameBack::Bounced => "bounced",
        CameBack::Delayed => "delayed",
        CameBack::Complained => "complained",
    };
    tracing::warn!(outcome, "mail came back");
    match told {
        CameBack::Bounced => Metric::MailsBounced.count(),
        CameBack::Complained => Metric::MailsComplained.count(),
        CameBack::Delayed => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_samples_are_told_apart() {
        let read = |text: &str| serde_json::from_str::<Waking>(text);
        let bounced = include_str!("../../../events/mailer/bounced.json");
        assert_eq!(read(bounced).unwrap(), Waking::CameBack(CameBack::Bounced));
        assert_eq!(read(&bounced.replace("Permanent", "Transient")).unwrap(), Waking::CameBack(CameBack::Delayed));
        let complained = include_str!("../../../events/mailer/complained.json");
        assert_eq!(read(complained).unwrap(), Waking::CameBack(CameBack::Complained));
        assert!(matches!(read(include_str!("../../../events/mailer/invitation.json")), Ok(Waking::Outbox(_))));
    }

    #[test]
    fn what_cannot_be_read_is_not_quoted() {
        let words = r#"{"detail-type": "Email Opened", "detail": "maria@mail.example"}"#;
        let error = serde_json::from_str::<Waking>(words).unwrap_err().to_string();
        assert!(!error.contains("maria"), "{error}");
        let error = serde_json::from_str::<Waking>(r#"{"Records": "maria@mail.example"}"#).unwrap_err().to_string();
        assert!(!error.contains("maria"), "{error}");
    }
}
