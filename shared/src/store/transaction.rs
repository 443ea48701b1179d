//! A change: checks, writes, events, mails and the kept answer, all in one `TransactWriteItems` or not at all.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use jiff::Timestamp;

use super::items::{Item, Stored, place, to_item};
use super::table::key_item;
use super::trouble::{transaction_trouble, trouble};
use super::{Key, Store};
use crate::domain::Version;
use crate::domain::decide::Permit;
use crate::domain::event::{NewEvent, Trail};
use crate::domain::mail::Mail;
use crate::http::Stop;
use crate::http::stop::Internal;

/// What must hold of an item when the transaction commits.
#[derive(Debug, Clone)]
enum Condition {
    Absent,
    Present,
    Version(Version),
    AbsentOrExpired(Timestamp),
    Any,
}

#[derive(Debug, Clone)]
enum Action {
    Check,
    Put(Item),
    Delete,
}

/// A change in the making. The order of its parts does not matter; one item is touched once.
#[derive(Debug)]
#[must_use = "a transaction changes nothing before it is committed"]
pub struct Transaction {
    parts: BTreeMap<Key, (Action, Condition)>,
    fault: Option<Internal>,
    at: Timestamp,
    request: String,
}

impl Transaction {
    /// A change that a person makes by a permit: what the permit rested on is checked again.
    pub fn under(permit: &Permit, at: Timestamp, request: &str) -> Self {
        let mut transaction = Self::unpermitted(at, request)
            .check(Key::login(permit.login()), Condition::Version(permit.login_version()))
            .check(Key::session(permit.login(), permit.session()), Condition::Present);
        if let Some((member, version)) = permit.member() {
            transaction = transaction.check(Key::member(member), Condition::Version(version));
        }
        if let Some((member, version)) = permit.grant() {
            transaction = transaction.check(Key::grant(permit.login(), member), Condition::Version(version));
        }
        transaction
    }

    /// A change without a permit: by somebody who proves something else (a password, a link), or by the portal itself. The
    /// caller pins what it rests on.
    pub fn unpermitted(at: Timestamp, request: &str) -> Self {
        Self { parts: BTreeMap::new(), fault: None, at, request: request.to_owned() }
    }

    fn check(mut self, key: Key, condition: Condition) -> Self {
        self.parts.entry(key).or_insert((Action::Check, condition));
        self
    }

    fn write(mut self, key: Key, action: Action, condition: Condition) -> Self {
        match self.parts.insert(key, (action, condition)) {
            None | Some((Action::Check, _)) => {}
            Some(_) => self.fault = Some(Internal("a transaction touched one item twice")),
        }
        self
    }

    fn put<T: Stored>(mut self, value: &T, condition: Condition) -> Self {
        match to_item(value) {
            Ok(item) => self.write(value.key(), Action::Put(item), condition),
            Err(fault) => {
                self.fault = Some(fault);
                self
            }
        }
    }

    /// Commits only when the value is as it was read.
    pub fn pin<T: Stored>(self, value: &T) -> Self {
        self.check(value.key(), Condition::Version(value.version()))
    }

    /// Adds a new value.
    pub fn create<T: Stored>(self, value: &T) -> Self {
        self.put(value, Condition::Absent)
    }

    /// Replaces a value that is as it was read; the version goes up by one.
    pub fn replace<T: Stored>(self, old: &T, mut new: T) -> Self {
        new.set_version(old.version() + 1);
        self.put(&new, Condition::Version(old.version()))
    }

    /// Removes a value that is as it was read.
    pub fn remove<T: Stored>(self, value: &T) -> Self {
        self.write(value.key(), Action::Delete, Condition::Version(value.version()))
    }

    /// Removes whatever stands there, or nothing.
    pub fn clear(self, key: Key) -> Self {
        self.write(key, Action::Delete, Condition::Any)
    }

