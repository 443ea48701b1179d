use std::collections::BTreeMap;

use hearth::clock::Clock;
use lambda_http::http::HeaderMap;
use lambda_http::request::LambdaRequest;

use super::*;

fn context() -> Context {
    let variables = [("CLINIC_NAME", "Clinic"), ("BUCKET", "files"), ("AWS_REGION", "us-east-1")];
    let variables: BTreeMap<String, String> =
        variables.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    Context::new(&Environment::new(variables, Clock::manual(jiff::Timestamp::UNIX_EPOCH))).unwrap()
}

/// Sends the project's own sample event, with another file if one is given.
async fn get(event: &str, file: Option<&str>) -> (u16, HeaderMap, String) {
    let mut event: serde_json::Value = serde_json::from_str(event).unwrap();
    if let Some(file) = file {
        event["pathParameters"]["file"] = file.into();
    }
    event["headers"].as_object_mut().unwrap().remove("accept-encoding");
    let event: LambdaRequest = serde_json::from_value(event).unwrap();
    let response = handle(&context(), event.into()).await;
    let body = match response.body() {
        Body::Text(text) => text.clone(),
        other => panic!("a page is text: {other:?}"),
    };
    (response.status().as_u16(), response.headers().clone(), body)
}

const HOME: &str = include_str!("../../../events/portal/home.json");
const INVITATION: &str = include_str!("../../../events/portal/invitation.json");
const ASSET: &str = include_str!("../../../events/portal/asset.json");

#[tokio::test]
async fn both_addresses_give_the_page_and_nobody_keeps_it() {
    let (_, _, page) = get(HOME, None).await;
    for event in [HOME, INVITATION] {
        let (status, headers, body) = get(event, None).await;
        assert_eq!((status, &body), (200, &page));
        assert_eq!(headers["content-type"], "text/html; charset=utf-8");
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
        assert!(headers["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    }
}

#[tokio::test]
async fn who_reads_gzip_gets_the_same_in_less() {
    let (_, _, page) = get(HOME, None).await;
    let mut event: serde_json::Value = serde_json::from_str(HOME).unwrap();
    event["headers"]["accept-encoding"] = "gzip, br".into();
    let event: LambdaRequest = serde_json::from_value(event).unwrap();
    let response = handle(&context(), event.into()).await;
    assert_eq!(response.headers()["content-encoding"], "gzip");
    assert_eq!(response.headers()["vary"], "accept-encoding");
    let Body::Binary(zipped) = response.body() else { panic!("{:?}", response.body()) };
    assert!(zipped.len() * 2 < page.len());
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(zipped.as_slice()), &mut text).unwrap();
    assert_eq!(text, page);
}

#[tokio::test]
async fn files_are_kept_for_ever_under_their_name() {
    let (_, _, page) = get(HOME, None).await;
    for name in page.split("\"/assets/").skip(1).map(|part| part.split('"').next().unwrap()) {
        let (status, headers, body) = get(ASSET, Some(name)).await;
        assert_eq!(status, 200, "{name}");
        assert!(!body.is_empty());
        assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(headers["x-content-type-options"], "nosniff");
    }
}

#[tokio::test]
async fn what_does_not_exist_is_a_problem_that_nobody_keeps() {
    for name in ["nothing.js", "app.js", "..", "index.html", "%2e%2e%2fsrc%2flib.rs", ""] {
        let (status, headers, _) = get(ASSET, Some(name)).await;
        assert_eq!(status, 404, "{name}");
        assert_eq!(headers["content-type"], "application/problem+json");
        assert_eq!(headers["cache-control"], "no-store");
    }
}

#[test]
fn the_description_names_the_routes() {
    let paths: Vec<String> = openapi().paths.paths.into_keys().collect();
    assert_eq!(paths, ["/", "/assets/{file}", "/invitation", "/verify"]);
}
