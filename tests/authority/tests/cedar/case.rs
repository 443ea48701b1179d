//! Random cases that crowd around the boundaries: most facts are such that they allow, and moments lie a second or a day from
//! where an answer changes.

use super::Answer;
use super::calendar::Recurring;

mod draw;
mod facts;

pub(crate) use facts::{Facts, bar_of};

/// A generator that gives the same cases for the same seed (splitmix64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// True in so many of a hundred.
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    /// A second before, at, or a second after.
    fn around(&mut self, moment: i64) -> i64 {
        moment + self.one(&[-1, 0, 1])
    }
}

/// Whose something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    Own,
    Another,
}

#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) login: Whose,
    pub(crate) proved: i64,
    pub(crate) ends: i64,
    pub(crate) idle: i64,
}

#[derive(Debug, Clone)]
pub(crate) struct Bar {
    pub(crate) login: Option<Whose>,
    pub(crate) mailbox: Option<Whose>,
    pub(crate) until: Option<i64>,
}

#[derive(Debug, Clone)]
pub(crate) struct Grant {
    pub(crate) holder: Whose,
    pub(crate) is_for_another_member: bool,
    pub(crate) ground: &'static str,
    pub(crate) scopes: Vec<&'static str>,
    pub(crate) state: &'static str,
    pub(crate) from: Option<i64>,
    pub(crate) until: Option<i64>,
    pub(crate) agency: Option<&'static str>,
    pub(crate) custody: Vec<(Vec<&'static str>, Recurring)>,
}

/// Everything that a decision can look at.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) action: usize,
    pub(crate) reason: bool,
    pub(crate) whose: Whose,
    pub(crate) whose_ground: Option<&'static str>,
    pub(crate) capacity: &'static str,
    pub(crate) is_staff: bool,
    pub(crate) roster: Option<&'static str>,
    /// Whether another login took this one's place.
    pub(crate) merged: bool,
    /// Whether this login took the place of the other person's.
    pub(crate) was_another: bool,
    /// Whether the person had the other person's address and gave it up.
    pub(crate) had_their_mailbox: bool,
    pub(crate) session: Option<Session>,
    pub(crate) member_is_known: bool,
    pub(crate) born: (i64, i64, i64),
    pub(crate) bars: Vec<Bar>,
    pub(crate) grant: Option<Grant>,
    pub(crate) ages: [i64; 4],
    pub(crate) now: i64,
}

/// Every action, by the name it has in the schema.
pub(crate) const ACTIONS: [&str; 39] = [
    "UseOwnLogin",
    "ChangeOwnLogin",
    "MendLogin",
    "RegisterMember",
    "ListAllMembers",
    "ManageAgencies",
    "HandOver",
    "OpenMember",
    "ReadProfile",
    "ReadPeople",
    "ReadDirectory",
    "GiveGrant",
    "LowerGrant",
    "KeepHelper",
    "Block",
    "LiftBlock",
    "ReadActivity",
    "Invite",
    "AskForAccess",
    "ReadRequests",
    "AnswerRequest",
    "UploadDocument",
    "UploadForStaff",
    "ListDocuments",
    "OpenDocument",
    "CreatePacket",
    "VoidPacket",
    "ReadPackets",
    "ReadOwnPacket",
    "ReadOthersPacket",
    "OpenOwnPacket",
    "OpenOthersPacket",
    "OpenOwnCopy",
    "FillSlot",
    "ReadAppointments",
    "BookAppointment",
    "UseMessages",
    "ReadBilling",
    "PayBill",
];

pub(crate) const SCOPES: [&str; 11] = [
    "profile",
    "documents-read",
    "documents-upload",
    "sign",
    "appointments-read",
    "appointments-book",
    "messages",
    "billing-read",
    "billing-pay",
    "household-directory",
    "invite",
];
pub(crate) const GROUNDS: [&str; 7] = [
    "parental-responsibility",
    "guardianship",
    "foster-placement",
    "agency-custody",
    "court-order",
    "adult-consent",
    "self",
];
const CAPACITIES: [&str; 6] = ["parent", "guardian", "patient", "assent", "witness", "clinic"];

impl Case {
    pub(crate) fn action_name(&self) -> &'static str {
        ACTIONS[self.action]
    }

    /// What the product answers.
    pub(crate) fn decide(&self) -> Answer {
        Facts::of(self).answer()
    }
}
