//! The table: batches of items, queries, and the meaning of DynamoDB's errors.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, ReturnValuesOnConditionCheckFailure};
use futures_util::future::try_join_all;
use serde::de::DeserializeOwned;

use super::Key;
use super::items::{Item, Stored, from_item};
use super::trouble::trouble;
use crate::aws::Aws;
use crate::config::{ConfigError, Environment};
use crate::http::Stop;

/// Keys in one `BatchGetItem`.
const BATCH: usize = 100;

/// The table.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) client: Client,
    pub(super) table: String,
}

/// Items that were read together.
#[derive(Debug)]
pub struct Items(HashMap<Key, Item>);

impl Items {
    /// One of them, when it exists.
    ///
    /// # Errors
    /// An internal error when it cannot be read.
    pub fn get<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>, Stop> {
        Ok(self.0.get(key).map(from_item).transpose()?)
    }
}

/// Keys that one query of a schedule reads.
const PAGE: i32 = 1000;

/// One page of a list that an index gave.
#[derive(Debug)]
pub struct Page {
    /// Keys of the items.
    pub keys: Vec<Key>,
    /// Where the next page begins.
    pub next: Option<(String, Key)>,
}

impl Store {
    /// Reads `TABLE` and builds the client.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn from_environment(env: &Environment, aws: &Aws) -> Result<Self, ConfigError> {
        Ok(Self { client: aws.dynamodb(env), table: env.required("TABLE")?.to_owned() })
    }

    /// Reads items by key, strongly consistent, a hundred a call and all calls at once.
    ///
    /// # Errors
    /// [`Stop::Unavailable`], also when DynamoDB left keys out: left out is not absent.
    pub async fn items(&self, keys: &BTreeSet<Key>) -> Result<HashMap<Key, Item>, Stop> {
        let keys: Vec<&Key> = keys.iter().collect();
        let batches = try_join_all(keys.chunks(BATCH).map(|keys| self.batch(keys))).await?;
        Ok(batches.into_iter().flatten().collect())
    }

    async fn batch(&self, keys: &[&Key]) -> Result<Vec<(Key, Item)>, Stop> {
        let mut wanted: Vec<HashMap<String, AttributeValue>> = keys.iter().map(|key| key_item(key)).collect();
        let mut found = Vec::new();
        // What DynamoDB left out is asked for once more; more would hide an overload.
        for _ in 0..2 {
            if wanted.is_empty() {
                break;
            }
            let request = KeysAndAttributes::builder()
                .set_keys(Some(wanted))
                .consistent_read(true)
                .build()
                .map_err(|_| Stop::Unavailable("a batch could not be built"))?;
            let answer = self
                .client
                .batch_get_item()
                .request_items(&self.table, request)
                .send()
                .await
                .map_err(|error| trouble(&error))?;
            let items = answer.responses.and_then(|mut tables| tables.remove(&self.table)).unwrap_or_default();
            found.extend(items.into_iter().filter_map(|item| Some((key_of(&item)?, item))));
            wanted = answer
                .unprocessed_keys
                .and_then(|mut tables| tables.remove(&self.table))
                .map(|left| left.keys)
                .unwrap_or_default();
        }
        if wanted.is_empty() { Ok(found) } else { Err(Stop::Unavailable("dynamodb left keys out")) }
    }

    /// Reads values of one kind by key, as [`Store::items`]; what does not exist is left out.
    ///
    /// # Errors
    /// As [`Store::items`], or an internal error when an item cannot be read.
    pub async fn values<T: DeserializeOwned>(&self, keys: &BTreeSet<Key>) -> Result<Vec<T>, Stop> {
        let items = self.items(keys).await?;
        Ok(items.values().map(from_item).collect::<Result<_, _>>()?)
    }

    /// Reads items of several kinds by key, as [`Store::items`].
    ///
    /// # Errors
    /// As [`Store::items`].
    pub async fn found(&self, keys: &BTreeSet<Key>) -> Result<Items, Stop> {
        Ok(Items(self.items(keys).await?))
    }

    /// Reads one value by key, strongly consistent.
    ///
    /// # Errors
    /// [`Stop::Unavailable`], or an internal error when the item cannot be read.
    pub async fn get<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>, Stop> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key_item(key)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| trouble(&error))?;
        Ok(answer.item.as_ref().map(from_item).transpose()?)
    }

    /// Reads all values of a partition whose sort key begins with `prefix`, strongly consistent, in order.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub async fn list<T: DeserializeOwned>(&self, partition: &Key, prefix: &str) -> Result<Vec<T>, Stop> {
        let items = self.query(partition, prefix).await?;
        Ok(items.iter().map(from_item).collect::<Result<_, _>>()?)
    }

    /// Sort keys of a partition that begin with `prefix`, without the prefix.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub async fn list_names(&self, partition: &Key, prefix: &str) -> Result<Vec<String>, Stop> {
        let items = self.query(partition, prefix).await?;
        Ok(items.iter().filter_map(key_of).filter_map(|key| key.sk.strip_prefix(prefix).map(str::to_owned)).collect())
    }

    async fn query(&self, partition: &Key, prefix: &str) -> Result<Vec<Item>, Stop> {
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let answer = self
                .client
                .query()
                .table_name(&self.table)
                .consistent_read(true)
                .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
                .expression_attribute_values(":pk", AttributeValue::S(partition.pk.clone()))
                .expression_attribute_values(":prefix", AttributeValue::S(prefix.to_owned()))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| trouble(&error))?;
            items.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }

    /// Reads the newest `most` values of a partition whose sort key begins with `prefix`, newest first.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub async fn newest<T: DeserializeOwned>(&self, partition: &Key, prefix: &str, most: i32) -> Result<Vec<T>, Stop> {
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", AttributeValue::S(partition.pk.clone()))
            .expression_attribute_values(":prefix", AttributeValue::S(prefix.to_owned()))
            .scan_index_forward(false)
            .limit(most)
            .send()
            .await
            .map_err(|error| trouble(&error))?;
        Ok(answer.items.unwrap_or_default().iter().map(from_item).collect::<Result<_, _>>()?)
    }

    /// One page of a list of index `directory`, newest first. Keys only: what they name is read by key afterwards.
    ///
    /// # Errors
    /// [`Stop::Unavailable`].
    pub async fn directory(&self, list: &str, after: Option<(String, Key)>, most: i32) -> Result<Page, Stop> {
        let start = after.map(|(listed_at, key)| {
            let mut start = key_item(&key);
            start.insert("directory".to_owned(), AttributeValue::S(list.to_owned()));
            start.insert("listed_at".to_owned(), AttributeValue::S(listed_at));
            start
        });
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("directory")
            .key_condition_expression("directory = :list")
            .expression_attribute_values(":list", AttributeValue::S(list.to_owned()))
            .scan_index_forward(false)
            .limit(most)
            .set_exclusive_start_key(start)
            .send()
            .await
            .map_err(|error| trouble(&error))?;
        let next = answer.last_evaluated_key.and_then(|last| {
            let listed_at = last.get("listed_at")?.as_s().ok()?.clone();
            Some((listed_at, key_of(&last)?))
        });
        Ok(Page { keys: answer.items.unwrap_or_default().iter().filter_map(key_of).collect(), next })
    }

    /// What a list of index `directory` names, newest first, `most` keys at most: the work of a schedule, which comes again.
    ///
    /// # Errors
    /// As [`Store::directory`].
    pub async fn whole_directory(&self, list: &str, most: usize) -> Result<Vec<Key>, Stop> {
        let (mut keys, mut after) = (Vec::new(), None);
        loop {
            let page = self.directory(list, after, PAGE).await?;
            keys.extend(page.keys);
            after = page.next;
            if after.is_none() || keys.len() >= most {
                return Ok(keys);
            }
        }
    }

    /// Replaces one value when nobody else did since it was read: one conditional write, for what touches one item and
    /// nobody's authority.
    ///
    /// # Errors
    /// [`Stop::Changed`] when somebody else did.
    pub async fn replace<T: Stored>(&self, old: &T, mut new: T) -> Result<T, Stop> {
        new.set_version(old.version() + 1);
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(super::items::to_item(&new)?))
            .condition_expression("version = :version")
            .expression_attribute_values(":version", AttributeValue::N(old.version().to_string()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::None)
            .send()
            .await
            .map_err(|error| trouble(&error))?;
        Ok(new)
    }
}

/// The key as DynamoDB wants it.
pub(super) fn key_item(key: &Key) -> Item {
    HashMap::from([
        ("pk".to_owned(), AttributeValue::S(key.pk.clone())),
        ("sk".to_owned(), AttributeValue::S(key.sk.clone())),
    ])
}

fn key_of(item: &Item) -> Option<Key> {
    let text = |name: &str| item.get(name)?.as_s().ok().cloned();
    Some(Key { pk: text("pk")?, sk: text("sk")? })
}
