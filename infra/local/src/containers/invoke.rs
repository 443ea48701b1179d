//! Invoking a function in its container.

use super::Containers;
use crate::functions::{Handler, ScheduleHandler};
use crate::template::Function;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// A function behind `sam local start-lambda`.
#[derive(Clone)]
struct Remote {
    http: reqwest::Client,
    url: Arc<str>,
}

impl Remote {
    /// One invocation that is waited for.
    async fn invoke(&self, event: &Json) -> Result<Json, String> {
        let answer = self.http.post(&*self.url).json(event).send().await.map_err(|error| error.to_string())?;
        let failed = answer.headers().contains_key("x-amz-function-error");
        let status = answer.status();
        let text = answer.text().await.map_err(|error| error.to_string())?;
        let body: Json = serde_json::from_str(&text).unwrap_or(Json::Null);
        // Some versions of sam tell of a failure in the body alone.
        if failed || !status.is_success() || body.get("errorType").is_some() {
            return Err(format!("the function failed: {status} {text}"));
        }
        Ok(body)
    }
}

impl Containers {
    fn remote(&self, function: &Function) -> Result<Remote, String> {
        let http = reqwest::Client::builder().no_proxy().build().map_err(|error| error.to_string())?;
        let url = format!("{}/2015-03-31/functions/{}/invocations", self.places.lambda, function.logical_id);
        Ok(Remote { http, url: url.into() })
    }

    /// What a stream or a bucket sets off; `None` for a function that only answers requests or follows the clock.
    pub(crate) fn handler(&self, function: &Function) -> Result<Option<Handler>, String> {
        let remote = self.remote(function)?;
        Ok(if !function.streams.is_empty() {
            Some(Handler::Stream(Arc::new(move |event| {
                let remote = remote.clone();
                Box::pin(async move {
                    match remote.invoke(&json!(event)).await {
                        Ok(answer) => failures(&answer),
                        // As in Lambda, a name that no record has stands for all of them.
                        Err(_) => vec![String::new()],
                    }
                })
            })))
        } else if !function.notifications.is_empty() {
            Some(Handler::Objects(Arc::new(move |event| {
                let remote = remote.clone();
                Box::pin(async move { remote.invoke(&json!(event)).await.map(drop) })
            })))
        } else {
            None
        })
    }

    /// What the clock sets off.
    pub(crate) fn schedule(&self, function: &Function) -> Result<ScheduleHandler, String> {
        let remote = self.remote(function)?;
        Ok(Arc::new(move || {
            let remote = remote.clone();
            let event = json!({"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}});
            Box::pin(async move { remote.invoke(&event).await.map(drop) })
        }))
    }
}

/// The records that must come again.
fn failures(answer: &Json) -> Vec<String> {
    let failures = answer.get("batchItemFailures").and_then(Json::as_array);
    let names = failures.into_iter().flatten().map(|failure| failure.get("itemIdentifier").and_then(Json::as_str));
    names.map(|name| name.unwrap_or_default().to_owned()).collect()
}
