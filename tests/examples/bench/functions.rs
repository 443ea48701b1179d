//! Each function by itself, as a process under Lambda's Runtime API, beside a bare hello.

use crate::emulator::Emulator;
use crate::table::{Row, median};
use journeys::{World, terms};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Where the programs are, and how much is tried.
pub(crate) struct Functions {
    /// `FOLDER/<crate>`, or `FOLDER/<name in the template>/bootstrap`.
    pub(crate) programs: PathBuf,
    pub(crate) hello: PathBuf,
    pub(crate) starts: usize,
    pub(crate) warm: usize,
    /// Invocations between which instructions are counted; none without valgrind.
    pub(crate) counted: usize,
}

struct Measured {
    init: f64,
    cold: f64,
    first: f64,
    warm: f64,
    resident: f64,
    size: f64,
    instructions: Option<f64>,
}

/// One event for each function, and what it asks for.
async fn events(world: &World) -> Vec<(&'static str, &'static str, &'static str, Value)> {
    let family = world.family().await;
    let tab = family.mother.opens(&family.child).await;
    let spare = world.registers("Spare", "2019-09-09").await;
    let invited = world.invites("spare@family.example", &[(&spare, terms("PRN", "parental-responsibility"))]).await;
    let (session, member, child) = (family.mother.token(), tab.token.clone(), family.child.clone());
    let with_member = |route: &str| http(route, &[("member", &child)], Some(&member), None);
    let clock = json!({"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}});
    vec![
        ("login", "Login", "GET /login/sessions", http("GET /login/sessions", &[], Some(&session), None)),
        ("members", "Members", "GET /members", http("GET /members", &[], Some(&session), None)),
        (
            "invitations",
            "Invitations",
            "POST /invitations/look",
            http("POST /invitations/look", &[], None, Some(&json!({"token": invited.token}))),
        ),
        ("documents", "Documents", "GET …/documents", with_member("GET /members/{member}/documents")),
        ("signatures", "Signatures", "GET …/packets", with_member("GET /members/{member}/packets")),
        ("portal", "Portal", "GET /", http("GET /", &[], None, None)),
        // Three bytes that are no PDF: the way there and back.
        ("verify", "Verify", "POST /verify", http("POST /verify", &[], None, Some(&json!({"file": "bm8h"})))),
        ("mailer", "Mailer", "schedule", clock.clone()),
        ("intake", "Intake", "schedule", clock.clone()),
        ("seal", "Seal", "schedule", clock.clone()),
        ("reminders", "Reminders", "schedule", clock),
    ]
}

/// API Gateway's event, payload 2.0.
fn http(route: &str, parameters: &[(&str, &str)], token: Option<&str>, body: Option<&Value>) -> Value {
    let (method, path) = route.split_once(' ').unwrap_or(("GET", "/"));
    let path =
        parameters.iter().fold(path.to_owned(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value));
    let mut headers = json!({"accept": "application/json", "content-type": "application/json", "host": "localhost"});
    if let Some(token) = token {
        headers["authorization"] = json!(format!("Bearer {token}"));
    }
    if method == "POST" {
        headers["idempotency-key"] = json!("bench-0123456789abcdef");
    }
    let parameters: BTreeMap<_, _> = parameters.iter().copied().collect();
    let mut event = json!({
        "version": "2.0", "routeKey": route, "rawPath": path, "rawQueryString": "", "headers": headers,
        "pathParameters": parameters, "isBase64Encoded": false,
        "requestContext": {
            "accountId": "000000000000", "apiId": "bench", "domainName": "localhost", "domainPrefix": "bench",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7", "userAgent": "bench"},
            "requestId": "bench", "routeKey": route, "stage": "$default", "time": "22/Nov/2026:06:00:00 +0000",
            "timeEpoch": 1_795_327_200_000_u64,
        },
    });
    if let Some(body) = body {
        event["body"] = json!(body.to_string());
    }
    event
}

/// Takes the measure of everything that is there.
pub(crate) async fn measure(world: &World, how: &Functions) -> Vec<Row> {
    let environment = world.stack.environment().clone();
    let word = json!("hello");
    let hello = one(&how.hello, &environment, &http("GET /", &[], None, None), how, |answer| answer["body"] == word);
    let mut rows = Vec::new();
    if let Ok(hello) = &hello {
        rows.push(row("hello", "GET /", hello, None));
    } else if let Err(reason) = &hello {
        rows.push(Row::missing("hello", reason));
    }
    for (name, logical_id, what, event) in events(world).await {
        let built = how.programs.join(logical_id).join("bootstrap");
        let program = if built.exists() { built } else { how.programs.join(name) };
        if !program.exists() {
            rows.push(Row::missing(name, "not built here"));
            continue;
        }
        let is_http = event.get("routeKey").is_some();
        let good = |answer: &Value| !is_http || answer["statusCode"] == 200;
        rows.push(match one(&program, &environment, &event, how, good) {
            Ok(measured) => row(name, what, &measured, hello.as_ref().ok()),
            Err(reason) => Row::missing(name, &reason),
        });
    }
    rows
}

fn one(
    program: &Path,
    environment: &BTreeMap<String, String>,
    event: &Value,
    how: &Functions,
    good: impl Fn(&Value) -> bool,
) -> Result<Measured, String> {
    let event = event.to_string();
    let check = |answer: &str| {
        let parsed: Value = serde_json::from_str(answer).unwrap_or_default();
        if good(&parsed) { Ok(()) } else { Err(format!("answered {}", answer.chars().take(200).collect::<String>())) }
    };
    let (mut inits, mut colds, mut firsts) = (Vec::new(), Vec::new(), Vec::new());
    for start in 0..how.starts * 2 {
        // Half of the starts find the program on disk only, as far as that can be asked for.
        let is_cold = start % 2 == 0;
        if is_cold {
            let file = format!("if={}", program.display());
            let _ = Command::new("dd").args([&file, "iflag=nocache", "count=0"]).output();
        }
        let emulator = Emulator::start(program, environment, &[])?;
        let (answer, took) = emulator.invoke(&event)?;
        check(&answer)?;
        let both = emulator.init + took;
        if is_cold {
            colds.push(ms(both));
        } else {
            inits.push(ms(emulator.init));
            firsts.push(ms(took));
        }
    }
    let emulator = Emulator::start(program, environment, &[])?;
    let mut warm = Vec::new();
    for _ in 0..how.warm {
        let (answer, took) = emulator.invoke(&event)?;
        check(&answer)?;
        warm.push(ms(took));
    }
    let [resident, _] = emulator.memory();
    drop(emulator);
    let size = std::fs::metadata(program).map_err(|error| error.to_string())?.len();
    let instructions = match how.counted {
        0 => None,
        counted => {
            let few = instructions(program, environment, &event, 3)?;
            let many = instructions(program, environment, &event, 3 + counted)?;
            Some((many - few) / number(counted))
        }
    };
    Ok(Measured {
        init: median(&inits),
        cold: median(&colds),
        first: median(&firsts),
        warm: median(&warm),
        resident: resident / 1024.0,
        size: number(usize::try_from(size).unwrap_or_default()) / 1_048_576.0,
        instructions,
    })
}

/// Instructions from start to end, with so many invocations.
fn instructions(
    program: &Path,
    environment: &BTreeMap<String, String>,
    event: &str,
    invocations: usize,
) -> Result<f64, String> {
    let valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"];
    let mut emulator = Emulator::start(program, environment, &valgrind)?;
    for _ in 0..invocations {
        emulator.invoke(event)?;
    }
    let said = emulator.end();
    let line = said.lines().find_map(|line| line.split_once("Collected :"));
    line.and_then(|(_, count)| count.trim().parse().ok()).ok_or_else(|| "callgrind counted nothing".to_owned())
}

fn row(name: &str, what: &str, measured: &Measured, hello: Option<&Measured>) -> Row {
    let ratio = |of: fn(&Measured) -> f64| hello.map(|hello| of(measured) / of(hello));
    let budget = if matches!(name, "intake" | "seal" | "login") { 9.0 } else { 6.0 };
    let mut row = Row::new(name, what);
    row.value("size MiB", measured.size, ratio(|it| it.size), (name != "hello").then_some(budget));
    row.value("init ms", measured.init, ratio(|it| it.init), None);
    row.value("first ms", measured.first, ratio(|it| it.first), None);
    let both = measured.init + measured.first;
    row.value("both ms", both, ratio(|it| it.init + it.first), hello.map(|hello| 1.5 * (hello.init + hello.first)));
    row.value("from disk ms", measured.cold, ratio(|it| it.cold), None);
    row.value("warm ms", measured.warm, ratio(|it| it.warm), None);
    row.value("RSS MiB", measured.resident, ratio(|it| it.resident), (name != "hello").then_some(24.0));
    if let Some(instructions) = measured.instructions {
        let ratio = hello.and_then(|hello| Some(instructions / hello.instructions?));
        row.value("k instructions", instructions / 1000.0, ratio, None);
    }
    row
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[allow(clippy::cast_precision_loss, reason = "sizes and counts are far below 2^52")]
pub(crate) const fn number(count: usize) -> f64 {
    count as f64
}
