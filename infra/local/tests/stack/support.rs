//! A small template with functions made of closures, and clients for the stack's services.

use aws_lambda_events::dynamodb::EventRecord;
use hearth::aws::Aws;
use hearth::clock::Clock;
use hearth::config::Environment;
use hearth_local::{Handler, Options, Registry, Stack};
use lambda_http::{Body, Request, Response};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) const TEMPLATE: &str = r#"
Parameters:
  BaseUrl: {Type: String}
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - {AttributeName: pk, AttributeType: S}
        - {AttributeName: sk, AttributeType: S}
      KeySchema:
        - {AttributeName: pk, KeyType: HASH}
        - {AttributeName: sk, KeyType: RANGE}
      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
      TimeToLiveSpecification: {AttributeName: expires, Enabled: true}
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      CorsConfiguration:
        CorsRules:
          - AllowedOrigins: [!Ref BaseUrl]
            AllowedMethods: [PUT, GET]
            AllowedHeaders: [content-type, if-none-match, x-amz-checksum-sha256]
            ExposedHeaders: [ETag]
            MaxAge: 600
  Web:
    Type: AWS::Serverless::Function
    Metadata: {BuildProperties: {Binary: web}}
    Properties:
      Timeout: 20
      Environment: {Variables: {TABLE: !Ref Table, BUCKET: !Ref Bucket, BASE_URL: !Ref BaseUrl}}
      Events:
        Home: {Type: HttpApi, Properties: {Method: GET, Path: /}}
        Echo: {Type: HttpApi, Properties: {Method: POST, Path: "/echo/{name}/{part}"}}
        Special: {Type: HttpApi, Properties: {Method: POST, Path: "/echo/special/{part}"}}
        Panic: {Type: HttpApi, Properties: {Method: GET, Path: /panic}}
  Slow:
    Type: AWS::Serverless::Function
    Metadata: {BuildProperties: {Binary: web}}
    Properties:
      Timeout: 1
      Events:
        Hang: {Type: HttpApi, Properties: {Method: GET, Path: /hang}}
  Mails:
    Type: AWS::Serverless::Function
    Metadata: {BuildProperties: {Binary: mails}}
    Properties:
      Timeout: 5
      Events:
        Outbox:
          Type: DynamoDB
          Properties:
            Stream: !GetAtt Table.StreamArn
            StartingPosition: TRIM_HORIZON
            BatchSize: 4
            MaximumRetryAttempts: 3
            BisectBatchOnFunctionError: true
            FunctionResponseTypes: [ReportBatchItemFailures]
            FilterCriteria:
              Filters:
                - Pattern: '{"eventName":["INSERT"],"dynamodb":{"Keys":{"pk":{"S":[{"prefix":"MAIL#"}]}}}}'
            DestinationConfig: {OnFailure: {Destination: arn:dead-letters}}
  Files:
    Type: AWS::Serverless::Function
    Metadata: {BuildProperties: {Binary: files}}
    Properties:
      Events:
        Upload:
          Type: S3
          Properties:
            Bucket: !Ref Bucket
            Events: s3:ObjectCreated:*
            Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}]}}
"#;

/// What the closures saw and how they are to behave.
#[derive(Clone, Default)]
pub(crate) struct Seen {
    /// Sort keys of delivered stream records, one list per invocation.
    pub(crate) records: Arc<Mutex<Vec<Vec<String>>>>,
    /// Keys of notified objects.
    pub(crate) objects: Arc<Mutex<Vec<String>>>,
    /// Sort keys that fail, with the number of times; `usize::MAX` for ever.
    pub(crate) failing: Arc<Mutex<Vec<(String, usize)>>>,
    /// Sort keys at which the whole invocation panics.
    pub(crate) panicking: Arc<Mutex<Vec<String>>>,
    /// How many notifications fail.
    pub(crate) failing_objects: Arc<Mutex<usize>>,
}

impl Seen {
    pub(crate) fn fail(&self, key: &str, times: usize) {
        self.failing.lock().unwrap().push((key.to_owned(), times));
    }

    pub(crate) fn records(&self) -> Vec<Vec<String>> {
        self.records.lock().unwrap().clone()
    }

    pub(crate) fn objects(&self) -> Vec<String> {
        self.objects.lock().unwrap().clone()
    }

