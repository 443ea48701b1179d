//! The product's own template and functions.

use hearth_local::{Options, Registry, Stack};
use std::collections::BTreeSet;

#[tokio::test]
async fn the_product_runs_and_serves_its_first_page() {
    let stack = Stack::start(Options::default()).await.unwrap();
    let page = reqwest::get(stack.url()).await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    let anonymous = reqwest::get(format!("{}/members", stack.url())).await.unwrap();
    assert_eq!(anonymous.status(), 401);
    assert_eq!(anonymous.headers()["content-type"], "application/problem+json");
    stack.idle().await;
    assert_eq!(stack.logs().len(), 2, "{:?}", stack.logs());
    stack.stop().await;
}

#[tokio::test]
async fn the_api_description_and_the_template_name_the_same_routes() {
    let stack = Stack::start(Options::default()).await.unwrap();
    let template: BTreeSet<String> = stack.template().routes().map(|(route, _)| route.key()).collect();
    let document = serde_json::to_value(Registry::product().openapi()).unwrap();
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            described.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    assert_eq!(described, template);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
}
