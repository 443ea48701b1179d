//! The S3 operations that the product uses, over [`Objects`].

use super::objects::{Description, Objects};
use super::presigned::Verified;
use crate::notifications::Notifications;
use crate::rights::{Ask, Callers};
use crate::template::World;
use hearth::clock::Clock;
use s3s::access::{S3Access, S3AccessContext};
use s3s::dto::{
    ContentType, DeleteObjectInput, DeleteObjectOutput, ETag, GetObjectInput, GetObjectOutput, HeadBucketInput,
    HeadBucketOutput, HeadObjectInput, HeadObjectOutput, ListObjectsV2Input, ListObjectsV2Output, Object,
    PutObjectInput, PutObjectOutput, StreamingBlob, Timestamp,
};
use s3s::{Body, S3, S3Request, S3Response, S3Result, s3_error};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Most objects in one page of a listing, as on AWS.
const PAGE: i32 = 1000;

/// Lets in requests signed in headers (checked by `s3s`) and verified presigned URLs, as far as the signer may do it.
pub(super) struct Access {
    pub(super) callers: Callers,
    pub(super) world: Arc<World>,
}

#[async_trait::async_trait]
impl S3Access for Access {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        let presigned = context.extensions_mut().get::<Verified>().map(|verified| verified.0.clone());
        let caller = context.credentials().map(|known| known.access_key.clone()).or(presigned);
        let path = context.s3_path();
        let locks = context.headers().contains_key("x-amz-object-lock-mode");
        let bucket = path.get_bucket_name().unwrap_or_default();
        let asks = Ask::s3(context.s3_op().name(), bucket, path.get_object_key(), locks, &self.world);
        if caller.is_some_and(|caller| self.callers.may(&caller, &asks)) {
            Ok(())
        } else {
            Err(s3_error!(AccessDenied, "Access Denied"))
        }
    }
}

pub(super) struct Backend {
    pub(super) objects: Objects,
    pub(super) notifications: Notifications,
    pub(super) clock: Clock,
}

impl Backend {
    /// Runs file work off the threads that serve connections.
    pub(super) async fn on_disk<T: Send + 'static>(
        &self,
        bucket: &str,
        work: impl FnOnce(&Objects, &str) -> std::io::Result<T> + Send + 'static,
    ) -> S3Result<T> {
        if !self.objects.has_bucket(bucket) {
            return Err(s3_error!(NoSuchBucket));
        }
        let (objects, bucket) = (self.objects.clone(), bucket.to_owned());
        match tokio::task::spawn_blocking(move || work(&objects, &bucket)).await {
            Ok(Ok(value)) => Ok(value),
            _ => Err(s3_error!(InternalError)),
        }
    }
}

#[async_trait::async_trait]
impl S3 for Backend {
    async fn put_object(&self, request: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
        self.put(request).await
    }

    async fn get_object(&self, request: S3Request<GetObjectInput>) -> S3Result<S3Response<GetObjectOutput>> {
        let input = request.input;
        let key = input.key;
        let found = self.on_disk(&input.bucket, move |objects, bucket| objects.get(bucket, &key)).await?;
        let (object, bytes) = found.ok_or_else(|| s3_error!(NoSuchKey))?;
        let (content_range, bytes) = match input.range {
            None => (None, bytes),
            Some(range) => {
                let range = range.check(object.size).map_err(|_| s3_error!(InvalidRange))?;
                let text = format!("bytes {}-{}/{}", range.start, range.end.saturating_sub(1), object.size);
                let part = usize::try_from(range.start).ok().zip(usize::try_from(range.end).ok());
                let part = part.and_then(|(start, end)| bytes.get(start..end));
                (Some(text), part.ok_or_else(|| s3_error!(InvalidRange))?.to_vec())
            }
        };
        let head = head(&object);
        Ok(S3Response::new(GetObjectOutput {
            content_length: i64::try_from(bytes.len()).ok(),
            checksum_sha256: head.checksum_sha256.filter(|_| content_range.is_none()),
            content_range,
            body: Some(StreamingBlob::from(Body::from(bytes))),
            accept_ranges: head.accept_ranges,
            content_type: head.content_type,
            cache_control: head.cache_control,
            content_disposition: head.content_disposition,
            content_encoding: head.content_encoding,
            content_language: head.content_language,
            last_modified: head.last_modified,
            metadata: head.metadata,
            e_tag: head.e_tag,
            ..Default::default()
        }))
    }

