//! Children pass in batches: each batch is one transaction, in which every child leaves the one worker and comes to the other.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures_util::future::{try_join, try_join_all};
use hearth::domain::agency::{HandOver, Kept, Refused};
use hearth::domain::decide::Permit;
use hearth::domain::event::{EventKind, NewEvent, Subject, Trail};
use hearth::domain::grant::Grant;
use hearth::domain::id::MemberId;
use hearth::domain::login::Login;
use hearth::domain::member::Member;
use hearth::gate::{event, missing};
use hearth::http::Stop;
use hearth::store::{Found, Key, Transaction};
use jiff::Timestamp;

use crate::Context;

/// Children in one transaction of 100 items: five items each, beside the caller's login and session, the act, and the login
/// of the one who takes over.
const BATCH: usize = 19;

/// Batches in one request, and the time of the machine after which no further one begins: the function has ten seconds.
const MOST_BATCHES: usize = 20;
const WORK: Duration = Duration::from_secs(3);

/// What a passing rests on, all of it read with strong consistency.
pub(super) struct Basis {
    /// The right to do it.
    pub(super) permit: Permit,
    /// Who passes the children on. A name alone: the grants are pinned, not the login.
    pub(super) from: Login,
    /// Who takes them over; pinned by every batch, so that nobody gets a child after leaving the roster.
    pub(super) to: Login,
    /// Grants of the one who passes on.
    pub(super) held: Vec<Grant>,
    /// Grants of the one who takes over.
    pub(super) before: Vec<Grant>,
    /// Grants of the caller.
    pub(super) own: Vec<Grant>,
}

/// Passes children until none is left, or the request has done its share. What a batch finds changed is left for a fresh look:
/// when nothing has moved yet this request begins anew, and else the next one goes on.
pub(super) async fn pass_on(
    context: &Context,
    found: &Found,
    basis: &mut Basis,
    mut act: HandOver,
) -> Result<HandOver, Stop> {
    let began = Instant::now();
    for batch in 0..MOST_BATCHES {
        if act.finished_at.is_some() || batch > 0 && began.elapsed() >= WORK {
            break;
        }
        match pass_batch(context, found, basis, &act).await {
            Ok(next) => act = next,
            Err(Stop::Changed) if batch > 0 => break,
            Err(stop) => return Err(stop),
        }
    }
    Ok(act)
}

async fn pass_batch(context: &Context, found: &Found, basis: &mut Basis, act: &HandOver) -> Result<HandOver, Stop> {
    let store = &context.gate.store;
    let left: Vec<Grant> = act.left(&basis.held).cloned().collect();
    let batch = left.get(..BATCH).unwrap_or(&left);
    let keys = batch.iter().map(|grant| Key::member(grant.member)).collect();
    let last_event =
        |member: MemberId| async move { Ok::<_, Stop>((member, store.trail(Subject::Member(member)).await?)) };
    let last_events = try_join_all(batch.iter().map(|grant| last_event(grant.member)));
    let (members, trails) = try_join(store.values::<Member>(&keys), last_events).await?;
    let members: BTreeMap<MemberId, Member> = members.into_iter().map(|member| (member.id, member)).collect();
    let mut trails: BTreeMap<MemberId, Trail> = trails.into_iter().collect();

    let now = context.gate.now();
    let mut change = Transaction::under(&basis.permit, now, &found.request).pin(&basis.to);
    let (mut moved, mut refused) = (Vec::new(), Vec::new());
    for held in batch {
        let child = members.get(&held.member).ok_or(missing("a grant for a member that is gone"))?;
        let trail = trails.get_mut(&held.member).ok_or(missing("a chain of events was not read"))?;
        match pass_one(change, basis, act, (child, held), trail, now) {
            (unchanged, Err(refusal)) => {
                change = unchanged;
                refused.push(refusal);
            }
            (changed, Ok(stopped)) => {
                change = changed;
                moved.push(stopped);
            }
        }
    }
    let mut next = act.advanced(moved.len(), refused, batch.len() == left.len(), now);
    change.replace(act, next.clone()).commit(store).await?;
    next.version = act.version + 1;
    for mut stopped in moved {
        if let Some(held) = basis.held.iter_mut().find(|held| held.member == stopped.member) {
            stopped.version = held.version + 1;
            *held = stopped;
        }
    }
    Ok(next)
}

fn pass_one(
    change: Transaction,
    basis: &Basis,
    act: &HandOver,
    (child, held): (&Member, &Grant),
    trail: &mut Trail,
    now: Timestamp,
) -> (Transaction, Result<Grant, Refused>) {
    let for_child = |grants: &'_ [Grant]| grants.iter().find(|grant| grant.member == child.id).cloned();
    let (before, own) = (for_child(&basis.before), for_child(&basis.own));
    let passing = match act.pass(child, (held, before.as_ref()), &basis.to, own.as_ref(), now) {
        Ok(passing) => passing,
        Err(code) => return (change, Err(Refused { member: child.id, code })),
    };
    let passed = NewEvent {
        object: Some(act.id.to_string()),
        reason: Some(act.reason.to_string()),
        ..event(&basis.permit, EventKind::ChildHandedOver)
    };
    let change = change
        .replace(held, passing.stopped.clone())
        // Open links from before must not bring back what ends here; and a block that came meanwhile stops the batch.
        .replace(child, child.with_withdrawal(&basis.from, now))
        .point(Key::grantee(child.id, act.to))
        .record(trail, passed);
    let change = match (passing.taken, before) {
        (Kept::Before, Some(before)) => change.pin(&before),
        (Kept::Passed(grant), Some(before)) => change.replace(&before, *grant),
        (Kept::Passed(grant), None) => change.create(grant.as_ref()),
        (Kept::Before, None) => change,
    };
    (change, Ok(passing.stopped))
}
