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

/// The comparison can fail: without any one of the policies, and with a fact a second or a day off, the two disagree.
#[test]
fn every_policy_and_every_boundary_is_reached() {
    let complete = Oracle::new();
    let mut idle = Vec::new();
    for id in complete.policies() {
        let oracle = complete.without(&id);
        let mut random = Random::new(7);
        let disagree = (0..60_000).find(|_| {
            let case = Case::draw(&mut random);
            oracle.answer(&case) != case.decide()
        });
        match disagree {
            Some(after) => println!("{after:>6} cases without `{}`", complete.name(&id)),
            None => idle.push(complete.name(&id)),
        }
    }
    assert!(idle.is_empty(), "no case needs {idle:#?}");
}
