//! Birthdays ahead: who is told, and that each is told once.

use std::collections::BTreeSet;

use hearth::circle::Circle;
use hearth::domain::decide::{Action, judge};
use hearth::domain::grant::Authority;
use hearth::domain::id::MailId;
use hearth::domain::login::Login;
use hearth::domain::mail::{Mail, MailKind};
use hearth::domain::member::Member;
use hearth::domain::policy::Notice;
use hearth::http::Stop;
use hearth::store::items::MEMBERS;
use hearth::store::{Key, Transaction};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::Context;

/// Members read at once.
const AT_ONCE: usize = 1000;

/// Tells everybody whom a birthday ahead concerns, and counts the new mails.
pub(crate) async fn tell(context: &Context) -> Result<u32, Stop> {
    let now = context.clock.now();
    let everybody = context.store.whole_directory(MEMBERS, usize::MAX).await?;
    let mut mails = 0;
    for keys in everybody.chunks(AT_ONCE) {
        let keys: BTreeSet<Key> = keys.iter().cloned().collect();
        for member in context.store.values::<Member>(&keys).await? {
            if let Some(notice) = context.policy.notice_due(member.birth_date, now) {
                mails += tell_of(context, &member, notice, now).await?;
            }
        }
    }
    Ok(mails)
}

/// Tells those whom one birthday concerns: guardians who reach the record now, and the young person with a login of the own.
async fn tell_of(context: &Context, member: &Member, notice: Notice, now: Timestamp) -> Result<u32, Stop> {
    let holders = Circle::of(&context.store, member.id).await?.holders(&context.store, member.id).await?;
    let mut mails = 0;
    for (login, grant) in &holders {
        let concerned = grant.terms.authority.rests_on_minority() || grant.terms.authority == Authority::Oneself;
        let action = Action::OpenMember { with_reason: false };
        if !concerned || judge(action, (login, Some(grant)), Some(member), &context.policy, now).is_err() {
            continue;
        }
        let id = name(member, notice, login);
        let Some(mail) = Mail::to(login, MailKind::BirthdayAhead, id, now) else { continue };
        match Transaction::unpermitted(now, "reminders").mail(&mail).commit(&context.store).await {
            Ok(()) => mails += 1,
            // It stands in the outbox: told before.
            Err(Stop::Changed) => {}
            Err(stop) => return Err(stop),
        }
    }
    Ok(mails)
}

/// The name of a notice in the outbox: the same on every run.
fn name(member: &Member, notice: Notice, login: &Login) -> MailId {
    let about = format!("birthday {} {} {} {}", member.id, login.id, notice.birthday, notice.months);
    let digest: [u8; 32] = Sha256::digest(about).into();
    let (bits, _) = digest.split_at(16);
    MailId::from_random(std::array::from_fn(|index| bits.get(index).copied().unwrap_or_default()))
}
