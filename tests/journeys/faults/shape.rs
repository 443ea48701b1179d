//! What a change consists of, without the names of the moment: the same request makes the same shape.

use serde_json::Value;
use std::collections::BTreeMap;

/// Kinds of changed items, and how many of each. Limits are no part of it: they count what was tried, whatever came of it.
pub(super) type Shape = BTreeMap<String, usize>;

/// How many guesses at codes some writes counted.
pub(super) fn guesses(records: &[Value]) -> usize {
    let mut counted: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for record in records {
        let record = &record["dynamodb"];
        let size = |image: &str| record[image]["guesses"]["BS"].as_array().map_or(0, Vec::len);
        let key = record["Keys"].to_string();
        counted
            .entry(key)
            .and_modify(|count| count.1 = size("NewImage"))
            .or_insert((size("OldImage"), size("NewImage")));
    }
    counted.into_values().map(|(before, after)| after.saturating_sub(before)).sum()
}

/// Counters of which it matters by how much they went up.
const COUNTERS: [&str; 4] = ["generation", "codes_sent", "tries", "version"];

/// The net change of some writes.
pub(super) fn shape(records: &[Value]) -> Shape {
    let mut items: BTreeMap<(String, String), (Value, Value)> = BTreeMap::new();
    for record in records {
        let record = &record["dynamodb"];
        let key = |name: &str| record["Keys"][name]["S"].as_str().unwrap_or_default().to_owned();
        let (old, new) = (record["OldImage"].clone(), record["NewImage"].clone());
        items.entry((key("pk"), key("sk"))).and_modify(|item| item.1 = new.clone()).or_insert((old, new));
    }
    let mut shape = Shape::new();
    for ((pk, sk), (old, new)) in items {
        let prefix = |key: &str| key.split('#').next().unwrap_or_default().to_owned();
        if pk.starts_with("LIMIT#") || pk.starts_with("GUESSES#") {
            continue;
        }
        let is_mail = pk.starts_with("MAIL#");
        let what = match (is_item(&old), is_item(&new)) {
            (false, false) => continue,
            (false, true) => format!("+ {}", words(&new, is_mail)),
            (true, false) => "-".to_owned(),
            // Mails are delivered in their own time.
            (true, true) if is_mail || old == new => continue,
            (true, true) => format!("~ {} {}", counted(&old, &new), words(&new, false)),
        };
        *shape.entry(format!("{}/{} {what}", prefix(&pk), prefix(&sk))).or_default() += 1;
    }
    shape
}

fn is_item(image: &Value) -> bool {
    image.as_object().is_some_and(|image| !image.is_empty())
}

/// By how much the counters went up.
fn counted(old: &Value, new: &Value) -> String {
    let number =
        |item: &Value, name: &str| item[name]["N"].as_str().and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
    let steps = COUNTERS.iter().map(|name| (name, number(new, name) - number(old, name)));
    steps.filter(|(_, step)| *step != 0).map(|(name, step)| format!("{name}{step:+}")).collect::<Vec<_>>().join(" ")
}

/// Every word of a closed set within an item: states, kinds, scopes. Whether a mail is on its way is no part of what it is.
fn words(item: &Value, is_mail: bool) -> String {
    let mut all = Vec::new();
    for (name, value) in item.as_object().into_iter().flatten() {
        if is_mail && name == "delivery" || name == "reason" {
            continue;
        }
        collect(value, &mut all);
    }
    all.sort_unstable();
    all.join(" ")
}

fn collect(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::String(text)
            if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') =>
        {
            all.push(text.clone());
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, all)),
        Value::Object(values) => values.values().for_each(|value| collect(value, all)),
        _ => {}
    }
}
