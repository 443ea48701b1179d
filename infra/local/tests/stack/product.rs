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

#[test]
fn the_api_description_keeps_every_schema_of_every_function() {
    let merged = serde_json::to_value(Registry::product().openapi()).unwrap();
    assert_eq!(merged["info"]["title"], "Hearth");
    let mut operations = BTreeSet::new();
    for path in merged["paths"].as_object().unwrap().values() {
        for operation in path.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(operations.insert(id.to_owned()), "two operations are named {id}");
        }
    }
    let text = merged.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(merged["components"]["schemas"].get(name).is_some(), "{name} is not defined");
    }
    // The same name means the same in each function, or is qualified.
    for (function, document) in [
        ("login", login::openapi()),
        ("members", members::openapi()),
        ("invitations", invitations::openapi()),
        ("documents", documents::openapi()),
        ("signatures", signatures::openapi()),
        ("portal", portal::openapi()),
        ("verify", verify::openapi()),
    ] {
        let document = serde_json::to_value(document).unwrap();
        for name in document["components"]["schemas"].as_object().into_iter().flatten().map(|(name, _)| name) {
            let schemas = &merged["components"]["schemas"];
            let qualified = schemas.get(format!("{function}.{name}"));
            assert!(
                qualified.is_some() || schemas[name] == document["components"]["schemas"][name],
                "{function}: {name}"
            );
        }
    }
}
