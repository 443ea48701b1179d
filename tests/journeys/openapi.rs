//! The API description is the API: the template's routes, none missing, none extra, and the answers have the form it says.

use journeys::World;
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn description(world: &World) -> Value {
    world.browser().at(world.stack.tools_url()).get("/openapi.json").await.is(200).json()
}

/// Each operation with its route key.
fn operations(description: &Value) -> Vec<(String, &Value)> {
    const METHODS: [&str; 8] = ["get", "post", "put", "delete", "patch", "head", "options", "trace"];
    let paths = description["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| METHODS.iter().map(move |method| (method, path, item.get(method))))
        .filter_map(|(method, path, operation)| Some((format!("{} {path}", method.to_uppercase()), operation?)))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_has_the_templates_routes_and_no_others() {
    let world = World::new().await;
    let description = description(&world).await;
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));
    let described: BTreeSet<String> = operations(&description).into_iter().map(|(route, _)| route).collect();
    let routes: BTreeSet<String> = world.routes().into_iter().collect();
    assert_eq!(described, routes);
    let names: Vec<&Value> = operations(&description).iter().map(|(_, operation)| &operation["operationId"]).collect();
    let distinct: BTreeSet<String> = names.iter().map(|name| name.to_string()).collect();
    assert_eq!(distinct.len(), names.len(), "two operations share a name: {names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_describes_success_and_problems() {
    let world = World::new().await;
    let description = description(&world).await;
    let mut faults = Vec::new();
    for (route, operation) in operations(&description) {
        let responses: Vec<&str> = operation["responses"].as_object().unwrap().keys().map(String::as_str).collect();
        if !responses.iter().any(|status| status.starts_with('2')) {
            faults.push(format!("{route} describes no success"));
        }
        // A page without parameters has nothing to refuse.
        let problems = responses.iter().any(|status| status.starts_with('4') || *status == "default");
        if !problems && !["GET /", "GET /invitation", "GET /verify"].contains(&route.as_str()) {
            faults.push(format!("{route} describes no problem"));
        }
        if route.starts_with("POST") && operation.get("requestBody").is_none() {
            faults.push(format!("{route} describes no body"));
        }
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        for name in route.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
            if !parameters.iter().any(|parameter| parameter["name"] == name && parameter["in"] == "path") {
                faults.push(format!("{route} does not describe {name}"));
            }
        }
        let public =
            ["POST /login", "GET /assets", "POST /verify", "GET /verify"].iter().any(|start| route.starts_with(start))
                || route == "GET /";
        let secured = operation.get("security").is_some() || public || route.contains("/invitation");
        if !secured {
            faults.push(format!("{route} does not say which token it wants"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What a reference stands for.
fn meant<'a>(all: &'a Value, schema: &'a Value) -> &'a Value {
    schema["$ref"]
        .as_str()
        .map_or(schema, |name| meant(all, all.pointer(name.trim_start_matches('#')).unwrap_or(&Value::Null)))
}

/// Every field that a schema knows, in any of its forms.
fn names(all: &Value, schema: &Value) -> BTreeSet<String> {
    let schema = meant(all, schema);
    let parts = ["allOf", "oneOf", "anyOf"].into_iter().filter_map(|name| schema[name].as_array()).flatten();
    let own = schema["properties"].as_object().into_iter().flat_map(|fields| fields.keys().cloned());
    parts.flat_map(|part| names(all, part)).chain(own).collect()
}

/// What of `value` is not as `schema` says; enough of JSON Schema for this API.
fn misfits(all: &Value, schema: &Value, value: &Value, place: &str) -> Vec<String> {
    misfits_beside(all, schema, value, place, &BTreeSet::new())
}

/// The same for a part of a schema, beside which others say what these fields are.
fn misfits_beside(all: &Value, schema: &Value, value: &Value, place: &str, beside: &BTreeSet<String>) -> Vec<String> {
    let schema = meant(all, schema);
    for one_of in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[one_of].as_array() {
            let fits = choices.iter().any(|choice| misfits_beside(all, choice, value, place, beside).is_empty());
            return if fits { Vec::new() } else { vec![format!("{place} is none of its forms")] };
        }
    }
    let mut faults = Vec::new();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        let beside = &names(all, schema) | beside;
        faults.extend(misfits_beside(all, part, value, place, &beside));
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let allowed = match &schema["type"] {
        Value::String(one) => one == kind,
        Value::Array(some) => some.iter().any(|one| one == kind),
        _ => true,
    };
    if !allowed {
        faults.push(format!("{place} is {kind}, not {}", schema["type"]));
    }
    if schema["enum"].as_array().is_some_and(|values| !values.contains(value)) {
        faults.push(format!("{place} is {value}, none of {}", schema["enum"]));
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(name).is_none() {
            faults.push(format!("{place} lacks {name}"));
        }
    }
    if let (Some(properties), Some(fields)) = (schema["properties"].as_object(), value.as_object()) {
        for (name, field) in fields {
            match properties.get(name) {
                Some(property) => faults.extend(misfits(all, property, field, &format!("{place}/{name}"))),
                None if schema.get("additionalProperties").is_none() && !beside.contains(name) => {
                    faults.push(format!("{place}/{name} is unknown"))
                }
                None => {}
            }
        }
    }
    for (number, entry) in value.as_array().into_iter().flatten().enumerate() {
        faults.extend(misfits(all, &schema["items"], entry, &format!("{place}/{number}")));
    }
    faults
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_have_the_form_that_the_description_says() {
    let world = World::new().await;
    let description = description(&world).await;
    let record = world.record().await;
    world.asks(&record.member, &record.document, &[(&record.signer, "parent")]).await;
    let mut faults = Vec::new();
    for route in world.routes() {
        let example = world.example(&route, &record).await;
        let token = world.token_of(example.bearer, &record).await;
        let mut asking = world.browser_of(example.bearer, &route).ask(&example.method, &example.path());
        if let Some(token) = &token {
            asking = asking.bearer(token);
        }
        if let Some(body) = &example.body {
            asking = asking.json(body);
        }
        let good = asking.send().await;
        let bad =
            world.browser().ask(&example.method, &example.path()).bearer("nonsense").json(&json!([])).send().await;
        for reply in [good, bad] {
            let responses = &description["paths"][&example.route][example.method.to_lowercase()]["responses"];
            let family = format!("{}XX", reply.status / 100);
            let response = responses.get(reply.status.to_string()).or(responses.get(&family));
            let Some(response) = response else {
                faults.push(format!("{route}: {} is not described", reply.status));
                continue;
            };
            let media = reply.header("content-type");
            if reply.text.is_empty() || !media.contains("json") {
                continue;
            }
            let content = response["content"].as_object().and_then(|content| content.values().next());
            let Some(schema) = content.map(|content| &content["schema"]) else {
                faults.push(format!("{route}: the body of {} is not described", reply.status));
                continue;
            };
            let misfits = misfits(&description, schema, &reply.json(), "");
            faults.extend(misfits.into_iter().map(|misfit| format!("{route}, {}: {misfit}", reply.status)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
