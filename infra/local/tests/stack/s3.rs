//! S3: what presigned links allow and refuse, CORS, notifications.

use crate::support::{Seen, options, stack};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hearth::clock::Clock;
use hearth_local::Stack;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::time::{Duration, SystemTime};

const BYTES: &[u8] = b"%PDF-1.7 the announced bytes";

/// A link as the documents function makes it, and the headers that a browser sends with it.
async fn link(stack: &Stack, key: &str, start: SystemTime) -> (String, Vec<(String, String)>) {
    let presigned = crate::support::s3(stack)
        .put_object()
        .bucket(&stack.environment()["BUCKET"])
        .key(key)
        .content_type("application/pdf")
        .content_length(i64::try_from(BYTES.len()).unwrap())
        .checksum_sha256(STANDARD.encode(Sha256::digest(BYTES)))
        .if_none_match("*")
        .presigned(PresigningConfig::builder().start_time(start).expires_in(Duration::from_secs(60)).build().unwrap())
        .await
        .unwrap();
    let headers = presigned.headers().filter(|(name, _)| *name != "content-length" && *name != "host");
    (presigned.uri().to_owned(), headers.map(|(k, v)| (k.to_owned(), v.to_owned())).collect())
}

async fn send(url: &str, headers: &[(String, String)], body: &[u8]) -> (u16, String) {
    let mut request = reqwest::Client::new().put(url).body(body.to_vec());
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

fn changed(headers: &[(String, String)], name: &str, value: Option<&str>) -> Vec<(String, String)> {
    let others = headers.iter().filter(|(key, _)| key != name).cloned();
    others.chain(value.map(|value| (name.to_owned(), value.to_owned()))).collect()
}

#[tokio::test]
async fn a_link_takes_the_announced_bytes_once_and_nothing_else() {
    let (stack, seen) = stack().await;
    let (url, headers) = link(&stack, "in/one", SystemTime::now()).await;
    for name in ["content-type", "x-amz-checksum-sha256", "if-none-match"] {
        assert!(headers.iter().any(|(key, _)| key == name), "{name} is not signed: {headers:?}");
    }
    let mut same_length = BYTES.to_vec();
    same_length[9] = b'T';
    let other = STANDARD.encode(Sha256::digest(&same_length));
    let longer = [BYTES, b"!"].concat();
    for (what, url, headers, body, status, code) in [
        ("other bytes", url.clone(), headers.clone(), same_length.as_slice(), 400, "BadDigest"),
        ("other length", url.clone(), headers.clone(), &longer, 403, "SignatureDoesNotMatch"),
        (
            "other type",
            url.clone(),
            changed(&headers, "content-type", Some("text/html")),
            BYTES,
            403,
            "SignatureDoesNotMatch",
        ),
        ("no type", url.clone(), changed(&headers, "content-type", None), BYTES, 403, "SignatureDoesNotMatch"),
        (
            "other checksum",
            url.clone(),
            changed(&headers, "x-amz-checksum-sha256", Some(&other)),
            &same_length,
            403,
            "SignatureDoesNotMatch",
        ),
        (
            "no checksum",
            url.clone(),
            changed(&headers, "x-amz-checksum-sha256", None),
            &same_length,
            403,
            "SignatureDoesNotMatch",
        ),
        ("no condition", url.clone(), changed(&headers, "if-none-match", None), BYTES, 403, "SignatureDoesNotMatch"),
        (
            "unsigned header",
            url.clone(),
            changed(&headers, "x-amz-acl", Some("public-read")),
            BYTES,
            403,
            "AccessDenied",
        ),
        ("other key", url.replace("in/one", "in/two"), headers.clone(), BYTES, 403, "SignatureDoesNotMatch"),
        ("no signature", url.split('?').next().unwrap().to_owned(), headers.clone(), BYTES, 403, "AccessDenied"),
        (
            "longer life",
            url.replace("X-Amz-Expires=60", "X-Amz-Expires=600"),
            headers.clone(),
            BYTES,
            403,
            "SignatureDoesNotMatch",
        ),
    ] {
        let (got, text) = send(&url, &headers, body).await;
        assert_eq!((got, text.contains(code)), (status, true), "{what}: {got} {text}");
    }
    assert!(stack.objects().unwrap().is_empty(), "nothing that was refused is stored");
    let (status, text) = send(&url, &headers, BYTES).await;
    assert_eq!(status, 200, "{text}");
    let (status, text) = send(&url, &headers, BYTES).await;
    assert_eq!((status, text.contains("PreconditionFailed")), (412, true), "{text}");
    stack.idle().await;
    assert_eq!(seen.objects(), ["in/one"]);
    assert_eq!(stack.objects().unwrap(), [(stack.environment()["BUCKET"].clone(), "in/one".to_owned())]);
    stack.stop().await;
}

#[tokio::test]
async fn of_many_uploads_to_one_key_exactly_one_is_stored() {
    let (stack, seen) = stack().await;
    let (url, headers) = link(&stack, "in/race", SystemTime::now()).await;
    let sends: Vec<_> = (0..6)
        .map(|_| {
            let (url, headers) = (url.clone(), headers.clone());
            tokio::spawn(async move { send(&url, &headers, BYTES).await.0 })
        })
        .collect();
    let mut statuses = Vec::new();
    for send in sends {
        statuses.push(send.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412, 412, 412]);
    stack.idle().await;
    assert_eq!(seen.objects(), ["in/race"]);
}

#[tokio::test]
async fn links_expire_by_the_stacks_clock() {
    let start = Timestamp::from_second(4_000_000_000).unwrap();
    let clock = Clock::manual(start);
    let seen = Seen::default();
    let stack = Stack::start(hearth_local::Options { clock: clock.clone(), ..options(&seen) }).await.unwrap();
    let (url, headers) = link(&stack, "in/clock", SystemTime::from(start)).await;
    clock.advance(SignedDuration::from_secs(61));
    let (status, text) = send(&url, &headers, BYTES).await;
    assert_eq!((status, text.contains("Request has expired")), (403, true), "{text}");
    clock.advance(SignedDuration::from_secs(-3600));
    let (status, text) = send(&url, &headers, BYTES).await;
    assert_eq!((status, text.contains("not yet valid")), (403, true), "{text}");
    clock.advance(SignedDuration::from_secs(3599));
    let (status, text) = send(&url, &headers, BYTES).await;
    assert_eq!(status, 200, "{text}");
}

#[tokio::test]
async fn what_the_sdk_writes_it_reads_and_links_open() {
    let (stack, seen) = stack().await;
    let (s3, bucket) = (crate::support::s3(&stack), stack.environment()["BUCKET"].clone());
    let put = s3.put_object().bucket(&bucket).key("out/a b+ü.pdf").content_type("application/pdf");
    put.body(ByteStream::from_static(BYTES)).send().await.unwrap();
    let again = s3.put_object().bucket(&bucket).key("out/a b+ü.pdf").if_none_match("*");
    let error = again.body(ByteStream::from_static(b"x")).send().await.unwrap_err().into_service_error();
    assert_eq!(error.meta().code(), Some("PreconditionFailed"));
    let got = s3.get_object().bucket(&bucket).key("out/a b+ü.pdf").send().await.unwrap();
    assert_eq!(got.content_type(), Some("application/pdf"));
    assert_eq!(got.body.collect().await.unwrap().to_vec(), BYTES);
    let head = s3.head_object().bucket(&bucket).key("out/a b+ü.pdf").send().await.unwrap();
    assert_eq!(head.content_length(), Some(i64::try_from(BYTES.len()).unwrap()));
    let part = s3.get_object().bucket(&bucket).key("out/a b+ü.pdf").range("bytes=1-3").send().await.unwrap();
    assert_eq!(part.content_range(), Some("bytes 1-3/28"));
    assert_eq!(part.body.collect().await.unwrap().to_vec(), b"PDF");
    let missing = s3.get_object().bucket(&bucket).key("out/none").send().await.unwrap_err();
    assert!(missing.into_service_error().is_no_such_key());

    let presigned = s3.get_object().bucket(&bucket).key("out/a b+ü.pdf");
    let presigned = presigned
        .response_content_disposition("attachment; filename=\"document.pdf\"")
        .response_cache_control("no-store");
    let presigned = presigned.presigned(PresigningConfig::expires_in(Duration::from_secs(60)).unwrap()).await.unwrap();
    let response = reqwest::get(presigned.uri()).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-disposition"], "attachment; filename=\"document.pdf\"");
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.bytes().await.unwrap(), BYTES);
    let forged = presigned.uri().replace("no-store", "public");
    assert_eq!(reqwest::get(forged).await.unwrap().status(), 403);

    s3.put_object().bucket(&bucket).key("in/a b+ü").body(ByteStream::from_static(b"1")).send().await.unwrap();
    let list = s3.list_objects_v2().bucket(&bucket).prefix("out/").send().await.unwrap();
    assert_eq!(list.contents().iter().map(|object| object.key().unwrap()).collect::<Vec<_>>(), ["out/a b+ü.pdf"]);
    s3.delete_object().bucket(&bucket).key("out/a b+ü.pdf").send().await.unwrap();
    stack.idle().await;
    assert_eq!(seen.objects(), ["in/a+b%2B%C3%BC"], "keys in events are encoded, other prefixes are not notified");
    assert_eq!(stack.objects().unwrap().len(), 1);
}