    /// Whether DynamoDB takes the change as one, with the kept answer beside it: a hundred items.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.parts.len() < 100
    }

    /// Adds a pointer: an item that says by its key alone what it says.
    pub fn point(self, key: Key) -> Self {
        let mut item = Item::new();
        place(&mut item, &key, None);
        self.write(key, Action::Put(item), Condition::Any)
    }

    /// Appends an event to a chain.
    pub fn record(self, trail: &mut Trail, event: NewEvent) -> Self {
        let event = trail.append(event, self.at, &self.request);
        self.create(&event)
    }

    /// Puts a mail into the outbox.
    pub fn mail(self, mail: &Mail) -> Self {
        self.create(mail)
    }

    pub(super) fn keep(self, key: Key, mut item: Item, expires: Timestamp) -> Self {
        place(&mut item, &key, Some(expires));
        let condition = Condition::AbsentOrExpired(self.at);
        self.write(key, Action::Put(item), condition)
    }

    /// Commits. A change of one item is one conditional write, which costs a third.
    ///
    /// # Errors
    /// [`Stop::Changed`] when anything is not as it was read: nothing was written. [`Stop::Unavailable`] when the outcome
    /// is unknown.
    pub async fn commit(self, store: &Store) -> Result<(), Stop> {
        if let Some(fault) = self.fault {
            return Err(fault.into());
        }
        let items = self
            .parts
            .into_iter()
            .map(|(key, (action, condition))| transact_item(&store.table, &key, action, condition))
            .collect::<Result<Vec<_>, _>>()?;
        if let [single] = items.as_slice()
            && let Some(put) = single.put()
        {
            return put_alone(store, put).await;
        }
        store
            .client
            .transact_write_items()
            .set_transact_items(Some(items))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| transaction_trouble(&error))
    }
}

/// Such a call carries no token by which DynamoDB knows a repetition: what stands there tells whether it is our own earlier try,
/// whose answer got lost.
async fn put_alone(store: &Store, put: &Put) -> Result<(), Stop> {
    let sent = store
        .client
        .put_item()
        .table_name(put.table_name())
        .set_item(Some(put.item().clone()))
        .set_condition_expression(put.condition_expression.clone())
        .set_expression_attribute_values(put.expression_attribute_values.clone())
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .send()
        .await;
    match sent {
        Err(SdkError::ServiceError(refused)) if matches!(refused.err(), PutItemError::ConditionalCheckFailedException(failed) if failed.item() == Some(put.item())) => {
            Ok(())
        }
        sent => sent.map(|_| ()).map_err(|error| trouble(&error)),
    }
}

fn transact_item(table: &str, key: &Key, action: Action, condition: Condition) -> Result<TransactWriteItem, Stop> {
    let (expression, values) = expression(condition);
    let unbuilt = |_| Stop::Internal(Internal("a transaction could not be built"));
    let part = TransactWriteItem::builder();
    Ok(match action {
        Action::Check => part
            .condition_check(
                ConditionCheck::builder()
                    .table_name(table)
                    .set_key(Some(key_item(key)))
                    .set_condition_expression(expression)
                    .set_expression_attribute_values(values)
                    .build()
                    .map_err(unbuilt)?,
            )
            .build(),
        Action::Put(item) => part
            .put(
                Put::builder()
                    .table_name(table)
                    .set_item(Some(item))
                    .set_condition_expression(expression)
                    .set_expression_attribute_values(values)
                    .build()
                    .map_err(unbuilt)?,
            )
            .build(),
        Action::Delete => part
            .delete(
                Delete::builder()
                    .table_name(table)
                    .set_key(Some(key_item(key)))
                    .set_condition_expression(expression)
                    .set_expression_attribute_values(values)
                    .build()
                    .map_err(unbuilt)?,
            )
            .build(),
    })
}

type Values = Option<std::collections::HashMap<String, AttributeValue>>;

fn expression(condition: Condition) -> (Option<String>, Values) {
    let value = |name: &str, number: String| Some([(name.to_owned(), AttributeValue::N(number))].into());
    match condition {
        Condition::Absent => (Some("attribute_not_exists(pk)".to_owned()), None),
        Condition::Present => (Some("attribute_exists(pk)".to_owned()), None),
        Condition::Version(version) => (Some("version = :version".to_owned()), value(":version", version.to_string())),
        Condition::AbsentOrExpired(now) => {
            (Some("attribute_not_exists(pk) OR expires <= :now".to_owned()), value(":now", now.as_second().to_string()))
        }
        Condition::Any => (None, None),
    }
}

#[cfg(test)]
mod tests;
