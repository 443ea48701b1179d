//! The seal's key in KMS. The right to let it sign is this function's alone.

use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{MessageType, SigningAlgorithmSpec};
use pades::{KeyError, SealingKey, Signature};

/// A key that never leaves KMS.
#[derive(Debug, Clone)]
pub(super) struct KmsKey {
    client: aws_sdk_kms::Client,
    key: String,
}

impl KmsKey {
    pub(super) fn new(client: aws_sdk_kms::Client, key: &str) -> Self {
        Self { client, key: key.to_owned() }
    }
}

impl SealingKey for KmsKey {
    fn sign(&self, digest: [u8; 32]) -> Signature<'_> {
        Box::pin(async move {
            let request = self.client.sign().key_id(&self.key).message_type(MessageType::Digest);
            let request = request.message(Blob::new(digest)).signing_algorithm(SigningAlgorithmSpec::EcdsaSha256);
            let answer = request.send().await.map_err(|_| KeyError("kms did not sign; it comes again"))?;
            answer.signature.map(Blob::into_inner).ok_or(KeyError("kms answered without a signature"))
        })
    }
}
