//! Bad input for every route: a problem document, never a fault, and nothing changed.

use journeys::{Browser, Example, Reply, World};
use serde_json::{Value, json};

/// Guessing a code wrong is counted; nothing else that is refused leaves a trace.
const GUESSES: [(&str, &str); 6] = [
    ("POST /login/code", "/code"),
    ("POST /login/recover/confirm", "/code"),
    ("POST /login/mailboxes/confirm", "/code"),
    ("POST /login/merge", "/code"),
    ("POST /login/merge", "/password"),
    ("POST /invitations/accept", "/code"),
];

/// A chosen password is any text that is long enough.
const ANY_TEXT: [(&str, &str); 3] = [
    ("POST /invitations/accept", "/new_login/password"),
    ("POST /login/recover/confirm", "/password"),
    ("POST /login/password", "/password"),
];

/// Staff may name the person who signs later; a form is saved before all is answered.
const OPTIONAL: [(&str, &str); 2] = [
    ("POST /members/{member}/packets", "/slots/0/login"),
    ("POST /members/{member}/packets/{packet}/slots/{slot}/answers", "/answers/child"),
];

/// What takes whole files, in base64: a body may be long, and some long texts are files that nobody sealed.
const FILES: [&str; 1] = ["POST /verify"];

/// Looking keeps no answer, since it changes nothing; after signing out nobody is there to ask again; refreshing says who asks by
/// its cookie alone, so that a key could be anybody's; each beginning with a passkey is achallenge of its own.
/// A hand-over is found again by its key and goes on, see `agencies`.
const NOT_KEPT: [&str; 6] = [
    "POST /verify",
    "POST /invitations/look",
    "POST /login/sign-out",
    "POST /login/refresh",
    "POST /agencies/{agency}/hand-overs",
    "POST /agencies/{agency}/hand-overs/{handover}/continue",
];

/// What a name, a title or a reason must never carry into a mail header, a log or a page.
const BROKEN: [&str; 4] = ["A\r\nBcc: thief@evil.example", "A\nB", "A\u{0}B", "A\u{202e}B"];

/// The table, without the record of denials and the count of guesses: whoever asks for a packet that is not there is told no, and
/// that is written down, as it is that somebody tried.
async fn kept(world: &World) -> Vec<Value> {
    let is_count = |item: &Value| item["item"]["pk"]["S"].as_str().is_some_and(|pk| pk.starts_with("LIMIT#"));
    let is_denial = |item: &Value| {
        item["item"]["kind"]["S"] == "access-denied"
            || item["item"]["sk"]["S"].as_str().is_some_and(|sk| sk.starts_with("DENIED#"))
    };
    world.items().await.into_iter().filter(|item| !is_denial(item) && !is_count(item)).collect()
}

/// A request to one route with everything that may be wrong with it.
struct Trial<'a> {
    world: &'a World,
    example: Example,
    token: Option<String>,
    browser: Browser,
    faults: Vec<String>,
}

impl Trial<'_> {
    async fn send(&self, path: &str, body: Option<Vec<u8>>, headers: &[(&str, &str)]) -> Reply {
        let mut asking = self.browser.ask(&self.example.method, path);
        if let Some(token) = &self.token {
            asking = asking.bearer(token);
        }
        for (name, value) in headers {
            asking = asking.header(name, value);
        }
        if let Some(body) = body {
            asking = asking.bytes(body);
        }
        asking.send().await
    }

    /// Sends something bad; it must be refused with one of the statuses.
    async fn bad(&mut self, what: &str, statuses: &[u16], path: &str, body: Option<Vec<u8>>, headers: &[(&str, &str)]) {
        let reply = self.send(path, body, headers).await;
        let is_problem = reply.header("content-type") == "application/problem+json";
        if !is_problem || !statuses.contains(&reply.status) {
            let told: String = reply.text.chars().take(200).collect();
            self.faults.push(format!("{}: {what}: {} {told}", reply.asked, reply.status));
        } else {
            let _ = reply.problem();
        }
    }

    async fn bad_json(&mut self, what: &str, statuses: &[u16], body: &Value) {
        let path = self.example.path();
        self.bad(what, statuses, &path, Some(body.to_string().into_bytes()), &[JSON]).await;
    }
}

const JSON: (&str, &str) = ("content-type", "application/json");

