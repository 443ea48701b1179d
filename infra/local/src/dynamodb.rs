//! Embedded DynamoDB: `dynoxide-rs` behind its real wire protocol.

mod snapshot;

pub use snapshot::Snapshot;

use crate::data::DataFolder;
use crate::error::StartError;
use crate::template::Table;
use dynoxide::actions::create_table::CreateTableRequest;
use dynoxide::actions::describe_table::DescribeTableRequest;
use dynoxide::actions::get_records::{GetRecordsRequest, Record};
use dynoxide::actions::get_shard_iterator::encode_shard_iterator;
use dynoxide::actions::scan::ScanRequest;
use dynoxide::actions::update_time_to_live::UpdateTimeToLiveRequest;
use dynoxide::{Database, DynoxideError};
use serde_json::{Value as Json, json};
use std::io::ErrorKind;
use std::path::Path;

/// The database file in the data folder.
const FILE: &str = "dynamodb.sqlite";
/// The definitions that the tables were made from.
const DEFINITION: &str = "tables.json";

/// The embedded database with the template's tables.
#[derive(Clone)]
pub(crate) struct DynamoDb {
    database: Database,
    tables: Vec<String>,
}

impl DynamoDb {
    /// Opens or creates the database; the flag says whether it holds anything yet.
    pub(crate) fn open(folder: &DataFolder, tables: &[Table]) -> Result<(Self, bool), StartError> {
        let file = folder.file(FILE);
        let existing = folder.persistent() && file.exists();
        if crate::keys::exist(folder) {
            if !existing {
                return Err(StartError::damaged(file, "it is missing"));
            }
            // SQLite takes a file without a byte for a new database.
            if std::fs::metadata(&file).is_ok_and(|file| file.len() == 0) {
                return Err(StartError::damaged(file, "it is empty"));
            }
        }
        let opened = if folder.persistent() { Database::new(&file.to_string_lossy()) } else { Database::memory() };
        let unusable = |error: DynoxideError| unusable(&file, &error);
        let database = opened.map_err(unusable)?;
        check_definition(folder, tables, existing)?;
        let names = tables.iter().map(|table| table.name.clone()).collect();
        let this = Self { database, tables: names };
        for table in tables {
            this.create(table).map_err(|error| match error {
                DynoxideError::ValidationException(text) => {
                    StartError::System(format!("template.yaml: table {}: {text}", table.name))
                }
                error => unusable(error),
            })?;
        }
        // SQLite finds a damaged page only when it reads it; better now than under a patient's click.
        let existing = existing && !this.items().map_err(unusable)?.is_empty();
        Ok((this, existing))
    }

    fn create(&self, table: &Table) -> Result<(), DynoxideError> {
        let existing = self.database.describe_table(DescribeTableRequest { table_name: table.name.clone() });
        if existing.is_ok() {
            return Ok(());
        }
        let invalid = |error: serde_json::Error| DynoxideError::ValidationException(error.to_string());
        let request: CreateTableRequest = serde_json::from_value(table.create.clone()).map_err(invalid)?;
        self.database.create_table(request)?;
        if let Some(attribute) = &table.ttl_attribute {
            let request: UpdateTimeToLiveRequest = serde_json::from_value(json!({
                "TableName": table.name,
                "TimeToLiveSpecification": {"AttributeName": attribute, "Enabled": true},
            }))
            .map_err(invalid)?;
            self.database.update_time_to_live(request)?;
        }
        Ok(())
    }

    /// Serves the wire protocol until `shutdown` resolves.
    pub(crate) async fn serve(
        self,
        listener: tokio::net::TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) {
        // Its only failure is a listener that cannot accept, and then every call fails visibly.
        let _ = dynoxide::server::serve_with_shutdown(listener, self.database, shutdown).await;
    }

    /// Up to `limit` records of a table's stream after `position`.
    ///
    /// Positions are the embedded database's own sequence numbers, starting at 0.
    pub(crate) fn records(&self, table: &str, position: i64, limit: usize) -> Result<Vec<Record>, DynoxideError> {
        let shard = dynoxide::streams::shard_id(table);
        let request =
            GetRecordsRequest { shard_iterator: encode_shard_iterator(table, &shard, position), limit: Some(limit) };
        Ok(self.database.get_records(request)?.records)
    }

    /// Every item of every table, as DynamoDB JSON: `{"table": …, "item": …}`.
    pub(crate) fn items(&self) -> Result<Vec<Json>, DynoxideError> {
        let mut items = Vec::new();
        for table in &self.tables {
            let of_table = items_of(&self.database, table)?;
            items.extend(of_table.into_iter().map(|item| json!({"table": table, "item": item})));
        }
        Ok(items)
    }

