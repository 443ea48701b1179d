//! The data folder: whose it is, who works with it, and starting afresh.

use crate::error::StartError;
use serde_json::{Value as Json, json};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Layout of the folder. Raised whenever older data could be misread.
const VERSION: u32 = 1;
/// The file that says that a folder is ours.
const MARKER: &str = "hearth-local.json";
const LOCK: &str = "lock";

/// A claimed data folder. Nobody else can claim it while this value lives.
#[derive(Debug)]
pub(crate) struct DataFolder {
    path: PathBuf,
    persistent: bool,
    /// Held for its lock, which the operating system releases even after a crash.
    _lock: Option<File>,
    /// Removes the folder of an in-memory stack.
    _temporary: Option<tempfile::TempDir>,
}

impl DataFolder {
    /// A folder that vanishes with the stack.
    pub(crate) fn temporary() -> Result<Self, StartError> {
        let folder = tempfile::Builder::new().prefix("hearth-").tempdir();
        let folder = folder.map_err(|source| StartError::folder(std::env::temp_dir(), source))?;
        Ok(Self { path: folder.path().to_owned(), persistent: false, _lock: None, _temporary: Some(folder) })
    }

    /// Claims `path`, creating it when it does not exist.
    pub(crate) fn claim(path: &Path) -> Result<Self, StartError> {
        std::fs::create_dir_all(path).map_err(|source| StartError::folder(path, source))?;
        if !owned(path)? && !empty(path)? {
            return Err(StartError::Foreign { path: path.to_owned() });
        }
        let lock = lock(path)?;
        if read_marker(path)?.is_some_and(|marker| marker == erasing()) {
            remove_content(path)?;
        }
        check_version(path)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let private = std::fs::Permissions::from_mode(0o700);
            std::fs::set_permissions(path, private).map_err(|source| StartError::folder(path, source))?;
        }
        let marker = json!({"product": "hearth-local", "version": VERSION});
        write_private(&path.join(MARKER), format!("{marker}\n").as_bytes())?;
        Ok(Self { path: path.to_owned(), persistent: true, _lock: Some(lock), _temporary: None })
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn persistent(&self) -> bool {
        self.persistent
    }
}

/// Deletes what an earlier stack left in `path`, for `--fresh`.
///
/// A folder that does not exist or is empty is fine. A folder without our
/// marker is never touched.
///
/// # Errors
/// [`StartError::Foreign`], [`StartError::Locked`], or the operating system refuses.
pub fn erase(path: &Path) -> Result<(), StartError> {
    if !path.exists() || empty(path)? {
        return Ok(());
    }
    if !owned(path)? {
        return Err(StartError::Foreign { path: path.to_owned() });
    }
    let _lock = lock(path)?;
    // From here on a start without --fresh would finish the work, should this one be interrupted.
    write_private(&path.join(MARKER), format!("{}\n", erasing()).as_bytes())?;
    remove_content(path)?;
    let fail = |source| StartError::folder(path, source);
    std::fs::remove_file(path.join(LOCK)).map_err(fail)?;
    std::fs::remove_file(path.join(MARKER)).map_err(fail)
}

/// The marker of a folder whose content is being deleted.
fn erasing() -> Json {
    json!({"product": "hearth-local", "version": VERSION, "erasing": true})
}

/// Removes everything but lock and marker.
fn remove_content(path: &Path) -> Result<(), StartError> {
    let fail = |source| StartError::folder(path, source);
    for entry in std::fs::read_dir(path).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        if entry.file_name() == MARKER || entry.file_name() == LOCK {
            continue;
        }
        let removed = if entry.file_type().map_err(fail)?.is_dir() {
            std::fs::remove_dir_all(entry.path())
        } else {
            std::fs::remove_file(entry.path())
        };
        removed.map_err(|source| StartError::folder(entry.path(), source))?;
    }
    Ok(())
}

/// Writes a file that only its owner may read, replacing the old one in one step.
pub(crate) fn write_private(path: &Path, content: &[u8]) -> Result<(), StartError> {
    replace(path, content).map_err(|source| StartError::folder(path, source))
}

