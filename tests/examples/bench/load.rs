//! Requests to the whole stack: how many in a second, how long they take, what they ask of AWS, and how that grows.

use crate::functions::number;
use crate::table::{Row, median, percentile};
use futures_util::future::join_all;
use jiff::SignedDuration;
use journeys::{Asking, Family, Person, Reply, Tab, World, pdf, signing};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A request that can be sent again and again.
struct Route {
    name: &'static str,
    request: Asking,
    good: u16,
}

fn routes(family: &Family, tab: &Tab) -> Vec<Route> {
    let Person { email, password, browser, .. } = &family.mother;
    let sign_in = browser.ask("POST", "/login").json(&json!({"email": email, "password": password}));
    let switch = family.mother.ask("POST", &format!("/members/{}/switch", family.child)).json(&json!({}));
    vec![
        Route { name: "list", request: family.mother.ask("GET", "/members"), good: 200 },
        Route { name: "switch", request: switch, good: 200 },
        Route { name: "documents", request: tab.ask("GET", "/documents"), good: 200 },
        // Last, as time passes with it and tokens end.
        Route { name: "login", request: sign_in, good: 200 },
    ]
}

/// Each route with so many callers at the same time.
pub(crate) async fn load(world: Arc<World>, callers: &[usize], time: Duration) -> Vec<Row> {
    let family = world.family().await;
    let tab = family.mother.opens(&family.child).await;
    let document = tab.uploads(&world, "Form", &pdf("Form")).await;
    let mut rows = Vec::new();
    for &callers in callers {
        rows.push(signatures(&world, &family, &tab, &document, callers).await);
    }
    for route in routes(&family, &tab) {
        for &callers in callers {
            let end = Instant::now() + time;
            let each = (0..callers).map(|_| {
                // A browser of its own for each, so that answers do not change each other's cookies.
                let (request, good, clock) = (route.request.elsewhere(), route.good, world.clock.clone());
                tokio::spawn(async move {
                    let (mut samples, mut last, mut busy) = (Vec::new(), None, 0);
                    while Instant::now() < end {
                        let begun = Instant::now();
                        let reply = request.clone().send().await;
                        if reply.status == 429 {
                            // Nobody signs in so often: the minute after which one may again passes at once.
                            clock.advance(SignedDuration::from_mins(1));
                            continue;
                        }
                        if matches!(reply.status, 409 | 503) {
                            busy += 1;
                            continue;
                        }
                        let reply = reply.is(good);
                        samples.push(begun.elapsed().as_secs_f64() * 1000.0);
                        last = Some(reply);
                    }
                    (samples, last, busy)
                })
            });
            let begun = Instant::now();
            let (mut samples, mut last, mut busy) = (Vec::new(), None, 0);
            for one in join_all(each).await {
                let (more, reply, refused) = one.expect("a caller");
                samples.extend(more);
                last = reply.or(last);
                busy += refused;
            }
            let mut row = row(&world, route.name, callers, &samples, begun.elapsed(), last.as_ref());
            // All write on the chain of one record or one login, one after the other: in a clinic, each has its own.
            row.value("told to try again", number(busy), None, None);
            rows.push(row);
        }
    }
    rows
}

/// A packet can be signed once, so there is one for each request.
async fn signatures(world: &World, family: &Family, tab: &Tab, document: &str, callers: usize) -> Row {
    let mut requests = Vec::new();
    for _ in 0..callers.max(8) {
        let packet = world.asks(&family.child, document, &[(&family.mother, "parent")]).await;
        let seen = tab.reads(&packet).await;
        let slot = seen["mine"]["slot"].as_str().expect("a slot");
        let body = signing(&seen, &json!({"kind": "typed", "name": "Parent"}));
        requests.push(tab.ask("POST", &format!("/packets/{packet}/slots/{slot}/sign")).json(&body));
    }
    let begun = Instant::now();
    let (mut samples, mut last) = (Vec::new(), None);
    for round in requests.chunks(callers) {
        let all = round.iter().cloned().map(|request| async move {
            let begun = Instant::now();
            (request.send().await, begun.elapsed().as_secs_f64() * 1000.0)
        });
        for (reply, took) in join_all(all).await {
            // Signing on one record at the same time is a race that somebody may lose, and be told to try again.
            if reply.status == 200 {
                samples.push(took);
                last = Some(reply);
            }
        }
    }
    let took = begun.elapsed();
    let mut row = row(world, "sign", callers, &samples, took, last.as_ref());
    row.value("of", number(requests.len()), None, None);
    row
}

fn row(world: &World, name: &str, callers: usize, samples: &[f64], took: Duration, last: Option<&Reply>) -> Row {
    let mut row = Row::new(name, &format!("{callers} callers"));
    row.value("done", number(samples.len()), None, None);
    row.value("a second", number(samples.len()) / took.as_secs_f64(), None, None);
    row.value("p50 ms", median(samples), None, None);
    row.value("p99 ms", percentile(samples, 99), None, None);
    if let Some(reply) = last {
        calls(world, reply, &mut row);
    }
    row
}

/// What a request asked of AWS, as the function counted it.
fn calls(world: &World, reply: &Reply, row: &mut Row) {
    let line = world.line(reply);
    for (name, field) in [("AWS calls", "aws_calls"), ("in series", "aws_series")] {
        row.value(name, line[field].as_f64().unwrap_or(f64::NAN), None, None);
    }
}

/// The list of somebody with so many members, and of a family in a clinic with so many.
pub(crate) async fn growth(of_login: &[usize], of_clinic: &[usize], samples: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    let world = World::new().await;
    let agency = world.registers_agency("County services").await;
    let mut first = None;
    for (worker, &count) in of_login.iter().enumerate() {
        let child = world.registers("One", "2016-01-01").await;
        let person = world.caseworker(&agency, &format!("Worker{worker}"), &child).await;
        world.brings(&agency, &person.id, count - 1).await;
        rows.push(list(&world, &format!("{count} members of a login"), &person, count, samples, &mut first).await);
    }
    let world = World::new().await;
    let family = world.family().await;
    let agency = world.registers_agency("County services").await;
    let worker = world.hires(&agency).await;
    let (mut there, mut first) = (2, None);
    for &count in of_clinic {
        world.brings(&agency, &worker, count - there).await;
        there = count;
        rows.push(list(&world, &format!("{count} in the clinic"), &family.mother, 2, samples, &mut first).await);
    }
    rows
}

async fn list(
    world: &World,
    what: &str,
    person: &Person,
    members: usize,
    samples: usize,
    first: &mut Option<f64>,
) -> Row {
    world.settled().await;
    let (mut times, mut last) = (Vec::new(), None);
    for _ in 0..samples {
        let begun = Instant::now();
        let reply = person.get("/members").await.is(200);
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
        last = Some(reply);
    }
    let mut row = Row::new("list", what);
    let time = median(&times);
    row.value("p50 ms", time, Some(time / *first.get_or_insert(time)), None);
    if let Some(reply) = last {
        let listed: Value = reply.json();
        assert_eq!(listed["members"].as_array().map(Vec::len), Some(members), "{what}");
        row.value("KB", number(reply.text.len()) / 1000.0, None, None);
        calls(world, &reply, &mut row);
    }
    row
}
