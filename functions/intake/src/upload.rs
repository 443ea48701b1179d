//! What an S3 event says about a new object.

use aws_lambda_events::s3::S3EventRecord;
use hearth::domain::document::{Document, Sha256Digest};
use hearth::domain::id::{DocumentId, MemberId};
use hearth::files::FileKey;
use percent_encoding::percent_decode_str;

/// A file in quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Upload {
    /// Whose record the document belongs to.
    pub(crate) member: MemberId,
    /// Which document.
    pub(crate) document: DocumentId,
    /// SHA-256 that the key names.
    pub(crate) sha256: Sha256Digest,
    /// Length in bytes, as S3 counted it.
    pub(crate) bytes: Option<u64>,
    /// The request that stored the file, as S3 calls it.
    pub(crate) request: String,
}

impl Upload {
    /// Reads a record; `None` when its key is no key of an upload.
    pub(crate) fn read(record: &S3EventRecord) -> Option<Self> {
        let object = &record.s3.object;
        let (member, document, sha256) = FileKey::parse_upload(&decoded(object.key.as_deref()?)?)?;
        Some(Self {
            member,
            document,
            sha256,
            bytes: object.size.and_then(|bytes| u64::try_from(bytes).ok()),
            request: record.response_elements.get("x-amz-request-id").cloned().unwrap_or_default(),
        })
    }

    /// The file that was announced, when no event tells of it.
    pub(crate) fn of(document: &Document) -> Self {
        Self {
            member: document.member,
            document: document.id,
            sha256: document.announced_sha256,
            bytes: None,
            request: "sweep".to_owned(),
        }
    }

    /// Where the file stands.
    pub(crate) fn key(&self) -> FileKey {
        FileKey::upload(self.member, self.document, &self.sha256)
    }
}

/// S3 writes keys into events as HTML forms do: a plus sign is a space, and signs are percent-encoded.
fn decoded(key: &str) -> Option<String> {
    percent_decode_str(&key.replace('+', " ")).decode_utf8().ok().map(|key| key.into_owned())
}

#[cfg(test)]
mod tests {
    use aws_lambda_events::s3::S3Event;

    use super::*;

    const EVENT: &str = include_str!("../../../events/intake/uploaded.json");

    fn record(text: &str) -> S3EventRecord {
        serde_json::from_str::<S3Event>(text).unwrap().records.remove(0)
    }

    #[test]
    fn the_sample_event_names_its_document() {
        let upload = Upload::read(&record(EVENT)).unwrap();
        assert_eq!(upload.bytes, Some(48_213));
        assert_eq!(upload.request, "950E6BFD736DDBCC");
        assert!(EVENT.contains(upload.key().as_str()));
    }

    #[test]
    fn an_encoded_key_means_the_same() {
        let encoded = EVENT.replace("quarantine/mbr_", "quarantine%2Fmbr%5F");
        assert_eq!(Upload::read(&record(&encoded)), Upload::read(&record(EVENT)));
    }

    #[test]
    fn other_keys_are_no_uploads() {
        for other in ["canonical/mbr_", "quarantine/x/mbr_", "quarantine/mbr+", "quarantine/%ff"] {
            assert_eq!(Upload::read(&record(&EVENT.replace("quarantine/mbr_", other))), None, "{other}");
        }
    }
}
