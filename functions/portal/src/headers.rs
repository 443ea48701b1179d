//! What browsers are told about the pages: whom to trust, what to keep.

use hearth::config::{ConfigError, Environment};
use lambda_http::http::HeaderMap;
use lambda_http::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};

/// Who may keep an answer, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Nobody: a page that shows somebody's children must not come back after sign-out.
    Never,
    /// Everybody, for a year: the name changes with the content.
    Always,
}

/// The content security policy. Nothing inline, nothing from elsewhere, no framing; the browser may send uploads to the
/// bucket and to nobody else. `trusted-types 'none'` leaves no way to turn text into markup.
pub(crate) fn policy(env: &Environment) -> Result<HeaderValue, ConfigError> {
    let (variable, bucket) = bucket_origin(env)?;
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' {bucket}; img-src 'self' data:; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
         trusted-types 'none'"
    );
    HeaderValue::from_str(&policy).map_err(|_| ConfigError::Malformed(variable))
}

/// Where presigned uploads go: `AWS_ENDPOINT_URL_S3` when it is set, as `hearth::aws` does, else the bucket's own host
/// (`BUCKET`, `AWS_REGION`).
fn bucket_origin(env: &Environment) -> Result<(&'static str, String), ConfigError> {
    let (variable, origin) = if let Some(endpoint) = env.optional("AWS_ENDPOINT_URL_S3") {
        ("AWS_ENDPOINT_URL_S3", origin(endpoint).ok_or(ConfigError::Malformed("AWS_ENDPOINT_URL_S3"))?)
    } else {
        let (bucket, region) = (env.required("BUCKET")?, env.required("AWS_REGION")?);
        // The two regions in China have a domain of their own.
        let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        ("BUCKET", format!("https://{bucket}.s3.{region}.{suffix}"))
    };
    // A space or a semicolon would add a source or a directive to the policy.
    let is_plain = origin.chars().all(|c| c.is_ascii_alphanumeric() || "-.:/[]".contains(c));
    if is_plain { Ok((variable, origin)) } else { Err(ConfigError::Malformed(variable)) }
}

/// Scheme, host and port of an address.
fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split('/').next().filter(|host| !host.is_empty())?;
    matches!(scheme, "http" | "https").then(|| format!("{scheme}://{host}"))
}

/// Whether a browser reads gzip: `Accept-Encoding` names it, and not with weight zero (RFC 9110, 12.5.3).
pub(crate) fn takes_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_gzip = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Ok(1.0), str::parse::<f32>);
        is_gzip && weight.is_ok_and(|weight| weight > 0.0)
    })
}

/// Writes the headers that every answer of the pages carries.
pub(crate) fn write(headers: &mut HeaderMap, policy: &HeaderValue, keep: Keep) {
    let fixed = |value| HeaderValue::from_static(value);
    headers.insert(CONTENT_SECURITY_POLICY, policy.clone());
    headers.insert(X_CONTENT_TYPE_OPTIONS, fixed("nosniff"));
    headers.insert(REFERRER_POLICY, fixed("no-referrer"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), fixed("same-origin"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), fixed("same-origin"));
    headers.insert(
        HeaderName::from_static("permissions-policy"),
        fixed("camera=(), geolocation=(), microphone=(), payment=()"),
    );
    // A year, for this host alone; browsers ignore it on a laptop's http://localhost.
    headers.insert(STRICT_TRANSPORT_SECURITY, fixed("max-age=31536000"));
    headers.insert(
        CACHE_CONTROL,
        fixed(match keep {
            Keep::Never => "no-store",
            Keep::Always => "public, max-age=31536000, immutable",
        }),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth::clock::Clock;

    fn env(variables: &[(&str, &str)]) -> Environment {
        let variables = variables.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        Environment::new(variables, Clock::manual(jiff::Timestamp::UNIX_EPOCH))
    }

    fn text(variables: &[(&str, &str)]) -> Result<String, ConfigError> {
        policy(&env(variables)).map(|value| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn nothing_unsafe_is_allowed() {
        let policy = text(&[("BUCKET", "files"), ("AWS_REGION", "us-east-1")]).unwrap();
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self' https://files.s3.us-east-1.amazonaws.com",
            "img-src 'self' data:",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        ] {
            assert!(policy.split("; ").any(|found| found == part), "{part} in {policy}");
        }
    }

    #[test]
    fn gzip_goes_to_who_reads_it() {
        let takes = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(text));
            takes_gzip(&headers)
        };
        for text in ["gzip", "br, gzip", "gzip, deflate, br, zstd", "GZIP;q=0.5", "br;q=1, gzip; q=0.1"] {
            assert!(takes(text), "{text}");
        }
        for text in ["", "br", "gzip;q=0", "gzip; q=0.000", "gzip;q=much", "xgzip", "identity"] {
            assert!(!takes(text), "{text}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[test]
    fn uploads_go_to_the_endpoint_when_one_is_set() {
        let with = |url| text(&[("AWS_ENDPOINT_URL_S3", url), ("BUCKET", "files"), ("AWS_REGION", "us-east-1")]);
        assert!(with("http://127.0.0.1:9000/base").unwrap().contains("connect-src 'self' http://127.0.0.1:9000;"));
        for url in ["localhost:9000", "ftp://host", "https://", "https://a b", "https://a; script-src *", "https://a,b"]
        {
            assert_eq!(with(url), Err(ConfigError::Malformed("AWS_ENDPOINT_URL_S3")), "{url}");
        }
    }

    #[test]
    fn without_a_bucket_there_is_no_page() {
        assert_eq!(text(&[("AWS_REGION", "us-east-1")]), Err(ConfigError::Missing("BUCKET")));
        assert_eq!(text(&[("BUCKET", "files")]), Err(ConfigError::Missing("AWS_REGION")));
        let china = text(&[("BUCKET", "files"), ("AWS_REGION", "cn-north-1")]).unwrap();
        assert!(china.contains("https://files.s3.cn-north-1.amazonaws.com.cn;"));
    }
}
