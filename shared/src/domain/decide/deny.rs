//! Why not.

use thiserror::Error;

/// Why not. Only the audit event and staff's explanations ever say which; outside all but three look the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Deny {
    /// No live session: sign in again.
    #[error("session-ended")]
    SessionEnded,
    /// The person may, after proving anew who he or she is.
    #[error("proof-too-old")]
    ProofTooOld,
    /// The member does not exist.
    #[error("unknown-member")]
    UnknownMember,
    /// A block or hold keeps the person out.
    #[error("blocked")]
    Blocked,
    /// No grant for this member.
    #[error("no-grant")]
    NoGrant,
    /// The grant was ended or revoked.
    #[error("grant-stopped")]
    GrantStopped,
    /// Outside the dates of the grant.
    #[error("outside-dates")]
    OutsideDates,
    /// The person is not on the roster of the agency for which the grant was given.
    #[error("outside-agency")]
    OutsideAgency,
    /// The member came of age.
    #[error("member-of-age")]
    MemberOfAge,
    /// The member is at an age at which the clinic closes the record to guardians.
    #[error("closed-by-age")]
    ClosedByAge,
    /// The member is at an age at which guardians reach less.
    #[error("limited-by-age")]
    LimitedByAge,
    /// The member is too young for a login of the own.
    #[error("too-young")]
    TooYoung,
    /// The custody calendar gives this time to somebody else.
    #[error("outside-custody-time")]
    OutsideCustodyTime,
    /// The grant does not allow this.
    #[error("no-scope")]
    NoScope,
    /// Only an adult decides this, for the own record.
    #[error("not-own-record")]
    NotOwnRecord,
    /// The legal ground of the grant does not fit the capacity of the slot.
    #[error("other-capacity")]
    OtherCapacity,
    /// Only staff do this.
    #[error("staff-only")]
    StaffOnly,
    /// Staff may not do this.
    #[error("not-for-staff")]
    NotForStaff,
    /// The slot asks somebody else.
    #[error("not-own-slot")]
    NotOwnSlot,
    /// Staff do no office work on the record of their own family; a colleague does.
    #[error("own-case")]
    OwnCase,
    /// Staff open a record with a reason only.
    #[error("reason-missing")]
    ReasonMissing,
}
