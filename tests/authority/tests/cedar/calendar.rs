//! The clinic's calendar, counted by hand: New York, by the rule of the Energy Policy Act of 2005.

/// Seconds since 1970 of a civil moment, as if it were universal time.
pub(super) type Civil = i64;

pub(super) const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;

/// Days since 1970 of a day, by counting years and months.
pub(super) fn days(year: i64, month: i64, day: i64) -> i64 {
    let years = 365 * (year - 1970) + leap_days_before(year) - leap_days_before(1970);
    let months: i64 = (1..month).map(|month| month_days(year, month)).sum();
    years + months + day - 1
}

const fn leap_days_before(year: i64) -> i64 {
    let last = year - 1;
    last / 4 - last / 100 + last / 400
}

/// Year, month and day of a number of days since 1970.
pub(super) fn date(since_1970: i64) -> (i64, i64, i64) {
    // A year early at most: no year has more days.
    let mut year = 1970 + since_1970 / 366;
    while days(year + 1, 1, 1) <= since_1970 {
        year += 1;
    }
    let mut days = since_1970 - days(year, 1, 1);
    let mut month = 1;
    while days >= month_days(year, month) {
        days -= month_days(year, month);
        month += 1;
    }
    (year, month, days + 1)
}

const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn month_days(year: i64, month: i64) -> i64 {
    [31, 28 + i64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month as usize - 1]
}

/// The n-th Sunday of a month; 1 January 1970 was a Thursday.
fn sunday(year: i64, month: i64, nth: i64) -> i64 {
    let first = days(year, month, 1);
    first + (3 - first).rem_euclid(7) + 7 * (nth - 1)
}

/// Whether summer time is in force: from 02:00 on the second Sunday of March to 02:00 on the first Sunday of November.
fn is_summer(instant: i64) -> bool {
    let (year, ..) = date((instant - 5 * HOUR).div_euclid(DAY));
    let from = sunday(year, 3, 2) * DAY + 7 * HOUR;
    let until = sunday(year, 11, 1) * DAY + 6 * HOUR;
    (from..until).contains(&instant)
}

/// What the clocks show.
pub(super) fn clocks(instant: i64) -> Civil {
    instant - if is_summer(instant) { 4 * HOUR } else { 5 * HOUR }
}

/// When the clocks first show it; an hour that they skip is taken as if they did not.
pub(super) fn instant(civil: Civil) -> i64 {
    if is_summer(civil + 4 * HOUR) { civil + 4 * HOUR } else { civil + 5 * HOUR }
}

/// Birthdays that somebody has had; one of 29 February is kept a day earlier in other years.
pub(super) fn age((year, month, day): (i64, i64, i64), instant: i64) -> i64 {
    let today = clocks(instant).div_euclid(DAY);
    let (this_year, ..) = date(today);
    let is_kept_early = (month, day) == (2, 29) && !is_leap(this_year);
    let birthday = days(this_year, month, if is_kept_early { 28 } else { day });
    this_year - year - i64::from(today < birthday)
}

/// A custody time that recurs every so many days.
#[derive(Debug, Clone)]
pub(crate) struct Recurring {
    pub(crate) starts: Civil,
    pub(crate) every_days: i64,
    pub(crate) lasts_days: i64,
    pub(crate) lasts_hours: i64,
    /// First and last day, and whether they count.
    pub(crate) holiday: Option<(i64, i64, bool)>,
}

impl Recurring {
    /// Whether one of the times covers the instant, by looking at each that may reach it.
    pub(super) fn counts(&self, now: i64) -> bool {
        let clocks = clocks(now);
        let today = clocks.div_euclid(DAY);
        if let Some((from, until, counts)) = self.holiday
            && from <= today
            && today <= until
        {
            return counts;
        }
        let length = self.lasts_days * DAY + self.lasts_hours * HOUR;
        // A day to spare on both sides: the clocks change by an hour.
        let over = (clocks - DAY - length - self.starts).max(0) / (self.every_days * DAY);
        let starts = (over..).map(|time| self.starts + time * self.every_days * DAY);
        starts
            .take_while(|start| *start <= clocks + DAY)
            .any(|start| instant(start) <= now && now < instant(start + length))
    }
}
