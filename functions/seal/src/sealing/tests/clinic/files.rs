//! As much of S3 as sealing uses, with a place to stop.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tokio::sync::Notify;

/// Where S3 stops before it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Pause {
    /// Before it gives a file.
    Get,
    /// Before it takes a file.
    PutBefore,
    /// After it took a file.
    PutAfter,
}

/// A stop: entered by the first request that comes to it, left when the test says so.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Stop(Arc<(Notify, Notify)>);

impl Stop {
    pub(in super::super) async fn entered(&self) {
        self.0.0.notified().await;
    }

    pub(in super::super) fn release(&self) {
        self.0.1.notify_one();
    }

    async fn wait(&self) {
        self.0.0.notify_one();
        self.0.1.notified().await;
    }
}

#[derive(Default)]
struct Bucket {
    objects: BTreeMap<String, Vec<u8>>,
    pause: Option<(Pause, Stop)>,
}

/// The bucket `files`.
#[derive(Clone, Default)]
pub(in super::super) struct Files(Arc<Mutex<Bucket>>);

impl Files {
    pub(super) async fn open() -> (Self, SocketAddr) {
        let files = Self::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = axum::Router::new().fallback(answer).with_state(files.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (files, address)
    }

    pub(super) fn put(&self, key: &str, bytes: Vec<u8>) {
        self.0.lock().unwrap().objects.insert(key.to_owned(), bytes);
    }

    pub(super) fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.0.lock().unwrap().objects.get(key).cloned()
    }

    pub(in super::super) fn sealed(&self) -> Vec<String> {
        self.0.lock().unwrap().objects.keys().filter(|key| key.starts_with("sealed/")).cloned().collect()
    }

    /// Changes the canonical file.
    pub(in super::super) fn damage(&self, change: impl Fn(&mut Vec<u8>)) {
        let mut bucket = self.0.lock().unwrap();
        bucket.objects.iter_mut().filter(|(key, _)| key.starts_with("canonical/")).for_each(|(_, bytes)| change(bytes));
    }

    /// Stops the next request that comes to this point.
    pub(in super::super) fn pause(&self, pause: Pause) -> Stop {
        let stop = Stop::default();
        self.0.lock().unwrap().pause = Some((pause, stop.clone()));
        stop
    }

    async fn pass(&self, point: Pause) {
        let stop = self.0.lock().unwrap().pause.take_if(|(pause, _)| *pause == point);
        if let Some((_, stop)) = stop {
            stop.wait().await;
        }
    }
}

async fn answer(State(files): State<Files>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let key = uri.path().trim_start_matches("/files/").to_owned();
    let error = |status: StatusCode, code: &str| {
        (status, format!("<Error><Code>{code}</Code><Message>no</Message></Error>")).into_response()
    };
    if method == Method::GET {
        files.pass(Pause::Get).await;
        return match files.get(&key) {
            Some(bytes) => bytes.into_response(),
            None => error(StatusCode::NOT_FOUND, "NoSuchKey"),
        };
    }
    assert_eq!((method, headers.get("if-none-match").unwrap().to_str().unwrap()), (Method::PUT, "*"));
    files.pass(Pause::PutBefore).await;
    if files.get(&key).is_some() {
        return error(StatusCode::PRECONDITION_FAILED, "PreconditionFailed");
    }
    files.put(&key, body.to_vec());
    files.pass(Pause::PutAfter).await;
    StatusCode::OK.into_response()
}
