//! Random cases that crowd around the boundaries: most facts are such that they allow, and moments lie a second or a day from
//! where an answer changes.

use super::Answer;
use super::calendar::{self, DAY, Recurring, clocks, date, instant};
use super::request::ACTIONS;

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
    pub(crate) session: Option<Session>,
    pub(crate) member_is_known: bool,
    pub(crate) born: (i64, i64, i64),
    pub(crate) bars: Vec<Bar>,
    pub(crate) grant: Option<Grant>,
    pub(crate) ages: [i64; 4],
    pub(crate) now: i64,
}

pub(crate) const SCOPES: [&str; 11] = [
    "profile", "documents-read", "documents-upload", "sign", "appointments-read", "appointments-book", "messages",
    "billing-read", "billing-pay", "household-directory", "invite",
];
pub(crate) const GROUNDS: [&str; 7] = [
    "parental-responsibility", "guardianship", "foster-placement", "agency-custody", "court-order", "adult-consent",
    "self",
];
const CAPACITIES: [&str; 3] = ["parent", "guardian", "patient"];

impl Case {
    pub(crate) fn action_name(&self) -> &'static str {
        ACTIONS[self.action]
    }

    /// What the product answers.
    pub(crate) fn decide(&self) -> Answer {
        Facts::of(self).answer()
    }

    /// Draws a case.
    pub(crate) fn draw(random: &mut Random) -> Self {
        let custody_starts = calendar::days(2026, 1, random.one(&[1, 2, 5])) * DAY + random.one(&[0, 2, 6, 18]) * 3_600;
        let recurring = recurring(random, custody_starts);
        let now = now(random, &recurring);
        let ages = random.one(&[[13, 13, 18, 18], [13, 13, 18, 18], [12, 14, 16, 18], [18, 18, 18, 18], [13, 13, 19, 19], [14, 13, 13, 18]]);
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
            whose_ground: random.percent(80).then(|| random.one(&["adult-consent", "adult-consent", "parental-responsibility", "self"])),
            capacity: if random.percent(70) { fitting(ground) } else { random.one(&CAPACITIES) },
            is_staff,
            roster: if random.percent(70) { agency } else { random.one(&[None, Some("county"), Some("city")]) },
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
        4 => instant(random.one(&[calendar::days(2026, 3, 8), calendar::days(2026, 11, 1)]) * DAY) + random.below(5) as i64 * 3_600,
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
        let second = self::recurring(random, recurring.starts + random.one(&[0, 3, 7]) * DAY);
        times.push((some(random), second));
    }
    times
}
