//! The command that checks a chain of events.

use crate::support::dynamodb;
use aws_sdk_dynamodb::types::AttributeValue::S;
use hearth::aws::Aws;
use hearth::clock::Clock;
use hearth::config::Environment;
use hearth::domain::event::{Capacity, EventKind, NewEvent, Subject};
use hearth::domain::id::MemberId;
use hearth::store::{Store, Transaction};
use hearth_local::chain::{Source, Verdict, check, in_table, subject};
use hearth_local::{Options, Stack};
use std::collections::HashMap;

const MEMBER: MemberId = MemberId::from_random([7; 16]);

struct Clinic {
    stack: Stack,
    env: Environment,
}

impl Clinic {
    /// A stack with five events on one record.
    async fn new(options: Options) -> Self {
        let stack = Stack::start(options).await.unwrap();
        let env = Environment::new(stack.environment().clone(), Clock::system());
        let store = Store::from_environment(&env, &Aws::from_environment(&env).unwrap()).unwrap();
        for _ in 0..5 {
            let mut trail = store.trail(Subject::Member(MEMBER)).await.unwrap();
            let (kind, capacity) = (EventKind::MemberOpened, Capacity::System);
            let event = NewEvent { kind, actor: None, capacity, object: None, reason: None };
            let change = Transaction::unpermitted(jiff::Timestamp::now(), "test").record(&mut trail, event);
            change.commit(&store).await.unwrap();
        }
        Self { stack, env }
    }

    async fn verdict(&self) -> Verdict {
        in_table(Subject::Member(MEMBER), &self.env).await.unwrap()
    }

    fn event(place: u32) -> HashMap<String, aws_sdk_dynamodb::types::AttributeValue> {
        let (pk, sk) = (format!("MEMBER#{MEMBER}"), format!("EVENT#{place:010}"));
        HashMap::from([("pk".to_owned(), S(pk)), ("sk".to_owned(), S(sk))])
    }

    /// Somebody with access to the table sets a text of an event.
    async fn changes(&self, place: u32, attribute: &str, value: &str) {
        let change = dynamodb(&self.stack).update_item().table_name(&self.stack.template().tables[0].name);
        let change = change.set_key(Some(Self::event(place))).update_expression("SET #attribute = :value");
        let change = change.expression_attribute_names("#attribute", attribute);
        change.expression_attribute_values(":value", S(value.to_owned())).send().await.unwrap();
    }
}

#[tokio::test]
async fn a_chain_is_whole_until_somebody_changes_an_event() {
    let clinic = Clinic::new(Options::default()).await;
    assert!(matches!(clinic.verdict().await, Verdict::Whole { events: 5, .. }));
    clinic.changes(4, "reason", "tidied up").await;
    assert_eq!(clinic.verdict().await, Verdict::Broken { place: 4, events: 5 });
    // A change that leaves no event to read is named as well.
    clinic.changes(2, "kind", "nothing that is known").await;
    assert_eq!(clinic.verdict().await, Verdict::Broken { place: 2, events: 5 });
    let removal = dynamodb(&clinic.stack).delete_item().table_name(&clinic.stack.template().tables[0].name);
    removal.set_key(Some(Clinic::event(1))).send().await.unwrap();
    let verdict = clinic.verdict().await;
    assert_eq!(verdict, Verdict::Broken { place: 1, events: 4 });
    let sentence = verdict.sentence("the record");
    assert!(sentence.starts_with("the record: event 1 of 4 is not as it was written"), "{sentence}");
}

#[tokio::test]
async fn a_chain_is_checked_in_the_folder_of_a_stopped_stack() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    let clinic = Clinic::new(Options { data: Some(path.clone()), ..Options::default() }).await;
    let mine = subject(&MEMBER.to_string()).unwrap();
    let in_use = check(mine, Source::Folder(&path)).await.unwrap_err();
    assert!(in_use.to_string().contains("stop it first"), "{in_use}");
    clinic.stack.stop().await;
    assert!(matches!(check(mine, Source::Folder(&path)).await.unwrap(), Verdict::Whole { events: 5, .. }));
    let stranger = Subject::Member(MemberId::from_random([8; 16]));
    assert_eq!(check(stranger, Source::Folder(&path)).await.unwrap(), Verdict::Unknown);
    assert!(check(mine, Source::Folder(&folder.path().join("nowhere"))).await.is_err());
    assert_eq!(subject("mbr_short"), None);
}
