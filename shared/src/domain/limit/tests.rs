//! The two conditional writes against what they stand for.

use proptest::prelude::*;

use super::*;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(1_800_000_000_000 + millis).unwrap()
}

/// The store's first write: a bucket that is empty.
fn opens(cell: &mut Option<Millis>, rate: Rate, now: Timestamp) -> bool {
    let fits = cell.is_none_or(|filled| filled < now.as_millisecond());
    if fits {
        *cell = Some(rate.first(now));
    }
    fits
}

/// The store's second write: a bucket with room.
fn goes_on(cell: &mut Option<Millis>, rate: Rate, now: Timestamp) -> bool {
    match *cell {
        Some(filled) if filled >= now.as_millisecond() && filled <= rate.latest(now) => {
            *cell = Some(filled + rate.interval());
            true
        }
        _ => false,
    }
}

fn rates() -> impl Strategy<Value = Rate> {
    (1_u32..12, 1_i64..5_000).prop_map(|(burst, millis)| Rate::new(burst, SignedDuration::from_millis(millis)))
}

#[test]
fn ten_at_once_then_one_for_every_interval() {
    let rate = Rate::new(10, SignedDuration::from_secs(90));
    let mut filled = None;
    for _ in 0..10 {
        filled = Some(rate.take(filled, at(0)).unwrap());
    }
    assert_eq!(rate.take(filled, at(0)), Err(Wait { seconds: 90 }));
    assert_eq!(rate.take(filled, at(89_999)), Err(Wait { seconds: 1 }));
    filled = Some(rate.take(filled, at(90_000)).unwrap());
    assert_eq!(rate.take(filled, at(90_000)), Err(Wait { seconds: 90 }));
    // A long pause gives back ten, and no more.
    let mut later = filled;
    for _ in 0..10 {
        later = Some(rate.take(later, at(10_000_000)).unwrap());
    }
    assert!(rate.take(later, at(10_000_000)).is_err());
}

#[test]
fn a_refused_try_costs_nothing_and_the_wait_is_true() {
    let rate = Rate::new(1, SignedDuration::from_millis(2_500));
    let filled = rate.take(None, at(0)).unwrap();
    let wait = rate.take(Some(filled), at(0)).unwrap_err();
    assert_eq!(wait, Wait { seconds: 3 });
    assert!(rate.take(Some(filled), at(3_000)).is_ok());
}

proptest! {
    /// One after the other, the two writes allow exactly what the rule allows.
    #[test]
    fn the_two_writes_are_the_rule(rate in rates(), pauses in prop::collection::vec(0_i64..9_000, 1..80)) {
        let (mut cell, mut filled, mut now) = (None, None, 0);
        for pause in pauses {
            now += pause;
            let allowed = opens(&mut cell, rate, at(now)) || goes_on(&mut cell, rate, at(now));
            let ruled = rate.take(filled, at(now));
            prop_assert_eq!(allowed, ruled.is_ok());
            filled = ruled.ok().or(filled);
            prop_assert_eq!(cell, filled);
        }
    }

    /// Many at once, in any order of their writes, each with the time at which it began: never more than the burst and what the
    /// time gave back.
    #[test]
    fn no_order_of_writes_lets_more_through(
        rate in rates(),
        schedule in prop::collection::vec((0_usize..12, 0_i64..400), 1..200),
    ) {
        // What each of twelve guessers does next, and when it looked at the clock.
        let mut guessers: Vec<Option<i64>> = vec![None; 12];
        let (mut cell, mut now, mut allowed) = (None, 0, Vec::new());
        for (guesser, pause) in schedule {
            now += pause;
            match guessers[guesser].take() {
                None => {
                    if opens(&mut cell, rate, at(now)) {
                        allowed.push((now, now));
                    } else {
                        guessers[guesser] = Some(now);
                    }
                }
                Some(began) => {
                    if goes_on(&mut cell, rate, at(began)) {
                        allowed.push((began, now));
                    }
                }
            }
        }
        for (place, &(began, _)) in allowed.iter().enumerate() {
            for (count, &(_, until)) in (1..).zip(&allowed[place..]) {
                prop_assert!(count <= rate.burst + (until - began) / rate.interval(), "{} in {} ms", count, until - began);
            }
        }
    }
}
