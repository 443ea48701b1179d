//! `PutObject`: everything is checked before the object appears.

use super::Stored;
use super::backend::Backend;
use super::objects::Description;
use s3s::checksum::ChecksumHasher;
use s3s::crypto::{Checksum as _, Md5};
use s3s::dto::{Checksum, ETag, PutObjectInput, PutObjectOutput};
use s3s::{Body, S3Request, S3Response, S3Result, TrailingHeaders, s3_error};
use std::collections::BTreeMap;

/// Largest object: the largest upload is 25 MB, and sealed files are a little larger.
const LARGEST: usize = 64 * 1024 * 1024;

impl Backend {
    pub(super) async fn put(&self, request: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
        let mut input = request.input;
        if input.if_match.is_some() {
            return Err(s3_error!(NotImplemented, "If-Match"));
        }
        let only_new = match &input.if_none_match {
            None => false,
            Some(condition) if condition.is_any() => true,
            Some(_) => return Err(s3_error!(NotImplemented, "If-None-Match with an entity tag")),
        };
        let mut body = Body::from(input.body.take().ok_or_else(|| s3_error!(IncompleteBody))?);
        let bytes = body.store_all_limited(LARGEST).await.map_err(|_| s3_error!(EntityTooLarge))?;
        if input.content_length.is_some_and(|length| usize::try_from(length) != Ok(bytes.len())) {
            return Err(s3_error!(IncompleteBody));
        }
        let computed = checksums(&bytes);
        // Trailers have arrived once the body is complete.
        let expected = expected(&input, request.trailing_headers.as_ref());
        check(&expected, &computed)?;

        let description = Description {
            key: input.key.clone(),
            size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            e_tag: hex::encode(Md5::checksum(&bytes)),
            sha256: computed.checksum_sha256.clone().unwrap_or_default(),
            modified: self.clock.now().as_second(),
            headers: headers(&input),
            metadata: input.metadata.unwrap_or_default().into_iter().collect(),
            ..Default::default()
        };
        let stored = Stored {
            bucket: input.bucket.clone(),
            key: input.key,
            size: description.size,
            e_tag: description.e_tag.clone(),
        };
        let e_tag = description.e_tag.clone();
        let notifications = self.notifications.clone();
        let (put, staged) = self
            .on_disk(&input.bucket, move |objects, bucket| {
                let mut staged = Vec::new();
                let put = objects.put(bucket, description, &bytes, only_new, || {
                    // Written before the object appears: neither can be lost without the other.
                    staged = notifications.stage(&stored)?;
                    Ok(())
                })?;
                Ok((put, staged))
            })
            .await?;
        if !put {
            return Err(s3_error!(PreconditionFailed, "At least one of the pre-conditions you specified did not hold"));
        }
        self.notifications.deliver(staged);
        Ok(S3Response::new(PutObjectOutput {
            e_tag: Some(ETag::Strong(e_tag)),
            checksum_sha256: expected.checksum_sha256,
            ..Default::default()
        }))
    }
}

/// The headers that are given back with the object.
fn headers(input: &PutObjectInput) -> BTreeMap<String, String> {
    let all = [
        ("content-type", &input.content_type),
        ("cache-control", &input.cache_control),
        ("content-disposition", &input.content_disposition),
        ("content-encoding", &input.content_encoding),
        ("content-language", &input.content_language),
    ];
    let given = all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)));
    given.collect()
}

/// The checksums that the client sent, in headers or behind the body.
fn expected(input: &PutObjectInput, trailers: Option<&TrailingHeaders>) -> Checksum {
    let trailers = trailers.and_then(TrailingHeaders::take).unwrap_or_default();
    let either = |header: &Option<String>, name: &str| {
        let trailer = trailers.get(name).and_then(|value| value.to_str().ok());
        header.clone().or_else(|| trailer.map(str::to_owned))
    };
    Checksum {
        checksum_crc32: either(&input.checksum_crc32, "x-amz-checksum-crc32"),
        checksum_crc32c: either(&input.checksum_crc32c, "x-amz-checksum-crc32c"),
        checksum_sha1: either(&input.checksum_sha1, "x-amz-checksum-sha1"),
        checksum_sha256: either(&input.checksum_sha256, "x-amz-checksum-sha256"),
        checksum_crc64nvme: either(&input.checksum_crc64nvme, "x-amz-checksum-crc64nvme"),
        ..Default::default()
    }
}

fn checksums(bytes: &[u8]) -> Checksum {
    let mut hasher = ChecksumHasher {
        crc32: Some(Default::default()),
        crc32c: Some(Default::default()),
        sha1: Some(Default::default()),
        sha256: Some(Default::default()),
        crc64nvme: Some(Default::default()),
    };
    hasher.update(bytes);
    hasher.finalize()
}

/// Every checksum that the client sent must be that of the bytes.
fn check(expected: &Checksum, computed: &Checksum) -> S3Result<()> {
    let pairs = [
        (&expected.checksum_crc32, &computed.checksum_crc32),
        (&expected.checksum_crc32c, &computed.checksum_crc32c),
        (&expected.checksum_sha1, &computed.checksum_sha1),
        (&expected.checksum_sha256, &computed.checksum_sha256),
        (&expected.checksum_crc64nvme, &computed.checksum_crc64nvme),
    ];
    if pairs.iter().any(|(expected, computed)| expected.is_some() && expected != computed) {
        return Err(s3_error!(BadDigest, "The checksum you specified did not match the calculated checksum"));
    }
    Ok(())
}
