//! The stack's own secrets: the key that signs access tokens, and `STACK_SECRET`.
//!
//! In AWS the first lives in KMS and the second in Secrets Manager. Here both
//! are generated at the first start and kept in files that only their owner may read.

use crate::data::{DataFolder, write_private};
use crate::error::StartError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa::SigningKey;
use p256::pkcs8::EncodePublicKey;
use std::path::Path;

const SIGNING_KEY: &str = "token-key";
const STACK_SECRET: &str = "stack-secret";
/// Bytes of `STACK_SECRET`.
const SECRET_LENGTH: usize = 32;

/// The generated secrets of one stack.
pub(crate) struct Keys {
    /// Signs access tokens (ECDSA on P-256).
    pub(crate) signing: SigningKey,
    /// Base64 of random bytes.
    pub(crate) stack_secret: String,
}

impl Keys {
    /// Reads the secrets, or generates them at the first start.
    ///
    /// `existing` says that the database has been there before: then missing
    /// keys are an error, because new ones would fit nothing that it holds.
    pub(crate) fn open(folder: &DataFolder, existing: bool) -> Result<Self, StartError> {
        let key_file = folder.file(SIGNING_KEY);
        let signing = match read(&key_file)? {
            Some(bytes) => {
                SigningKey::from_slice(&bytes).map_err(|_| StartError::damaged(&key_file, "it holds no P-256 key"))?
            }
            None if existing => return Err(StartError::damaged(key_file, "it is missing")),
            None => {
                let key = generate()?;
                write(&key_file, &key.to_bytes())?;
                key
            }
        };
        let secret_file = folder.file(STACK_SECRET);
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
        Ok(Self { signing, stack_secret: STANDARD.encode(secret) })
    }

    /// `SubjectPublicKeyInfo` of the signing key in DER.
    pub(crate) fn public_key(&self) -> Result<Vec<u8>, StartError> {
        let der = self.signing.verifying_key().to_public_key_der();
        der.map(|der| der.to_vec()).map_err(|_| StartError::System("cannot encode the token key".to_owned()))
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
