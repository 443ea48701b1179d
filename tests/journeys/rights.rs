//! Least privilege. What no policy of the template allows is refused by the embedded services, so every journey proves that no
//! right is missing. Here: that none is too many. Every way through every route is gone once, and everything that the functions
//! do by themselves; what of the policies nobody made use of by then must have its reason.

use crate::faults::{clinic::Clinic, flows, trial::Scene};
use futures_util::future::join_all;
use hearth_local::{Part, Stack};
use jiff::SignedDuration;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// Clinics that are open at the same time.
const CLINICS: usize = 4;

/// What cannot be seen from outside, by the name of the statement, and why it is needed all the same.
const UNSEEN: [(&str, &str); 6] = [
    ("Log", "Lambda writes the log with the function's role"),
    ("Trace", "Lambda writes the trace with the function's role"),
    ("Stream", "Lambda reads the stream with the function's role"),
    ("DeadLetters", "Lambda gives up events with the function's role"),
    ("DeadLetterKey", "Lambda gives up events with the function's role"),
    ("TableKey", "DynamoDB uses the key with the caller's rights, in ways that its guide lists"),
];

/// Every part of every function's policies.
fn parts(stack: &Stack) -> BTreeSet<Part> {
    let mut all = BTreeSet::new();
    for function in &stack.template().functions {
        for right in function.rights.as_ref().expect("a role") {
            let values = right.conditions.iter().filter(|condition| condition.for_all).flat_map(|one| &one.values);
            for what in right.actions.iter().chain(&right.resources).chain(values) {
                all.insert(Part { function: function.logical_id.clone(), sid: right.sid.clone(), what: what.clone() });
            }
        }
    }
    all
}

/// What the template says that AWS does on a function's behalf.
fn implied(stack: &Stack) -> BTreeSet<(String, &'static str)> {
    let mut all = BTreeSet::new();
    for function in &stack.template().functions {
        let gives_up = function.on_failure.is_some() || function.streams.iter().any(|one| one.on_failure.is_some());
        let stores = function.environment.contains_key("TABLE");
        let needs = [
            ("Log", true),
            ("Trace", true),
            ("Stream", !function.streams.is_empty()),
            ("DeadLetters", gives_up),
            ("DeadLetterKey", gives_up),
            ("TableKey", stores),
        ];
        all.extend(needs.into_iter().filter(|need| need.1).map(|need| (function.logical_id.clone(), need.0)));
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_policy_allows_what_no_function_does() {
    let flows = Arc::new(Mutex::new(flows::table()));
    let shares = (0..CLINICS).map(|_| {
        let flows = Arc::clone(&flows);
        tokio::spawn(async move {
            let clinic = Clinic::open().await;
            let empty = clinic.moment().await;
            let next = || flows.lock().expect("flows").pop();
            while let Some(flow) = next() {
                let scene = Scene::prepare(&clinic, &flow).await;
                // Said at once: a flow that lacks a right stops the test in the next line.
                clinic.world.stack.denied().iter().for_each(|lack| println!("{lack}"));
                scene.good_day().await;
                clinic.back_to(&empty).await;
            }
            clinic.world.passes(SignedDuration::from_hours(25));
            clinic.world.stack.strike().await.expect("the schedules");
            let stack = &clinic.world.stack;
            (parts(stack), implied(stack), stack.used_rights(), stack.denied())
        })
    });
    let (mut all, mut needed, mut used, mut denied) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), vec![]);
    for share in join_all(shares).await {
        let share = share.expect("a clinic");
        all.extend(share.0);
        needed.extend(share.1);
        used.extend(share.2);
        denied.extend(share.3);
    }
    assert!(denied.is_empty(), "{denied:#?}");
    let hidden = |part: &Part| UNSEEN.iter().any(|(sid, _)| *sid == part.sid);
    let idle: Vec<&Part> = all.difference(&used).filter(|part| !hidden(part)).collect();
    assert!(idle.is_empty(), "nobody made use of {idle:#?}");
    // What is not seen is there exactly where the template says that AWS does it.
    let unseen = all.iter().filter(|part| hidden(part)).map(|part| (part.function.clone(), part.sid.clone()));
    let unseen: BTreeSet<(String, String)> = unseen.collect();
    let needed = needed.into_iter().map(|(function, sid)| (function, sid.to_owned())).collect();
    assert_eq!(unseen, needed);
    assert!(used.len() > 150, "only {} parts were used", used.len());
}
