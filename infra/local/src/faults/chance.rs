//! Faults by chance: what a bad week does, rather than what a test has in mind.

use super::call::Call;
use super::rules::Fault;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// So many thousandths of all attempts meet one of the faults that can happen to their call.
#[derive(Debug, Default)]
pub(super) struct Chance(Mutex<Dice>);

#[derive(Debug, Default)]
struct Dice {
    per_thousand: u64,
    state: u64,
    attempts: u64,
    met: BTreeMap<Fault, u64>,
}

impl Chance {
    pub(super) fn set(&self, per_thousand: u64, seed: u64) {
        let mut dice = super::lock(&self.0);
        dice.per_thousand = per_thousand;
        dice.state = seed;
    }

    /// What happens to this attempt, if anything.
    pub(super) fn draw(&self, call: &Call) -> Option<Fault> {
        let mut dice = super::lock(&self.0);
        if dice.per_thousand == 0 {
            return None;
        }
        dice.attempts += 1;
        if dice.roll() % 1000 >= dice.per_thousand {
            return None;
        }
        let faults = Fault::of(call);
        let choice = usize::try_from(dice.roll()).unwrap_or_default() % faults.len().max(1);
        let fault = faults.get(choice).copied()?;
        *dice.met.entry(fault).or_default() += 1;
        Some(fault)
    }

    pub(super) fn met(&self) -> (u64, BTreeMap<Fault, u64>) {
        let dice = super::lock(&self.0);
        (dice.attempts, dice.met.clone())
    }
}

impl Dice {
    /// SplitMix64: the same seed gives the same numbers, though not to the same calls, which run at the same time.
    fn roll(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) >> 8
    }
}