/// As [`write_private`], for callers with errors of their own.
pub(crate) fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let temporary = path.with_extension("part");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary)?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(&temporary, path)
}

fn owned(path: &Path) -> Result<bool, StartError> {
    path.join(MARKER).try_exists().map_err(|source| StartError::folder(path, source))
}

fn empty(path: &Path) -> Result<bool, StartError> {
    let mut entries = std::fs::read_dir(path).map_err(|source| StartError::folder(path, source))?;
    // A lock alone is what a start leaves that failed before its marker was written.
    Ok(entries.all(|entry| entry.is_ok_and(|entry| entry.file_name() == LOCK)))
}

fn lock(path: &Path) -> Result<File, StartError> {
    let file = path.join(LOCK);
    let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&file);
    let opened = opened.map_err(|source| StartError::folder(&file, source))?;
    match opened.try_lock() {
        Ok(()) => Ok(opened),
        Err(TryLockError::WouldBlock) => Err(StartError::Locked { path: path.to_owned() }),
        Err(TryLockError::Error(source)) => Err(StartError::folder(file, source)),
    }
}

fn read_marker(path: &Path) -> Result<Option<Json>, StartError> {
    let file = path.join(MARKER);
    let damaged = |_| StartError::damaged(&file, "it is not the JSON that was written there");
    match std::fs::read(&file) {
        Ok(text) => serde_json::from_slice(&text).map(Some).map_err(damaged),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(StartError::folder(file, source)),
    }
}

fn check_version(path: &Path) -> Result<(), StartError> {
    let Some(marker) = read_marker(path)? else {
        return Ok(());
    };
    match marker.get("version") {
        Some(version) if *version == json!(VERSION) => Ok(()),
        other => Err(StartError::Version {
            path: path.to_owned(),
            found: other.map_or("(none)".to_owned(), Json::to_string),
            expected: VERSION,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{DataFolder, MARKER, erase};
    use crate::error::StartError;

    #[test]
    fn a_folder_is_claimed_once_and_only_when_it_is_ours() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("data");
        let first = DataFolder::claim(&path).unwrap();
        assert!(matches!(DataFolder::claim(&path), Err(StartError::Locked { .. })));
        assert!(matches!(erase(&path), Err(StartError::Locked { .. })));
        drop(first);
        drop(DataFolder::claim(&path).unwrap());
        std::fs::write(path.join(MARKER), r#"{"version": 99}"#).unwrap();
        assert!(matches!(DataFolder::claim(&path), Err(StartError::Version { .. })));
        std::fs::write(path.join(MARKER), "garbage").unwrap();
        assert!(matches!(DataFolder::claim(&path), Err(StartError::Damaged { .. })));
        std::fs::write(path.join("more"), "x").unwrap();
        erase(&path).unwrap();
        assert_eq!(std::fs::read_dir(&path).unwrap().count(), 0);
        drop(DataFolder::claim(&path).unwrap());
    }

    #[test]
    fn an_interrupted_erase_is_finished_by_the_next_start() {
        let parent = tempfile::tempdir().unwrap();
        drop(DataFolder::claim(parent.path()).unwrap());
        std::fs::write(parent.path().join("left"), "x").unwrap();
        std::fs::write(parent.path().join(MARKER), super::erasing().to_string()).unwrap();
        drop(DataFolder::claim(parent.path()).unwrap());
        assert!(!parent.path().join("left").exists());
    }

    #[test]
    fn foreign_folders_are_never_touched() {
        let parent = tempfile::tempdir().unwrap();
        std::fs::write(parent.path().join("thesis.txt"), "years of work").unwrap();
        assert!(matches!(DataFolder::claim(parent.path()), Err(StartError::Foreign { .. })));
        assert!(matches!(erase(parent.path()), Err(StartError::Foreign { .. })));
        assert!(parent.path().join("thesis.txt").exists());
        let file = parent.path().join("thesis.txt");
        assert!(matches!(DataFolder::claim(&file), Err(StartError::Folder { .. })));
    }
}
