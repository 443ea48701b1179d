//! One word for staff's lists.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Packet, PacketState};

/// Where a packet stands, for staff: what they may have to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PacketStanding {
    /// One person consents and another refuses: decide, by going on without one or by taking the packet back.
    Conflict,
    /// A slot has nobody to answer it yet: name somebody, or go on without.
    Unnamed,
    /// Somebody asked to sign on paper: print it, and keep the scan.
    PaperWanted,
    /// Somebody's time to answer is over.
    Late,
    /// People are asked.
    Waiting,
    /// All signatures are there, the files are being made.
    Ready,
    /// Finished.
    Sealed,
    /// Refused by those who were asked.
    Declined,
    /// Taken back.
    Voided,
}

impl Packet {
    /// Where the packet stands at `now`: what wants a decision first.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> PacketStanding {
        match self.state {
            PacketState::Ready | PacketState::Sealing { .. } => return PacketStanding::Ready,
            PacketState::Sealed { .. } => return PacketStanding::Sealed,
            PacketState::Declined => return PacketStanding::Declined,
            PacketState::Voided => return PacketStanding::Voided,
            PacketState::Out => {}
        }
        if self.is_in_conflict() {
            PacketStanding::Conflict
        } else if self.asked().any(|slot| slot.login.is_none()) {
            PacketStanding::Unnamed
        } else if self.asked().any(|slot| slot.paper_asked_at.is_some()) {
            PacketStanding::PaperWanted
        } else if self.asked().any(|slot| slot.is_late(now)) {
            PacketStanding::Late
        } else {
            PacketStanding::Waiting
        }
    }
}
