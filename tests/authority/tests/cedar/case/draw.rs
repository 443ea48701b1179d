//! How cases are drawn.

use super::super::calendar::{self, DAY, Recurring, clocks, date, instant};
use super::{ACTIONS, Bar, CAPACITIES, Case, GROUNDS, Grant, Random, SCOPES, Session, Whose};

impl Case {
    /// Draws a case.
    pub(crate) fn draw(random: &mut Random) -> Self {
        let custody_starts = calendar::days(2026, 1, random.one(&[1, 2, 5])) * DAY + random.one(&[0, 2, 6, 18]) * 3_600;
        let recurring = recurring(random, custody_starts);
        let now = now(random, &recurring);
        let ages = random.one(&[
            [13, 13, 18, 18],
            [13, 13, 18, 18],
            [12, 14, 16, 18],
            [18, 18, 18, 18],
            [13, 13, 19, 19],
            [14, 13, 13, 18],
        ]);
        let is_staff = random.percent(30);
        let ground = random.one(&GROUNDS);
        let born = born(random, ground, ages, now);
        let action = random.below(ACTIONS.len() as u64) as usize;
        let grant_percent = if is_staff { 30 } else { 93 };
        let grant = random.percent(grant_percent).then(|| grant(random, ground, now, &recurring));
        let agency = grant.as_ref().and_then(|grant| grant.agency);
        let bars = if random.percent(15) { 1 + random.below(2) } else { 0 };
        Self {
            action,
            reason: random.percent(60),
            whose: if random.percent(70) { Whose::Own } else { Whose::Another },
            whose_ground: random
                .percent(80)
                .then(|| random.one(&["adult-consent", "adult-consent", "parental-responsibility", "self"])),
            capacity: if random.percent(if is_staff { 30 } else { 70 }) {
                fitting(ground)
            } else {
                random.one(&CAPACITIES)
            },
            is_staff,
            roster: if random.percent(70) { agency } else { random.one(&[None, Some("county"), Some("city")]) },
            merged: random.percent(2),
            was_another: random.percent(15),
            had_their_mailbox: random.percent(15),
            session: random.percent(98).then(|| session(random, now)),
            member_is_known: random.percent(95),
            born,
            bars: (0..bars).map(|_| bar(random, now)).collect(),
            grant,
            ages,
            now,
        }
    }
}

fn fitting(ground: &str) -> &'static str {
    match ground {
        "parental-responsibility" => "parent",
        "self" => "patient",
        _ => "guardian",
    }
}

fn recurring(random: &mut Random, starts: i64) -> Recurring {
    let every_days = random.one(&[1, 7, 14]);
    let holiday = random.percent(40).then(|| {
        let from = calendar::days(2026, 1, 1) + random.below(400) as i64;
        (from, from + random.below(4) as i64, random.percent(50))
    });
    Recurring {
        starts,
        every_days,
        lasts_days: if every_days == 1 { 0 } else { random.one(&[0, 2, every_days / 2]) },
        lasts_hours: random.one(&[2, 6, 14]),
        holiday,
    }
}

/// A moment in 2026 or early in 2027: a midnight, a change of the clocks, a handing over, a holiday, or any.
fn now(random: &mut Random, recurring: &Recurring) -> i64 {
    let any = calendar::days(2026, 1, 1) * DAY + random.below(430 * DAY as u64) as i64;
    let midnight = instant(clocks(any).div_euclid(DAY) * DAY);
    let time = recurring.starts + random.below(60) as i64 * recurring.every_days * DAY;
    let length = recurring.lasts_days * DAY + recurring.lasts_hours * 3_600;
    let moment = match random.below(8) {
        0 | 1 => midnight,
        2 => instant(time),
        3 => instant(time + length),
        4 => {
            instant(random.one(&[calendar::days(2026, 3, 8), calendar::days(2026, 11, 1)]) * DAY)
                + random.below(5) as i64 * 3_600
        }
        5 => recurring.holiday.map_or(any, |(from, until, _)| instant(random.one(&[from, until + 1]) * DAY)),
        6 => instant(random.one(&[calendar::days(2026, 2, 28), calendar::days(2026, 3, 1)]) * DAY),
        _ => any,
    };
    random.around(moment)
}

/// A day of birth that suits the ground, or one whose birthday is at hand.
fn born(random: &mut Random, ground: &str, ages: [i64; 4], now: i64) -> (i64, i64, i64) {
    let (year, month, day) = date(clocks(now).div_euclid(DAY) + random.one(&[-1, 0, 0, 1]));
    match random.below(10) {
        0..3 => {
            let age = random.one(&ages);
            // Nobody is born on a day that its year lacks.
            date(calendar::days(year - age, month, day))
        }
        3 => (year - random.one(&[10, 14, 18]) - 4, 2, 28),
        4 => (random.one(&[2008, 2012, 2016]), 2, 29),
        _ if ["adult-consent", "self"].contains(&ground) => (1990, 5, 4),
        _ => (2019, 5, 4),
    }
}

fn session(random: &mut Random, now: i64) -> Session {
    let near = |random: &mut Random, usual: i64, edge: i64| if random.percent(6) { random.around(edge) } else { usual };
    Session {
        login: if random.percent(98) { Whose::Own } else { Whose::Another },
        proved: near(random, now - 60, now - 300),
        ends: near(random, now + 36_000, now),
        idle: near(random, now + 1_800, now),
    }
}

fn bar(random: &mut Random, now: i64) -> Bar {
    let whose = |random: &mut Random| if random.percent(55) { Whose::Own } else { Whose::Another };
    let login = random.percent(60).then(|| whose(random));
    Bar {
        login,
        // Who is known by a login is known by its mailbox, too; the mailbox may be shared.
        mailbox: (login.is_none() || random.percent(50)).then(|| whose(random)),
        until: random.percent(60).then(|| random.around(now)),
    }
}

fn grant(random: &mut Random, ground: &'static str, now: i64, recurring: &Recurring) -> Grant {
    let scopes: Vec<&str> = SCOPES.into_iter().filter(|_| random.percent(85)).collect();
    let edge = |random: &mut Random| random.percent(12).then(|| random.around(now));
    let (from, until) = (edge(random), edge(random));
    let custody = if random.percent(30) { times(random, recurring) } else { Vec::new() };
    Grant {
        holder: if random.percent(97) { Whose::Own } else { Whose::Another },
        is_for_another_member: random.percent(3),
        ground,
        scopes,
        state: if random.percent(92) { "active" } else { random.one(&["ended", "revoked"]) },
        from,
        until,
        agency: (ground == "agency-custody" && random.percent(70)).then(|| random.one(&["county", "city"])),
        custody,
    }
}

/// One or two times, each for some scopes.
fn times(random: &mut Random, recurring: &Recurring) -> Vec<(Vec<&'static str>, Recurring)> {
    let some = |random: &mut Random| {
        let mut scopes: Vec<&str> = SCOPES.into_iter().filter(|_| random.percent(60)).collect();
        scopes.push(random.one(&SCOPES));
        scopes
    };
    let mut times = vec![(some(random), recurring.clone())];
    if random.percent(40) {
        let starts = recurring.starts + random.one(&[0, 3, 7]) * DAY;
        let second = self::recurring(random, starts);
        times.push((some(random), second));
    }
    times
}
