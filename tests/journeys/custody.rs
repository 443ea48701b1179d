//! A father has his son in alternate weeks: he always reads, and books appointments when the boy is with him.

use jiff::{SignedDuration, Timestamp};
use journeys::{Person, World};
use serde_json::{Value, json};

/// Terms under which `appointments-book` counts at certain times only.
fn sharing(time: &Value) -> Value {
    let mut time = time.clone();
    time["scopes"] = json!(["appointments-book"]);
    json!({
        "relationship": "FTH", "authority": "parental-responsibility",
        "scopes": ["profile", "documents-read", "appointments-read", "appointments-book"], "custody": [time],
    })
}

async fn joined(world: &World, time: &Value) -> (String, Person) {
    let child = world.registers("Child", "2019-03-09").await;
    let invited = world.invites("father@family.example", &[(&child, sharing(time))]).await;
    let father = world.joins(&invited, "Father").await;
    (child, father)
}

/// What staff hear about booking at each moment, beside what they should hear.
async fn check(world: &World, (child, father): (&str, &Person), moments: &[(&str, bool)]) {
    for &(at, expected) in moments {
        let heard = world.asks_why(child, &father.id, "book-appointment", Some(at)).await;
        let wanted = if expected { Ok(()) } else { Err("outside-custody-time".to_owned()) };
        assert_eq!(heard, wanted, "booking at {at}");
        assert_eq!(world.asks_why(child, &father.id, "read-appointments", Some(at)).await, Ok(()), "reading at {at}");
    }
}

