//! The sample events of `events/`, each handed to its function as Lambda would.

use std::collections::BTreeSet;
use std::path::PathBuf;

use hearth::clock::Clock;
use hearth::config::Environment;
use hearth::function::Occasion;
use hearth_local::{Handler, Options, Registry, Stack};
use lambda_http::request::LambdaRequest;

fn samples() -> Vec<(String, PathBuf, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../events");
    let mut samples = Vec::new();
    for function in std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap()) {
        for sample in std::fs::read_dir(function.path()).unwrap().map(|entry| entry.unwrap().path()) {
            let text = std::fs::read_to_string(&sample).unwrap();
            samples.push((function.file_name().into_string().unwrap(), sample, text));
        }
    }
    samples
}

#[tokio::test]
async fn every_function_has_an_event_and_understands_it() {
    let stack = Stack::start(Options::default()).await.unwrap();
    let env = Environment::new(stack.environment().clone(), Clock::system());
    let routes: BTreeSet<(String, String)> =
        stack.template().routes().map(|(route, function)| (route.key(), function.binary.clone())).collect();
    let mut seen = BTreeSet::new();
    for (function, path, text) in samples() {
        if let Occasion::Schedule = serde_json::from_str::<Occasion<serde_json::Value>>(&text).unwrap() {
            // The clinic is empty, so nothing is due, and nothing fails.
            Registry::product().build_schedule(&function, &env).unwrap()().await.unwrap();
            seen.insert(function);
            continue;
        }
        // EventBridge's, told apart by the program itself.
        if let Ok(mailer::Waking::CameBack(_)) = serde_json::from_str(&text) {
            assert_eq!(function, "mailer");
            continue;
        }
        match Registry::product().build(&function, &env).unwrap() {
            Handler::Http(handle) => {
                let event: serde_json::Value = serde_json::from_str(&text).unwrap();
                let route = event["routeKey"].as_str().unwrap().to_owned();
                assert!(routes.contains(&(route, function.clone())), "{}: no such route", path.display());
                let request: LambdaRequest = serde_json::from_str(&text).unwrap();
                let status = handle(request.into()).await.status().as_u16();
                // The samples' tokens are nobody's, so most are told to sign in; none may be malformed.
                assert!(matches!(status, 200 | 401 | 404 | 410), "{}: {status}", path.display());
            }
            Handler::Stream(handle) => {
                // The samples' packet does not exist here, so it may come again; a record that is not understood has no number.
                for failed in handle(serde_json::from_str(&text).unwrap()).await {
                    assert!(!failed.is_empty() && text.contains(&failed), "{}: {failed}", path.display());
                }
            }
            Handler::Objects(handle) => handle(serde_json::from_str(&text).unwrap()).await.unwrap(),
        }
        seen.insert(function);
    }
    let programs: BTreeSet<String> =
        stack.template().functions.iter().map(|function| function.binary.clone()).collect();
    assert_eq!(seen, programs);
}
