//! The one transaction that puts two logins together.

use std::collections::BTreeSet;

use hearth::domain::decide::Permit;
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::grant::{Grant, GrantState, Reason, ReasonCode};
use hearth::domain::id::{MailId, MemberId};
use hearth::domain::login::{AddressProof, Login, Mailbox, MailboxId, Merge, MergedInto, MovedGrant, MovedSlot};
use hearth::domain::mail::{Mail, MailKind};
use hearth::domain::member::Member;
use hearth::domain::packet::Packet;
use hearth::gate::{event, missing};
use hearth::http::{Problem, Stop};
use hearth::random;
use hearth::store::items::Todo;
use hearth::store::{Found, Key, Transaction};

use crate::merge::{Belongings, there};

/// Two logins of one person, and all that belongs to them.
pub(crate) struct Merging {
    pub(crate) permit: Permit,
    /// The login that stays.
    pub(crate) login: Login,
    pub(crate) own_grants: Vec<Grant>,
    /// The login that is no more.
    pub(crate) other: Belongings,
    /// The packets that ask it, now or later.
    pub(crate) packets: Vec<Packet>,
    pub(crate) proof: AddressProof,
    pub(crate) found: Found,
    pub(crate) records: Found,
}

impl Merging {
    /// The change, and the facts under which its answer is kept.
    pub(crate) fn into_change(mut self, change: Transaction) -> Result<(Transaction, Found), Stop> {
        let (now, login, other) = (self.found.now, self.login.clone(), self.other.login.clone());
        let mut merge = Merge {
            merged: other.id,
            into: login.id,
            at: now,
            grants: Vec::new(),
            slots: Vec::new(),
            mailboxes: other.mailboxes.clone(),
            gained: other.mailboxes.iter().filter(|mailbox| !login.mailboxes.contains(mailbox)).cloned().collect(),
            undone_at: None,
            version: 1,
        };
        let change = self.move_mailboxes(change, &merge.gained)?;
        let change = self.move_grants(change, &mut merge)?;
        let change = self.move_slots(change, &mut merge)?;
        let happened = NewEvent { object: Some(other.id.to_string()), ..event(&self.permit, EventKind::LoginsMerged) };
        let change = record_on_all(change, &mut self.records, &merge, happened.clone())?
            .record(self.found.trail(Subject::Login(login.id))?, happened.clone())
            .record(self.records.trail(Subject::Login(other.id))?, happened);
        let concerned = login.mailboxes.iter().chain(&merge.gained);
        let change = tell(change, &login, concerned, &MailKind::LoginsMerged, now)?;
        let change = change.replace(&self.proof, self.proof.spent());
        let change = match self.records.get::<Merge>(&Key::merge(other.id))? {
            Some(before) => change.replace(&before, merge),
            None => change.create(&merge),
        };
        fits(&change)?;
        Ok((change, self.found))
    }

    fn move_mailboxes(&self, change: Transaction, gained: &[MailboxId]) -> Result<Transaction, Stop> {
        let (login, other) = (&self.login, &self.other.login);
        let mut stays = login.absorbing(other);
        for mailbox in gained {
            stays = stays.with_mailbox(mailbox).map_err(|_| {
                Problem::conflict("together these sign-ins have more than five addresses; remove some first")
            })?;
        }
        let merged = Some(MergedInto { login: login.id, at: self.found.now });
        let mut gone = Login { mailboxes: Vec::new(), ..other.clone() };
        gone.lineage.merged = merged;
        let mut change = change.replace(other, gone).replace(login, stays);
        for id in &other.mailboxes {
            let mailbox: Mailbox = there(&self.records, &Key::mailbox(id))?;
            change = change.replace(&mailbox, mailbox.left(other.id).joined(login.id).map_err(Problem::from)?);
        }
        Ok(change)
    }

