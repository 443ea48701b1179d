//! What staff see of a hand-over.

use hearth::domain::agency::{HandOver, Refused, Which};
use hearth::domain::grant::{Grant, Reason};
use hearth::domain::id::{AgencyId, HandOverId, LoginId, MemberId, PacketId};
use hearth::domain::text::Title;
use hearth::store::items::Todo;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A hand-over and how far it is.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShownHandOver {
    id: HandOverId,
    agency: AgencyId,
    from: LoginId,
    to: LoginId,
    members: Which,
    reason: Reason,
    by: LoginId,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Children who have moved.
    moved: u32,
    /// Children who have not; `continue` while there are any.
    left: usize,
    /// Children who stay where they are, and why.
    refused: Vec<Refused>,
    /// Signatures that were asked of the one who passed the child on, and are open: a signature is personal, so staff take
    /// the request back and ask anew.
    unsigned: Vec<Unsigned>,
    /// When nothing was left.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
}

/// A signature that waits for somebody who has the child no more.
#[derive(Serialize, ToSchema)]
pub(crate) struct Unsigned {
    member: MemberId,
    packet: PacketId,
    title: Title,
}

impl ShownHandOver {
    /// The act, by what `from` has and is asked.
    pub(super) fn of(act: HandOver, held: &[Grant], todos: Vec<Todo>) -> Self {
        let unsigned = todos
            .into_iter()
            .filter(|todo| held.iter().any(|grant| grant.member == todo.member && act.took(grant)))
            .map(|todo| Unsigned { member: todo.member, packet: todo.packet, title: todo.title })
            .collect();
        Self {
            id: act.id,
            agency: act.agency,
            from: act.from,
            to: act.to,
            left: act.left(held).count(),
            members: act.which,
            reason: act.reason,
            by: act.by,
            at: act.at,
            moved: act.moved,
            refused: act.refused,
            unsigned,
            finished_at: act.finished_at,
        }
    }
}
