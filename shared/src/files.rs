//! Files in S3: uploads in quarantine, canonical files, sealed files. Keys hold identifiers and hashes only.

use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::put_object::PutObjectError;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::{ByteStream, DateTime};
use aws_sdk_s3::types::ObjectLockMode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};

use crate::aws::Aws;
use crate::clock::Clock;
use crate::config::{ConfigError, Environment};
use crate::domain::document::{FileKind, Sha256Digest};
use crate::domain::id::{DocumentId, MemberId, PacketId};
use crate::domain::packet::Piece;
use crate::http::Stop;
use crate::http::stop::Internal;

/// How long a link to a file opens it (design §4: what cannot be revoked lives 60 seconds at most).
pub const LINK_LIFE: SignedDuration = SignedDuration::from_secs(60);

/// Where a file stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileKey(String);

impl FileKey {
    /// An upload. The key names the bytes, so it can be written once and never swapped.
    #[must_use]
    pub fn upload(member: MemberId, document: DocumentId, sha256: &Sha256Digest) -> Self {
        Self(format!("quarantine/{member}/{document}/{sha256}"))
    }

    /// A canonical file.
    #[must_use]
    pub fn canonical(member: MemberId, document: DocumentId, sha256: &Sha256Digest) -> Self {
        Self(format!("canonical/{member}/{document}/{sha256}.pdf"))
    }

    /// A sealed file, as one attempt wrote it.
    #[must_use]
    pub fn sealed(member: MemberId, packet: PacketId, piece: Piece, attempt: u32) -> Self {
        match piece {
            Piece::Whole => Self(format!("sealed/{member}/{packet}/{attempt}.pdf")),
            Piece::Copy(slot) => Self(format!("sealed/{member}/{packet}/{slot}/{attempt}.pdf")),
        }
    }

    /// Reads the key of an upload.
    #[must_use]
    pub fn parse_upload(key: &str) -> Option<(MemberId, DocumentId, Sha256Digest)> {
        let mut parts = key.strip_prefix("quarantine/")?.split('/');
        let found = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        parts.next().is_none().then_some(found)
    }

    /// The key as S3 has it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A prepared request that a browser sends to S3 itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Address, with the signature in it.
    pub url: String,
    /// Headers that must be sent as they are.
    pub headers: Vec<(String, String)>,
}

/// The bucket.
#[derive(Debug, Clone)]
pub struct Files {
    client: Client,
    bucket: String,
    clock: Clock,
}

