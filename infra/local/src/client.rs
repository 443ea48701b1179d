//! A person with a browser, as far as the routes are concerned: cookies, tokens, and nothing that a page could not do.

use std::collections::BTreeMap;

use reqwest::{Method, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thiserror::Error;

use crate::Mail;

/// Why a step could not be taken, in words for the person at the keyboard.
#[derive(Debug, Error)]
pub enum ClientError {
    /// The portal did not answer.
    #[error("the portal did not answer")]
    NoAnswer(#[source] reqwest::Error),
    /// The portal said no.
    #[error("the portal answered {status}: {detail}")]
    Refused {
        /// HTTP status.
        status: StatusCode,
        /// What the problem document says to do.
        detail: String,
    },
    /// The answer is not what the API describes.
    #[error("the portal's answer lacks `{0}`")]
    Lacks(&'static str),
    /// A mail that must have come has not.
    #[error("no mail came to that address")]
    NoMail,
}

/// One person on one device.
#[derive(Debug)]
pub struct Person {
    base: String,
    http: reqwest::Client,
    cookies: BTreeMap<String, String>,
    session: Option<String>,
    /// The person's login, once signed in.
    pub login: Option<String>,
}

impl Person {
    /// A person who has not signed in, at the portal under `base`.
    #[must_use]
    pub fn new(base: &str) -> Self {
        Self {
            base: base.to_owned(),
            http: reqwest::Client::new(),
            cookies: BTreeMap::new(),
            session: None,
            login: None,
        }
    }

    /// Sends a request with the session token, or with a member's token.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Value, ClientError> {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(token) = token.or(self.session.as_deref()) {
            request = request.bearer_auth(token);
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", cookies.join("; "));
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(ClientError::NoAnswer)?;
        self.keep_cookies(&response);
        read(response).await
    }

    /// Sends a `POST` with the session token.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn post(&mut self, path: &str, body: Value) -> Result<Value, ClientError> {
        self.send(Method::POST, path, None, Some(&body)).await
    }

    fn keep_cookies(&mut self, response: &Response) {
        for cookie in response.headers().get_all("set-cookie") {
            let Some((name, rest)) = cookie.to_str().ok().and_then(|cookie| cookie.split_once('=')) else { continue };
            let value = rest.split(';').next().unwrap_or_default();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// Signs in; when the portal mails a code, `code` finds it.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn sign_in<F>(&mut self, email: &str, password: &str, code: F) -> Result<(), ClientError>
    where
        F: AsyncFnOnce() -> Result<String, ClientError>,
    {
        let mut answer = self.post("/login", json!({ "email": email, "password": password })).await?;
        if let Some(challenge) = answer.get("challenge").cloned() {
            let code = code().await?;
            answer = self.post("/login/code", json!({ "challenge": challenge, "code": code })).await?;
        }
        self.session = Some(text(&answer, "/session/token")?);
        self.login = Some(text(&answer, "/session/login/id")?);
        Ok(())
    }

    /// Opens a member's record: the member token.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn open(&mut self, member: &str, reason: Option<&str>) -> Result<String, ClientError> {
        let answer = self.post(&format!("/members/{member}/switch"), json!({ "reason": reason })).await?;
        text(&answer, "/token")
    }

    /// Uploads a PDF to the member whose token it is, and returns the document's identifier.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn upload(
        &mut self,
        member: &str,
        token: &str,
        title: &str,
        pdf: Vec<u8>,
    ) -> Result<String, ClientError> {
        use sha2::{Digest, Sha256};
        let body = json!({ "title": title, "bytes": pdf.len(), "sha256": hex::encode(Sha256::digest(&pdf)) });
        let path = format!("/members/{member}/documents");
        let answer = self.send(Method::POST, &path, Some(token), Some(&body)).await?;
        let mut put = self.http.put(text(&answer, "/upload/url")?);
        let headers: BTreeMap<String, String> = part(&answer, "/upload/headers")?;
        for (name, value) in headers {
            put = put.header(name, value);
        }
        let response = put.body(pdf).send().await.map_err(ClientError::NoAnswer)?;
        if !response.status().is_success() {
            let detail = "the file store did not take the file".to_owned();
            return Err(ClientError::Refused { status: response.status(), detail });
        }
        text(&answer, "/id")
    }

    /// Downloads what a link opens.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn download(&self, url: &str) -> Result<Vec<u8>, ClientError> {
        let response = self.http.get(url).send().await.map_err(ClientError::NoAnswer)?;
        let status = response.status();
        if !status.is_success() {
            return Err(ClientError::Refused { status, detail: "the file store did not give the file".to_owned() });
        }
        Ok(response.bytes().await.map_err(ClientError::NoAnswer)?.to_vec())
    }
}

async fn read(response: Response) -> Result<Value, ClientError> {
    let status = response.status();
    let bytes = response.bytes().await.map_err(ClientError::NoAnswer)?;
    let body: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    if status.is_success() {
        return Ok(body);
    }
    let detail = body.get("detail").and_then(Value::as_str).unwrap_or("no reason was given").to_owned();
    Err(ClientError::Refused { status, detail })
}

/// A text in an answer.
///
/// # Errors
/// [`ClientError::Lacks`].
pub fn text(answer: &Value, pointer: &'static str) -> Result<String, ClientError> {
    part(answer, pointer)
}

/// A part of an answer.
///
/// # Errors
/// [`ClientError::Lacks`].
pub fn part<T: DeserializeOwned>(answer: &Value, pointer: &'static str) -> Result<T, ClientError> {
    let value = answer.pointer(pointer).cloned().ok_or(ClientError::Lacks(pointer))?;
    serde_json::from_value(value).map_err(|_| ClientError::Lacks(pointer))
}

/// The newest mail to an address.
///
/// # Errors
/// [`ClientError::NoMail`].
pub fn newest_mail(mails: &[Mail], address: &str) -> Result<String, ClientError> {
    let mail = mails.iter().rev().find(|mail| mail.to.iter().any(|to| to == address));
    mail.and_then(|mail| mail.text.clone()).ok_or(ClientError::NoMail)
}

/// The code in a mail.
///
/// # Errors
/// [`ClientError::NoMail`] when it holds none.
pub fn code_in(text: &str) -> Result<String, ClientError> {
    let digits: String = text.lines().next().unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    if digits.len() == 8 { Ok(digits) } else { Err(ClientError::NoMail) }
}

/// The token in the link of a mail.
///
/// # Errors
/// [`ClientError::NoMail`] when it holds none.
pub fn token_in(text: &str) -> Result<String, ClientError> {
    let link = text.split_whitespace().find(|word| word.contains("/invitation#")).ok_or(ClientError::NoMail)?;
    link.split_once('#').map(|(_, token)| token.to_owned()).ok_or(ClientError::NoMail)
}
