//! Case by case: the decision and Cedar say the same.

use std::collections::BTreeMap;

use super::case::{self, Case, Random};
use super::oracle::Oracle;

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().map_or(usual, |text| text.replace('_', "").parse().expect("a number"))
}

#[test]
fn decide_and_cedar_agree() {
    let (cases, seed) = (number("AUTHORITY_CASES", 20_000), number("AUTHORITY_SEED", 20_261_121));
    let oracle = Oracle::new();
    let mut random = Random::new(seed);
    let mut rates: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    let mut allowed = 0;
    for number in 0..cases {
        let case = Case::draw(&mut random);
        let (ours, theirs) = (case.decide(), oracle.answer(&case));
        assert_eq!(ours, theirs, "case {number} of seed {seed}: hearth left, Cedar right: {case:#?}");
        let (yes, all) = rates.entry(case.action_name()).or_default();
        *all += 1;
        if ours.is_some() {
            *yes += 1;
            allowed += 1;
        }
    }
    let percent = |yes: u64, all: u64| 100.0 * yes as f64 / all as f64;
    println!("seed {seed}: {cases} cases, {:.1} % allowed", percent(allowed, cases));
    for (action, (yes, all)) in &rates {
        println!("  {action:<18} {:5.1} % of {all}", percent(*yes, *all));
    }
    let rate = percent(allowed, cases);
    assert!((15.0..=40.0).contains(&rate), "{rate:.1} % allowed: the cases lean to one side");
    let one_sided: Vec<_> = rates.iter().filter(|(_, (yes, all))| *yes == 0 || yes == all).collect();
    assert!(one_sided.is_empty(), "never allowed, or never denied: {one_sided:?}");
    assert_eq!(rates.len(), case::ACTIONS.len(), "an action never came");
}

/// The comparison can fail: without any one of the policies the two disagree. A policy is missed only where an answer rests on it
/// alone, so only there Cedar is asked again without it.
#[test]
fn without_any_one_of_the_policies_they_disagree() {
    let complete = Oracle::new();
    let mut missing = complete.policies();
    let mut random = Random::new(7);
    for number in 1..=60_000 {
        let case = Case::draw(&mut random);
        if let (_, reasons) = complete.answer_and_reasons(&case)
            && let [only] = &reasons[..]
            && let Some(place) = missing.iter().position(|id| id == only)
            && complete.without(only).answer(&case) != case.decide()
        {
            println!("{number:>6} cases until `{}` is missed", complete.name(only));
            missing.swap_remove(place);
        }
        if missing.is_empty() {
            return;
        }
    }
    let names: Vec<String> = missing.iter().map(|id| complete.name(id)).collect();
    panic!("no case needs {names:#?}");
}
