//! What a clinic decides for its stack.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// A clinic's rules, from the parameters of its stack.
#[derive(Debug, Clone)]
pub struct ClinicPolicy {
    /// Where the clinic is: birthdays and custody days begin at its midnight.
    pub time_zone: TimeZone,
    /// Age in years at which grants that rest on minority end (most states of the USA: 18; Alabama and Nebraska: 19).
    pub age_of_majority: i8,
}

impl ClinicPolicy {
    /// Whether somebody born on `birth_date` is of age at `now`, from midnight of the birthday in the clinic's time zone.
    ///
    /// A birthday on 29 February is kept on 28 February in other years, the earlier and safer day: access of others ends no
    /// day late. A date that the calendar cannot reach counts as of age, so that an odd record never opens access.
    #[must_use]
    pub fn is_of_age(&self, birth_date: Date, now: Timestamp) -> bool {
        let today = now.to_zoned(self.time_zone.clone()).date();
        birth_date.checked_add(i64::from(self.age_of_majority).years()).map_or(true, |majority| today >= majority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn policy() -> ClinicPolicy {
        ClinicPolicy { time_zone: TimeZone::get("America/New_York").unwrap(), age_of_majority: 18 }
    }

    #[test]
    fn majority_begins_at_midnight_where_the_clinic_is() {
        let born = date(2008, 3, 10);
        assert!(!policy().is_of_age(born, "2026-03-10T03:59:59Z".parse().unwrap()));
        assert!(policy().is_of_age(born, "2026-03-10T04:00:00Z".parse().unwrap()));
    }

    #[test]
    fn a_leap_day_child_is_of_age_on_28_february() {
        let born = date(2008, 2, 29);
        assert!(!policy().is_of_age(born, "2026-02-28T04:59:59Z".parse().unwrap()));
        assert!(policy().is_of_age(born, "2026-02-28T05:00:00Z".parse().unwrap()));
    }
}
