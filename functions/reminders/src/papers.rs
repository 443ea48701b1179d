//! Papers that wait for a signature: who is asked is reminded by day, seldom, and not for ever.

use std::collections::BTreeSet;

use futures_util::future::try_join;
use hearth::circle::{OnePerson, people};
use hearth::domain::decide::may_sign;
use hearth::domain::id::{LoginId, MailId};
use hearth::domain::mail::{Mail, MailKind};
use hearth::domain::member::Member;
use hearth::domain::packet::{Packet, Slot};
use hearth::http::Stop;
use hearth::random;
use hearth::store::items::OUT;
use hearth::store::{Key, Transaction};
use jiff::Timestamp;

use crate::Context;

/// Packets read at once.
const AT_ONCE: usize = 1000;

/// Reminds everybody whose turn it is, and counts the mails.
pub(crate) async fn tell(context: &Context) -> Result<u32, Stop> {
    let now = context.clock.now();
    let waiting = context.store.whole_directory(OUT, usize::MAX).await?;
    let mut mails = 0;
    for keys in waiting.chunks(AT_ONCE) {
        let keys: BTreeSet<Key> = keys.iter().cloned().collect();
        for packet in context.store.values::<Packet>(&keys).await? {
            mails += remind(context, &packet, now).await?;
        }
    }
    Ok(mails)
}

/// Reminds those of one packet who may still sign. The mails and that they were sent are one change: nobody is reminded twice.
async fn remind(context: &Context, packet: &Packet, now: Timestamp) -> Result<u32, Stop> {
    let due = packet.due_reminders(now, &context.policy.time_zone);
    if due.is_empty() {
        return Ok(0);
    }
    let store = &context.store;
    let slots = || packet.slots.iter().filter(|slot| due.contains(&slot.id));
    let asked: BTreeSet<LoginId> = slots().filter_map(|slot| slot.login).collect();
    let member_key = Key::member(packet.member);
    let (people, member) = try_join(people(store, packet.member, &asked), store.get::<Member>(&member_key)).await?;
    let Some(member) = member else { return Ok(0) };
    let signs = |(login, grant): &OnePerson, slot: &Slot| {
        let person = (login, grant.as_ref());
        slot.login == Some(login.id) && may_sign(person, &member, slot.capacity, &context.policy, now).is_ok()
    };
    let told: Vec<&OnePerson> = people.iter().filter(|person| slots().any(|slot| signs(person, slot))).collect();
    let reminded = slots().filter(|slot| told.iter().any(|person| signs(person, slot)));
    let ids: Vec<_> = reminded.map(|slot| slot.id).collect();
    if ids.is_empty() {
        return Ok(0);
    }
    let mut change = Transaction::unpermitted(now, "reminders").replace(packet, packet.reminded(&ids, now));
    let mut mails = 0;
    for (login, _) in told {
        let id = MailId::from_random(random::bytes()?);
        if let Some(mail) = Mail::to(login, MailKind::SignatureReminder, id, now) {
            change = change.mail(&mail);
            mails += 1;
        }
    }
    match change.commit(store).await {
        Ok(()) => Ok(mails),
        // Somebody signs at this moment; the next hour looks again.
        Err(Stop::Changed) => Ok(0),
        Err(stop) => Err(stop),
    }
}
