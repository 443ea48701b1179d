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

/// Who has access to the members already. One call more in series than other answers to an invitation, for who that is stands in
/// the pointers.
pub(crate) async fn read_circles(
    context: &Context,
    invitation: &Invitation,
) -> Result<Vec<(MemberId, Vec<Holder>)>, Stop> {
    let store = &context.gate.store;
    let holders = |member| async move { Ok((member, Circle::of(store, member).await?.holders(store, member).await?)) };
    try_join_all(invitation.offers.iter().map(|offer| holders(offer.member))).await
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
