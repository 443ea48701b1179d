//! What an active household costs in a month: counted, and multiplied by the published prices.
//!
//! The month is lived through the routes. Requests, calls and writes are counted; reads are counted as calls, each taken for so
//! many items as stand in [`READ_ITEMS`], as the log does not say how many it asked for.

use crate::functions::number;
use crate::table::Row;
use journeys::{World, pdf};
use serde_json::{Value, json};

/// US dollars for a million of each, us-east-1, as AWS published them. Read on the date that BENCHMARKS.md names; without free tiers.
struct Prices;
impl Prices {
    const HTTP_API: f64 = 1.00;
    const LAMBDA_REQUESTS: f64 = 0.20;
    /// A million GB-seconds on arm64.
    const LAMBDA_GB_SECONDS: f64 = 13.333_4;
    const DYNAMODB_WRITES: f64 = 0.625;
    const DYNAMODB_READS: f64 = 0.125;
    const S3_PUT: f64 = 5.00;
    const S3_GET: f64 = 0.40;
    const SES: f64 = 100.00;
    /// Asymmetric keys other than RSA 2048.
    const KMS: f64 = 15.00;
}

/// Items of at most 4 KB that one read asks for, strongly consistent.
const READ_ITEMS: f64 = 8.0;
/// A warm request's time in Lambda, for the bill: DynamoDB's own time is most of it (a read 5 ms, a transaction 25 ms).
const BILLED_SECONDS: f64 = 0.05;
const MEMORY_GB: f64 = 0.5;

/// Counts one household's month, and prices a thousand of them.
pub(crate) async fn month() -> Vec<Row> {
    let world = World::new().await;
    let family = world.family().await;
    world.settled().await;
    let (_, since) = world.stack.changes(0);
    let (lines, mails, objects) = (world.log().len(), world.stack.mails().len(), objects(&world));
    live(&world, &family).await;
    world.settled().await;
    let log = world.log().split_off(lines);
    let calls = |field: &str| log.iter().filter_map(|line| line[field].as_f64()).sum::<f64>();
    let operations = |name: &str| {
        let all = log.iter().filter_map(|line| line["aws_operations"].as_str());
        number(all.flat_map(str::split_whitespace).filter(|operation| *operation == name).count())
    };
    let requests = number(log.iter().filter(|line| line["route"].is_string()).count());
    let invocations = number(log.len());
    let (changes, _) = world.stack.changes(since);
    let kilobytes =
        |change: &Value| change.pointer("/dynamodb/NewImage").map_or(1, |item| item.to_string().len() / 1024 + 1);
    // In a transaction a write counts twice; all but the mailer's are.
    let writes = 2.0 * number(changes.iter().map(kilobytes).sum());
    let reads = READ_ITEMS * (operations("BatchGetItem") + operations("Query") + operations("GetItem"));
    let signatures = operations("Sign");
    let mails = number(world.stack.mails().len() - mails);
    let files = number(self::objects(&world) - objects);
    let downloads = 6.0;
    let parts = [
        ("HTTP API", requests, Prices::HTTP_API),
        ("Lambda requests", invocations, Prices::LAMBDA_REQUESTS),
        ("Lambda GB-seconds", invocations * BILLED_SECONDS * MEMORY_GB, Prices::LAMBDA_GB_SECONDS),
        ("DynamoDB writes", writes, Prices::DYNAMODB_WRITES),
        ("DynamoDB reads", reads, Prices::DYNAMODB_READS),
        ("S3 put", files, Prices::S3_PUT),
        ("S3 get", downloads, Prices::S3_GET),
        ("SES mails", mails, Prices::SES),
        ("KMS signatures", signatures, Prices::KMS),
    ];
    let mut rows = Vec::new();
    let mut total = 0.0;
    for (name, count, price) in parts {
        let dollars = count * price / 1000.0;
        total += dollars;
        let mut row = Row::new("cost", name);
        row.value("of a household", count, None, None);
        row.value("USD a month for 1000", dollars, None, None);
        rows.push(row);
    }
    let mut row = Row::new("cost", "together");
    row.value("AWS calls of a household", calls("aws_calls"), None, None);
    row.value("USD a month for 1000", total, None, None);
    rows.push(row);
    rows
}

fn objects(world: &World) -> usize {
    world.stack.objects().map_or(0, |objects| objects.len())
}

/// Two parents with two children: each signs in four times and looks at both children each time; two forms are sent, and each is
/// signed by both parents and read again.
async fn live(world: &World, family: &journeys::Family) {
    for parent in [&family.mother, &family.father] {
        for _ in 0..4 {
            world.browser().get("/").await.is(200);
            let person = parent.clone().signs_in().await;
            person.members().await;
            for child in [&family.child, &family.sibling] {
                let tab = person.opens(child).await;
                tab.get("/documents").await.is(200);
                tab.get("/packets").await.is(200);
            }
        }
    }
    for child in [&family.child, &family.sibling] {
        let (mother, father) = (family.mother.opens(child).await, family.father.opens(child).await);
        let document = mother.uploads(world, "Form", &pdf("Form")).await;
        let both = [(&family.mother, "parent"), (&family.father, "parent")];
        let packet = world.asks(child, &document, &both).await;
        for tab in [&mother, &father] {
            tab.tries_to_sign(&packet, &json!({"kind": "typed", "name": "Parent"})).await.is(200);
        }
        world.settled().await;
        mother.post(&format!("/packets/{packet}/open"), &json!({})).await.is(200);
    }
}
