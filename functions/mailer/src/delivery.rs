//! One mail: read, written, sent, marked.

use futures_util::future::try_join;
use hearth::domain::login::Mailbox;
use hearth::domain::mail::{Delivery, Mail};
use hearth::http::Stop;
use hearth::store::Key;

use crate::Context;
use crate::outbox::Row;
use crate::post::Unsent;

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The mail service took it, and the row says so.
    Sent,
    /// The mail service took it, but the row could not be marked. To try again would send it twice.
    SentUnmarked,
    /// An earlier run took care of it.
    DoneBefore,
    /// The row is gone: it was older than the outbox keeps.
    Gone,
    /// The mail service will never take it.
    Refused,
    /// Nothing says where to send it.
    WithoutMailbox,
    /// Its code had ended before it could be sent.
    TooLate,
}

impl Outcome {
    /// The word in the log.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::SentUnmarked => "sent-unmarked",
            Self::DoneBefore => "done-before",
            Self::Gone => "gone",
            Self::Refused => "refused",
            Self::WithoutMailbox => "without-mailbox",
            Self::TooLate => "too-late",
        }
    }

    /// Whether somebody waits in vain, which operators want to know.
    pub(crate) const fn is_loss(self) -> bool {
        matches!(self, Self::Refused | Self::WithoutMailbox | Self::TooLate)
    }
}

/// Sends the mail of a row unless that was done before.
pub(crate) async fn run(context: &Context, row: &Row) -> Result<Outcome, Stop> {
    let (mail_key, mailbox_key) = (Key::mail(row.mail), Key::mailbox(&row.mailbox));
    let (mail, mailbox) =
        try_join(context.store.get::<Mail>(&mail_key), context.store.get::<Mailbox>(&mailbox_key)).await?;
    let Some(mail) = mail else { return Ok(Outcome::Gone) };
    if mail.delivery != Delivery::Pending {
        return Ok(Outcome::DoneBefore);
    }
    let Some(mailbox) = mailbox.filter(|mailbox| mailbox.id == mail.mailbox) else {
        return Ok(Outcome::WithoutMailbox);
    };
    if mail.is_too_late(context.clock.now()) {
        return Ok(mark(context, &mail, Delivery::TooLate, Outcome::TooLate).await);
    }
    let letter = hearth::mail::write(&mail, &context.secrets, &context.base_url);
    match context.post.send(&mailbox.address, &letter).await {
        Ok(()) => Ok(mark(context, &mail, Delivery::Sent, Outcome::Sent).await),
        Err(Unsent::Never) => Ok(mark(context, &mail, Delivery::Refused, Outcome::Refused).await),
        Err(Unsent::ForNow(cause)) => Err(Stop::Unavailable(cause)),
    }
}

/// Marks the row. That another run marked it at the same time is as good.
async fn mark(context: &Context, mail: &Mail, delivery: Delivery, outcome: Outcome) -> Outcome {
    match context.store.replace(mail, Mail { delivery, ..mail.clone() }).await {
        Ok(_) | Err(Stop::Changed) => outcome,
        Err(_) if outcome == Outcome::Sent => Outcome::SentUnmarked,
        Err(_) => outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_mails_that_nobody_gets_are_losses() {
        let all = [
            Outcome::Sent,
            Outcome::SentUnmarked,
            Outcome::DoneBefore,
            Outcome::Gone,
            Outcome::Refused,
            Outcome::WithoutMailbox,
            Outcome::TooLate,
        ];
        let losses: Vec<&str> = all.into_iter().filter(|outcome| outcome.is_loss()).map(Outcome::word).collect();
        assert_eq!(losses, ["refused", "without-mailbox", "too-late"]);
    }
}
