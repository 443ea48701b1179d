//! `RRULE` and `DURATION` of RFC 5545, as far as custody needs them.

use std::fmt;
use std::str::FromStr;

use chrono::TimeZone as _;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use rrule::{Frequency, RRule, RRuleSet, Tz, Unvalidated};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

/// Why a text is no recurrence or duration that custody can use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RecurrenceError {
    /// Not an `RRULE`, or one that custody does not need.
    #[error("write a rule by days, weeks, months or years, such as FREQ=WEEKLY;INTERVAL=2;BYDAY=FR")]
    Rule,
    /// Not a duration, or too short or too long.
    #[error("write a duration from one hour to 62 days, such as P7D or P2DT6H")]
    Duration,
}

/// A recurrence rule: `FREQ` of days, weeks, months or years, without parts of the day and without `COUNT`; `UNTIL` is a date, the
/// last day on which a time can begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurrence(String);

impl Recurrence {
    const LONGEST: usize = 200;
    /// Times that can have begun and not ended yet: daily ones of 62 days.
    const MOST_RUNNING: u16 = 70;

    /// Starts of the times that have begun at `here` and can still last, all in the civil time of the clinic.
    pub(super) fn begun(&self, starts: DateTime, here: DateTime, lasts: Duration) -> Vec<DateTime> {
        // A day more on both sides: around a change of the clocks, instants decide, and the caller looks at those.
        let from = here.checked_sub(lasts.0).and_then(|from| from.checked_sub(1.day())).unwrap_or(DateTime::MIN);
        let to = here.checked_add(1.day()).unwrap_or(DateTime::MAX);
        self.between(starts, from.max(starts), to)
    }

    /// Whether the rule names a day within five years.
    pub(super) fn comes_true(&self, starts: DateTime) -> bool {
        starts.checked_add(5.years()).is_ok_and(|end| !self.between(starts, starts, end).is_empty())
    }

    fn between(&self, starts: DateTime, from: DateTime, to: DateTime) -> Vec<DateTime> {
        let moments = (calendar(starts), calendar(from), calendar(to));
        let (Some(first), Some(from), Some(to)) = moments else { return Vec::new() };
        let Ok(rule) = rule(&self.0).and_then(|rule| rule.validate(first).map_err(|_| RecurrenceError::Rule)) else {
            return Vec::new();
        };
        // `limit` bounds the steps of a rule that never comes true.
        let found = RRuleSet::new(first).rrule(rule).limit().after(from).before(to).all(Self::MOST_RUNNING);
        found.dates.iter().filter_map(|date| Timestamp::from_second(date.timestamp()).ok()).map(civil).collect()
    }
}

/// Reads a rule. A date in `UNTIL` becomes the end of that day.
fn rule(text: &str) -> Result<RRule<Unvalidated>, RecurrenceError> {
    let parts = text.split(';').map(|part| match part.strip_prefix("UNTIL=") {
        Some(date) => format!("UNTIL={date}T235959Z"),
        None => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join(";").parse().map_err(|_| RecurrenceError::Rule)
}

/// Civil time, named as if it were universal time: the rule counts days, and days have no zone.
fn calendar(civil: DateTime) -> Option<chrono::DateTime<Tz>> {
    let seconds = civil.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
    Tz::UTC.timestamp_opt(seconds, 0).single()
}

fn civil(moment: Timestamp) -> DateTime {
    moment.to_zoned(TimeZone::UTC).datetime()
}

impl FromStr for Recurrence {
    type Err = RecurrenceError;

    fn from_str(text: &str) -> Result<Self, RecurrenceError> {
        let is_plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"=;,+-".contains(&byte);
        if text.len() > Self::LONGEST || !text.bytes().all(is_plain) {
            return Err(RecurrenceError::Rule);
        }
        let until =
            |part: &str| part.strip_prefix("UNTIL=").is_none_or(|date| date.len() == 8 && date.parse::<u32>().is_ok());
        let rule = text.split(';').all(until).then(|| rule(text)).ok_or(RecurrenceError::Rule)??;
        let by_days =
            matches!(rule.get_freq(), Frequency::Daily | Frequency::Weekly | Frequency::Monthly | Frequency::Yearly);
        let whole = rule.get_by_hour().is_empty() && rule.get_by_minute().is_empty() && rule.get_by_second().is_empty();
        if by_days && whole && rule.get_count().is_none() {
            Ok(Self(text.to_owned()))
        } else {
            Err(RecurrenceError::Rule)
        }
    }
}

impl fmt::Display for Recurrence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// How long a time lasts, from an hour to 62 days. Days are days of the calendar, 23 or 25 hours when the clocks change.
#[derive(Debug, Clone, Copy)]
pub struct Duration(Span);

impl Duration {
    /// When a time that begins at `start` is over.
    pub(super) fn after(self, start: DateTime) -> Option<DateTime> {
        start.checked_add(self.0).ok()
    }
}

impl PartialEq for Duration {
    fn eq(&self, other: &Self) -> bool {
        self.0.fieldwise() == other.0.fieldwise()
    }
}

impl Eq for Duration {}

impl FromStr for Duration {
    type Err = RecurrenceError;

    fn from_str(text: &str) -> Result<Self, RecurrenceError> {
        let span: Span = text.parse().map_err(|_| RecurrenceError::Duration)?;
        let monday = jiff::civil::date(2026, 1, 5).at(0, 0, 0, 0);
        let end = monday.checked_add(span).map_err(|_| RecurrenceError::Duration)?;
        let fits = (monday + 1.hour()..=monday + 62.days()).contains(&end);
        let of_days = span.get_years() == 0 && span.get_months() == 0;
        if text.starts_with('P') && fits && of_days { Ok(Self(span)) } else { Err(RecurrenceError::Duration) }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

macro_rules! as_text {
    ($($name:ident $pattern:literal)*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new().schema_type(Type::String).pattern(Some($pattern)).build().into()
            }
        }

        impl utoipa::ToSchema for $name {}
    )*};
}

as_text! {
    Recurrence "^FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)[A-Z0-9=;,+-]*$"
    Duration "^P[0-9DWTHM]+$"
}
