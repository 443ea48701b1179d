//! How items were before their last change: what a weakly consistent read may still tell.

use super::call::{Call, Service};
use super::{answers, lock, wire};
use crate::dynamodb::DynamoDb;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::ConnectorError;
use axum::http::StatusCode;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};

/// Partition and sort key.
type Place = (String, String);

/// The versions before the last ones, at some moment.
#[derive(Debug, Clone, Default)]
pub struct Past(BTreeMap<Place, Option<Json>>);

/// The version before the last one, of every item that functions wrote.
#[derive(Default)]
pub(super) struct Memory {
    database: OnceLock<DynamoDb>,
    before: Mutex<BTreeMap<Place, Option<Json>>>,
    late: AtomicBool,
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Memory")
    }
}

impl Memory {
    pub(super) fn attach(&self, database: DynamoDb) {
        let _ = self.database.set(database);
    }

    /// Answers all weak reads with what was before, as far as it changes from now on; or no longer.
    pub(super) fn keep(&self, late: bool) {
        lock(&self.before).clear();
        self.late.store(late, Ordering::SeqCst);
    }

    /// What it holds now.
    pub(super) fn copy(&self) -> Past {
        Past(lock(&self.before).clone())
    }

    /// Holds again what it held.
    pub(super) fn recall(&self, past: &Past) {
        lock(&self.before).clone_from(&past.0);
    }

    pub(super) fn is_late(&self) -> bool {
        self.late.load(Ordering::SeqCst)
    }

    /// The items that a write is about to change, as they are.
    pub(super) fn before(&self, call: &Call, asked: &Json) -> Vec<(Place, Option<Json>)> {
        let writes = call.service == Service::DynamoDb;
        let Some(database) = self.database.get().filter(|_| writes) else { return Vec::new() };
        let places: Vec<Place> = match call.operation.as_str() {
            "PutItem" | "DeleteItem" | "UpdateItem" => written(asked).into_iter().collect(),
            "TransactWriteItems" => {
                let items = asked.get("TransactItems").and_then(Json::as_array).into_iter().flatten();
                let parts = items.filter_map(|item| ["Put", "Delete", "Update"].iter().find_map(|kind| item.get(kind)));
                parts.filter_map(written).collect()
            }
            _ => Vec::new(),
        };
        places
            .into_iter()
            .map(|(pk, sk)| (database.item(&pk, &sk), (pk, sk)))
            .map(|(item, place)| (place, item))
            .collect()
    }

    /// Keeps what was before a write that has succeeded.
    pub(super) fn remember(&self, before: Vec<(Place, Option<Json>)>) {
        let mut known = lock(&self.before);
        for (place, item) in before {
            known.insert(place, item);
        }
    }

    /// The answer that the same read would have had before the last change of each item.
    pub(super) async fn aged(
        &self,
        answer: HttpResponse,
        call: &Call,
        asked: &Json,
    ) -> Result<HttpResponse, ConnectorError> {
        if !answer.status().is_success() {
            return Ok(answer);
        }
        let mut document: Json = serde_json::from_slice(&wire::bytes(answer).await?).unwrap_or_default();
        let before = lock(&self.before).clone();
        match call.operation.as_str() {
            "GetItem" => {
                let old = asked.get("Key").and_then(place).and_then(|place| before.get(&place));
                if let (Some(old), Some(document)) = (old, document.as_object_mut()) {
                    match old {
                        Some(item) => document.insert("Item".to_owned(), item.clone()),
                        None => document.remove("Item"),
                    };
                }
            }
            "BatchGetItem" => {
                for (table, part) in asked.get("RequestItems").and_then(Json::as_object).into_iter().flatten() {
                    let keys = part.get("Keys").and_then(Json::as_array).into_iter().flatten();
                    let asked: Vec<Place> = keys.filter_map(place).collect();
                    if let Some(Json::Array(items)) = document.pointer_mut(&format!("/Responses/{table}")) {
                        items.retain(|item| place(item).is_none_or(|place| !before.contains_key(&place)));
                        items.extend(asked.iter().filter_map(|place| before.get(place).cloned().flatten()));
                    }
                }
            }
            // Only what is on the page ages: what was deleted is not put back.
            _ => {
                if let Some(items) = document.get_mut("Items").and_then(Json::as_array_mut) {
                    let old = std::mem::take(items).into_iter().filter_map(|item| {
                        match place(&item).and_then(|place| before.get(&place)) {
                            Some(old) => old.clone(),
                            None => Some(item),
                        }
                    });
                    items.extend(old.collect::<Vec<_>>());
                    let count = items.len();
                    if let Some(document) = document.as_object_mut() {
                        document.insert("Count".to_owned(), json!(count));
                    }
                }
            }
        }
        Ok(answers::answer(StatusCode::OK, "application/x-amz-json-1.0", document.to_string()))
    }
}

/// The key of the item that a part of a write concerns.
fn written(part: &Json) -> Option<Place> {
    part.get("Item").or_else(|| part.get("Key")).and_then(place)
}

fn place(item: &Json) -> Option<Place> {
    let text = |name: &str| item.get(name)?.get("S")?.as_str().map(str::to_owned);
    Some((text("pk")?, text("sk")?))
}
