//! Least privilege. What no policy of the template allows is refused by the embedded services, so every journey proves that no
//! right is missing. What nobody makes use of is looked for where every way through every route is gone anyway, the flows of the
//! faults: the list is printed, and not judged yet, as those flows are never denied, and a denial reads and writes as well.

use hearth_local::{Part, Stack};
use std::collections::BTreeSet;

/// What cannot be seen from outside, by the name of the statement, and why it is needed all the same.
const UNSEEN: [(&str, &str); 6] = [
    ("Log", "Lambda writes the log with the function's role"),
    ("Trace", "Lambda writes the trace with the function's role"),
    ("Stream", "Lambda reads the stream with the function's role"),
    ("DeadLetters", "Lambda gives up events with the function's role"),
    ("DeadLetterKey", "Lambda gives up events with the function's role"),
    ("TableKey", "DynamoDB uses the key with the caller's rights, in ways that its guide lists"),
];

/// Fewer parts than these mean that the recording has gone blind.
const FEWEST: usize = 150;

/// What stacks made of the template's policies.
#[derive(Debug, Default)]
pub(crate) struct Rights {
    all: BTreeSet<Part>,
    used: BTreeSet<Part>,
    denied: BTreeSet<String>,
    /// What the template says that AWS does on a function's behalf.
    implied: BTreeSet<(String, String)>,
}

impl Rights {
    pub(crate) fn of(stack: &Stack) -> Self {
        let (mut all, mut implied) = (BTreeSet::new(), BTreeSet::new());
        for function in &stack.template().functions {
            for right in function.rights.as_ref().expect("a role") {
                let values = right.conditions.iter().filter(|condition| condition.for_all).flat_map(|one| &one.values);
                for what in right.actions.iter().chain(&right.resources).chain(values) {
                    let (function, sid) = (function.logical_id.clone(), right.sid.clone());
                    all.insert(Part { function, sid, what: what.clone() });
                }
            }
            let gives_up = function.on_failure.is_some() || function.streams.iter().any(|one| one.on_failure.is_some());
            let needs = [
                ("Log", true),
                ("Trace", true),
                ("Stream", !function.streams.is_empty()),
                ("DeadLetters", gives_up),
                ("DeadLetterKey", gives_up),
                ("TableKey", function.environment.contains_key("TABLE")),
            ];
            let needs = needs.into_iter().filter(|need| need.1);
            implied.extend(needs.map(|need| (function.logical_id.clone(), need.0.to_owned())));
        }
        Self { all, implied, used: stack.used_rights(), denied: stack.denied().into_iter().collect() }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.all.extend(other.all);
        self.used.extend(other.used);
        self.denied.extend(other.denied);
        self.implied.extend(other.implied);
    }

    /// Parts of the policies that nobody made use of.
    pub(crate) fn idle(&self) -> Vec<String> {
        let idle = self.all.difference(&self.used).filter(|part| !is_unseen(part));
        idle.map(|part| format!("{} {} {}", part.function, part.sid, part.what)).collect()
    }

    /// What is wrong with the policies.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults: Vec<String> = self.denied.iter().cloned().collect();
        // What is not seen is there exactly where the template says that AWS does it.
        let there =
            self.all.iter().filter(|part| is_unseen(part)).map(|part| (part.function.clone(), part.sid.clone()));
        let there: BTreeSet<(String, String)> = there.collect();
        faults.extend(
            there.symmetric_difference(&self.implied).map(|one| format!("{one:?} is allowed or needed, not both")),
        );
        if self.used.len() < FEWEST {
            faults.push(format!("only {} parts of the policies were seen in use", self.used.len()));
        }
        faults
    }
}

fn is_unseen(part: &Part) -> bool {
    UNSEEN.iter().any(|(sid, _)| *sid == part.sid)
}

/// A right that nobody needs, one that lacks, and one that AWS needs are each noticed.
#[test]
fn what_is_wrong_with_a_policy_is_noticed() {
    let part =
        |sid: &str, what: &str| Part { function: "Login".to_owned(), sid: sid.to_owned(), what: what.to_owned() };
    let many = (0..FEWEST).map(|number| part("Read", &number.to_string()));
    let mut rights = Rights { all: many.clone().collect(), used: many.collect(), ..Rights::default() };
    assert_eq!(rights.faults(), Vec::<String>::new());
    rights.all.insert(part("Write", "dynamodb:PutItem"));
    assert_eq!(rights.idle(), ["Login Write dynamodb:PutItem"]);
    rights.denied.insert("Login lacks s3:GetObject".to_owned());
    assert_eq!(rights.faults().len(), 1);
    rights.implied.insert(("Login".to_owned(), "Log".to_owned()));
    assert_eq!(rights.faults().len(), 2);
    rights.used.clear();
    assert_eq!((rights.faults().len(), rights.idle().len()), (3, FEWEST + 1));
}
