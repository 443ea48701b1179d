//! The stack's own secrets: the keys that sign access tokens and sealed files, and `STACK_SECRET`.
//!
//! In AWS the keys live in KMS and the secret in Secrets Manager. Here all
//! are generated at the first start and kept in files that only their owner may read.

use crate::data::{DataFolder, write_private};
use crate::error::StartError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa::SigningKey;
use p256::pkcs8::EncodePublicKey;
use std::path::Path;

const SIGNING_KEY: &str = "token-key";
const SEAL_KEY: &str = "seal-key";
const STACK_SECRET: &str = "stack-secret";
/// Bytes of `STACK_SECRET`.
const SECRET_LENGTH: usize = 32;

/// The generated secrets of one stack.
pub(crate) struct Keys {
    /// Signs access tokens (ECDSA on P-256).
    pub(crate) signing: SigningKey,
    /// Seals files (ECDSA on P-256).
    pub(crate) sealing: SigningKey,
    /// Base64 of random bytes.
    pub(crate) stack_secret: String,
}

impl Keys {
    /// Reads the secrets, or generates them at the first start.
    ///
    /// `existing` says that the database has been there before: then missing
    /// keys are an error, because new ones would fit nothing that it holds.
    pub(crate) fn open(folder: &Path, existing: bool) -> Result<Self, StartError> {
        let signing = open_key(&folder.join(SIGNING_KEY), existing)?;
        // A folder of before there were seals has none, and nothing in it needs one: a sealed file holds its certificate.
        let sealing = open_key(&folder.join(SEAL_KEY), false)?;
        let secret_file = folder.join(STACK_SECRET);
        let secret = match read(&secret_file)? {
            Some(bytes) if bytes.len() == SECRET_LENGTH => bytes,
            Some(_) => return Err(StartError::damaged(secret_file, "it has the wrong length")),
            None if existing => return Err(StartError::damaged(secret_file, "it is missing")),
            None => {
                let bytes = random::<SECRET_LENGTH>()?.to_vec();
                write(&secret_file, &bytes)?;
                bytes
            }
        };
        Ok(Self { signing, sealing, stack_secret: STANDARD.encode(secret) })
    }

    /// The certificate of the sealing key, base64 of DER. It names no clinic: whoever meets it elsewhere must not take it for
    /// one's.
    pub(crate) fn seal_certificate(&self) -> Result<String, StartError> {
        let certificate = pades::local::self_signed(&self.sealing, "CN=Hearth on a laptop,O=No clinic");
        certificate
            .map(|der| STANDARD.encode(der))
            .map_err(|_| StartError::System("cannot make a certificate".to_owned()))
    }
}

/// `SubjectPublicKeyInfo` of a key in DER.
pub(crate) fn public_key(key: &SigningKey) -> Result<Vec<u8>, StartError> {
    let der = key.verifying_key().to_public_key_der();
    der.map(|der| der.to_vec()).map_err(|_| StartError::System("cannot encode a key".to_owned()))
}

/// Reads a key, or generates it unless it must be there.
fn open_key(file: &Path, existing: bool) -> Result<SigningKey, StartError> {
    match read(file)? {
        Some(bytes) => SigningKey::from_slice(&bytes).map_err(|_| StartError::damaged(file, "it holds no P-256 key")),
        None if existing => Err(StartError::damaged(file, "it is missing")),
        None => {
            let key = generate()?;
            write(file, &key.to_bytes())?;
            Ok(key)
        }
    }
}

/// Whether a folder has been used before: the keys come last at the first start.
pub(crate) fn exist(folder: &DataFolder) -> bool {
    folder.file(SIGNING_KEY).exists()
}

/// Fresh random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], StartError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| StartError::System(format!("the system gives no random numbers: {error}")))?;
    Ok(bytes)
}

fn generate() -> Result<SigningKey, StartError> {
    loop {
        // Not every 32 bytes are a key; 2^-32 of them are not.
        if let Ok(key) = SigningKey::from_slice(&random::<32>()?) {
            return Ok(key);
        }
    }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, StartError> {
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let bytes = STANDARD.decode(text.trim());
            bytes.map(Some).map_err(|_| StartError::damaged(path, "it is not base64"))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            Err(StartError::damaged(path, "it is not base64"))
        }
        Err(source) => Err(StartError::folder(path, source)),
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), StartError> {
    write_private(path, format!("{}\n", STANDARD.encode(bytes)).as_bytes())
}
