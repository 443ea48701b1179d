//! Staff take two logins apart again, within thirty days. What was lowered since stays lowered. Three calls in series: the record
//! of it, all that it names, the change.

use std::collections::BTreeSet;

use hearth::domain::decide::{Action, Permit, not_own_case};
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::grant::{Grant, GrantState};
use hearth::domain::id::LoginId;
use hearth::domain::login::{Login, Mailbox, Merge, Parted};
use hearth::domain::mail::MailKind;
use hearth::domain::member::Member;
use hearth::domain::packet::Packet;
use hearth::domain::text::Note;
use hearth::gate::event;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop, field};
use hearth::store::items::Todo;
use hearth::store::{Found, Key, Reading, Transaction};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;
use crate::merge::there;
use crate::merge_change::{by_merge, fits, record_on_all, tell};

/// Why two logins are taken apart.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Separation {
    /// In staff's words.
    reason: String,
}

/// Takes a login out of the one that it was put together with.
#[utoipa::path(post, path = "/logins/{login}/unmerge", operation_id = "separate_logins", tag = "login", security(("session" = [])),
    params(("login" = LoginId, Path)), request_body = Separation,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn unmerge(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let id = call.parameter::<LoginId>("login")?;
    let Separation { reason } = call.json()?;
    let reason: Note = field("reason", &reason)?;
    let (merge_key, login_key) = (Key::merge(id), Key::login(id));
    let reading = gate.read_for(call, &claims).also(merge_key.clone()).also(login_key.clone());
    let mut found = reading.send().await?;
    let permit = gate.permit(Action::MendLogin, &mut found).await?;
    let merge: Merge = found.get(&merge_key)?.ok_or_else(Problem::not_found)?;
    let apart: Login = found.get(&login_key)?.ok_or_else(Problem::not_found)?;
    merge.reversible_at(found.now).map_err(Problem::from)?;

    let records = read_records(gate.read(call), &merge, permit.login()).send().await?;
    let change = gate.change(&permit, &found);
    let change = Separating { permit, merge, apart, records, now: found.now }.into_change(change, &reason)?;
    gate.commit(change, &found, Answer::nothing()).await
}

/// Everything that the record names, and what the staff member has to do with it.
fn read_records<'a>(reading: Reading<'a>, merge: &Merge, staff: LoginId) -> Reading<'a> {
    let (gone, stays) = (merge.merged, merge.into);
    let reading = reading.without_kept_answer().also(Key::login(stays));
    let reading = reading.trail(Subject::Login(gone)).trail(Subject::Login(stays));
    let reading = merge.mailboxes.iter().fold(reading, |reading, mailbox| reading.also(Key::mailbox(mailbox)));
    let reading = merge.slots.iter().fold(reading, |reading, slot| {
        reading.also(Key::packet(slot.member, slot.packet)).also(Key::todo(stays, slot.member, slot.packet))
    });
    merge.grants.iter().map(|grant| grant.before.member).fold(reading, |reading, member| {
        let grants = [Key::grant(gone, member), Key::grant(stays, member), Key::grant(staff, member)];
        let reading = reading.also(Key::member(member)).trail(Subject::Member(member));
        grants.into_iter().fold(reading, Reading::also)
    })
}

/// Two logins that come apart.
struct Separating {
    permit: Permit,
    merge: Merge,
    apart: Login,
    records: Found,
    now: hearth::Timestamp,
}

