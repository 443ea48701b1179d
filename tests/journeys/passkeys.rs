//! Passkeys: who they let in, whom they keep out, and that nothing can be used twice.

mod adding;
mod proving;
mod refused;

use journeys::{Browser, Device, Person, Reply, World, terms};
use serde_json::Value;

fn parent() -> Value {
    terms("PRN", "parental-responsibility")
}

/// What the chain of a login says about passkeys and signing in, oldest first.
async fn told(world: &World, login: &str) -> Vec<String> {
    let chain = format!("LOGIN#{login}");
    let events = world.items().await.into_iter().map(|item| item["item"].clone());
    let mut events: Vec<Value> =
        events.filter(|item| item["pk"]["S"] == chain.as_str() && item["sequence"].is_object()).collect();
    events.sort_by_key(|event| event["sk"]["S"].as_str().unwrap().to_owned());
    let line = |event: &Value| {
        let object = event["object"]["S"].as_str().map(|object| format!(" {}", &object[..3])).unwrap_or_default();
        format!("{}{object}", event["kind"]["S"].as_str().unwrap())
    };
    events.iter().map(line).collect()
}

/// Items of a kind, by the start of their sort key.
async fn count(world: &World, pk: &str, sk: &str) -> usize {
    let starts = |item: &Value, name: &str, start: &str| item["item"][name]["S"].as_str().unwrap().starts_with(start);
    world.items().await.iter().filter(|item| starts(item, "pk", pk) && starts(item, "sk", sk)).count()
}

/// Somebody who signed in with a passkey at a browser.
fn entered(browser: &Browser, reply: &Reply) -> Person {
    let mut person = Person::new(browser.clone(), "", "");
    person.takes_session(&reply.clone().is(200));
    person
}

/// The device, bent in one way.
fn bent(device: &Device, bend: impl FnOnce(&mut Device)) -> Device {
    let mut device = device.clone();
    bend(&mut device);
    device
}

/// Origins that are not the portal's, though some look like it.
fn foreign_origins(world: &World) -> Vec<String> {
    let own = world.stack.url();
    let port = own.rsplit(':').next().unwrap();
    vec![
        "https://evil.example".to_owned(),
        own.replace("http://", "https://"),
        "http://localhost".to_owned(),
        format!("http://evil.localhost:{port}"),
        format!("http://localhost.evil.example:{port}"),
        format!("{own}.evil.example"),
        "null".to_owned(),
        String::new(),
    ]
}
