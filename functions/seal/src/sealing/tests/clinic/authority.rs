//! A time-stamp authority in several moods.

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use p256::ecdsa::SigningKey;
use pades::timestamp::{REPLY, Request};

/// What it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Mood {
    Good,
    Down,
    Page,
    Rubbish,
    Endless,
    OtherHash,
    OtherRequest,
    Yesterday,
}

#[derive(Clone)]
pub(in super::super) struct Authority {
    mood: Arc<Mutex<Mood>>,
    now: Timestamp,
    pub(super) url: String,
}

impl Authority {
    pub(super) async fn open(now: Timestamp) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/tsa", listener.local_addr().unwrap());
        let authority = Self { mood: Arc::new(Mutex::new(Mood::Good)), now, url };
        let router = axum::Router::new().fallback(answer).with_state(authority.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        authority
    }

    pub(in super::super) fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }
}

async fn answer(State(authority): State<Authority>, query: Bytes) -> Response {
    let signer = pades::local::Authority::new(SigningKey::from_slice(&[6; 32]).unwrap()).unwrap();
    let reply = |query: &[u8], at| ([(CONTENT_TYPE, REPLY)], signer.answer(query, at).unwrap()).into_response();
    let mood = *authority.mood.lock().unwrap();
    match mood {
        Mood::Good => reply(&query, authority.now),
        Mood::Down => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Mood::Page => ([(CONTENT_TYPE, "text/html")], signer.answer(&query, authority.now).unwrap()).into_response(),
        Mood::Rubbish => ([(CONTENT_TYPE, REPLY)], "rubbish").into_response(),
        Mood::Endless => ([(CONTENT_TYPE, REPLY)], vec![0x30; 1 << 20]).into_response(),
        Mood::OtherHash => {
            // The nonce is the right one.
            let mut other = query.to_vec();
            let hash = other.windows(2).position(|window| window == [0x04, 0x20]).unwrap() + 2;
            other[hash] ^= 1;
            reply(&other, authority.now)
        }
        Mood::OtherRequest => reply(Request::new([1; 32], [1; 16]).unwrap().der(), authority.now),
        Mood::Yesterday => reply(&query, authority.now - SignedDuration::from_hours(24)),
    }
}
