//! What a clinic decides for its stack.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

/// Ages in years at which rights change, from midnight of the birthday where the clinic is. States differ; the clinic's counsel
/// sets them (parameters of the template).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ages {
    own_login: i8,
    limited: i8,
    closed: i8,
    majority: i8,
}

/// The ages contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("ages go up from limited to closed to majority, and nobody waits for a login longer than until majority")]
pub struct AgesError;

impl Ages {
    /// Ages of a clinic: from `own_login` a minor may have a login for the own record; from `limited` guardians reach less; from
    /// `closed` nothing; at `majority` their right ends.
    ///
    /// # Errors
    /// [`AgesError`].
    pub fn new(own_login: i8, limited: i8, closed: i8, majority: i8) -> Result<Self, AgesError> {
        let rising = 0 < own_login && own_login <= majority && 0 < limited && limited <= closed && closed <= majority;
        if rising && majority <= 25 { Ok(Self { own_login, limited, closed, majority }) } else { Err(AgesError) }
    }
}

/// The common case in the USA: teenagers from 13, of age at 18 (Alabama and Nebraska: 19).
impl Default for Ages {
    fn default() -> Self {
        Self { own_login: 13, limited: 13, closed: 18, majority: 18 }
    }
}

/// How far those reach whose right rests on minority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Everything that the grant allows.
    Full,
    /// What a family must arrange, not what the teenager told the clinic.
    Limited,
    /// Nothing, although the member is not of age.
    Closed,
    /// Nothing: the member is of age.
    Ended,
}

/// A mail some months before a birthday that changes who reaches what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// The birthday.
    pub birthday: Date,
    /// How many months ahead.
    pub months: i8,
}

impl Notice {
    /// How many months ahead families are mailed: first with time for a visit, then as a reminder.
    const MONTHS: [i8; 2] = [6, 1];
    /// Days in which a notice is still sent when it was missed on its own: less than mails stay in the outbox, where each stands
    /// under a name of its own, so that none is sent twice.
    const GRACE: i8 = 14;

    /// Whether it is time.
    fn is_due(&self, today: Date) -> bool {
        let Ok(first) = self.birthday.checked_sub(self.months.months()) else { return false };
        first.checked_add(Self::GRACE.days()).is_ok_and(|end| first <= today && today < end)
    }
}

/// A clinic's rules, from the parameters of its stack.
#[derive(Debug, Clone)]
pub struct ClinicPolicy {
    /// Where the clinic is: birthdays and custody days begin at its midnight.
    pub time_zone: TimeZone,
    /// When rights change with age.
    pub ages: Ages,
}

impl ClinicPolicy {
    /// How many months ahead a family is told that a birthday will change who reaches what: our choice, time for a visit or two.
    pub const NOTICE: i64 = 6;

    /// Whether somebody born on `birth_date` has had the birthday of that many years at `now`, from its midnight.
    ///
    /// A birthday on 29 February is kept on 28 February in other years, the earlier and safer day: access of others ends no
    /// day late. A date that the calendar cannot reach counts as reached, so that an odd record never opens access.
    fn has_turned(&self, years: i8, birth_date: Date, now: Timestamp) -> bool {
        let today = now.to_zoned(self.time_zone.clone()).date();
        birth_date.checked_add(i64::from(years).years()).map_or(true, |birthday| today >= birthday)
    }

    /// Whether somebody born on `birth_date` is of age at `now`.
    #[must_use]
    pub fn is_of_age(&self, birth_date: Date, now: Timestamp) -> bool {
        self.has_turned(self.ages.majority, birth_date, now)
    }

    /// Whether somebody born on `birth_date` may have a login for the own record at `now`. Before that, whoever held such a login
    /// would be a parent in the child's clothes.
    #[must_use]
    pub fn may_have_own_login(&self, birth_date: Date, now: Timestamp) -> bool {
        self.has_turned(self.ages.own_login, birth_date, now)
    }

    /// How far guardians of somebody born on `birth_date` reach at `now`.
    #[must_use]
    pub fn reach(&self, birth_date: Date, now: Timestamp) -> Reach {
        let turned = |years| self.has_turned(years, birth_date, now);
        if turned(self.ages.majority) {
            Reach::Ended
        } else if turned(self.ages.closed) {
            Reach::Closed
        } else if turned(self.ages.limited) {
            Reach::Limited
        } else {
            Reach::Full
        }
    }

    /// The next birthday on which guardians' reach changes, and what they reach from then on, when it is at most
    /// [`ClinicPolicy::NOTICE`] months away.
    #[must_use]
    pub fn change_ahead(&self, birth_date: Date, now: Timestamp) -> Option<(Date, Reach)> {
        let Ages { limited, closed, majority, .. } = self.ages;
        let today = now.to_zoned(self.time_zone.clone()).date();
        let last = today.checked_add(Self::NOTICE.months()).ok()?;
        [limited, closed, majority]
            .into_iter()
            .filter_map(|years| birth_date.checked_add(i64::from(years).years()).ok())
            .find(|&birthday| today < birthday)
            .filter(|&birthday| birthday <= last)
            .and_then(|birthday| {
                let midnight = birthday.to_zoned(self.time_zone.clone()).ok()?;
                Some((birthday, self.reach(birth_date, midnight.timestamp())))
            })
    }

