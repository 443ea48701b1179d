//! Where the functions' log lines go.

use crate::error::StartError;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tracing::Dispatch;

/// A log file larger than this is put aside at the next start, bytes.
const LARGEST: u64 = 16 * 1024 * 1024;

/// The destination of the JSON lines that the functions log.
#[derive(Debug, Clone, Default)]
pub enum LogSink {
    /// Kept in memory, for [`crate::Stack::logs`].
    #[default]
    Memory,
    /// Appended to a file.
    File(PathBuf),
    /// Written to standard error.
    Stderr,
}

/// The opened sink.
#[derive(Debug, Clone)]
pub(crate) struct Log {
    target: Target,
}

#[derive(Debug, Clone)]
enum Target {
    Memory(Arc<Mutex<Vec<u8>>>),
    File(Arc<Mutex<File>>),
    Stderr,
}

impl Log {
    pub(crate) fn open(sink: LogSink) -> Result<Self, StartError> {
        let target = match sink {
            LogSink::Memory => Target::Memory(Arc::default()),
            LogSink::Stderr => Target::Stderr,
            LogSink::File(path) => {
                if std::fs::metadata(&path).is_ok_and(|file| file.len() > LARGEST) {
                    // One older file is enough; if it cannot be moved, the log goes on growing.
                    let _ = std::fs::rename(&path, path.with_extension("old"));
                }
                let file = File::options().create(true).append(true).read(true).open(&path);
                let file = file.map_err(|source| StartError::folder(path, source))?;
                Target::File(Arc::new(Mutex::new(file)))
            }
        };
        Ok(Self { target })
    }

    /// A subscriber of its own, so that stacks in one process do not mix their lines.
    pub(crate) fn dispatch(&self) -> Dispatch {
        let log = self.clone();
        Dispatch::new(hearth::log::subscriber(move || log.clone()))
    }

    /// All lines so far; those on standard error are gone.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut bytes = Vec::new();
        match &self.target {
            Target::Memory(memory) => {
                bytes.clone_from(&memory.lock().unwrap_or_else(PoisonError::into_inner));
            }
            Target::File(file) => {
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                if file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_end(&mut bytes)).is_err() {
                    bytes.clear();
                }
            }
            Target::Stderr => {}
        }
        String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match &self.target {
            Target::Memory(memory) => {
                memory.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
                Ok(bytes.len())
            }
            Target::File(file) => file.lock().unwrap_or_else(PoisonError::into_inner).write(bytes),
            Target::Stderr => std::io::stderr().write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