fn start() -> Timestamp {
    // Monday of week 47, ten in the morning in New York.
    "2026-11-16T15:00:00Z".parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn he_books_in_his_weeks_and_reads_always() {
    let mut world = World::at(start()).await;
    let weeks = json!({"starts": "2026-11-16T00:00:00", "repeats": "FREQ=WEEKLY;INTERVAL=2", "lasts": "P7D"});
    let (child, father) = joined(&world, &weeks).await;
    let scopes = async |father: &Person| father.members().await[0]["scopes"].clone();
    let reads = json!(["profile", "documents-read", "appointments-read"]);
    let books = json!(["profile", "documents-read", "appointments-read", "appointments-book"]);
    assert_eq!(scopes(&father).await, books);

    // The week ends at midnight where the clinic is, on the clock and in the explanation alike.
    check(
        &world,
        (&child, &father),
        &[
            ("2026-11-23T04:59:59Z", true),
            ("2026-11-23T05:00:00Z", false),
            ("2026-11-30T04:59:59Z", false),
            ("2026-11-30T05:00:00Z", true),
        ],
    )
    .await;
    world.passes("2026-11-23T04:59:59Z".parse::<Timestamp>().unwrap().duration_since(world.clock.now()));
    let father = father.signs_in().await;
    assert_eq!(scopes(&father).await, books);
    world.passes(SignedDuration::from_secs(1));
    assert_eq!(scopes(&father).await, reads);
    father.opens(&child).await.get("/documents").await.is(200);
    world.staff_prove_again().await;
    let desk = world.staff.opens_as_staff(&child).await;
    let seen = desk.get("/grants").await.is(200).list("grants")[0].clone();
    assert_eq!((&seen["scopes"], &seen["scopes_now"]), (&books, &reads));
    assert_eq!(seen["custody"][0]["repeats"], "FREQ=WEEKLY;INTERVAL=2");
}

#[tokio::test(flavor = "multi_thread")]
async fn thanksgiving_is_hers_and_christmas_his_whatever_the_week() {
    let world = World::at(start()).await;
    let weeks = json!({
        "starts": "2026-11-16T00:00:00", "repeats": "FREQ=WEEKLY;INTERVAL=2", "lasts": "P7D",
        "exceptions": [
            {"from": "2026-11-26", "until": "2026-11-27", "counts": true},
            {"from": "2026-12-04", "until": "2026-12-04", "counts": false},
        ],
    });
    let (child, father) = joined(&world, &weeks).await;
    check(
        &world,
        (&child, &father),
        &[
            ("2026-11-26T04:59:59Z", false),
            ("2026-11-26T05:00:00Z", true),
            ("2026-11-28T04:59:59Z", true),
            ("2026-11-28T05:00:00Z", false),
            ("2026-12-04T04:59:59Z", true),
            ("2026-12-04T05:00:00Z", false),
            ("2026-12-05T05:00:00Z", true),
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_weeks_come_twice_in_a_row_after_a_year_of_53_weeks() {
    let world = World::at(start()).await;
    let odd = (1..=53).step_by(2).map(|week| week.to_string()).collect::<Vec<_>>().join(",");
    let rule = format!("FREQ=YEARLY;BYWEEKNO={odd};BYDAY=MO");
    let weeks = json!({"starts": "2026-11-16T00:00:00", "repeats": rule, "lasts": "P7D"});
    let (child, father) = joined(&world, &weeks).await;
    check(
        &world,
        (&child, &father),
        &[
            ("2026-12-21T12:00:00Z", false), // week 52
            ("2026-12-28T05:00:00Z", true),  // week 53
            ("2027-01-03T12:00:00Z", true),
            ("2027-01-04T05:00:00Z", true), // week 1 of 2027
            ("2027-01-11T04:59:59Z", true),
            ("2027-01-11T05:00:00Z", false), // week 2
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weekend_ends_at_six_on_the_clocks_that_moved_that_morning() {
    let world = World::at(start()).await;
    let weekends = json!({"starts": "2026-11-20T18:00:00", "repeats": "FREQ=WEEKLY", "lasts": "P2D"});
    let (child, father) = joined(&world, &weekends).await;
    check(
        &world,
        (&child, &father),
        &[
            // Clocks go forward on 14 March 2027: six in the evening is five hours behind UTC before, and four after.
            ("2027-03-12T22:59:59Z", false),
            ("2027-03-12T23:00:00Z", true),
            ("2027-03-14T21:59:59Z", true),
            ("2027-03-14T22:00:00Z", false),
            // And back on 7 November 2027.
            ("2027-11-05T21:59:59Z", false),
            ("2027-11-05T22:00:00Z", true),
            ("2027-11-07T22:59:59Z", true),
            ("2027-11-07T23:00:00Z", false),
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_that_cannot_be_is_refused_with_what_to_write() {
    let world = World::at(start()).await;
    let child = world.registers("Child", "2019-03-09").await;
    let person = world.stranger().await.1;
    let desk = world.staff.opens_as_staff(&child).await;
    let good = json!({"starts": "2026-11-16T00:00:00", "repeats": "FREQ=WEEKLY", "lasts": "P2D"});
    let refused = async |change: Value| {
        let mut time = good.clone();
        time.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let body = json!({"login": person.id, "terms": sharing(&time), "reason": "order"});
        desk.post("/grants", &body).await
    };
    for (change, field, says) in [
        (json!({"repeats": "every other week"}), "terms.custody[0].repeats", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
        (json!({"repeats": "FREQ=HOURLY"}), "terms.custody[0].repeats", "days, weeks, months or years"),
        (json!({"lasts": "a week"}), "terms.custody[0].lasts", "P7D"),
        (json!({"lasts": "P90D"}), "terms.custody[0].lasts", "62 days"),
    ] {
        let reply = refused(change).await.is_problem(400, "malformed");
        assert_eq!(reply.at("/field"), field);
        assert!(reply.at("/detail").contains(says), "{}", reply.text);
    }
    let holiday = |from: &str, until: &str| json!({"from": from, "until": until, "counts": true});
    for (change, says) in [
        (json!({"repeats": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}), "names no day"),
        (json!({"exceptions": [holiday("2026-12-25", "2026-12-24")]}), "last day"),
        (json!({"exceptions": [holiday("2026-12-24", "2026-12-26"), holiday("2026-12-26", "2026-12-27")]}), "same day"),
    ] {
        let reply = refused(change).await.is_problem(422, "cannot-be-done");
        assert_eq!(reply.at("/field"), "custody");
        assert!(reply.at("/detail").contains(says), "{}", reply.text);
    }
    let mut foreign = sharing(&good);
    foreign["custody"][0]["scopes"] = json!(["sign"]);
    let body = json!({"login": person.id, "terms": foreign, "reason": "order"});
    assert_eq!(desk.post("/grants", &body).await.is_problem(422, "cannot-be-done").at("/field"), "custody");
    let wordless = json!({"login": person.id, "terms": sharing(&good), "reason": "other"});
    let reply = desk.post("/grants", &wordless).await.is_problem(400, "malformed");
    assert!(reply.at("/detail").contains("note"), "{}", reply.text);
}
