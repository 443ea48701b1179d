//! Odd weeks, week 53, holidays, and clocks that change.

use jiff::ToSpan;

use super::*;

const ZONE: &str = "America/New_York";

fn time(starts: &str, repeats: &str, lasts: &str) -> CustodyTime {
    CustodyTime {
        scopes: [Scope::AppointmentsBook].into(),
        starts: starts.parse().unwrap(),
        repeats: repeats.parse().unwrap(),
        lasts: lasts.parse().unwrap(),
        exceptions: Vec::new(),
    }
}

/// Whether the time counts at a civil moment of New York.
fn at(time: &CustodyTime, civil: &str) -> bool {
    let zone = TimeZone::get(ZONE).unwrap();
    let moment: DateTime = civil.parse().unwrap();
    time.counts(&zone, moment.to_zoned(zone.clone()).unwrap().timestamp())
}

fn at_instant(time: &CustodyTime, instant: &str) -> bool {
    time.counts(&TimeZone::get(ZONE).unwrap(), instant.parse().unwrap())
}

#[test]
fn every_second_week_from_friday_at_six_to_friday_at_six() {
    let mine = time("2026-01-02T18:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "P7D");
    assert!(!at(&mine, "2026-01-02T17:59:59"));
    assert!(at(&mine, "2026-01-02T18:00:00"));
    assert!(at(&mine, "2026-01-09T17:59:59"));
    assert!(!at(&mine, "2026-01-09T18:00:00"));
    assert!(at(&mine, "2026-01-16T18:00:00"));
    assert!(!at(&mine, "2025-12-19T20:00:00"), "nothing counts before the start");
}

#[test]
fn the_handing_over_stays_at_six_when_the_clocks_change() {
    // Clocks go forward on 8 March 2026 and back on 1 November 2026.
    let mine = time("2026-02-27T18:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "P7D");
    assert!(at_instant(&mine, "2026-02-27T23:00:00Z") && !at_instant(&mine, "2026-02-27T22:59:59Z"));
    assert!(at_instant(&mine, "2026-03-13T22:00:00Z") && !at_instant(&mine, "2026-03-13T21:59:59Z"));
    let autumn = time("2026-10-30T18:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "P7D");
    assert!(at_instant(&autumn, "2026-11-06T22:59:59Z") && !at_instant(&autumn, "2026-11-06T23:00:00Z"));
}

#[test]
fn a_start_that_the_clocks_skip_or_repeat_is_taken_once() {
    // 02:30 does not exist on 8 March; 01:30 comes twice on 1 November, first in summer time.
    let skipped = time("2026-03-08T02:30", "FREQ=YEARLY", "PT2H");
    assert!(!at_instant(&skipped, "2026-03-08T07:29:59Z") && at_instant(&skipped, "2026-03-08T07:30:00Z"));
    let twice = time("2026-11-01T01:30", "FREQ=YEARLY", "PT2H");
    assert!(!at_instant(&twice, "2026-11-01T05:29:59Z") && at_instant(&twice, "2026-11-01T05:30:00Z"));
    // Two hours later the clocks show 03:30, three hours after the first 01:30.
    assert!(at_instant(&twice, "2026-11-01T08:29:59Z") && !at_instant(&twice, "2026-11-01T08:30:00Z"));
}

#[test]
fn odd_weeks_of_the_year_meet_in_week_53_and_alternating_weeks_do_not() {
    // ISO week 53 of 2026 begins on 28 December, week 1 of 2027 on 4 January: both are odd.
    let odd: Vec<String> = (1..=53).step_by(2).map(|week| week.to_string()).collect();
    let by_number = time("2026-01-05T00:00", &format!("FREQ=YEARLY;BYWEEKNO={};BYDAY=MO", odd.join(",")), "P7D");
    assert!(!at(&by_number, "2026-12-27T12:00"), "week 52");
    assert!(at(&by_number, "2026-12-28T00:00") && at(&by_number, "2027-01-03T23:59:59"), "week 53");
    assert!(at(&by_number, "2027-01-04T00:00"), "week 1");
    assert!(!at(&by_number, "2027-01-11T00:00"), "week 2");
    let alternating = time("2026-12-28T00:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "P7D");
    assert!(at(&alternating, "2027-01-03T12:00") && !at(&alternating, "2027-01-04T12:00"));
}

#[test]
fn holidays_decide_before_the_rule() {
    let mut mine = time("2026-12-07T00:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "P7D");
    let day = |text: &str| text.parse::<Date>().unwrap();
    mine.exceptions = vec![
        Exception { from: day("2026-12-24"), until: day("2026-12-25"), counts: false },
        Exception { from: day("2026-12-31"), until: day("2026-12-31"), counts: true },
    ];
    assert_eq!(check(&[mine.clone()], &mine.scopes), Ok(()));
    assert!(at(&mine, "2026-12-23T23:59:59") && !at(&mine, "2026-12-24T00:00"));
    assert!(!at(&mine, "2026-12-25T23:59:59") && at(&mine, "2026-12-26T00:00"));
    assert!(!at(&mine, "2026-12-30T23:59:59") && at(&mine, "2026-12-31T00:00") && !at(&mine, "2027-01-01T00:00"));
}

#[test]
fn a_rule_ends_after_its_last_day() {
    let term = time("2026-09-01T08:00", "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260915", "P1D");
    assert!(at(&term, "2026-09-15T08:00") && at(&term, "2026-09-16T07:59") && !at(&term, "2026-09-22T09:00"));
}

#[test]
fn only_rules_by_days_weeks_months_and_years_are_taken() {
    let bad = [
        "",
        "FREQ=HOURLY",
        "FREQ=WEEKLY;BYHOUR=3",
        "FREQ=DAILY;COUNT=3",
        "FREQ=WEEKLY;UNTIL=20260101T000000Z",
        "freq=weekly",
        "FREQ=WEEKLY\nEXDATE:20260101",
        "INTERVAL=2",
    ];
    for text in bad {
        assert_eq!(text.parse::<Recurrence>(), Err(RecurrenceError::Rule), "{text:?}");
    }
    for text in ["", "7D", "-P1D", "PT59M", "P63D", "P1M", "P1Y", "1 day"] {
        assert_eq!(text.parse::<Duration>(), Err(RecurrenceError::Duration), "{text:?}");
    }
    let never = time("2026-01-01T00:00", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "P1D");
    assert_eq!(check(std::slice::from_ref(&never), &never.scopes), Err(CustodyError::Never));
}

#[test]
fn two_holidays_share_no_day_and_calendars_stay_short() {
    let mut mine = time("2026-12-07T00:00", "FREQ=DAILY", "P1D");
    let day = |number: i64| "2026-01-01".parse::<Date>().unwrap() + number.days();
    let holiday = |from, until| Exception { from: day(from), until: day(until), counts: true };
    mine.exceptions = vec![holiday(0, 2), holiday(2, 3)];
    assert_eq!(check(&[mine.clone()], &mine.scopes), Err(CustodyError::Overlapping));
    mine.exceptions = vec![holiday(0, 2), holiday(3, 3)];
    assert_eq!(check(&[mine.clone()], &mine.scopes), Ok(()));
    for (count, expected) in [(60, Ok(())), (61, Err(CustodyError::TooMany)), (62, Err(CustodyError::TooMany))] {
        mine.exceptions = (0..count).map(|number| holiday(number, number)).collect();
        assert_eq!(check(&[mine.clone()], &mine.scopes), expected, "{count} exceptions");
    }
    mine.exceptions = Vec::new();
    for (count, expected) in [(12, Ok(())), (13, Err(CustodyError::TooMany)), (14, Err(CustodyError::TooMany))] {
        assert_eq!(check(&vec![mine.clone(); count], &mine.scopes), expected, "{count} times");
    }
}

#[test]
fn rules_are_short_their_last_day_is_a_date_and_durations_differ() {
    let long = |length: usize| format!("FREQ=YEARLY;BYMONTH=10{}", ",1".repeat((length - 22) / 2));
    assert!(long(200).parse::<Recurrence>().is_ok());
    for text in [&long(202), &long(204), "FREQ=WEEKLY;UNTIL=202601011", "FREQ=WEEKLY;UNTIL=2026A101"] {
        assert_eq!(text.parse::<Recurrence>(), Err(RecurrenceError::Rule), "{text:?}");
    }
    assert_ne!("P1D".parse::<Duration>(), "P2D".parse::<Duration>());
}

#[test]
fn a_calendar_narrows_what_it_names_and_nothing_else() {
    let zone = TimeZone::get(ZONE).unwrap();
    let now = "2026-01-12T12:00:00Z".parse().unwrap();
    let away = [time("2026-01-05T00:00", "FREQ=WEEKLY;INTERVAL=2", "P7D")];
    assert!(!counts(&away, Scope::AppointmentsBook, &zone, now));
    assert!(counts(&away, Scope::AppointmentsRead, &zone, now));
    assert_eq!(check(&away, &[Scope::Profile].into()), Err(CustodyError::ForeignScope));
}

#[test]
fn what_is_written_can_be_read_again() {
    let mine = time("2026-01-02T18:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "P2DT6H");
    let json = serde_json::to_string(&mine).unwrap();
    assert_eq!(serde_json::from_str::<CustodyTime>(&json).unwrap(), mine);
}
