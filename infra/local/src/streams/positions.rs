//! How far each mapping has read, kept in the data folder.

use crate::data::{DataFolder, replace};
use crate::error::StartError;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

const FILE: &str = "streams.json";

/// Positions by mapping. A mapping that is not listed begins at the oldest record.
#[derive(Clone)]
pub(crate) struct Positions {
    file: Option<PathBuf>,
    known: Arc<Mutex<BTreeMap<String, i64>>>,
}

impl Positions {
    pub(crate) fn open(folder: &DataFolder) -> Result<Self, StartError> {
        let file = folder.file(FILE);
        let known = match std::fs::read(&file) {
            Ok(text) => serde_json::from_slice(&text)
                .map_err(|_| StartError::damaged(&file, "it is not the JSON that was written there"))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(source) => return Err(StartError::folder(file, source)),
        };
        let file = folder.persistent().then_some(file);
        Ok(Self { file, known: Arc::new(Mutex::new(known)) })
    }

    pub(crate) fn get(&self, mapping: &str) -> i64 {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(mapping).copied().unwrap_or(0)
    }

    /// Remembers a position. If the disk refuses, records are delivered again, which is allowed.
    pub(crate) fn set(&self, mapping: &str, position: i64) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.insert(mapping.to_owned(), position) == Some(position) {
            return;
        }
        if let Some(file) = &self.file
            && let Ok(text) = serde_json::to_vec(&*known)
        {
            let _ = replace(file, &text);
        }
    }
}
