//! API Gateway: events, routing and limits.

use crate::support::stack;
use serde_json::Value as Json;

#[tokio::test]
async fn a_function_sees_the_request_as_api_gateway_shows_it() {
    let (stack, _) = stack().await;
    let response = reqwest::Client::new()
        .post(format!("{}/echo/a%2Fb%20c/x?q=1&q=two%20words&e=", stack.url()))
        .header("cookie", "one=1; two=2")
        .header("X-Mixed-Case", "kept")
        .header("content-type", "application/json")
        .body("{\"é\":1}")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 201);
    let cookies: Vec<_> = response.headers().get_all("set-cookie").iter().cloned().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
    let id = response.headers()["apigw-requestid"].to_str().unwrap().to_owned();
    let seen: Json = response.json().await.unwrap();
    assert_eq!(seen["context"]["routeKey"], "POST /echo/{name}/{part}", "{seen}");
    assert_eq!(seen["context"]["http"]["sourceIp"], "127.0.0.1");
    assert_eq!(seen["context"]["http"]["method"], "POST");
    assert_eq!(seen["context"]["requestId"], id);
    assert_eq!(seen["request"], id);
    assert_eq!(seen["context"]["stage"], "$default");
    assert_eq!(seen["context"]["accountId"], "000000000000");
    let mut parameters: Vec<&str> =
        seen["parameters"].as_array().unwrap().iter().map(|p| p.as_str().unwrap()).collect();
    parameters.sort_unstable();
    assert_eq!(parameters, ["name=a/b c", "part=x"]);
    assert_eq!(seen["query"].as_array().unwrap().len(), 3);
    assert_eq!(seen["headers"]["cookie"], "one=1; two=2");
    assert_eq!(seen["headers"]["x-mixed-case"], "kept");
    assert_eq!(seen["headers"]["x-forwarded-proto"], "http");
    assert_eq!(seen["headers"]["x-forwarded-for"], "127.0.0.1");
    assert_eq!(seen["body"], "{\"é\":1}");
    assert!(seen["uri"].as_str().unwrap().starts_with(stack.url()), "{seen}");
    stack.stop().await;
}

#[tokio::test]
async fn routes_and_limits_are_the_gateways() {
    let (stack, _) = stack().await;
    let client = reqwest::Client::new();
    let url = |path: &str| format!("{}{path}", stack.url());
    let post = |path: &str| client.post(url(path)).body("x");
    for (request, status, text) in [
        (client.get(url("/nowhere")), 404, "{\"message\":\"Not Found\"}"),
        (client.delete(url("/")), 404, "{\"message\":\"Not Found\"}"),
        (client.get(url("/panic")), 500, "{\"message\":\"Internal Server Error\"}"),
        (client.get(url("/hang")), 503, "{\"message\":\"Service Unavailable\"}"),
        (post("/echo/a/b").body(vec![b'a'; 6 * 1024 * 1024 + 1]), 413, "{\"message\":\"Request Entity Too Large\"}"),
    ] {
        let response = request.send().await.unwrap();
        assert_eq!((response.status().as_u16(), response.text().await.unwrap().as_str()), (status, text));
    }
    let special: Json = post("/echo/special/b").send().await.unwrap().json().await.unwrap();
    assert_eq!(special["context"]["routeKey"], "POST /echo/special/{part}");
    let binary = post("/echo/a/b").body(vec![0xff, 0xfe]).header("content-type", "application/pdf");
    let binary: Json = binary.send().await.unwrap().json().await.unwrap();
    assert_eq!(binary["body"], "\u{fffd}\u{fffd}");
    assert_eq!(client.get(url("/")).send().await.unwrap().status(), 201, "it lives on");
    stack.idle().await;
    let logs = stack.logs().join("\n");
    assert!(logs.contains("the function crashed") && logs.contains("ran out of time"), "{logs}");
    assert!(stack.logs().iter().all(|line| serde_json::from_str::<Json>(line).is_ok()));
    stack.stop().await;
}

#[tokio::test]
async fn stacks_in_one_process_do_not_meet() {
    let ((one, _), (two, _)) = tokio::join!(stack(), stack());
    assert_ne!(one.url(), two.url());
    reqwest::get(one.url()).await.unwrap();
    crate::support::put(&one, "A", "B").await;
    one.idle().await;
    two.idle().await;
    assert_eq!((one.items().unwrap().len(), two.items().unwrap().len()), (1, 0));
    assert_eq!((one.logs().len(), two.logs().len()), (1, 0));
    one.stop().await;
    assert_eq!(reqwest::get(two.url()).await.unwrap().status(), 201);
}

#[tokio::test]
async fn the_tools_answer_only_under_local_names() {
    let (stack, _) = stack().await;
    let client = reqwest::Client::new();
    let page = client.get(stack.tools_url()).send().await.unwrap();
    assert!(page.headers().contains_key("content-security-policy"));
    assert!(page.text().await.unwrap().contains("No mail yet"));
    let foreign = client.get(stack.tools_url()).header("host", "evil.example").send().await.unwrap();
    assert_eq!(foreign.status(), 403);
    let openapi: Json =
        client.get(format!("{}/openapi.json", stack.tools_url())).send().await.unwrap().json().await.unwrap();
    assert!(openapi["openapi"].as_str().unwrap().starts_with("3.1"), "{openapi}");
    assert_eq!(reqwest::get(format!("{}/mails.json", stack.url())).await.unwrap().status(), 404);
}
