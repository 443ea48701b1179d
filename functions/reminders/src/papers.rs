//! Papers that wait for a signature: who is asked is reminded by day, seldom, and not for ever.

use std::collections::BTreeSet;

use futures_util::future::try_join3;
use hearth::domain::decide::may_sign;
use hearth::domain::grant::Grant;
use hearth::domain::id::{LoginId, MailId};
use hearth::domain::login::Login;
use hearth::domain::mail::{Mail, MailKind};
use hearth::domain::member::Member;
use hearth::domain::packet::Packet;
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
    let (login_keys, grant_keys, member_key) = (
        asked.iter().map(|&login| Key::login(login)).collect(),
        asked.iter().map(|&login| Key::grant(login, packet.member)).collect(),
        Key::member(packet.member),
    );
    let (logins, grants, member) = try_join3(
        store.values::<Login>(&login_keys),
        store.values::<Grant>(&grant_keys),
        store.get::<Member>(&member_key),
    )
    .await?;
    let Some(member) = member else { return Ok(0) };
    let may_still_sign = |login: &Login| {
        let grant = grants.iter().find(|grant| grant.login == login.id);
        slots().any(|slot| {
            slot.login == Some(login.id)
                && may_sign((login, grant), &member, slot.capacity, &context.policy, now).is_ok()
        })
    };
    let told: Vec<&Login> = logins.iter().filter(|login| may_still_sign(login)).collect();
    let ids: Vec<_> =
        slots().filter(|slot| told.iter().any(|login| slot.login == Some(login.id))).map(|slot| slot.id).collect();
    if ids.is_empty() {
        return Ok(0);
    }
    let mut change = Transaction::unpermitted(now, "reminders").replace(packet, packet.reminded(&ids, now));
    let mut mails = 0;
    for login in told {
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
