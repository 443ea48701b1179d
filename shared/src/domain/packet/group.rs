//! Who is asked when: groups sign one after the other, each all of its slots or so many of them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Mode, Packet, PacketError, PacketState, Slot, SlotState};
use crate::domain::id::LoginId;

/// Slots that are asked at the same time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// How many of its slots must be signed; all of them when it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub needed: Option<usize>,
}

/// How far a group is. A slot that the packet goes on without does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Progress {
    needed: usize,
    signed: usize,
    open: usize,
}

impl Group {
    /// The one group of a packet that asks all at once.
    #[must_use]
    pub fn alone() -> Vec<Self> {
        vec![Self::default()]
    }
}

impl Packet {
    /// Every group has slots, at least as many as it needs.
    pub(super) fn check_groups(&self) -> Result<(), PacketError> {
        let size = |group: usize| self.slots.iter().filter(|slot| slot.group == group).count();
        let fits = |(at, group): (usize, &Group)| (1..=size(at)).contains(&group.needed.unwrap_or(1));
        let is_placed = |slot: &Slot| slot.group < self.groups.len();
        if self.groups.iter().enumerate().all(fits) && self.slots.iter().all(is_placed) {
            Ok(())
        } else {
            Err(PacketError::Groups)
        }
    }

    fn progress(&self, group: usize) -> Progress {
        let counting = || self.slots.iter().filter(move |slot| slot.group == group && slot.excuse.is_none());
        let most = counting().count();
        Progress {
            needed: self.groups.get(group).and_then(|group| group.needed).map_or(most, |needed| needed.min(most)),
            signed: counting().filter(|slot| slot.is_signed()).count(),
            open: counting().filter(|slot| slot.is_open()).count(),
        }
    }

    /// The group that signs now: the first that still needs somebody.
    #[must_use]
    pub fn turn(&self) -> Option<usize> {
        (0..self.groups.len()).find(|&group| {
            let Progress { needed, signed, .. } = self.progress(group);
            signed < needed
        })
    }

    /// Whether the slot can be answered now, by order and state; whether it is too late depends on the moment.
    #[must_use]
    pub fn is_asked(&self, slot: &Slot) -> bool {
        self.state == PacketState::Out && slot.is_open() && self.turn() == Some(slot.group)
    }

    /// The slots that can be answered now.
    pub fn asked(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|slot| self.is_asked(slot))
    }

    /// Whether something can be answered now by `login`.
    #[must_use]
    pub fn asks(&self, login: LoginId) -> bool {
        self.slots_of(login).any(|slot| self.is_asked(slot))
    }

    /// Signatures that the packet needs.
    #[must_use]
    pub fn needed(&self) -> usize {
        (0..self.groups.len()).map(|group| self.progress(group).needed).sum()
    }

    /// Whether the group that signs now can't get what it needs.
    pub(super) fn is_stuck(&self) -> bool {
        self.turn().is_some_and(|group| {
            let Progress { needed, signed, open } = self.progress(group);
            signed + open < needed
        })
    }

    /// Whether somebody signed and somebody refused, and staff have not decided.
    #[must_use]
    pub fn is_in_conflict(&self) -> bool {
        let refused = |slot: &Slot| matches!(slot.state, SlotState::Declined { .. }) && slot.excuse.is_none();
        self.state == PacketState::Out && self.signed() > 0 && self.slots.iter().any(refused)
    }

    /// The packet after an answer or a decision: complete, closed, or going on. Where people sign separately a refusal takes
    /// nothing from the others: the packet is closed when nobody signed and nobody can; else staff decide.
    pub(super) fn settled(mut self) -> Self {
        if self.state != PacketState::Out {
            return self;
        }
        let is_over = match self.mode {
            Mode::Together => self.is_stuck(),
            Mode::Separate => self.is_stuck() && self.signed() == 0 && self.asked().next().is_none(),
        };
        if self.turn().is_none() {
            self.state = PacketState::Ready;
        } else if is_over {
            self.state = PacketState::Declined;
        }
        self
    }
}
