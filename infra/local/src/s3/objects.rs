//! Objects on disk.
//!
//! An object becomes visible in one step, after everything about it has been
//! checked: the bytes go to a file of their own, and renaming the description
//! next to it is the commit. `s3s-fs` puts the bytes in place first and
//! compares checksums afterwards, so that an upload it refuses still occupies
//! the write-once key; that is why the store is our own.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{Error, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What is known about an object besides its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Description {
    /// The object's key.
    pub(crate) key: String,
    /// Length in bytes.
    pub(crate) size: u64,
    /// MD5 of the bytes in hexadecimal: S3's entity tag.
    pub(crate) e_tag: String,
    /// SHA-256 of the bytes in base64, as S3 writes checksums.
    pub(crate) sha256: String,
    /// Seconds since the epoch.
    pub(crate) modified: i64,
    /// `Content-Type`, `Cache-Control`, `Content-Disposition`, … by lower-case name.
    pub(crate) headers: BTreeMap<String, String>,
    /// `x-amz-meta-…`.
    pub(crate) metadata: BTreeMap<String, String>,
    /// The file with the bytes; set by the store.
    pub(crate) file: String,
}

/// The objects of all buckets.
#[derive(Debug, Clone)]
pub(crate) struct Objects {
    root: PathBuf,
    /// Whether to wait until the disk has the bytes.
    durable: bool,
    next: Arc<AtomicU64>,
    /// Held while an object appears or disappears.
    commit: Arc<Mutex<()>>,
}

impl Objects {
    /// Opens the store, creating buckets that do not exist yet.
    pub(crate) fn open(root: PathBuf, buckets: &[String], durable: bool) -> Result<Self, Error> {
        for bucket in buckets {
            std::fs::create_dir_all(root.join(bucket))?;
        }
        let this = Self { root, durable, next: Arc::default(), commit: Arc::default() };
        for bucket in buckets {
            this.clean(bucket)?;
        }
        Ok(this)
    }