impl Files {
    /// Reads `BUCKET` and builds the client.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn from_environment(env: &Environment, aws: &Aws) -> Result<Self, ConfigError> {
        Ok(Self { client: aws.s3(env), bucket: env.required("BUCKET")?.to_owned(), clock: env.clock() })
    }

    /// A link with which a browser uploads exactly the announced bytes, once, within `life`. No call is made.
    ///
    /// # Errors
    /// An internal error.
    pub async fn upload_link(
        &self,
        key: &FileKey,
        kind: FileKind,
        sha256: &Sha256Digest,
        bytes: u64,
        life: SignedDuration,
    ) -> Result<Link, Stop> {
        let length = i64::try_from(bytes).map_err(|_| Internal("an upload is too long"))?;
        let request = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(&key.0)
            .content_type(kind.media_type())
            .content_length(length)
            .checksum_sha256(STANDARD.encode(sha256.as_bytes()))
            .if_none_match("*")
            .presigned(self.presigning(life)?)
            .await
            .map_err(|_| Internal("an upload link could not be signed"))?;
        Ok(Link {
            url: request.uri().to_owned(),
            headers: request
                .headers()
                // The browser sets these two itself, from the address and from the bytes.
                .filter(|(name, _)| !name.eq_ignore_ascii_case("host") && !name.eq_ignore_ascii_case("content-length"))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        })
    }

    /// A link that opens one file for 60 seconds, as a download with a name that says nothing. No call is made.
    ///
    /// # Errors
    /// An internal error.
    pub async fn download_link(&self, key: &FileKey) -> Result<Link, Stop> {
        let request = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(&key.0)
            .response_content_type("application/pdf")
            .response_content_disposition("attachment; filename=\"document.pdf\"")
            .response_cache_control("no-store")
            .presigned(self.presigning(LINK_LIFE)?)
            .await
            .map_err(|_| Internal("a download link could not be signed"))?;
        Ok(Link { url: request.uri().to_owned(), headers: Vec::new() })
    }

    /// Reads a whole file, when it is not larger than `most` bytes.
    ///
    /// # Errors
    /// Unavailable; `Ok(None)` when there is no such file or it is larger.
    pub async fn read(&self, key: &FileKey, most: u64) -> Result<Option<Vec<u8>>, Stop> {
        let unread = Stop::Unavailable("s3 did not give a file");
        let object = match self.client.get_object().bucket(&self.bucket).key(&key.0).send().await {
            Ok(object) => object,
            Err(SdkError::ServiceError(service)) if service.err().code() == Some("NoSuchKey") => return Ok(None),
            Err(_) => return Err(unread),
        };
        let length = object.content_length().and_then(|length| u64::try_from(length).ok());
        if length.is_none_or(|length| length > most) {
            return Ok(None);
        }
        let bytes = object.body.collect().await.map_err(|_| unread)?;
        Ok(Some(bytes.to_vec()))
    }

    /// Writes a PDF under a key that has not been used. `false` when it has: then the file that is there stays.
    ///
    /// # Errors
    /// Unavailable.
    pub async fn write_once(&self, key: &FileKey, bytes: Vec<u8>, sha256: &Sha256Digest) -> Result<bool, Stop> {
        self.write(key, bytes, sha256, None).await
    }

    /// [`Files::write_once`], and nobody deletes or replaces it until then (S3 Object Lock, governance mode: whoever may lift
    /// the lock is named in the account's policies, and no function is). `None` locks nothing.
    ///
    /// # Errors
    /// Unavailable.
    pub async fn write_locked(
        &self,
        key: &FileKey,
        bytes: Vec<u8>,
        sha256: &Sha256Digest,
        until: Option<Timestamp>,
    ) -> Result<bool, Stop> {
        self.write(key, bytes, sha256, until).await
    }

    async fn write(
        &self,
        key: &FileKey,
        bytes: Vec<u8>,
        sha256: &Sha256Digest,
        locked_until: Option<Timestamp>,
    ) -> Result<bool, Stop> {
        let outcome = self
            .client
            .put_object()
            .set_object_lock_mode(locked_until.map(|_| ObjectLockMode::Governance))
            .set_object_lock_retain_until_date(locked_until.map(|until| DateTime::from_secs(until.as_second())))
            .bucket(&self.bucket)
            .key(&key.0)
            .content_type("application/pdf")
            .checksum_sha256(STANDARD.encode(sha256.as_bytes()))
            .if_none_match("*")
            .body(ByteStream::from(bytes))
            .send()
            .await;
        match outcome {
            Ok(_) => Ok(true),
            Err(error) if is_taken(&error) => Ok(false),
            Err(_) => Err(Stop::Unavailable("s3 did not take a file")),
        }
    }

    /// Links live from this clock's now on.
    fn presigning(&self, life: SignedDuration) -> Result<PresigningConfig, Internal> {
        PresigningConfig::builder()
            .start_time(self.clock.now().into())
            .expires_in(Duration::from_secs(life.as_secs().unsigned_abs()))
            .build()
            .map_err(|_| Internal("a link's life is too long"))
    }
}

fn is_taken<R>(error: &SdkError<PutObjectError, R>) -> bool {
    matches!(error, SdkError::ServiceError(service) if service.err().code() == Some("PreconditionFailed"))
}
