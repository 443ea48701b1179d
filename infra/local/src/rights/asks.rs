//! What a request to AWS asks to be allowed.

use crate::template::{Right, Table, World};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt;

/// One thing that IAM is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ask {
    action: String,
    resource: String,
    /// The partitions that the request names.
    partitions: Vec<String>,
    context: BTreeMap<&'static str, String>,
}

impl fmt::Display for Ask {
    /// Without what follows the kind of a partition: that is somebody's.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.action)?;
        let mut kinds: Vec<&str> = self.partitions.iter().filter_map(|key| key.split('#').next()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        if kinds.is_empty() { Ok(()) } else { write!(formatter, " on {}", kinds.join(", ")) }
    }
}

const PARTITIONS: &str = "dynamodb:LeadingKeys";

impl Ask {
    fn new(action: &str, resource: String) -> Self {
        Self { action: action.to_owned(), resource, partitions: vec![], context: BTreeMap::new() }
    }

    fn with(mut self, key: &'static str, value: &str) -> Self {
        self.context.insert(key, value.to_owned());
        self
    }

    /// The use of the stack's key by a service on the caller's behalf.
    fn key(action: &str, world: &World, service: &str) -> Self {
        Self::new(action, world.key_arn()).with("kms:ViaService", &format!("{service}.{}.amazonaws.com", world.region))
    }

    /// The parts of a statement that allow this; `None` when it does not.
    pub(super) fn allowed_by(&self, right: &Right) -> Option<Vec<String>> {
        let action = right.actions.iter().find(|action| **action == self.action)?;
        let resource = right.resources.iter().find(|pattern| like(pattern, &self.resource))?;
        let mut parts = vec![action.clone(), resource.clone()];
        for condition in &right.conditions {
            if condition.for_all {
                let values = if condition.key == PARTITIONS { self.partitions.as_slice() } else { &[] };
                for value in values {
                    parts.push(condition.values.iter().find(|pattern| like(pattern, value))?.clone());
                }
            } else {
                let value = self.context.get(condition.key.as_str())?;
                condition.values.iter().find(|known| *known == value)?;
            }
        }
        Some(parts)
    }

    /// What a call of DynamoDB asks.
    pub(crate) fn dynamodb(operation: &str, body: &[u8], tables: &[Table], world: &World) -> Vec<Self> {
        let body: Json = serde_json::from_slice(body).unwrap_or_default();
        let mut asks = vec![Self::key("kms:Decrypt", world, "dynamodb")];
        let text = |value: Option<&Json>| value.and_then(Json::as_str).unwrap_or_default().to_owned();
        let table_of = |part: &Json| text(part.get("TableName"));
        let mut ask = |action: &str, table: &str, index: Option<&str>, items: Vec<Option<&Json>>| {
            let arn = world.arn("dynamodb", &format!("table/{table}"));
            let arn = index.map_or_else(|| arn.clone(), |index| format!("{arn}/index/{index}"));
            let mut one = Self::new(&format!("dynamodb:{action}"), arn);
            let hash = hash_key(tables, table, index);
            one.partitions
                .extend(items.into_iter().flatten().map(|item| text(item.get(&hash).and_then(|v| v.get("S")))));
            asks.push(one);
        };
        match operation {
            "BatchGetItem" => {
                for (table, part) in body.get("RequestItems").and_then(Json::as_object).into_iter().flatten() {
                    let keys = part.get("Keys").and_then(Json::as_array).into_iter().flatten();
                    ask(operation, table, None, keys.map(Some).collect());
                }
            }
            "TransactWriteItems" | "TransactGetItems" => {
                for part in body.get("TransactItems").and_then(Json::as_array).into_iter().flatten() {
                    for (kind, part) in part.as_object().into_iter().flatten() {
                        let action =
                            if kind == "ConditionCheck" { "ConditionCheckItem" } else { &format!("{kind}Item") };
                        ask(action, &table_of(part), None, vec![part.get("Key").or_else(|| part.get("Item"))]);
                    }
                }
            }
            "Query" => {
                let (table, index) = (table_of(&body), text(body.get("IndexName")));
                let index = Some(index.as_str()).filter(|index| !index.is_empty());
                let hash = hash_key(tables, &table, index);
                let item = queried(&body, &hash).map(|value| serde_json::json!({ hash: value }));
                ask(operation, &table, index, vec![item.as_ref()]);
            }
            _ => ask(operation, &table_of(&body), None, vec![body.get("Key").or_else(|| body.get("Item"))]),
        }
        asks
    }

    /// What a call of KMS asks.
    pub(crate) fn kms(operation: &str, body: &[u8], world: &World) -> Vec<Self> {
        let body: Json = serde_json::from_slice(body).unwrap_or_default();
        let text = |name: &str| body.get(name).and_then(Json::as_str).unwrap_or_default();
        let key = text("KeyId");
        let arn = if key.starts_with("arn:") { key.to_owned() } else { world.arn("kms", &format!("key/{key}")) };
        let ask = Self::new(&format!("kms:{operation}"), arn);
        vec![ask.with("kms:SigningAlgorithm", text("SigningAlgorithm")).with("kms:MessageType", text("MessageType"))]
    }