    /// Removes bytes that an interrupted upload left without a description.
    fn clean(&self, bucket: &str) -> Result<(), Error> {
        let known: Vec<String> = self.list(bucket)?.into_iter().map(|object| object.file).collect();
        for entry in std::fs::read_dir(self.root.join(bucket))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !is_description(&name) && !known.contains(&name) {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    pub(crate) fn has_bucket(&self, bucket: &str) -> bool {
        self.root.join(bucket).is_dir()
    }

    /// Stores an object. `Ok(false)`: `only_new` was asked and the key is taken.
    ///
    /// `before_commit` runs when nothing but the commit is left to do; its failure leaves nothing behind.
    pub(crate) fn put(
        &self,
        bucket: &str,
        mut description: Description,
        bytes: &[u8],
        only_new: bool,
        before_commit: impl FnOnce() -> Result<(), Error>,
    ) -> Result<bool, Error> {
        let folder = self.root.join(bucket);
        let stem = stem(&description.key);
        let place = folder.join(format!("{stem}.json"));
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        description.file = format!("{stem}.{}-{number}", std::process::id());
        let data = folder.join(&description.file);
        self.write(&data, bytes)?;
        let committed = self.commit(&place, &description, only_new, before_commit);
        if !matches!(committed, Ok(true)) {
            std::fs::remove_file(&data)?;
        }
        committed
    }

    fn commit(
        &self,
        place: &Path,
        description: &Description,
        only_new: bool,
        before_commit: impl FnOnce() -> Result<(), Error>,
    ) -> Result<bool, Error> {
        let _guard = self.commit.lock().unwrap_or_else(PoisonError::into_inner);
        let old = describe(place)?;
        if only_new && old.is_some() {
            return Ok(false);
        }
        let temporary = place.with_file_name(format!("{}.description", description.file));
        self.write(&temporary, &serde_json::to_vec(description)?)?;
        if let Err(error) = before_commit() {
            std::fs::remove_file(&temporary)?;
            return Err(error);
        }
        std::fs::rename(&temporary, place)?;
        if let Some(old) = old {
            std::fs::remove_file(place.with_file_name(old.file))?;
        }
        Ok(true)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), Error> {
        let mut file = std::fs::File::create_new(path)?;
        file.write_all(bytes)?;
        if self.durable { file.sync_all() } else { Ok(()) }
    }

    /// What is stored under a key.
    pub(crate) fn describe(&self, bucket: &str, key: &str) -> Result<Option<Description>, Error> {
        describe(&self.root.join(bucket).join(format!("{}.json", stem(key))))
    }

    /// The object with its bytes.
    pub(crate) fn get(&self, bucket: &str, key: &str) -> Result<Option<(Description, Vec<u8>)>, Error> {
        let _guard = self.commit.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(description) = self.describe(bucket, key)? else {
            return Ok(None);
        };
        let bytes = std::fs::read(self.root.join(bucket).join(&description.file))?;
        Ok(Some((description, bytes)))
    }

    /// Removes an object; removing what is not there is fine.
    pub(crate) fn delete(&self, bucket: &str, key: &str) -> Result<(), Error> {
        let _guard = self.commit.lock().unwrap_or_else(PoisonError::into_inner);
        let place = self.root.join(bucket).join(format!("{}.json", stem(key)));
        if let Some(description) = describe(&place)? {
            std::fs::remove_file(&place)?;
            std::fs::remove_file(place.with_file_name(description.file))?;
        }
        Ok(())
    }

    /// All objects of a bucket in the order of their keys.
    pub(crate) fn list(&self, bucket: &str) -> Result<Vec<Description>, Error> {
        let mut objects = Vec::new();
        for entry in std::fs::read_dir(self.root.join(bucket))? {
            let entry = entry?;
            if is_description(&entry.file_name().to_string_lossy()) {
                objects.extend(describe(&entry.path())?);
            }
        }
        objects.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(objects)
    }
}

fn is_description(name: &str) -> bool {
    name.ends_with(".json")
}

/// The name of an object's files: keys may be longer than file names, and mean something to file systems.
fn stem(key: &str) -> String {
    hex::encode(Sha256::digest(key.as_bytes()))
}

fn describe(place: &Path) -> Result<Option<Description>, Error> {
    match std::fs::read(place) {
        Ok(text) => {
            let named =
                |error: serde_json::Error| Error::new(ErrorKind::InvalidData, format!("{}: {error}", place.display()));
            serde_json::from_slice(&text).map(Some).map_err(named)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::{Description, Objects};

    fn described(key: &str) -> Description {
        Description { key: key.to_owned(), ..Default::default() }
    }

    #[test]
    fn an_object_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let buckets = ["b".to_owned()];
        let objects = Objects::open(folder.path().to_owned(), &buckets, true).unwrap();
        let long = format!("a/../{}", "k".repeat(900));
        let fails = || Err(std::io::Error::other("no"));
        assert!(objects.put("b", described(&long), b"1", true, fails).is_err());
        assert!(objects.describe("b", &long).unwrap().is_none());
        assert!(objects.put("b", described(&long), b"2", true, || Ok(())).unwrap());
        assert!(!objects.put("b", described(&long), b"3", true, || Ok(())).unwrap());
        assert_eq!(objects.get("b", &long).unwrap().unwrap().1, b"2");
        assert!(objects.put("b", described(&long), b"4", false, || Ok(())).unwrap());
        assert_eq!(objects.get("b", &long).unwrap().unwrap().1, b"4");
        std::fs::write(folder.path().join("b/left.over"), "x").unwrap();
        let objects = Objects::open(folder.path().to_owned(), &buckets, true).unwrap();
        assert_eq!(std::fs::read_dir(folder.path().join("b")).unwrap().count(), 2);
        assert_eq!(objects.list("b").unwrap().len(), 1);
        objects.delete("b", &long).unwrap();
        objects.delete("b", &long).unwrap();
        assert_eq!(std::fs::read_dir(folder.path().join("b")).unwrap().count(), 0);
    }
}
