//! The event that API Gateway hands to a function.
//!
//! Source: API Gateway developer guide, "Create AWS Lambda proxy integrations
//! for HTTP APIs", payload format version 2.0.

use super::routes::Match;
use axum::http::{HeaderMap, HeaderValue, header, request::Parts};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value as Json, json};
use std::net::SocketAddr;

/// What the gateway adds to a request.
pub(super) struct Envelope<'a> {
    pub(super) route: &'a Match,
    pub(super) peer: SocketAddr,
    pub(super) request_id: &'a str,
    pub(super) account: &'a str,
    pub(super) now: Timestamp,
}

/// Builds the event of a request.
pub(super) fn event(parts: &Parts, body: &[u8], envelope: &Envelope<'_>) -> Json {
    let Envelope { route, peer, request_id, account, now } = envelope;
    let host = text(&parts.headers, &header::HOST).unwrap_or("localhost").to_owned();
    let domain = host.split(':').next().unwrap_or_default().to_owned();
    let raw_path = parts.uri.path();
    let raw_query = parts.uri.query().unwrap_or_default();
    let mut event = json!({
        "version": "2.0",
        "routeKey": route.key,
        "rawPath": raw_path,
        "rawQueryString": raw_query,
        "headers": headers(parts, *peer, *now, request_id),
        "requestContext": {
            "accountId": account,
            "apiId": "local",
            "domainName": domain,
            "domainPrefix": "local",
            "http": {
                "method": parts.method.as_str(),
                "path": raw_path,
                "protocol": format!("{:?}", parts.version),
                "sourceIp": peer.ip().to_string(),
                "userAgent": text(&parts.headers, &header::USER_AGENT).unwrap_or_default(),
            },
            "requestId": request_id,
            "routeKey": route.key,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            "timeEpoch": now.as_millisecond(),
        },
        "isBase64Encoded": false,
    });
    let Some(map) = event.as_object_mut() else {
        return event;
    };
    let cookies = cookies(&parts.headers);
    if !cookies.is_empty() {
        map.insert("cookies".to_owned(), json!(cookies));
    }
    if !raw_query.is_empty() {
        map.insert("queryStringParameters".to_owned(), Json::Object(query(raw_query)));
    }
    if !route.parameters.is_empty() {
        map.insert("pathParameters".to_owned(), json!(route.parameters));
    }
    if !body.is_empty() {
        let plain = std::str::from_utf8(body).ok().filter(|_| is_text(&parts.headers));
        map.insert("isBase64Encoded".to_owned(), json!(plain.is_none()));
        let body = plain.map_or_else(|| STANDARD.encode(body), str::to_owned);
        map.insert("body".to_owned(), json!(body));
    }
    event
}

/// Lower-case names, one value each: repeated headers are joined with commas, cookies travel apart.
fn headers(parts: &Parts, peer: SocketAddr, now: Timestamp, request_id: &str) -> Map<String, Json> {
    let mut all = Map::new();
    for name in parts.headers.keys() {
        if name == header::COOKIE {
            continue;
        }
        let values = parts.headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        all.insert(name.as_str().to_owned(), json!(values.collect::<Vec<_>>().join(",")));
    }
    let address = peer.ip().to_string();
    let forwarded = match all.get("x-forwarded-for").and_then(Json::as_str) {
        Some(earlier) => format!("{earlier}, {address}"),
        None => address,
    };
    let host = text(&parts.headers, &header::HOST).unwrap_or_default();
    let port = host.rsplit_once(':').map_or("80", |(_, port)| port);
    let trace: String = request_id.chars().filter(char::is_ascii_hexdigit).take(24).collect();
    all.insert("x-forwarded-for".to_owned(), json!(forwarded));
    all.insert("x-forwarded-port".to_owned(), json!(port));
    all.insert("x-forwarded-proto".to_owned(), json!("http"));
    all.insert("x-amzn-trace-id".to_owned(), json!(format!("Root=1-{:08x}-{trace}", now.as_second())));
    all
}

fn cookies(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let cookies = values.flat_map(|value| value.split(';')).map(str::trim);
    cookies.filter(|cookie| !cookie.is_empty()).map(str::to_owned).collect()
}

/// Decoded parameters; the values of a repeated one are joined with commas.
fn query(raw: &str) -> Map<String, Json> {
    let mut all: Map<String, Json> = Map::new();
    for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
        let (name, value) = (decode(name), decode(value));
        let joined = match all.get(&name).and_then(Json::as_str) {
            Some(earlier) => format!("{earlier},{value}"),
            None => value,
        };
        all.insert(name, json!(joined));
    }
    all
}

/// Whether API Gateway passes a body as text; everything else is base64.
fn is_text(headers: &HeaderMap) -> bool {
    let kind = text(headers, &header::CONTENT_TYPE).unwrap_or_default().to_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_owned();
    kind.starts_with("text/")
        || kind.ends_with("+json")
        || kind.ends_with("+xml")
        || ["application/json", "application/xml", "application/javascript"].contains(&kind.as_str())
}

fn text<'h>(headers: &'h HeaderMap<HeaderValue>, name: &header::HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}
