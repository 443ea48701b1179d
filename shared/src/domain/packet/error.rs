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
    /// Others sign first.
    #[error("others sign before you; we will write to you when it is your turn")]
    NotYet,
    /// The time to answer is over.
    #[error("the time to answer is over; ask the clinic for a new request")]
    TooLate,
    /// The signer has not opened the paper.
    #[error("open the document and read it before you sign")]
    Unread,
    /// What the signer was shown is not the file of this packet.
    #[error("the document on your screen is not the one to sign; open it again")]
    OtherDocument,
    /// The form has not been filled in.
    #[error("fill in the form before you sign")]
    Unanswered,
    /// The signer saw other answers than those on the form.
    #[error("the answers on your screen are not the ones to sign; look at them again")]
    OtherAnswers,
    /// A shared form, and others could sign it before it is filled in.
    #[error("people who share one form sign after the one who fills it in: put that person alone into the first group")]
    FormGroups,
    /// Too few or too many slots, or the same person twice in one capacity.
    #[error("ask for 1 to 10 signatures, each person once in each capacity")]
    Slots,
    /// A group without slots, or that needs more than it has.
    #[error("give every group slots of its own, at least as many as it needs")]
    Groups,
    /// Nothing would be left to sign.
    #[error("nobody would be left to sign; take the request back instead")]
    LastSlot,
    /// Another sealer holds the lease, or there is nothing to seal.
    #[error("nothing to seal now")]
    NotSealable,
}
