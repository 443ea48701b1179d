//! The seal behind the signature record: the clinic's key signs, and a time-stamp authority when one is configured.

mod authority;
mod kms;

use std::sync::Arc;

use hearth::aws::Aws;
use hearth::clock::Clock;
use hearth::config::{ConfigError, Environment};
use pades::{Chain, Draft, KeyError, SealingKey, SigningError};
use tokio::task::spawn_blocking;

use crate::pdf::{self, Evidence, SealError, Sealing};

pub(crate) use authority::{Authority, AuthorityError};
use kms::KmsKey;

/// Who seals.
#[derive(Debug, Clone)]
pub(crate) struct Sealer {
    key: Arc<dyn SealingKey>,
    chain: Arc<Chain>,
    authority: Option<Authority>,
    clock: Clock,
}

/// Why a file was not sealed. Nothing personal is in the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SealerError {
    /// The certificate is not valid now, so nobody would accept the seal.
    #[error("the certificate of the seal is not valid now; set SealCertificate to one that is")]
    NotValidNow,
    /// The signature record could not be made.
    #[error(transparent)]
    Record(#[from] SealError),
    /// The key did not sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The seal could not be made.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// There is no time stamp, so there is no seal.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// What was made does not begin with the canonical file.
    #[error("the sealed file does not begin with the file that was signed; report this as a fault")]
    NoPrefix,
    /// The work on the file stopped.
    #[error("the work on the file stopped; report this as a fault")]
    Stopped,
}

impl Sealer {
    /// Reads `SEAL_KEY_ID`, `SEAL_CERTIFICATE`, `TIMESTAMP_URL` (optional) and what KMS needs.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub(crate) fn from_environment(env: &Environment, aws: &Aws) -> Result<Self, ConfigError> {
        Ok(Self {
            key: Arc::new(KmsKey::new(aws.kms(env), env.required("SEAL_KEY_ID")?)),
            chain: Arc::new(env.parsed("SEAL_CERTIFICATE")?),
            authority: env.optional("TIMESTAMP_URL").map(Authority::at).transpose()?,
            clock: env.clock(),
        })
    }

    /// The canonical file with the signature record behind it, sealed.
    pub(crate) async fn seal(&self, canonical: Vec<u8>, evidence: pdf::Evidence) -> Result<Vec<u8>, SealerError> {
        let now = self.clock.now();
        if !self.chain.is_valid_at(now) {
            return Err(SealerError::NotValidNow);
        }
        let sealing = Sealing { chain: Arc::clone(&self.chain), time_stamp: self.authority.is_some(), at: now };
        // Off the thread that answers: the local stack runs all functions on one.
        let draft = spawn_blocking(move || draft(&canonical, &evidence, &sealing));
        let (file, canonical) = draft.await.map_err(|_| SealerError::Stopped)??;
        let draft = Draft::new(file, canonical, &self.chain)?;
        let signature = self.key.sign(draft.digest()).await?;
        let signed = draft.sign(&signature)?;
        let token = match &self.authority {
            Some(authority) => Some(authority.stamp(signed.imprint(), now).await?),
            None => None,
        };
        Ok(signed.finish(token)?)
    }
}

/// The file with an empty seal, and the length of the canonical file.
fn draft(canonical: &[u8], evidence: &Evidence, sealing: &Sealing) -> Result<(Vec<u8>, usize), SealerError> {
    let file = pdf::append_evidence(canonical, evidence, sealing)?;
    if file.len() > canonical.len() && file.starts_with(canonical) {
        Ok((file, canonical.len()))
    } else {
        Err(SealerError::NoPrefix)
    }
}
