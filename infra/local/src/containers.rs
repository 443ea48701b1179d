//! Functions in containers: the embedded services for `sam local`, and what `sam local` does not deliver.
//!
//! `sam local start-api` answers requests with the built functions, each in a container of its own, and `sam local start-lambda`
//! invokes the others. Neither delivers a stream's records, a bucket's notifications or what the clock wakes. So a stack with
//! [`Containers`] runs no function in this process: its services listen where containers reach them, and its readers of streams,
//! its notifications and its schedules invoke the functions through `start-lambda`.
//!
//! The containers are started once, with the variables that [`prepare`] wrote into the template. Every stack that is opened on
//! the same folder has the same ports, keys and secret, so the containers find it; one after the other, never two at a time.

mod invoke;
mod prepare;

pub use prepare::{Functions, prepare};

use crate::error::StartError;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

/// What the folder says about itself.
const DESCRIPTION: &str = "containers.json";
/// Keys and secret of all its stacks.
const KEYS: &str = "keys";

/// Where the containers are, and where they expect the services.
#[derive(Debug, Clone)]
pub struct Containers {
    folder: PathBuf,
    places: Places,
}

/// Addresses on both sides.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Places {
    /// The address of this machine that containers reach: the bridge's.
    pub address: Ipv4Addr,
    /// The first of three ports for S3, DynamoDB, and SES with KMS.
    pub first_port: u16,
    /// `sam local start-api`, without a slash at the end.
    pub api: String,
    /// `sam local start-lambda`, without a slash at the end.
    pub lambda: String,
}

impl Containers {
    /// Reads what [`prepare`] wrote.
    ///
    /// # Errors
    /// [`StartError`]: there is no such folder.
    pub fn open(folder: &Path) -> Result<Self, StartError> {
        let file = folder.join(DESCRIPTION);
        let text = std::fs::read(&file).map_err(|source| StartError::folder(&file, source))?;
        let places = serde_json::from_slice(&text).map_err(|error| StartError::damaged(&file, error))?;
        Ok(Self { folder: folder.to_owned(), places })
    }

    /// Addresses on both sides.
    #[must_use]
    pub const fn places(&self) -> &Places {
        &self.places
    }

    /// The folder of the keys.
    pub(crate) fn keys(&self) -> PathBuf {
        self.folder.join(KEYS)
    }
}

impl Places {
    /// The ports of S3, DynamoDB, and SES with KMS.
    pub(crate) const fn ports(&self) -> [u16; 3] {
        [self.first_port, self.first_port.saturating_add(1), self.first_port.saturating_add(2)]
    }
}
