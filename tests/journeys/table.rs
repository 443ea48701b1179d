//! The decision table over HTTP: the same rows, the same facts, but in the store and asked by requests. What a row calls a yes
//! succeeds, and every no is answered as the gate answers it. What is listed can be opened, and nothing else.

mod facts;
mod request;
#[path = "../../shared/src/domain/decide/tests/table/row.rs"]
mod row;

use std::collections::{BTreeMap, BTreeSet};

// The rows ask their parent for the domain.
use hearth::domain;
use hearth::domain::decide::{Action, judge, scopes};
use hearth::domain::login::Role;
use hearth_local::{Options, TEMPLATE};
use journeys::{Reply, World};
use serde_json::{Value, json};

use facts::Fixture;
use row::{Row, Table};

const TEXT: &str = include_str!("../../shared/src/domain/decide/table.yaml");

/// What the table asks for and no route does yet. Each has rows; whoever adds a route takes it away here.
const WITHOUT_ROUTE: [&str; 13] = [
    "change-own-login",
    "mend-login",
    "manage-agencies",
    "hand-over",
    "block",
    "lift-block",
    "answer-request",
    // Wants a sealed packet for every row: `apart` and `secrecy` open own copies.
    "open-own-copy",
    "read-appointments",
    "book-appointment",
    "use-messages",
    "read-billing",
    "pay-bill",
];

/// The rows by the ages of their clinic, each in the order of its moments: a clock goes forward only.
fn by_clinic(table: &Table) -> BTreeMap<[i8; 4], Vec<(u16, &Row)>> {
    let mut clinics: BTreeMap<[i8; 4], Vec<(u16, &Row)>> = BTreeMap::new();
    for (number, row) in (1..).zip(&table.rows) {
        clinics.entry(row.ages.unwrap_or([13, 13, 18, 18])).or_default().push((number, row));
    }
    clinics.values_mut().for_each(|rows| rows.sort_by_key(|(_, row)| row.now()));
    clinics
}

/// The template of a clinic with other ages.
fn template([own_login, limited, closed, majority]: [i8; 4]) -> String {
    let ages = [
        ("OwnLoginAge", own_login),
        ("LimitedAccessAge", limited),
        ("NoAccessAge", closed),
        ("AgeOfMajority", majority),
    ];
    ages.into_iter().fold(TEMPLATE.to_owned(), |text, (name, age)| {
        let (before, after) = text.split_once(&format!("  {name}:\n")).expect("a parameter");
        let (head, tail) = after.split_once("Default: ").expect("a default");
        let (_, rest) = tail.split_once('\n').expect("a line");
        format!("{before}  {name}:\n{head}Default: {age}\n{rest}")
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_routes_answer_as_the_table_says() {
    let table = Table::read(TEXT);
    let (mut wrong, mut asked, mut listed) = (Vec::new(), 0, 0);
    let mut unasked = BTreeSet::new();
    for (ages, rows) in by_clinic(&table) {
        let clock = hearth::clock::Clock::manual(rows[0].1.now());
        let world = World::with(Options { clock, template: template(ages), ..Options::default() }).await;
        for (number, row) in rows {
            world.clock.advance(row.now().duration_since(world.clock.now()));
            let fixture = Fixture::put(&world, row, row.world(&table, number), number).await;
            match request::of(&fixture) {
                Some(request) => {
                    let reply = request.send(&world, &fixture).await;
                    asked += 1;
                    let expected = request.expected(row, &fixture);
                    if !fits(&reply, &expected) {
                        let number = number + 1;
                        wrong.push(format!(
                            "{} {} instead of {expected:?} in row {number}: {row:?}",
                            reply.status, reply.text
                        ));
                    }
                }
                None => {
                    unasked.insert(row.does.as_str());
                }
            }
            if row.does.starts_with("open-member") {
                listed += 1;
                wrong.extend(list(&world, &fixture, row).await);
            }
        }
        assert!(world.stack.dead_letters().is_empty(), "an event was given up");
    }
    println!("{asked} of {} rows asked over HTTP, {listed} lists compared", table.rows.len());
    assert!(wrong.is_empty(), "{} rows\n{}", wrong.len(), wrong.join("\n"));
    assert!(unasked.iter().all(|does| WITHOUT_ROUTE.contains(does)), "without a route: {unasked:?}");
}

/// What a request must be answered.
#[derive(Debug)]
enum Expected {
    Yes,
    No(u16, &'static str),
}

fn fits(reply: &Reply, expected: &Expected) -> bool {
    match expected {
        Expected::Yes => (200..300).contains(&reply.status),
        Expected::No(status, kind) => reply.status == *status && reply.problem() == *kind,
    }
}

/// Whether the list shows the record just when it can be opened, with the scopes that count.
async fn list(world: &World, fixture: &Fixture, row: &Row) -> Option<String> {
    let member = fixture.member.to_string();
    let mut entries: Vec<Value> = Vec::new();
    let mut path = "/members".to_owned();
    loop {
        let reply = world.browser().ask("GET", &path).bearer(&fixture.session_token).send().await;
        if reply.status != 200 {
            let is_over = reply.status == 401 && row.answer == "session-ended";
            return (!is_over).then(|| format!("the list was answered with {} in {row:?}", reply.status));
        }
        entries.extend(reply.list("members"));
        match reply.json()["next"].as_str() {
            Some(next) => path = format!("/members?after={}", next.replace('+', "%2B")),
            None => break,
        }
    }
    let facts = &fixture.facts;
    // Staff choose a reason when they open what they found in the list.
    let body = if facts.login.role == Role::Staff { json!({"reason": "review"}) } else { json!({}) };
    let path = format!("/members/{member}/switch");
    let opened = world.browser().ask("POST", &path).bearer(&fixture.session_token).json(&body).send().await;
    let entry = entries.iter().find(|entry| entry["id"] == member);
    if entry.is_some() != (opened.status == 200) {
        return Some(format!("listed: {}, opened: {} in {row:?}", entry.is_some(), opened.status));
    }
    // Who works here and reaches a record by a grant sees what the grant allows; other staff see no scopes.
    let person = (&facts.login, facts.grant.as_ref());
    let by_grant =
        judge(Action::OpenMember { with_reason: false }, person, facts.member.as_ref(), &facts.policy, facts.now);
    let counting = match (&facts.member, &facts.grant) {
        (Some(member), Some(grant)) if by_grant.is_ok() => {
            scopes((&facts.login, grant), member, &facts.policy, facts.now)
        }
        _ => Vec::new(),
    };
    let shown = entry.map_or(json!([]), |entry| entry["scopes"].clone());
    (shown != json!(counting)).then(|| format!("scopes {shown} instead of {counting:?} in {row:?}"))
}
