//! Who is reminded of a signature, and when: seldom, not at night, and not for ever.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{Packet, Slot};
use crate::domain::id::SlotId;

impl Packet {
    /// Reminders that one slot gets.
    pub const MOST_REMINDERS: u8 = 3;
    /// Between being told and being told again.
    pub const REMIND_AFTER: SignedDuration = SignedDuration::from_hours(72);
    /// Mails go out from this hour on, at the clinic.
    const DAY_BEGINS: i8 = 9;
    /// And until this hour.
    const DAY_ENDS: i8 = 19;

    /// The slots whose person is to be reminded at `now`. Whoever asked for paper or is too late is not; nor is anybody at night,
    /// where the clinic is.
    #[must_use]
    pub fn due_reminders(&self, now: Timestamp, time_zone: &TimeZone) -> Vec<SlotId> {
        let hour = now.to_zoned(time_zone.clone()).hour();
        if !(Self::DAY_BEGINS..Self::DAY_ENDS).contains(&hour) {
            return Vec::new();
        }
        let is_due = |slot: &&Slot| {
            let told_at = slot.told_at.unwrap_or(self.created_at);
            slot.login.is_some()
                && slot.paper_asked_at.is_none()
                && slot.reminders < Self::MOST_REMINDERS
                && !slot.is_late(now)
                && now.duration_since(told_at) >= Self::REMIND_AFTER
        };
        self.asked().filter(is_due).map(|slot| slot.id).collect()
    }

    /// The packet with everybody who is asked now told of it.
    #[must_use]
    pub fn told(mut self, now: Timestamp) -> Self {
        let asked: Vec<_> = self.asked().map(|slot| slot.id).collect();
        for slot in self.slots.iter_mut().filter(|slot| asked.contains(&slot.id)) {
            slot.told_at = slot.told_at.or(Some(now));
        }
        self
    }

    /// The packet after those were reminded.
    #[must_use]
    pub fn reminded(&self, slots: &[SlotId], now: Timestamp) -> Self {
        let mut packet = self.clone();
        for slot in packet.slots.iter_mut().filter(|slot| slots.contains(&slot.id)) {
            slot.reminders = slot.reminders.saturating_add(1);
            slot.told_at = Some(now);
        }
        packet
    }
}
