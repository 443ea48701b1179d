//! Who hears that somebody new has access.

use futures_util::future::try_join_all;
use hearth::circle::{self, Circle, Holder};
use hearth::domain::id::{LoginId, MemberId};
use hearth::domain::invitation::Invitation;
use hearth::domain::member::Member;
use hearth::gate::missing;
use hearth::http::Stop;
use hearth::store::{Found, Key, Transaction};

use crate::Context;

/// Who has or had access to the members: what the pointers say.
pub(crate) async fn read_circles(context: &Context, invitation: &Invitation) -> Result<Vec<(MemberId, Circle)>, Stop> {
    let circle = |member| async move { Ok((member, Circle::of(&context.gate.store, member).await?)) };
    try_join_all(invitation.offers.iter().map(|offer| circle(offer.member))).await
}

/// The people behind the pointers. One call more in series than other answers to an invitation, and only after everything was
/// proved: before, every answer makes the same calls.
pub(crate) async fn read_holders(
    context: &Context,
    circles: Vec<(MemberId, Circle)>,
) -> Result<Vec<(MemberId, Vec<Holder>)>, Stop> {
    let store = &context.gate.store;
    let holders = |(member, circle): (MemberId, Circle)| async move {
        let holders = circle.holders(store, member).await?;
        Ok((member, holders))
    };
    try_join_all(circles.into_iter().map(holders)).await
}

/// Tells those who may know that `newcomer` has access to the members now.
pub(crate) fn tell_others(
    context: &Context,
    change: Transaction,
    (records, circles): (&Found, Vec<(MemberId, Vec<Holder>)>),
    newcomer: LoginId,
) -> Result<Transaction, Stop> {
    let record = |member| records.get(&Key::member(member))?.ok_or(missing("an invitation to a member that is gone"));
    let circles: Result<Vec<(Member, Vec<Holder>)>, Stop> =
        circles.into_iter().map(|(member, holders)| Ok((record(member)?, holders))).collect();
    let circles = circles?;
    let may_know = circle::who_may_know(&circles, newcomer, &context.gate.policy, records.now);
    circle::tell(change, &may_know, records.now)
}