/// Every place in a body, innermost last.
fn places(body: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match body {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(entries) => entries.iter().enumerate().map(|(place, value)| (place.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    let of_child = |(name, value): (String, &Value)| {
        let inner = places(value).into_iter().map(|place| format!("/{name}{place}")).collect::<Vec<_>>();
        std::iter::once(format!("/{name}")).chain(inner).collect::<Vec<_>>()
    };
    children.into_iter().flat_map(of_child).collect()
}

fn with(body: &Value, place: &str, value: Value) -> Value {
    let mut body = body.clone();
    *body.pointer_mut(place).unwrap() = value;
    body
}

fn without(body: &Value, place: &str) -> Value {
    let mut body = body.clone();
    let (parent, name) = place.rsplit_once('/').unwrap();
    match body.pointer_mut(parent).unwrap() {
        Value::Object(fields) => drop(fields.remove(name)),
        Value::Array(entries) => drop(entries.remove(name.parse().unwrap())),
        _ => {}
    }
    body
}

async fn bodies(trial: &mut Trial<'_>, route: &str, body: &Value) {
    let path = trial.example.path();
    let text = body.to_string();
    let bytes = |text: &str| Some(text.as_bytes().to_vec());
    trial.bad("no body", &[400], &path, None, &[JSON]).await;
    trial.bad("no type", &[415], &path, bytes(&text), &[]).await;
    trial.bad("text", &[415], &path, bytes(&text), &[("content-type", "text/plain")]).await;
    trial.bad("half a body", &[400], &path, bytes("{"), &[JSON]).await;
    trial.bad("not UTF-8", &[400], &path, Some(b"{\"a\":\"\xff\"}".to_vec()), &[JSON]).await;
    trial.bad("two bodies", &[400], &path, bytes(&format!("{text}{{}}")), &[JSON]).await;
    trial.bad("a short key", &[400], &path, bytes(&text), &[JSON, ("idempotency-key", "short")]).await;
    for other in [json!([]), json!(null), json!("text"), json!(5)] {
        trial.bad_json("not an object", &[400], &other).await;
    }
    let mut more = body.clone();
    more["unknown"] = json!("x");
    trial.bad_json("an unknown field", &[400], &more).await;
    more["unknown"] = json!("x".repeat(1_000_000));
    trial.bad_json("a megabyte", too_long(route), &more).await;
    more["unknown"] = serde_json::from_str(&format!("{}{}", "[".repeat(100), "]".repeat(100))).unwrap();
    trial.bad_json("a hundred brackets", &[400], &more).await;
}

/// What a body of a megabyte is refused with.
fn too_long(route: &str) -> &'static [u16] {
    if FILES.contains(&route) { &[400] } else { &[413] }
}

async fn fields(trial: &mut Trial<'_>, route: &str, body: &Value) {
    for place in places(body) {
        let value = body.pointer(&place).unwrap().clone();
        let other = if value.is_object() || value.is_array() { json!("text") } else { json!({"x": [1]}) };
        trial.bad_json(&format!("{place} of another type"), &[400], &with(body, &place, other)).await;
        // One scope less is a good request as well.
        if !place.contains("/scopes/") && !OPTIONAL.contains(&(route, place.as_str())) {
            trial.bad_json(&format!("no {place}"), &[400, 422], &without(body, &place)).await;
        }
        if value.is_string() && !GUESSES.contains(&(route, place.as_str())) {
            for text in BROKEN.into_iter().filter(|_| !ANY_TEXT.contains(&(route, place.as_str()))) {
                let body = with(body, &place, json!(text));
                trial.bad_json(&format!("{place} is {text:?}"), &[400, 401, 410, 422], &body).await;
            }
            trial
                .bad_json(
                    &format!("{place} of a megabyte"),
                    too_long(route),
                    &with(body, &place, json!("é".repeat(500_000))),
                )
                .await;
            let long = with(body, &place, json!("x".repeat(3_001)));
            trial.bad_json(&format!("{place} of 3,001 letters"), &[400, 401, 410, 422], &long).await;
        }
        if value.is_number() {
            for number in [json!(-1), json!(1.5), json!(u64::MAX)] {
                // A version that an item never had is that of somebody who looked before a colleague's change.
                let statuses: &[u16] = if place == "/version" { &[400, 409] } else { &[400, 422] };
                trial.bad_json(&format!("{place} is {number}"), statuses, &with(body, &place, number)).await;
            }
        }
    }
}

async fn paths(trial: &mut Trial<'_>, body: Option<&Value>) {
    let body = body.map(|body| body.to_string().into_bytes());
    let unknown = "0".repeat(32);
    let used = trial.example.clone();
    for (name, value) in &used.parameters {
        if !used.route.contains(&format!("{{{name}}}")) {
            continue;
        }
        let kind = value.split('_').next().unwrap_or_default();
        let others = [
            format!("{kind}_{unknown}"),
            format!("xyz_{unknown}"),
            value.to_uppercase(),
            "..%2F..".to_owned(),
            "%00".to_owned(),
            "x".repeat(3_000),
            format!("{value}%0d%0aX: y"),
        ];
        for other in others {
            let mut example = used.clone();
            example.parameters.retain(|(parameter, _)| parameter != name);
            example.parameters.push((name.clone(), other.clone()));
            let headers: &[(&str, &str)] = if body.is_some() { &[JSON] } else { &[] };
            trial.bad(&format!("{name} is {other:.40}"), &[404], &example.path(), body.clone(), headers).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_refused_by_every_route_and_changes_nothing() {
    let world = World::new().await;
    let record = world.record().await;
    let mut faults = Vec::new();
    for route in world.routes() {
        let example = world.example(&route, &record).await;
        let token = world.token_of(example.bearer, &record).await;
        let (body, browser) = (example.body.clone(), world.browser_of(example.bearer, &route));
        world.settled().await;
        let before = kept(&world).await;
        let mut trial = Trial { world: &world, example, token, browser, faults: Vec::new() };
        if let Some(body) = &body {
            bodies(&mut trial, &route, body).await;
            fields(&mut trial, &route, body).await;
        }
        paths(&mut trial, body.as_ref()).await;
        if route == "GET /members" || route == "GET /agencies" {
            let path = format!("{}?after=nonsense", trial.example.route);
            trial.bad("a wrong page", &[400], &path, None, &[]).await;
        }
        trial.world.settled().await;
        faults.append(&mut trial.faults);
        if kept(&world).await != before {
            faults.push(format!("{route}: bad input changed the table"));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    // Whatever was typed, mails have one recipient and the one subject.
    for mail in world.stack.mails() {
        assert_eq!((mail.to.len(), mail.subject.as_str()), (1, "A message from your clinic's portal"));
    }
    assert!(world.stack.dead_letters().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_is_done_once_for_its_key_and_no_other_request_may_use_it() {
    let world = World::new().await;
    let record = world.record().await;
    let mut faults = Vec::new();
    for (number, route) in world.routes().into_iter().enumerate() {
        let example = world.example(&route, &record).await;
        let keeps = !NOT_KEPT.contains(&route.as_str()) && !route.ends_with("/begin");
        let Some(body) = example.body.clone().filter(|_| keeps) else { continue };
        let token = world.token_of(example.bearer, &record).await;
        let browser = world.browser_of(example.bearer, &route);
        let trial = Trial { world: &world, example, token, browser, faults: Vec::new() };
        let (path, key, text) = (trial.example.path(), format!("key-of-sixteen-letters-{number}"), body.to_string());
        let headers = [JSON, ("idempotency-key", key.as_str())];
        let cookie = trial.browser.cookie("__Host-refresh");
        let first = trial.send(&path, Some(text.clone().into_bytes()), &headers).await;
        world.settled().await;
        let before = kept(&world).await;
        trial.browser.set_cookie("__Host-refresh", cookie.as_deref());
        let second = trial.send(&path, Some(text.clone().into_bytes()), &headers).await;
        let conflict = trial.send(&path, Some(format!("{text} ").into_bytes()), &headers).await;
        world.settled().await;
        if first.status >= 300 || (first.status, &first.text) != (second.status, &second.text) {
            faults.push(format!(
                "{route}: first {} {}, then {} {}",
                first.status, first.text, second.status, second.text
            ));
        }
        if conflict.status != 422 || conflict.problem() != "idempotency-key-reused" {
            faults.push(format!("{route}: another body with the key: {} {}", conflict.status, conflict.text));
        }
        if kept(&world).await != before {
            faults.push(format!("{route}: the repetition changed the table"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