    /// What a call of SES asks: the sender and the configuration set are both resources.
    pub(crate) fn ses(form: &BTreeMap<String, String>, world: &World) -> Vec<Self> {
        let text = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        let (action, sender) = (format!("ses:{}", text("Action")), text("Source"));
        let ask = |resource: String| Self::new(&action, world.arn("ses", &resource)).with("ses:FromAddress", sender);
        let set = form.get("ConfigurationSetName").map(|name| ask(format!("configuration-set/{name}")));
        std::iter::once(ask(format!("identity/{sender}"))).chain(set).collect()
    }

    /// What a call of S3 asks.
    pub(crate) fn s3(operation: &str, bucket: &str, key: Option<&str>, locks: bool, world: &World) -> Vec<Self> {
        let arn = format!("arn:aws:s3:::{bucket}");
        let object = |action: &str| Self::new(action, format!("{arn}/{}", key.unwrap_or_default()));
        match operation {
            "GetObject" | "HeadObject" => vec![object("s3:GetObject"), Self::key("kms:Decrypt", world, "s3")],
            "PutObject" => {
                let mut asks = vec![object("s3:PutObject"), Self::key("kms:GenerateDataKey", world, "s3")];
                asks.extend(locks.then(|| object("s3:PutObjectRetention")));
                asks
            }
            "ListObjectsV2" => vec![Self::new("s3:ListBucket", arn)],
            other => vec![Self::new(&format!("s3:{other}"), arn)],
        }
    }
}

/// The attribute that names the partition in a table or index.
fn hash_key(tables: &[Table], table: &str, index: Option<&str>) -> String {
    let create = tables.iter().find(|known| known.name == table).map(|known| &known.create);
    let schema = create.and_then(|create| match index {
        None => create.get("KeySchema"),
        Some(index) => {
            let indexes = create.get("GlobalSecondaryIndexes")?.as_array()?;
            indexes.iter().find(|known| known.get("IndexName").is_some_and(|name| name == index))?.get("KeySchema")
        }
    });
    let hash = schema.and_then(Json::as_array).into_iter().flatten();
    let hash = hash.into_iter().find(|part| part.get("KeyType").is_some_and(|kind| kind == "HASH"));
    hash.and_then(|part| part.get("AttributeName")).and_then(Json::as_str).unwrap_or_default().to_owned()
}

/// The value that a query's key condition gives to an attribute.
fn queried<'a>(body: &'a Json, attribute: &str) -> Option<&'a Json> {
    let condition = body.get("KeyConditionExpression")?.as_str()?;
    let named = |name: &str| {
        let names = body.get("ExpressionAttributeNames").and_then(|names| names.get(name)).and_then(Json::as_str);
        names.unwrap_or(name) == attribute
    };
    let mut parts = condition.split(" AND ").filter_map(|part| part.split_once('='));
    let (_, value) = parts.find(|(name, _)| named(name.trim()))?;
    body.get("ExpressionAttributeValues")?.get(value.trim())
}

/// IAM's `StringLike`: `*` stands for any text.
fn like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Condition;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, fits) in [
            ("MEMBER#*", "MEMBER#mbr_1", true),
            ("MEMBER#*", "LOGIN#log_1", false),
            ("a/*/c", "a/b/c", true),
            ("a/*/c", "a/b/d", false),
            ("a*", "a", true),
            ("a", "ab", false),
            ("*", "", true),
        ] {
            assert_eq!(like(pattern, text), fits, "{pattern} {text}");
        }
    }

    fn right(partitions: &[&str]) -> Right {
        let values = partitions.iter().map(|one| (*one).to_owned()).collect();
        Right {
            sid: "Write".to_owned(),
            actions: vec!["dynamodb:PutItem".to_owned()],
            resources: vec!["*".to_owned()],
            conditions: vec![Condition { for_all: true, key: PARTITIONS.to_owned(), values }],
        }
    }

    #[test]
    fn one_partition_that_is_not_named_is_enough_to_refuse() {
        let ask = |partitions: &[&str]| Ask {
            partitions: partitions.iter().map(|one| (*one).to_owned()).collect(),
            ..Ask::new("dynamodb:PutItem", "arn".to_owned())
        };
        assert!(ask(&["MAIL#1"]).allowed_by(&right(&["MAIL#*"])).is_some());
        assert!(ask(&["MAIL#1", "LOGIN#1"]).allowed_by(&right(&["MAIL#*"])).is_none());
        assert!(Ask::new("dynamodb:GetItem", "arn".to_owned()).allowed_by(&right(&["*"])).is_none());
        assert_eq!(ask(&["LOGIN#1"]).to_string(), "dynamodb:PutItem on LOGIN");
    }
}