    /// The mailed notice that is due at `now` for somebody born on `birth_date`, if any.
    #[must_use]
    pub fn notice_due(&self, birth_date: Date, now: Timestamp) -> Option<Notice> {
        let (birthday, _) = self.change_ahead(birth_date, now)?;
        let today = now.to_zoned(self.time_zone.clone()).date();
        Notice::MONTHS.into_iter().map(|months| Notice { birthday, months }).find(|notice| notice.is_due(today))
    }

    /// The day on which somebody born on `birth_date` comes of age.
    #[must_use]
    pub fn majority(&self, birth_date: Date) -> Option<Date> {
        birth_date.checked_add(i64::from(self.ages.majority).years()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn policy() -> ClinicPolicy {
        ClinicPolicy { time_zone: TimeZone::get("America/New_York").unwrap(), ages: Ages::default() }
    }

    #[test]
    fn majority_begins_at_midnight_where_the_clinic_is() {
        let born = date(2008, 3, 10);
        assert!(!policy().is_of_age(born, "2026-03-10T03:59:59Z".parse().unwrap()));
        assert!(policy().is_of_age(born, "2026-03-10T04:00:00Z".parse().unwrap()));
        assert_eq!(policy().majority(born), Some(date(2026, 3, 10)));
    }

    #[test]
    fn a_leap_day_child_is_of_age_on_28_february() {
        let born = date(2008, 2, 29);
        assert!(!policy().is_of_age(born, "2026-02-28T04:59:59Z".parse().unwrap()));
        assert!(policy().is_of_age(born, "2026-02-28T05:00:00Z".parse().unwrap()));
    }

    #[test]
    fn guardians_reach_less_with_each_age() {
        let policy = ClinicPolicy { ages: Ages::new(12, 13, 16, 18).unwrap(), ..policy() };
        let noon: Timestamp = "2026-11-21T17:00:00Z".parse().unwrap();
        let born = |years: i16, month, day| date(2026 - years, month, day);
        let reach = |birth_date| policy.reach(birth_date, noon);
        assert_eq!([reach(born(13, 11, 22)), reach(born(13, 11, 21))], [Reach::Full, Reach::Limited]);
        assert_eq!([reach(born(16, 11, 22)), reach(born(16, 11, 21))], [Reach::Limited, Reach::Closed]);
        assert_eq!([reach(born(18, 11, 22)), reach(born(18, 11, 21))], [Reach::Closed, Reach::Ended]);
        assert!(
            policy.may_have_own_login(born(12, 11, 21), noon) && !policy.may_have_own_login(born(12, 11, 22), noon)
        );
    }

    #[test]
    fn a_change_is_told_six_months_ahead_and_not_on_its_day() {
        let noon: Timestamp = "2026-11-21T17:00:00Z".parse().unwrap();
        let ahead = |birth_date| policy().change_ahead(birth_date, noon);
        assert_eq!(ahead(date(2009, 5, 21)), Some((date(2027, 5, 21), Reach::Ended)));
        assert_eq!(ahead(date(2009, 5, 22)), None);
        assert_eq!(ahead(date(2008, 11, 22)), Some((date(2026, 11, 22), Reach::Ended)));
        assert_eq!(ahead(date(2008, 11, 21)), None);
        assert_eq!(ahead(date(2013, 12, 1)), Some((date(2026, 12, 1), Reach::Limited)));
        assert_eq!(ahead(date(2016, 12, 1)), None);
    }

    #[test]
    fn a_notice_is_due_for_two_weeks_six_months_and_one_month_ahead() {
        let born = date(2009, 5, 21);
        let due = |day: &str| {
            let noon: Timestamp = format!("{day}T17:00:00Z").parse().unwrap();
            policy().notice_due(born, noon).map(|notice| (notice.birthday, notice.months))
        };
        let birthday = date(2027, 5, 21);
        assert_eq!([due("2026-11-20"), due("2026-12-05"), due("2027-04-20"), due("2027-05-05")], [None; 4]);
        assert_eq!([due("2026-11-21"), due("2026-12-04")], [Some((birthday, 6)); 2]);
        assert_eq!([due("2027-04-21"), due("2027-05-04")], [Some((birthday, 1)); 2]);
    }

    #[test]
    fn ages_that_contradict_each_other_are_refused() {
        for (own_login, limited, closed, majority) in
            [(13, 13, 12, 18), (19, 13, 18, 18), (13, 0, 18, 18), (13, 13, 19, 18)]
        {
            assert_eq!(Ages::new(own_login, limited, closed, majority), Err(AgesError));
        }
        assert!(Ages::new(13, 18, 18, 18).is_ok(), "no limited level");
        assert_eq!(Ages::new(0, 13, 18, 18), Err(AgesError), "nobody is born with a login");
        assert!(Ages::new(25, 25, 25, 25).is_ok());
        assert_eq!(Ages::new(26, 26, 26, 26), Err(AgesError));
    }
}
