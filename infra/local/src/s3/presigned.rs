//! Presigned URLs, verified as S3 does.
//!
//! Source: Amazon S3 API reference, "Authenticating Requests: Using Query
//! Parameters (AWS Signature Version 4)". `s3s` can verify them as well, but
//! only against the machine's clock; links must expire by the stack's clock,
//! which tests set forward. Requests signed in headers go to `s3s` untouched.

use super::Credentials;
use axum::http::{HeaderMap, Method, Uri};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

/// Longest life of a presigned URL: seven days.
const LONGEST: i64 = 604_800;
/// How far the signer's clock may be ahead, seconds.
const SKEW: i64 = 900;
/// What RFC 3986 calls unreserved stays as it is; everything else is encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// Parameters that carry the signature and are not the operation's.
const SIGNATURE_PARAMETERS: &[&str] = &[
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
];

/// Set as an extension on a request whose presigned URL was verified: the access key of who made it.
#[derive(Debug, Clone)]
pub(super) struct Verified(pub(super) String);

/// S3's answer to a presigned URL that does not hold: error code and message.
pub(super) type Refusal = (&'static str, &'static str);

/// Whether the request claims to be presigned.
pub(super) fn is_presigned(uri: &Uri) -> bool {
    parameters(uri).iter().any(|(name, _)| name == "X-Amz-Signature")
}

/// Verifies the request and returns its URI without the signature, and who signed.
pub(super) fn verify(
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    credentials: &Credentials,
    knows: impl Fn(&str) -> bool,
    now: Timestamp,
) -> Result<(Uri, Verified), Refusal> {
    let parameters = parameters(uri);
    let get = |name: &str| {
        let mut found = parameters.iter().filter(|(key, _)| key == name);
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Ok(value.as_str()),
            _ => Err(("AuthorizationQueryParametersError", "Query-string authentication is incomplete")),
        }
    };
    if get("X-Amz-Algorithm")? != "AWS4-HMAC-SHA256" {
        return Err(("AuthorizationQueryParametersError", "X-Amz-Algorithm only supports AWS4-HMAC-SHA256"));
    }
    let malformed = ("AuthorizationQueryParametersError", "Error parsing the X-Amz-Credential parameter");
    let scope: Vec<&str> = get("X-Amz-Credential")?.split('/').collect();
    let [key_id, day, region, "s3", "aws4_request"] = scope.as_slice() else {
        return Err(malformed);
    };
    if !knows(key_id) {
        return Err(("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."));
    }
    let stamp = get("X-Amz-Date")?;
    if !stamp.starts_with(day) {
        return Err(malformed);
    }
    check_time(stamp, get("X-Amz-Expires")?, now)?;

    let signed: Vec<&str> = get("X-Amz-SignedHeaders")?.split(';').collect();
    check_signed_headers(&signed, headers)?;
    let canonical = canonical_request(method, uri, &parameters, &signed, headers);
    let text = format!(
        "AWS4-HMAC-SHA256\n{stamp}\n{day}/{region}/s3/aws4_request\n{}",
        hex::encode(Sha256::digest(canonical))
    );
    let mut key = mac(format!("AWS4{}", credentials.secret_access_key).as_bytes(), day);
    for part in [*region, "s3", "aws4_request"] {
        key = mac(&key, part);
    }
    let given = hex::decode(get("X-Amz-Signature")?).unwrap_or_default();
    let expected = keyed(&key).chain_update(text.as_bytes());
    expected.verify_slice(&given).map_err(|_| {
        (
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
        )
    })?;
    Ok((without_signature(uri), Verified((*key_id).to_owned())))
}

fn check_time(stamp: &str, expires: &str, now: Timestamp) -> Result<(), Refusal> {
    let date = jiff::fmt::strtime::parse("%Y%m%dT%H%M%SZ", stamp).and_then(|date| date.to_datetime());
    let date = date.and_then(|date| date.to_zoned(jiff::tz::TimeZone::UTC));
    let date = date.map_err(|_| ("AuthorizationQueryParametersError", "X-Amz-Date must be in the ISO8601 format"))?;
    let life = expires.parse().ok().filter(|life| (1..=LONGEST).contains(life));
    let life = life.ok_or(("AuthorizationQueryParametersError", "X-Amz-Expires must be between 1 and 604800"))?;
    let age = now.as_second().saturating_sub(date.timestamp().as_second());
    if age < -SKEW {
        return Err(("AccessDenied", "Request is not yet valid"));
    }
    if age > life {
        return Err(("AccessDenied", "Request has expired"));
    }
    Ok(())
}

/// `Host` and every `x-amz-` header that is sent must be signed.
fn check_signed_headers(signed: &[&str], headers: &HeaderMap) -> Result<(), Refusal> {
    let unsigned = headers.keys().any(|name| name.as_str().starts_with("x-amz-") && !signed.contains(&name.as_str()));
    if unsigned || !signed.contains(&"host") {
        return Err(("AccessDenied", "There were headers present in the request which were not signed"));
    }
    Ok(())
}

fn canonical_request(
    method: &Method,
    uri: &Uri,
    parameters: &[(String, String)],
    signed: &[&str],
    headers: &HeaderMap,
) -> String {
    let path: Vec<String> = uri.path().split('/').map(|part| encode(&decode(part))).collect();
    let mut query: Vec<(String, String)> = parameters
        .iter()
        .filter(|(name, _)| name != "X-Amz-Signature")
        .map(|(name, value)| (encode(name), encode(value)))
        .collect();
    query.sort();
    let query: Vec<String> = query.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut lines = String::new();
    for name in signed {
        let values: Vec<String> = headers
            .get_all(*name)
            .iter()
            .map(|value| {
                let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
                text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
            })
            .collect();
        lines.push_str(&format!("{name}:{}\n", values.join(",")));
    }
    let payload = headers.get("x-amz-content-sha256").and_then(|value| value.to_str().ok());
    format!(
        "{method}\n{}\n{}\n{lines}\n{}\n{}",
        path.join("/"),
        query.join("&"),
        signed.join(";"),
        payload.unwrap_or("UNSIGNED-PAYLOAD")
    )
}

fn parameters(uri: &Uri) -> Vec<(String, String)> {
    let query = uri.query().unwrap_or_default();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

fn without_signature(uri: &Uri) -> Uri {
    let kept: Vec<&str> = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| {
            let name = decode(pair.split('=').next().unwrap_or_default());
            !pair.is_empty() && !SIGNATURE_PARAMETERS.contains(&name.as_str())
        })
        .collect();
    let text = match kept.as_slice() {
        [] => uri.path().to_owned(),
        kept => format!("{}?{}", uri.path(), kept.join("&")),
    };
    text.parse().unwrap_or_else(|_| uri.clone())
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// HMAC with a key of at most one block (64 bytes), which HMAC pads with zeros.
fn keyed(key: &[u8]) -> Hmac<Sha256> {
    let mut block = [0; 64];
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    Hmac::new(&block.into())
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    keyed(key).chain_update(text.as_bytes()).finalize().into_bytes().to_vec()
}