    async fn head_object(&self, request: S3Request<HeadObjectInput>) -> S3Result<S3Response<HeadObjectOutput>> {
        let key = request.input.key;
        let found = self.on_disk(&request.input.bucket, move |objects, bucket| objects.describe(bucket, &key)).await?;
        found.map(|object| S3Response::new(head(&object))).ok_or_else(|| s3_error!(NoSuchKey))
    }

    async fn head_bucket(&self, request: S3Request<HeadBucketInput>) -> S3Result<S3Response<HeadBucketOutput>> {
        self.on_disk(&request.input.bucket, |_, _| Ok(())).await?;
        Ok(S3Response::new(HeadBucketOutput::default()))
    }

    async fn delete_object(&self, request: S3Request<DeleteObjectInput>) -> S3Result<S3Response<DeleteObjectOutput>> {
        let key = request.input.key;
        self.on_disk(&request.input.bucket, move |objects, bucket| objects.delete(bucket, &key)).await?;
        Ok(S3Response::new(DeleteObjectOutput::default()))
    }

    async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        let input = request.input;
        if input.delimiter.is_some() {
            return Err(s3_error!(NotImplemented, "delimiter"));
        }
        let all = self.on_disk(&input.bucket, |objects, bucket| objects.list(bucket)).await?;
        let prefix = input.prefix.clone().unwrap_or_default();
        let after = input.continuation_token.clone().max(input.start_after.clone()).unwrap_or_default();
        let max_keys = input.max_keys.unwrap_or(PAGE).clamp(0, PAGE);
        let wanted = usize::try_from(max_keys).unwrap_or(0);
        let mut page: Vec<Description> =
            all.into_iter().filter(|object| object.key.starts_with(&prefix) && object.key > after).collect();
        let truncated = page.len() > wanted;
        page.truncate(wanted);
        Ok(S3Response::new(ListObjectsV2Output {
            name: Some(input.bucket),
            prefix: input.prefix,
            key_count: i32::try_from(page.len()).ok(),
            max_keys: Some(max_keys),
            is_truncated: Some(truncated),
            next_continuation_token: page.last().filter(|_| truncated).map(|object| object.key.clone()),
            contents: Some(
                page.into_iter()
                    .map(|object| Object {
                        last_modified: time(object.modified),
                        size: i64::try_from(object.size).ok(),
                        e_tag: Some(ETag::Strong(object.e_tag)),
                        key: Some(object.key),
                        ..Default::default()
                    })
                    .collect(),
            ),
            ..Default::default()
        }))
    }
}

fn head(object: &Description) -> HeadObjectOutput {
    let header = |name: &str| object.headers.get(name).cloned();
    HeadObjectOutput {
        accept_ranges: Some("bytes".to_owned()),
        content_length: i64::try_from(object.size).ok(),
        content_type: header("content-type").or(Some("binary/octet-stream".to_owned()) as Option<ContentType>),
        cache_control: header("cache-control"),
        content_disposition: header("content-disposition"),
        content_encoding: header("content-encoding"),
        content_language: header("content-language"),
        checksum_sha256: Some(object.sha256.clone()),
        e_tag: Some(ETag::Strong(object.e_tag.clone())),
        last_modified: time(object.modified),
        metadata: Some(object.metadata.clone().into_iter().collect()),
        ..Default::default()
    }
}

fn time(seconds: i64) -> Option<Timestamp> {
    let seconds = Duration::from_secs(u64::try_from(seconds).ok()?);
    SystemTime::UNIX_EPOCH.checked_add(seconds).map(Timestamp::from)
}