impl Separating {
    fn into_change(mut self, change: Transaction, reason: &Note) -> Result<Transaction, Stop> {
        let stays: Login = there(&self.records, &Key::login(self.merge.into))?;
        if stays.is_merged() {
            let words = "the other sign-in was put together with one more since; take those two apart first";
            return Err(Problem::conflict(words).into());
        }
        let left = self.merge.mailboxes_left(&stays.mailboxes).map_err(Problem::from)?;
        let mut kept = stays.releasing(&self.apart);
        kept.mailboxes.retain(|mailbox| !self.merge.gained.contains(mailbox));
        // Somebody who gave up all older addresses since would be left without one: then both have these.
        if kept.mailboxes.is_empty() {
            kept.mailboxes.clone_from(&stays.mailboxes);
        }
        let mut back = Login { mailboxes: left, ..self.apart.clone() };
        back.lineage.merged = None;
        // Whom staff kept out meanwhile was the one or the other: both.
        let (from, together_at, apart_at) = (stays.id, self.merge.at, self.now);
        back.lineage.parted.push(Parted { from, together_at, apart_at });

        let change = self.return_mailboxes(change, &back, &kept)?;
        let change = self.return_grants(change, &kept)?;
        let change = self.return_slots(change)?;
        let happened = NewEvent {
            object: Some(self.merge.merged.to_string()),
            reason: Some(reason.as_str().to_owned()),
            ..event(&self.permit, EventKind::LoginsSeparated)
        };
        let change = record_on_all(change, &mut self.records, &self.merge, happened.clone())?
            .record(self.records.trail(Subject::Login(stays.id))?, happened.clone())
            .record(self.records.trail(Subject::Login(back.id))?, happened);
        let concerned = stays.mailboxes.iter().chain(&back.mailboxes);
        let change = tell(change, &stays, concerned, &MailKind::LoginsSeparated, self.now)?;
        let undone = Merge { undone_at: Some(self.now), ..self.merge.clone() };
        let change = change.replace(&self.merge, undone).replace(&self.apart, back).replace(&stays, kept);
        fits(&change)?;
        Ok(change)
    }

    fn return_mailboxes(&self, mut change: Transaction, back: &Login, kept: &Login) -> Result<Transaction, Stop> {
        for id in &back.mailboxes {
            let mailbox: Mailbox = there(&self.records, &Key::mailbox(id))?;
            let without = if kept.mailboxes.contains(id) { mailbox.clone() } else { mailbox.left(kept.id) };
            change = change.replace(&mailbox, without.joined(back.id).map_err(Problem::from)?);
        }
        Ok(change)
    }

    fn return_grants(&self, mut change: Transaction, kept: &Login) -> Result<Transaction, Stop> {
        for moved in &self.merge.grants {
            let id = moved.before.member;
            let staff: Option<Grant> = self.records.get(&Key::grant(self.permit.login(), id))?;
            not_own_case(staff.as_ref()).map_err(|_| {
                Problem::conflict("this is about the record of your own family; ask a colleague to do it")
            })?;
            let member: Member = there(&self.records, &Key::member(id))?;
            let stopped: Grant = there(&self.records, &Key::grant(self.merge.merged, id))?;
            let today: Option<Grant> = self.records.get(&Key::grant(self.merge.into, id))?;
            let goes = today.as_ref().filter(|today| self.merge.goes(moved, today));
            let mut record = member.clone();
            if let Some(today) = goes {
                change = change.replace(today, today.stopped(GrantState::Ended, by_merge()?)?);
                // Open links to the login that stays must not bring back what goes here.
                record = record.with_withdrawal(kept, self.now);
            } else if let Some(today) = &today {
                change = change.pin(today);
            }
            change = if record == member { change.pin(&member) } else { change.replace(&member, record) };
            if let Some(restored) = self.merge.restored(moved, today.as_ref()) {
                change = change.replace(&stopped, restored);
            }
        }
        Ok(change)
    }

    /// Hands back what still waits for a signature.
    fn return_slots(&self, mut change: Transaction) -> Result<Transaction, Stop> {
        let packets: BTreeSet<_> = self.merge.slots.iter().map(|moved| (moved.member, moved.packet)).collect();
        for (member, id) in packets {
            let packet: Option<Packet> = self.records.get(&Key::packet(member, id))?;
            let todo: Option<Todo> = self.records.get(&Key::todo(self.merge.into, member, id))?;
            let Some(packet) = packet else { continue };
            let mut handed = packet.clone();
            for moved in self.merge.slots.iter().filter(|moved| moved.packet == id) {
                if let Ok(returned) = handed.handed_over(moved.slot, self.merge.into, self.merge.merged) {
                    handed = returned;
                }
            }
            if handed == packet {
                continue;
            }
            // It is on a list only when its turn has come. What the login that stays is asked beside it stays on its list.
            if let Some(todo) = todo {
                change = if handed.asks(self.merge.into) { change.pin(&todo) } else { change.remove(&todo) };
                if handed.asks(self.merge.merged) {
                    change = change.create(&Todo { login: self.merge.merged, version: 1, ..todo });
                }
            }
            change = change.replace(&packet, handed);
        }
        Ok(change)
    }
}
