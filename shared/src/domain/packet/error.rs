//! Why a packet stays as it is.

use thiserror::Error;

/// Why a step of a packet cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PacketError {
    /// No slot of that name.
    #[error("this packet has no such slot")]
    UnknownSlot,
    /// Declined, voided, or past signing.
    #[error("this request is complete or was closed")]
    Closed,
    /// This slot has its answer already.
    #[error("you have answered this already")]
    AlreadyAnswered,
    /// What the signer was shown is not the file of this packet.
    #[error("the document on your screen is not the one to sign; open it again")]
    OtherDocument,
    /// Too few or too many slots, or the same person twice.
    #[error("ask 1 to 10 people, each of them once")]
    Slots,
    /// Another sealer holds the lease, or there is nothing to seal.
    #[error("nothing to seal now")]
    NotSealable,
}
