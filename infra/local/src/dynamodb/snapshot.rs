//! The whole database as it is at one moment, for tests that try many things on one scene.
//!
//! A snapshot holds the items and not the record of writes: the embedded database searches that from its beginning at every
//! write, and what was written before the moment was delivered before it. New records have higher numbers than all before, for they
//! are numbered by the clock of the machine.

use super::{DynamoDb, items_of};
use crate::template::Table;
use dynoxide::{Database, ImportOptions};
use serde_json::Value as Json;
use std::sync::Arc;
use tempfile::TempDir;

const FILE: &str = "snapshot.sqlite";

/// All items of all tables at one moment. Clones are the same snapshot.
#[derive(Debug, Clone)]
pub struct Snapshot(Arc<TempDir>);

type Failure = Box<dyn std::error::Error + Send + Sync>;

impl DynamoDb {
    /// Everything that stands in the tables now.
    pub(crate) fn snapshot(&self, tables: &[Table]) -> Result<Snapshot, Failure> {
        let copy = Self { database: Database::memory()?, tables: self.tables.clone() };
        for table in tables {
            copy.create(table)?;
            let items = items_of(&self.database, &table.name)?;
            let items = serde_json::from_value(Json::Array(items))?;
            copy.database.import_items(&table.name, items, ImportOptions::default())?;
        }
        let folder = tempfile::tempdir()?;
        copy.database.vacuum_into(&folder.path().join(FILE).to_string_lossy())?;
        Ok(Snapshot(Arc::new(folder)))
    }

    /// Puts everything back.
    pub(crate) fn restore(&self, snapshot: &Snapshot) -> Result<(), Failure> {
        Ok(self.database.restore_from(&snapshot.0.path().join(FILE).to_string_lossy())?)
    }
}
