//! An answer, and what a test expects of it.

use reqwest::header::HeaderMap;
use serde_json::Value;

/// An answer over HTTP.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Method and path that were asked, for the message of a failing test.
    pub asked: String,
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub text: String,
}

impl Reply {
    /// Expects a status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} was answered with {}", self.asked, self.text);
        self
    }

    /// Expects a problem document of that status and kind.
    #[track_caller]
    pub fn is_problem(self, status: u16, kind: &str) -> Self {
        let reply = self.is(status);
        assert_eq!(reply.problem(), kind, "{} was answered with {}", reply.asked, reply.text);
        reply
    }

    /// Expects the one answer that denied, foreign, revoked and unknown have in common.
    #[track_caller]
    pub fn is_hidden(self) -> Self {
        self.is_problem(404, "not-found")
    }

    /// Everything that a client sees of an answer, without the names of the moment and of the request.
    #[must_use]
    pub fn seen(&self) -> String {
        let mut headers = self.headers.clone();
        headers.remove("date");
        headers.remove("apigw-requestid");
        format!("{} {headers:?} {}", self.status, self.text)
    }

    /// The kind of a problem document, after a look at its form (RFC 9457).
    #[track_caller]
    #[must_use]
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}: {}", self.asked, self.text);
        let document = self.json();
        assert_eq!(document["status"], self.status, "{}: {}", self.asked, self.text);
        for member in ["title", "detail"] {
            let words = document[member].as_str().unwrap_or_default();
            assert!(!words.is_empty(), "{}: no {member} in {}", self.asked, self.text);
        }
        let kind = document["type"].as_str().and_then(|kind| kind.strip_prefix("urn:hearth:problem:"));
        kind.unwrap_or_else(|| panic!("{}: no kind in {}", self.asked, self.text)).to_owned()
    }

    /// The body as JSON.
    #[track_caller]
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|_| panic!("{} was answered without JSON: {}", self.asked, self.text))
    }

    /// A text within the body, by JSON pointer.
    #[track_caller]
    #[must_use]
    pub fn at(&self, pointer: &str) -> String {
        let json = self.json();
        let found = json.pointer(pointer).and_then(Value::as_str);
        found.unwrap_or_else(|| panic!("{}: no text at {pointer} in {}", self.asked, self.text)).to_owned()
    }

    /// A list within the body.
    #[track_caller]
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<Value> {
        self.json()[name]
            .as_array()
            .unwrap_or_else(|| panic!("{}: no list {name} in {}", self.asked, self.text))
            .clone()
    }

    /// A header; empty when it is absent.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The identifier of the request, as log lines have it.
    #[must_use]
    pub fn request(&self) -> &str {
        self.header("apigw-requestid")
    }
}
