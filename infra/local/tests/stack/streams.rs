//! Streams: filters, order, retries, dead letters, and nothing lost over a restart.

use crate::support::{Seen, options, put, stack};
use hearth_local::{Options, Stack};
use std::time::Duration;

#[tokio::test]
async fn only_what_the_filter_wants_arrives_in_order() {
    let (stack, seen) = stack().await;
    for number in 0..10 {
        put(&stack, if number % 2 == 0 { "MAIL#1" } else { "MEMBER#1" }, &number.to_string()).await;
    }
    put(&stack, "MAIL#1", "0").await;
    stack.idle().await;
    assert_eq!(seen.records().concat(), ["0", "2", "4", "6", "8"], "a changed item is no INSERT");
    assert!(seen.records().iter().all(|batch| batch.len() <= 4));
    assert_eq!(stack.logs().len(), seen.records().len());
    stack.stop().await;
}

#[tokio::test]
async fn a_failed_record_is_repeated_and_finally_parked() {
    let (stack, seen) = stack().await;
    seen.fail("twice", 2);
    seen.fail("never", usize::MAX);
    for key in ["first", "twice", "never", "last"] {
        put(&stack, "MAIL#1", key).await;
    }
    stack.idle().await;
    let count = |key: &str| seen.records().concat().iter().filter(|seen| *seen == key).count();
    assert_eq!((count("first"), count("twice")), (1, 3));
    assert!(count("never") >= 4, "one attempt and three retries");
    assert!(count("last") >= 1, "what comes after is not lost");
    let dead = stack.dead_letters();
    assert_eq!(dead.len(), 1, "{dead:?}");
    assert_eq!(dead[0].records, ["MAIL#1 never"]);
    assert_eq!((dead[0].function.as_str(), dead[0].mapping.as_str()), ("Mails", "Outbox"));
    assert_eq!((dead[0].attempts, dead[0].destination.as_deref()), (4, Some("arn:dead-letters")));
    assert!(stack.logs().iter().any(|line| line.contains("dead letter")));
    let listed = reqwest::get(format!("{}/dead-letters.json", stack.tools_url())).await.unwrap();
    assert!(listed.text().await.unwrap().contains("MAIL#1 never"));
    put(&stack, "MAIL#1", "later").await;
    stack.idle().await;
    assert_eq!(count("later"), 1);
    stack.stop().await;
}

#[tokio::test]
async fn a_record_that_crashes_the_function_takes_no_other_with_it() {
    let seen = Seen::default();
    seen.panicking.lock().unwrap().push("bad".to_owned());
    let folder = tempfile::tempdir().unwrap();
    let data = Some(folder.path().join("data"));
    let stack = Stack::start(Options { data, ..options(&seen) }).await.unwrap();
    for key in ["one", "two", "bad", "three"] {
        put(&stack, "MAIL#1", key).await;
    }
    stack.idle().await;
    for key in ["one", "two", "three"] {
        assert!(
            seen.records().iter().any(|batch| batch.contains(&key.to_owned()) && !batch.contains(&"bad".to_owned())),
            "{key}"
        );
    }
    assert_eq!(stack.dead_letters().iter().map(|dead| dead.records.clone()).collect::<Vec<_>>(), [["MAIL#1 bad"]]);
    stack.stop().await;
}

#[tokio::test]
async fn what_was_not_delivered_is_delivered_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let data = Some(folder.path().join("data"));
    let seen = Seen::default();
    seen.fail("stuck", usize::MAX);
    // A retry that never comes: the stack is stopped in between.
    let patient = Options { data: data.clone(), retry_delay: Duration::from_secs(3600), ..options(&seen) };
    let stack = Stack::start(patient).await.unwrap();
    put(&stack, "MAIL#1", "done").await;
    stack.idle().await;
    put(&stack, "MAIL#1", "stuck").await;
    while seen.records().len() < 2 {
        tokio::task::yield_now().await;
    }
    stack.stop().await;

    let seen = Seen::default();
    let stack = Stack::start(Options { data, ..options(&seen) }).await.unwrap();
    stack.idle().await;
    assert_eq!(seen.records(), [["stuck"]], "and what was delivered does not come again");
    assert_eq!(stack.items().unwrap().len(), 2);
    stack.stop().await;
}