    fn move_grants(&self, mut change: Transaction, merge: &mut Merge) -> Result<Transaction, Stop> {
        let now = self.found.now;
        for before in self.other.grants.iter().filter(|grant| grant.is_ahead(now)) {
            let member: Member = there(&self.records, &Key::member(before.member))?;
            let own = self.own_grants.iter().find(|own| own.member == before.member);
            let stopped = before.stopped(GrantState::Ended, by_merge()?)?;
            change = change.pin(&member).replace(before, stopped);
            let anew = before.moved_to(self.login.id, now);
            let (moved, version_after) = match own {
                Some(own) if own.is_kept_in_merge(now) => {
                    change = change.pin(own);
                    (false, own.version)
                }
                Some(own) => {
                    change = change.replace(own, anew);
                    (true, own.version + 1)
                }
                None => {
                    change = change.create(&anew).point(Key::grantee(before.member, self.login.id));
                    (true, 1)
                }
            };
            merge.grants.push(MovedGrant { before: before.clone(), moved, version_after });
        }
        Ok(change)
    }

    /// Hands over what waits for a signature of the other login, now or when its turn comes.
    fn move_slots(&self, mut change: Transaction, merge: &mut Merge) -> Result<Transaction, Stop> {
        let (own, others) = (self.login.id, self.other.login.id);
        for packet in &self.packets {
            let slots: Vec<_> = packet.unanswered_of(others).collect();
            let handed = slots
                .iter()
                .try_fold(packet.clone(), |packet, &slot| packet.handed_over(slot, others, own))
                .map_err(|_| both_asked())?;
            change = change.replace(packet, handed);
            let moved = |slot| MovedSlot { member: packet.member, packet: packet.id, slot };
            merge.slots.extend(slots.into_iter().map(moved));
        }
        for todo in &self.other.todos {
            let own_todo: Option<Todo> = self.records.get(&Key::todo(own, todo.member, todo.packet))?;
            change = change.remove(todo);
            change = match own_todo {
                Some(own_todo) => change.pin(&own_todo),
                None => change.create(&Todo { login: own, version: 1, ..todo.clone() }),
            };
        }
        Ok(change)
    }
}

/// Why a grant stops when logins come together or apart.
pub(crate) fn by_merge() -> Result<Reason, Stop> {
    Reason::of(ReasonCode::Merged).ok_or_else(|| missing("a reason needs words"))
}

fn both_asked() -> Stop {
    Problem::conflict("both of your sign-ins are asked to sign one paper; answer with one of them first").into()
}

/// Writes an event on the chain of every member concerned.
pub(crate) fn record_on_all(
    change: Transaction,
    records: &mut Found,
    merge: &Merge,
    event: NewEvent,
) -> Result<Transaction, Stop> {
    let members: BTreeSet<MemberId> = merge.grants.iter().map(|grant| grant.before.member).collect();
    members
        .into_iter()
        .try_fold(change, |change, member| Ok(change.record(records.trail(Subject::Member(member))?, event.clone())))
}

/// Tells every address concerned, in the language of `login`.
pub(crate) fn tell<'a>(
    change: Transaction,
    login: &Login,
    concerned: impl Iterator<Item = &'a MailboxId>,
    kind: &MailKind,
    now: hearth::Timestamp,
) -> Result<Transaction, Stop> {
    concerned.collect::<BTreeSet<_>>().into_iter().try_fold(change, |change, mailbox| {
        let id = MailId::from_random(random::bytes()?);
        Ok(change.mail(&Mail::to_mailbox(mailbox, login.language, kind.clone(), id, now)))
    })
}

/// Whether the change is one transaction, with the answer that is kept beside it. Fifteen members and what belongs to two
/// ordinary logins are.
pub(crate) fn fits(change: &Transaction) -> Result<(), Stop> {
    if change.fits() {
        Ok(())
    } else {
        Err(Problem::conflict(
            "these two sign-ins reach too many records to put them together in one step; ask the clinic to help you",
        )
        .into())
    }
}
