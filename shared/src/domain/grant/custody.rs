//! When a child is with whom: a calendar that narrows some scopes of a grant to certain times.
//!
//! A time is a recurrence of RFC 5545 (§3.3.10) in the civil time of the clinic: "every second Friday at six, for a week" begins
//! at six on the clinic's clocks before and after they change. Holidays override it by whole days.

mod recurrence;

pub use recurrence::{Duration, Recurrence, RecurrenceError};

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::Scope;

/// Why a custody calendar cannot be as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CustodyError {
    /// A time without a scope narrows nothing.
    #[error("say for each custody time which of the allowed things it narrows")]
    NoScope,
    /// A time narrows what is not allowed at all.
    #[error("a custody time can only narrow what the grant allows")]
    ForeignScope,
    /// The rule never comes true, or not within five years of its start.
    #[error("this rule names no day; check `repeats` and `starts`")]
    Never,
    /// Too many times or exceptions.
    #[error("use at most 12 custody times with at most 60 exceptions each")]
    TooMany,
    /// A holiday ends before it begins.
    #[error("choose a last day that is not before the first")]
    EndsBeforeItBegins,
    /// Two exceptions speak of the same day.
    #[error("two exceptions speak of the same day; leave one out")]
    Overlapping,
}

/// Days on which the rule does not decide: a holiday with the one home or with the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// First day, from midnight where the clinic is.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// Last day, to its midnight.
    #[schema(value_type = String, format = Date)]
    pub until: Date,
    /// Whether the days count for this person.
    pub counts: bool,
}

/// A recurring time in which some scopes count. What a scope's times do not cover does not count; a scope that no time names
/// always counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustodyTime {
    /// What is narrowed to the time.
    pub scopes: BTreeSet<Scope>,
    /// `DTSTART`: when the first time begins, on the clinic's clocks.
    #[schema(value_type = String)]
    pub starts: DateTime,
    /// `RRULE`.
    pub repeats: Recurrence,
    /// `DURATION` of each time.
    pub lasts: Duration,
    /// Holidays.
    #[serde(default)]
    pub exceptions: Vec<Exception>,
}

impl CustodyTime {
    const MOST_EXCEPTIONS: usize = 60;

    /// Whether `now` lies within the time. An exception decides its days before the rule does.
    #[must_use]
    pub fn counts(&self, zone: &TimeZone, now: Timestamp) -> bool {
        let today = now.to_zoned(zone.clone()).date();
        let exception = self.exceptions.iter().find(|exception| (exception.from..=exception.until).contains(&today));
        exception.map_or_else(|| self.recurs(zone, now), |exception| exception.counts)
    }

    /// Whether an occurrence covers `now`: from its start, until just before its end.
    fn recurs(&self, zone: &TimeZone, now: Timestamp) -> bool {
        let here = now.to_zoned(zone.clone()).datetime();
        self.repeats.begun(self.starts, here, self.lasts).into_iter().any(|start| {
            // A civil time that the clocks skip is taken an hour later, one that comes twice is taken the first time.
            let instant = |civil: DateTime| zone.to_ambiguous_zoned(civil).compatible().ok();
            match (instant(start), self.lasts.after(start).and_then(instant)) {
                (Some(from), Some(until)) => from.timestamp() <= now && now < until.timestamp(),
                _ => false,
            }
        })
    }

    fn check(&self, allowed: &BTreeSet<Scope>) -> Result<(), CustodyError> {
        if self.scopes.is_empty() {
            return Err(CustodyError::NoScope);
        }
        if !self.scopes.is_subset(allowed) {
            return Err(CustodyError::ForeignScope);
        }
        if self.exceptions.len() > Self::MOST_EXCEPTIONS {
            return Err(CustodyError::TooMany);
        }
        if self.exceptions.iter().any(|exception| exception.until < exception.from) {
            return Err(CustodyError::EndsBeforeItBegins);
        }
        let mut days: Vec<&Exception> = self.exceptions.iter().collect();
        days.sort_by_key(|exception| exception.from);
        if days.iter().zip(days.iter().skip(1)).any(|(one, next)| next.from <= one.until) {
            return Err(CustodyError::Overlapping);
        }
        if self.repeats.comes_true(self.starts) { Ok(()) } else { Err(CustodyError::Never) }
    }
}

/// Most times in one calendar.
const MOST_TIMES: usize = 12;

/// Checks the times of a grant that allows `allowed`.
///
/// # Errors
/// The first [`CustodyError`] found.
pub fn check(times: &[CustodyTime], allowed: &BTreeSet<Scope>) -> Result<(), CustodyError> {
    if times.len() > MOST_TIMES {
        return Err(CustodyError::TooMany);
    }
    times.iter().try_for_each(|time| time.check(allowed))
}

/// Whether `scope` counts at `now`: no time names it, or one that does lies around `now`.
#[must_use]
pub fn counts(times: &[CustodyTime], scope: Scope, zone: &TimeZone, now: Timestamp) -> bool {
    let mut naming = times.iter().filter(|time| time.scopes.contains(&scope)).peekable();
    naming.peek().is_none() || naming.any(|time| time.counts(zone, now))
}

#[cfg(test)]
mod tests;