    fn takes(&self, key: &str) -> bool {
        let mut failing = self.failing.lock().unwrap();
        for (name, left) in failing.iter_mut() {
            if name == key && *left > 0 {
                *left = left.saturating_sub(usize::from(*left != usize::MAX));
                return false;
            }
        }
        true
    }
}

fn sort_key(record: &EventRecord) -> String {
    let keys = serde_json::to_value(&record.change.keys).unwrap();
    keys["sk"]["S"].as_str().unwrap_or_else(|| keys["sk"].as_str().unwrap()).to_owned()
}

pub(crate) fn programs(seen: &Seen) -> Registry {
    let (records, objects) = (seen.clone(), seen.clone());
    Registry::default()
        .with("web", |_| Ok(Handler::Http(Arc::new(|request| Box::pin(web(request))))))
        .with("mails", move |_| {
            let seen = records.clone();
            Ok(Handler::Stream(Arc::new(move |event| {
                let seen = seen.clone();
                Box::pin(async move {
                    let keys: Vec<String> = event.records.iter().map(sort_key).collect();
                    seen.records.lock().unwrap().push(keys.clone());
                    assert!(!seen.panicking.lock().unwrap().iter().any(|key| keys.contains(key)));
                    tracing::info!(records = keys.len(), "delivered");
                    let failed = event.records.iter().filter(|record| !seen.takes(&sort_key(record)));
                    failed.map(|record| record.change.sequence_number.clone().unwrap()).collect()
                })
            })))
        })
        .with("files", move |_| {
            let seen = objects.clone();
            Ok(Handler::Objects(Arc::new(move |event| {
                let seen = seen.clone();
                Box::pin(async move {
                    let mut left = seen.failing_objects.lock().unwrap();
                    if *left > 0 {
                        *left -= 1;
                        return Err("not now".to_owned());
                    }
                    for record in event.records {
                        seen.objects.lock().unwrap().push(record.s3.object.key.unwrap());
                    }
                    Ok(())
                })
            })))
        })
}

/// Answers with what it was asked.
async fn web(request: Request) -> Response<Body> {
    use lambda_http::RequestExt;
    let path = request.raw_http_path().to_owned();
    assert_ne!(path, "/panic", "asked to");
    if path == "/hang" {
        std::future::pending::<()>().await;
    }
    tracing::info!(path, "asked");
    let context = serde_json::to_value(request.request_context()).unwrap();
    let headers: std::collections::BTreeMap<String, String> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("?").to_owned()))
        .collect();
    let body = String::from_utf8_lossy(request.body()).into_owned();
    let answer = serde_json::json!({
        "context": context,
        "parameters": request.path_parameters().iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>(),
        "query": request.query_string_parameters().iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>(),
        "uri": request.uri().to_string(),
        "request": request.lambda_context().request_id,
        "headers": headers,
        "body": body,
    });
    Response::builder()
        .status(201)
        .header("set-cookie", "a=1")
        .header("set-cookie", "b=2")
        .header("content-type", "application/json")
        .body(Body::from(answer.to_string()))
        .unwrap()
}

pub(crate) fn options(seen: &Seen) -> Options {
    Options {
        template: TEMPLATE.to_owned(),
        programs: programs(seen),
        retry_delay: Duration::from_millis(1),
        ..Options::default()
    }
}

pub(crate) async fn stack() -> (Stack, Seen) {
    let seen = Seen::default();
    (Stack::start(options(&seen)).await.unwrap(), seen)
}

pub(crate) fn environment(stack: &Stack) -> Environment {
    Environment::new(stack.environment().clone(), Clock::system())
}

pub(crate) fn aws(stack: &Stack) -> Aws {
    Aws::from_environment(&environment(stack)).unwrap()
}

pub(crate) fn dynamodb(stack: &Stack) -> aws_sdk_dynamodb::Client {
    aws(stack).dynamodb(&environment(stack))
}

pub(crate) fn s3(stack: &Stack) -> aws_sdk_s3::Client {
    aws(stack).s3(&environment(stack))
}

/// Puts an item with `pk` and `sk`.
pub(crate) async fn put(stack: &Stack, pk: &str, sk: &str) {
    use aws_sdk_dynamodb::types::AttributeValue::S;
    let table = &stack.environment()["TABLE"];
    let call = dynamodb(stack).put_item().table_name(table);
    call.item("pk", S(pk.to_owned())).item("sk", S(sk.to_owned())).send().await.unwrap();
}
