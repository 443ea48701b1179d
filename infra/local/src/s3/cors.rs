//! Cross-origin rules of a bucket, answered as S3 answers them.
//!
//! Source: Amazon S3 user guide, "Using cross-origin resource sharing".

use crate::template::CorsRule;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

/// The headers to add to an answer: the first rule that fits origin and method decides.
pub(super) fn response_headers(
    rules: &[CorsRule],
    method: &Method,
    request: &HeaderMap,
) -> Vec<(HeaderName, HeaderValue)> {
    let Some(origin) = text(request, &header::ORIGIN) else {
        return vec![];
    };
    let rule = rules
        .iter()
        .find(|rule| rule.methods.iter().any(|allowed| allowed == method.as_str()) && allows(&rule.origins, origin));
    rule.map(|rule| headers(rule, origin)).unwrap_or_default()
}

/// The answer to a preflight request: status and headers.
pub(super) fn preflight(rules: &[CorsRule], request: &HeaderMap) -> (StatusCode, Vec<(HeaderName, HeaderValue)>) {
    let asked = text(request, &header::ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_default();
    let asked: Vec<String> =
        asked.split(',').map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty()).collect();
    let (Some(origin), Some(method)) =
        (text(request, &header::ORIGIN), text(request, &header::ACCESS_CONTROL_REQUEST_METHOD))
    else {
        return (StatusCode::BAD_REQUEST, vec![]);
    };
    let rule = rules.iter().find(|rule| {
        rule.methods.iter().any(|allowed| allowed == method)
            && allows(&rule.origins, origin)
            && asked.iter().all(|name| allows(&rule.headers, name))
    });
    let Some(rule) = rule else {
        return (StatusCode::FORBIDDEN, vec![]);
    };
    let mut all = headers(rule, origin);
    push(&mut all, header::ACCESS_CONTROL_ALLOW_HEADERS, &asked.join(", "));
    if let Some(seconds) = rule.max_age {
        push(&mut all, header::ACCESS_CONTROL_MAX_AGE, &seconds.to_string());
    }
    (StatusCode::OK, all)
}

fn headers(rule: &CorsRule, origin: &str) -> Vec<(HeaderName, HeaderValue)> {
    let mut all = Vec::new();
    let any = rule.origins.iter().any(|allowed| allowed == "*");
    push(&mut all, header::ACCESS_CONTROL_ALLOW_ORIGIN, if any { "*" } else { origin });
    push(&mut all, header::ACCESS_CONTROL_ALLOW_METHODS, &rule.methods.join(", "));
    push(&mut all, header::ACCESS_CONTROL_EXPOSE_HEADERS, &rule.exposed.join(", "));
    push(&mut all, header::VARY, "Origin, Access-Control-Request-Headers, Access-Control-Request-Method");
    all
}

fn push(all: &mut Vec<(HeaderName, HeaderValue)>, name: HeaderName, value: &str) {
    if !value.is_empty()
        && let Ok(value) = HeaderValue::from_str(value)
    {
        all.push((name, value));
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// Whether a value is in a list whose entries may hold one `*`.
fn allows(patterns: &[String], value: &str) -> bool {
    patterns.iter().any(|pattern| match pattern.split_once('*') {
        None => pattern == value,
        Some((start, end)) => {
            value.len() >= start.len().saturating_add(end.len()) && value.starts_with(start) && value.ends_with(end)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{preflight, response_headers};
    use crate::template::CorsRule;
    use axum::http::{HeaderMap, Method};

    fn rule() -> Vec<CorsRule> {
        let text = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
        vec![CorsRule {
            origins: text(&["http://localhost:8080"]),
            methods: text(&["PUT"]),
            headers: text(&["content-type", "x-amz-*"]),
            exposed: text(&["ETag"]),
            max_age: Some(60),
        }]
    }

    fn request(origin: &str, method: &str, headers: &str) -> HeaderMap {
        let mut map = HeaderMap::new();
        map.insert("origin", origin.parse().unwrap());
        map.insert("access-control-request-method", method.parse().unwrap());
        map.insert("access-control-request-headers", headers.parse().unwrap());
        map
    }

    #[test]
    fn only_what_the_rule_names_is_allowed() {
        let here = "http://localhost:8080";
        for (origin, method, headers, expected) in [
            (here, "PUT", "content-type, x-amz-checksum-sha256", 200),
            (here, "PUT", "", 200),
            (here, "PUT", "authorization", 403),
            (here, "DELETE", "", 403),
            ("http://localhost:8081", "PUT", "", 403),
            ("http://localhost:8080.evil.example", "PUT", "", 403),
        ] {
            let (status, _) = preflight(&rule(), &request(origin, method, headers));
            assert_eq!(status.as_u16(), expected, "{origin} {method} {headers}");
        }
        assert!(!response_headers(&rule(), &Method::PUT, &request(here, "PUT", "")).is_empty());
        assert!(response_headers(&rule(), &Method::GET, &request(here, "GET", "")).is_empty());
        assert!(response_headers(&rule(), &Method::PUT, &HeaderMap::new()).is_empty());
    }
}