    /// One item as DynamoDB JSON, when it exists.
    pub(crate) fn item(&self, pk: &str, sk: &str) -> Option<Json> {
        let [table, ..] = self.tables.as_slice() else { return None };
        let request = json!({"TableName": table, "Key": {"pk": {"S": pk}, "sk": {"S": sk}}});
        let answer = self.database.get_item(serde_json::from_value(request).ok()?).ok()?;
        serde_json::to_value(answer).ok()?.get("Item").filter(|item| item.is_object()).cloned()
    }

    /// What was written to the first table after a position, oldest first, and the position after it.
    pub(crate) fn changes(&self, position: i64) -> (Vec<Json>, i64) {
        let (mut all, mut end) = (Vec::new(), position);
        let Some(table) = self.tables.first() else { return (all, end) };
        loop {
            let records = self.records(table, end, 1000).unwrap_or_default();
            let Some(last) = records.last() else { return (all, end) };
            end = self::position(last);
            all.extend(records.iter().filter_map(|record| serde_json::to_value(record).ok()));
        }
    }

    /// Deletes items whose time to live is over, as AWS does within a few days.
    pub(crate) fn sweep(&self) {
        if let Err(error) = self.database.sweep_ttl() {
            tracing::warn!(%error, "the sweep of expired items failed");
        }
    }
}

/// Every item of a table, as DynamoDB JSON.
fn items_of(database: &Database, table: &str) -> Result<Vec<Json>, DynoxideError> {
    let (mut items, mut start) = (Vec::new(), None);
    loop {
        let request =
            ScanRequest { table_name: table.to_owned(), exclusive_start_key: start.take(), ..Default::default() };
        let page = database.scan(request)?;
        items.extend(page.items.unwrap_or_default().into_iter().map(|item| json!(item)));
        start = page.last_evaluated_key;
        if start.is_none() {
            return Ok(items);
        }
    }
}

/// Why the database cannot be used, in words of our own: the library's are about itself, and its advice on encrypted files
/// would lead astray.
fn unusable(file: &Path, error: &DynoxideError) -> StartError {
    match std::fs::OpenOptions::new().read(true).write(true).open(file) {
        Err(source) if source.kind() != ErrorKind::NotFound => return StartError::folder(file, source),
        _ => {}
    }
    let text = error.to_string();
    // None of these is damage, and "begin anew" would be the wrong advice.
    for (words, kind) in [
        ("is full", ErrorKind::StorageFull),
        ("is locked", ErrorKind::ResourceBusy),
        ("readonly", ErrorKind::PermissionDenied),
    ] {
        if text.contains(words) {
            return StartError::folder(file, kind.into());
        }
    }
    StartError::damaged(file, "it cannot be read as a database")
}

/// Refuses a database whose tables were made from other definitions: it would behave unlike the template says.
fn check_definition(folder: &DataFolder, tables: &[Table], existing: bool) -> Result<(), StartError> {
    if !folder.persistent() {
        return Ok(());
    }
    let file = folder.file(DEFINITION);
    let definition: Vec<Json> = tables.iter().map(|table| json!([table.create, table.ttl_attribute])).collect();
    let definition = json!(definition).to_string();
    match std::fs::read(&file) {
        Ok(text) if !existing || text == definition.as_bytes() => {}
        Ok(text) if serde_json::from_slice::<Json>(&text).is_ok() => {
            return Err(StartError::Changed { path: folder.file(FILE) });
        }
        Ok(_) => return Err(StartError::damaged(file, "it is not the JSON that was written there")),
        // Before the keys come, a first start can have been broken off between the database and this file.
        Err(error) if error.kind() == ErrorKind::NotFound && !(existing && crate::keys::exist(folder)) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(StartError::damaged(file, "it is missing")),
        Err(source) => return Err(StartError::folder(file, source)),
    }
    crate::data::write_private(&file, definition.as_bytes())
}

/// The position of a record, for [`DynamoDb::records`].
pub(crate) fn position(record: &Record) -> i64 {
    /// What the embedded database adds to make numbers of AWS's length.
    const OFFSET: u128 = 100_000_000_000_000_000_000;
    let number = record.dynamodb.sequence_number.parse::<u128>().unwrap_or(OFFSET);
    i64::try_from(number.saturating_sub(OFFSET)).unwrap_or(0)
}
