//! A browser: it keeps cookies and sends them back.

use crate::Reply;
use reqwest::Method;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A browser. Clones share the cookies, as tabs do.
///
/// Cookies are kept by hand: the portal's are `Secure`, which HTTP clients do not send to plain HTTP even on loopback, while
/// browsers do.
#[derive(Debug, Clone)]
pub struct Browser {
    http: reqwest::Client,
    base: String,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    heard: Heard,
}

/// Every answer that the browsers of one world got.
pub(crate) type Heard = Arc<Mutex<Vec<Reply>>>;

/// A request in the making.
#[derive(Debug, Clone)]
pub struct Asking {
    browser: Browser,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Browser {
    /// A browser without cookies.
    pub(crate) fn new(http: &reqwest::Client, base: &str, heard: &Heard) -> Self {
        Self { http: http.clone(), base: base.to_owned(), cookies: Arc::default(), heard: Arc::clone(heard) }
    }

    /// The same browser for a portal that has moved, as after a restart on other ports.
    #[must_use]
    pub fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// Another browser, with the same cookies.
    #[must_use]
    pub fn copy(&self) -> Self {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Self { cookies: Arc::new(Mutex::new(cookies)), ..self.clone() }
    }

    /// Begins a request.
    #[must_use]
    pub fn ask(&self, method: &str, path: &str) -> Asking {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        Asking { browser: self.clone(), method, path: path.to_owned(), headers: Vec::new(), body: None }
    }

    /// `POST` with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.ask("POST", path).json(body).send().await
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Reply {
        self.ask("GET", path).send().await
    }

    /// A cookie's value.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Puts a cookie, or takes it away.
    pub fn set_cookie(&self, name: &str, value: Option<&str>) {
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        match value {
            Some(value) => cookies.insert(name.to_owned(), value.to_owned()),
            None => cookies.remove(name),
        };
    }

    fn cookie_header(&self) -> String {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn keep(&self, set_cookie: &str) {
        let mut parts = set_cookie.split(';').map(str::trim);
        let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).expect("a cookie");
        let attributes: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
        // What a browser demands of the prefix `__Host-` (RFC 6265bis §4.1.3.2), and what this portal promises.
        for needed in ["secure", "httponly", "samesite=strict", "path=/"] {
            assert!(attributes.iter().any(|attribute| attribute == needed), "{name} lacks {needed}: {set_cookie}");
        }
        assert!(!attributes.iter().any(|attribute| attribute.starts_with("domain")), "{name} names a domain");
        let ended = attributes.iter().any(|attribute| attribute == "max-age=0");
        self.set_cookie(name, (!ended).then_some(value));
    }
}

impl Asking {
    /// The same request from another browser with the same cookies: the first browser never hears of the answer.
    #[must_use]
    pub fn elsewhere(&self) -> Self {
        Self { browser: self.browser.copy(), ..self.clone() }
    }

    /// With a bearer token.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// With an `Idempotency-Key`.
    #[must_use]
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").bytes(body.to_string().into_bytes())
    }

    /// With any body.
    #[must_use]
    pub fn bytes(mut self, body: Vec<u8>) -> Self {
        self.body = Some(body);
        self
    }

    /// Sends it. Redirects are not followed: the portal sends none.
    pub async fn send(self) -> Reply {
        let asked = format!("{} {}", self.method, self.path);
        let mut request = self.browser.http.request(self.method, format!("{}{}", self.browser.base, self.path));
        let cookies = self.browser.cookie_header();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies);
        }
        for (name, value) in self.headers {
            request = request.header(name, value.as_bytes());
        }
        if let Some(body) = self.body {
            request = request.body(body);
        }
        let response = request.send().await.unwrap_or_else(|error| panic!("{asked} got no answer: {error:?}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        for cookie in headers.get_all("set-cookie") {
            self.browser.keep(cookie.to_str().expect("a readable cookie"));
        }
        let text = response.text().await.unwrap_or_else(|error| panic!("{asked} broke off: {error:?}"));
        let reply = Reply { asked, status, headers, text };
        self.browser.heard.lock().unwrap_or_else(PoisonError::into_inner).push(reply.clone());
        reply
    }
}
