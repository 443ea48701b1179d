//! Starting, restarting, and refusing to start, each in one sentence.

use crate::support::{Seen, TEMPLATE, options, put};
use aws_sdk_s3::primitives::ByteStream;
use hearth_local::{Handler, Options, Stack, StartError};
use std::path::Path;
use std::sync::Arc;

fn kept(folder: &Path) -> Options {
    Options { data: Some(folder.join("data")), ..options(&Seen::default()) }
}

async fn refusal(options: Options) -> String {
    match Stack::start(options).await {
        Ok(_) => panic!("it started"),
        Err(error) => {
            let text = error.to_string();
            assert!(!text.contains('\n'), "one sentence: {text}");
            text
        }
    }
}

/// A stack's data folder after some use, and stopped.
async fn used() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let stack = Stack::start(kept(folder.path())).await.unwrap();
    put(&stack, "MEMBER#1", "META").await;
    let put = crate::support::s3(&stack).put_object().bucket(&stack.environment()["BUCKET"]).key("in/1");
    put.body(ByteStream::from_static(b"1")).send().await.unwrap();
    stack.idle().await;
    stack.stop().await;
    folder
}

#[tokio::test]
async fn a_restart_keeps_data_keys_and_credentials() {
    let folder = used().await;
    let stack = Stack::start(kept(folder.path())).await.unwrap();
    assert_eq!(stack.items().unwrap().len(), 1);
    assert_eq!(stack.objects().unwrap().len(), 1);
    let secret = stack.environment()["AWS_SECRET_ACCESS_KEY"].clone();
    stack.stop().await;
    let stack = Stack::start(kept(folder.path())).await.unwrap();
    assert_eq!(stack.environment()["AWS_SECRET_ACCESS_KEY"], secret);
    #[cfg(unix)]
    for file in ["token-key", "stack-secret"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(folder.path().join("data").join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[tokio::test]
async fn a_notification_that_was_not_handled_comes_after_the_restart() {
    let folder = tempfile::tempdir().unwrap();
    let seen = Seen::default();
    *seen.failing_objects.lock().unwrap() = 1;
    let data = Some(folder.path().join("data"));
    let slow = Options { data: data.clone(), retry_delay: std::time::Duration::from_secs(3600), ..options(&seen) };
    let stack = Stack::start(slow).await.unwrap();
    let put = crate::support::s3(&stack).put_object().bucket(&stack.environment()["BUCKET"]).key("in/1");
    put.body(ByteStream::from_static(b"1")).send().await.unwrap();
    while *seen.failing_objects.lock().unwrap() > 0 {
        tokio::task::yield_now().await;
    }
    drop(stack);
    // The lock goes with the last task that held the folder.
    let seen = Seen::default();
    let stack = Stack::start(Options { data, ..options(&seen) }).await.unwrap();
    stack.idle().await;
    assert_eq!(seen.objects(), ["in/1"]);
}

#[tokio::test]
async fn two_stacks_never_share_a_folder_or_a_port() {
    let folder = tempfile::tempdir().unwrap();
    let stack = Stack::start(kept(folder.path())).await.unwrap();
    assert!(refusal(kept(folder.path())).await.contains("another Hearth is running"));
    let port = stack.url().rsplit(':').next().unwrap().parse().unwrap();
    let error = Stack::start(Options { portal_port: port, ..options(&Seen::default()) }).await;
    assert!(matches!(error, Err(StartError::PortInUse { port: taken }) if taken == port));
    let error = refusal(Options { portal_port: port, ..options(&Seen::default()) }).await;
    assert!(error.contains(&format!("port {port} is already in use")), "{error}");
}

#[tokio::test]
async fn damage_is_reported_before_anything_is_written() {
    for (file, garbage, expected) in [
        ("dynamodb.sqlite", Some("garbage garbage garbage"), "dynamodb.sqlite is damaged"),
        ("dynamodb.sqlite", None, "dynamodb.sqlite is damaged (it is missing)"),
        ("dynamodb.sqlite", Some(""), "dynamodb.sqlite is damaged (it is empty)"),
        ("tables.json", Some("[]"), "made from another template.yaml"),
        ("tables.json", Some("[[{"), "tables.json is damaged (it is not the JSON"),
        ("tables.json", None, "tables.json is damaged (it is missing)"),
        ("token-key", Some("garbage!"), "token-key is damaged"),
        ("token-key", None, "token-key is damaged (it is missing)"),
        ("stack-secret", None, "stack-secret is damaged (it is missing)"),
        ("mail.jsonl", Some("garbage\n"), "mail.jsonl is damaged"),
        ("streams.json", Some("garbage"), "streams.json is damaged"),
        ("hearth-local.json", Some("{\"version\":0}"), "is of version 0"),
    ] {
        let folder = used().await;
        let path = folder.path().join("data").join(file);
        match garbage {
            Some(garbage) => std::fs::write(&path, garbage).unwrap(),
            None => std::fs::remove_file(&path).unwrap(),
        }
        let error = refusal(kept(folder.path())).await;
        assert!(error.contains(expected) && error.contains("--fresh"), "{file}: {error}");
    }
    let folder = used().await;
    std::fs::remove_dir_all(folder.path().join("data/s3")).unwrap();
    let error = refusal(kept(folder.path())).await;
    assert!(error.contains("s3 is damaged (it is missing)"), "{error}");
    let folder = used().await;
    let path = folder.path().join("data/dynamodb.sqlite");
    let mut bytes = std::fs::read(&path).unwrap();
    let half = bytes.len() / 2;
    bytes[4096..].fill(0x5a);
    bytes.truncate(half.max(8192));
    std::fs::write(&path, bytes).unwrap();
    let error = refusal(kept(folder.path())).await;
    assert!(error.contains("dynamodb.sqlite is damaged"), "{error}");
    assert!(!error.contains("backend") && !error.contains("Internal error"), "{error}");
}

#[tokio::test]
async fn folders_that_cannot_be_used_are_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "x").unwrap();
    let in_file = Options { data: Some(folder.path().join("file/data")), ..options(&Seen::default()) };
    assert!(refusal(in_file).await.contains("cannot use the data folder"));
    let foreign = Options { data: Some(folder.path().to_owned()), ..options(&Seen::default()) };
    assert!(refusal(foreign).await.contains("was not made by Hearth"));
}

#[tokio::test]
async fn a_template_that_would_run_otherwise_on_aws_is_refused() {
    let with = |from: &str, to: &str| Options { template: TEMPLATE.replace(from, to), ..options(&Seen::default()) };
    for (from, to, expected) in [
        ("Binary: web", "Binary: webb", "no function crate named `webb`"),
        ("{\"prefix\":\"MAIL#\"}", "{\"numeric\":[\">\",1]}", "`numeric`"),
        ("Type: S3\n", "Type: SNS\n", "events of type `SNS`"),
        ("Method: GET, Path: /panic", "Method: POST, Path: \"/echo/{a}/{b}\"", "collides"),
        ("Binary: files", "Binary: mails", "events that its handler does not take"),
        ("BaseUrl: {Type: String}", "BaseUrl: {Type: String}\n  Colour: {Type: String}", ""),
    ] {
        let options = with(from, to);
        if expected.is_empty() {
            Stack::start(options).await.unwrap();
            continue;
        }
        let error = refusal(options).await;
        assert!(error.starts_with("template.yaml: ") && error.contains(expected), "{error}");
    }
    let options = options(&Seen::default());
    let programs = options.programs.clone().with("web", |environment| {
        environment.required("NOBODY_SETS_THIS").map_err(|error| error.to_string())?;
        Ok(Handler::Http(Arc::new(|_| Box::pin(async { lambda_http::Response::default() }))))
    });
    let error = refusal(Options { programs, ..options }).await;
    assert!(error.contains("function Web") && error.contains("NOBODY_SETS_THIS"), "{error}");
}