#[tokio::test]
async fn a_notification_is_repeated_and_then_parked() {
    let (stack, seen) = stack().await;
    let (s3, bucket) = (crate::support::s3(&stack), stack.environment()["BUCKET"].clone());
    *seen.failing_objects.lock().unwrap() = 2;
    s3.put_object().bucket(&bucket).key("in/1").body(ByteStream::from_static(b"1")).send().await.unwrap();
    stack.idle().await;
    assert_eq!(seen.objects(), ["in/1"], "two retries are Lambda's default");
    *seen.failing_objects.lock().unwrap() = 3;
    s3.put_object().bucket(&bucket).key("in/2").body(ByteStream::from_static(b"2")).send().await.unwrap();
    stack.idle().await;
    assert_eq!(seen.objects(), ["in/1"]);
    let dead = stack.dead_letters();
    assert_eq!((dead.len(), dead[0].records.clone(), dead[0].attempts), (1, vec!["in/2".to_owned()], 3));
}

#[tokio::test]
async fn browsers_on_the_portal_may_upload_and_others_may_not() {
    let (stack, _) = stack().await;
    let (url, headers) = link(&stack, "in/cors", SystemTime::now()).await;
    let preflight = async |origin: &str, headers: &str| {
        let request = reqwest::Client::new().request(reqwest::Method::OPTIONS, &url).header("origin", origin);
        let request = request.header("access-control-request-method", "PUT");
        request.header("access-control-request-headers", headers).send().await.unwrap()
    };
    let allowed = preflight(stack.url(), "content-type,if-none-match,x-amz-checksum-sha256").await;
    assert_eq!(allowed.status(), 200);
    assert_eq!(allowed.headers()["access-control-allow-origin"], stack.url());
    assert_eq!(allowed.headers()["access-control-max-age"], "600");
    assert_eq!(preflight(stack.url(), "authorization").await.status(), 403);
    assert_eq!(preflight(stack.tools_url(), "content-type").await.status(), 403);
    let mut request = reqwest::Client::new().put(&url).header("origin", stack.url()).body(BYTES);
    for (name, value) in &headers {
        request = request.header(name, value);
    }
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["access-control-allow-origin"], stack.url());
    assert_eq!(response.headers()["access-control-expose-headers"], "ETag");
}
