//! As much of KMS as sealing uses: a key that signs digests.

use std::net::SocketAddr;

use axum::Json;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa::SigningKey;
use pades::SealingKey;
use pades::local::{MemoryKey, self_signed};
use serde_json::{Value, json};

fn key() -> SigningKey {
    SigningKey::from_slice(&[9; 32]).unwrap()
}

/// The key's certificate, as the variable has it.
pub(super) fn certificate() -> String {
    STANDARD.encode(self_signed(&key(), "CN=Test seal").unwrap())
}

pub(super) async fn open() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(sign)).await });
    address
}

async fn sign(body: String) -> Json<Value> {
    let request: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (&request["KeyId"], &request["MessageType"], &request["SigningAlgorithm"]),
        (&json!("seal"), &json!("DIGEST"), &json!("ECDSA_SHA_256"))
    );
    let digest = STANDARD.decode(request["Message"].as_str().unwrap()).unwrap();
    let signature = MemoryKey(key()).sign(digest.try_into().unwrap()).await.unwrap();
    Json(json!({"KeyId": "seal", "Signature": STANDARD.encode(signature), "SigningAlgorithm": "ECDSA_SHA_256"}))
}
