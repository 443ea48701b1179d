//! The wire between the SDK and the services, where the faults happen.

use super::call::{Call, Service, body};
use super::invocation::Invocation;
use super::rules::Fault;
use super::{Faults, answers, sabotage};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use axum::http::StatusCode;
use serde_json::Value as Json;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

type Outcome = Result<HttpResponse, ConnectorError>;

/// An HTTP client for one function that sends requests through the layer.
pub(super) fn client(faults: Faults, function: &str) -> SharedHttpClient {
    SharedHttpClient::new(Client { faults, function: function.into(), inner: hearth::aws::https() })
}

#[derive(Debug)]
struct Client {
    faults: Faults,
    function: Arc<str>,
    inner: SharedHttpClient,
}

impl HttpClient for Client {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Wire {
            faults: self.faults.clone(),
            function: Arc::clone(&self.function),
            inner: self.inner.http_connector(settings, components),
        })
    }
}

#[derive(Debug, Clone)]
struct Wire {
    faults: Faults,
    function: Arc<str>,
    inner: SharedHttpConnector,
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        match Invocation::current() {
            Some(invocation) => HttpConnectorFuture::new(self.clone().meet(request, invocation)),
            None => self.inner.call(request),
        }
    }
}

impl Wire {
    /// Sends what was asked for, or what sabotage has made of it.
    async fn meet(self, request: HttpRequest, invocation: Arc<Invocation>) -> Outcome {
        let call = Call::read(&request, &self.function, &invocation);
        let sabotages = super::lock(&self.faults.0.sabotage).clone();
        let mut answer = Err(ConnectorError::user("nothing was left of a request".into()));
        for (call, request) in sabotage::rewrite(call, request, &sabotages) {
            answer = self.meet_one(call, request, &invocation).await;
            if !answer.as_ref().is_ok_and(|answer| answer.status().is_success()) {
                break;
            }
        }
        answer
    }

    async fn meet_one(&self, call: Call, request: HttpRequest, invocation: &Arc<Invocation>) -> Outcome {
        self.faults.note(&call);
        let _passage = self.faults.0.barrier.pass(&call).await;
        let flight = invocation.fly();
        let Some(fault) = self.faults.fault(&call, invocation) else { return self.pass(request, &call, false).await };
        if let Some(answer) = answers::refusal(&call, fault, &request) {
            return Ok(answer);
        }
        let again = request.try_clone();
        let real_time = self.faults.is_real_time();
        match fault {
            Fault::ResetBefore => self.breaks(again).await,
            Fault::HangBefore => invocation.hang(flight, real_time).await,
            Fault::KilledBefore => invocation.kill().await,
            Fault::Stale => self.pass(request, &call, true).await,
            Fault::SomeUnprocessed => self.halved(request, &call).await,
            Fault::SilentFor8Seconds => {
                tokio::time::sleep(Duration::from_secs(8)).await;
                self.breaks(again).await
            }
            Fault::Late => {
                let (this, call) = (self.clone(), call.clone());
                invocation.later(async move {
                    // Whoever sent it has stopped listening.
                    let _ = this.pass(request, &call, false).await;
                });
                invocation.hang(flight, real_time).await
            }
            _ => {
                let answer = self.pass(request, &call, false).await?;
                match fault {
                    Fault::ResetAfter => self.breaks(again).await,
                    Fault::HangAfter => invocation.hang(flight, real_time).await,
                    Fault::KilledAfter => invocation.kill().await,
                    Fault::Truncated => truncated(answer).await,
                    _ => Ok(answer),
                }
            }
        }
    }

    /// Sends a request to the service.
    async fn pass(&self, mut request: HttpRequest, call: &Call, stale: bool) -> Outcome {
        let asked = if call.service == Service::DynamoDb { body(&request) } else { Json::Null };
        let memory = &self.faults.0.memory;
        let before = memory.before(call, &asked);
        if let Some(bytes) = request.body().content_length() {
            request.headers_mut().insert("content-length", bytes.to_string());
        }
        let answer = self.inner.call(request).await?;
        if answer.status().is_success() {
            memory.remember(before);
        }
        if call.weak && (stale || memory.is_late()) { memory.aged(answer, call, &asked).await } else { Ok(answer) }
    }

    /// Asks for the first half of a batch and tells of the second that it was not done.
    async fn halved(&self, mut request: HttpRequest, call: &Call) -> Outcome {
        let Some((half, rest)) = answers::halved(&request) else {
            return answers::refusal(call, Fault::AllUnprocessed, &request)
                .ok_or_else(|| ConnectorError::user("no batch".into()));
        };
        *request.body_mut() = SdkBody::from(half.to_string());
        let answer = self.pass(request, call, false).await?;
        let mut document: Json = serde_json::from_slice(&bytes(answer).await?).unwrap_or_default();
        if let Some(document) = document.as_object_mut() {
            document.insert("UnprocessedKeys".to_owned(), rest);
        }
        Ok(answers::answer(StatusCode::OK, "application/x-amz-json-1.0", document.to_string()))
    }

    /// Sends a request to the address where connections break.
    async fn breaks(&self, request: Option<HttpRequest>) -> Outcome {
        let mut request = request.unwrap_or_else(HttpRequest::empty);
        let address = self.faults.0.breaker.get().map(String::as_str).unwrap_or_default();
        if request.uri_mut().set_endpoint(address).is_err() {
            return Err(ConnectorError::user("no address to break connections at".into()));
        }
        self.inner.call(request).await
    }
}

/// The whole body of an answer.
pub(super) async fn bytes(answer: HttpResponse) -> Result<Vec<u8>, ConnectorError> {
    let body = ByteStream::new(answer.into_body()).collect().await;
    body.map(|body| body.to_vec()).map_err(|error| ConnectorError::io(error.into()))
}

/// The first half of an answer.
async fn truncated(mut answer: HttpResponse) -> Outcome {
    let status = answer.status();
    let headers = answer.headers_mut().clone();
    let mut body = bytes(answer).await?;
    body.truncate(body.len() / 2);
    let mut half = HttpResponse::new(status, SdkBody::from(body));
    *half.headers_mut() = headers;
    half.headers_mut().remove("content-length");
    half.headers_mut().remove("x-amz-crc32");
    Ok(half)
}

/// Takes connections and resets each: closed while a request lies unread.
pub(super) async fn break_connections(listener: TcpListener) {
    while let Ok((connection, _)) = listener.accept().await {
        tokio::spawn(async move {
            // One byte of the request must have come, or there is nothing to leave unread.
            let _ = connection.readable().await;
        });
    }
}
