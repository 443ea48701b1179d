//! What the end of an unfinished packet means for those who were still asked.

use std::collections::BTreeSet;

use futures_util::future::try_join;
use hearth::domain::decide::may_sign;
use hearth::domain::grant::Grant;
use hearth::domain::id::MailId;
use hearth::domain::login::Login;
use hearth::domain::mail::{Mail, MailKind};
use hearth::domain::packet::Packet;
use hearth::gate::missing;
use hearth::http::Stop;
use hearth::random;
use hearth::store::{Found, Key, Transaction};

use crate::Context;

/// Takes the closed packet off the lists of those who were still asked, and tells them by mail.
///
/// The third call in series: who is asked stands in the packet, so their mailboxes cannot be asked for before the packet is
/// here. Copies of mailboxes in the packet would save it, and would go on mailing to an address that its owner gave up. Whoever
/// may no longer sign for the member is taken off the list in silence: somebody whose access ended hears nothing more.
pub(crate) async fn tell_waiting(
    context: &Context,
    change: Transaction,
    closed: &Packet,
    found: &Found,
) -> Result<Transaction, Stop> {
    let gate = &context.gate;
    let keys = |key: &dyn Fn(_) -> Key| closed.waiting().map(|slot| key(slot.login)).collect::<BTreeSet<_>>();
    let (login_keys, grant_keys) = (keys(&Key::login), keys(&|login| Key::grant(login, closed.member)));
    let (logins, grants) =
        try_join(gate.store.values::<Login>(&login_keys), gate.store.values::<Grant>(&grant_keys)).await?;
    let member = found.member.as_ref().ok_or_else(|| missing("a permit for a packet came without a member"))?;

    let mut change = change;
    for slot in closed.waiting() {
        change = change.clear(Key::todo(slot.login, closed.member, closed.id));
        let grant = grants.iter().find(|grant| grant.login == slot.login);
        let asked = logins
            .iter()
            .find(|login| login.id == slot.login)
            .filter(|login| may_sign((login, grant), member, slot.capacity, &gate.policy, found.now).is_ok());
        if let Some(login) = asked {
            let id = MailId::from_random(random::bytes()?);
            if let Some(mail) = Mail::to(login, MailKind::RequestClosed, id, found.now) {
                change = change.mail(&mail);
            }
        }
    }
    Ok(change)
}
