//! Precautions of the product, taken away on the wire: a test that does not notice proves nothing.

use super::call::{Call, Service, body};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// A precaution that is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sabotage {
    /// Every read is weak.
    WeakReads,
    /// Writes have no conditions.
    NoConditions,
    /// The writes of a transaction are made one after the other.
    NoTransactions,
}

/// What goes out instead of one call.
pub(super) fn rewrite(mut call: Call, request: HttpRequest, all: &BTreeSet<Sabotage>) -> Vec<(Call, HttpRequest)> {
    if all.is_empty() || call.service != Service::DynamoDb {
        return vec![(call, request)];
    }
    let mut document = body(&request);
    if all.contains(&Sabotage::WeakReads) && weaken(&mut document) {
        call.weak = true;
    }
    if all.contains(&Sabotage::NoConditions) {
        unguard(&mut document);
    }
    if all.contains(&Sabotage::NoTransactions) && call.operation == "TransactWriteItems" {
        return split(&call, &request, &document);
    }
    with(&request, None, &document).map(|request| (call, request)).into_iter().collect()
}

/// Makes reads weak; whether there was anything to weaken.
fn weaken(document: &mut Json) -> bool {
    let mut any = false;
    for value in document.as_object_mut().into_iter().flat_map(|map| map.iter_mut()) {
        match value {
            (name, value) if name == "ConsistentRead" && *value == Json::Bool(true) => {
                *value = Json::Bool(false);
                any = true;
            }
            (name, Json::Object(tables)) if name == "RequestItems" => {
                for table in tables.values_mut() {
                    any |= weaken(table);
                }
            }
            _ => {}
        }
    }
    any
}

/// Takes the conditions from writes. Checks, which are conditions alone, disappear.
fn unguard(document: &mut Json) {
    let bare = |part: &mut Json| {
        if let Some(part) = part.as_object_mut() {
            part.remove("ConditionExpression");
            part.remove("ExpressionAttributeValues");
        }
    };
    if let Some(items) = document.get_mut("TransactItems").and_then(Json::as_array_mut) {
        items.retain(|item| item.get("ConditionCheck").is_none());
        items.iter_mut().filter_map(Json::as_object_mut).flat_map(|item| item.values_mut()).for_each(bare);
    } else if document.get("Item").is_some() {
        bare(document);
    }
}

/// One request for each write of a transaction. Checks disappear.
fn split(call: &Call, request: &HttpRequest, document: &Json) -> Vec<(Call, HttpRequest)> {
    let items = document.get("TransactItems").and_then(Json::as_array).into_iter().flatten();
    let writes = items.enumerate().filter_map(|(place, item)| {
        let (operation, target, part) = match (item.get("Put"), item.get("Delete")) {
            (Some(part), _) => ("PutItem", "DynamoDB_20120810.PutItem", part),
            (_, Some(part)) => ("DeleteItem", "DynamoDB_20120810.DeleteItem", part),
            _ => return None,
        };
        let call = Call { operation: operation.to_owned(), id: format!("{}/{place}", call.id), ..call.clone() };
        Some((call, with(request, Some(target), part)?))
    });
    writes.collect()
}

fn with(request: &HttpRequest, target: Option<&'static str>, document: &Json) -> Option<HttpRequest> {
    let mut request = request.try_clone()?;
    *request.body_mut() = SdkBody::from(document.to_string());
    if let Some(target) = target {
        request.headers_mut().insert("x-amz-target", target);
    }
    Some(request)
}
