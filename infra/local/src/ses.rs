//! SES's `SendEmail` (API version 2010-12-01, query protocol), which catches the mail.

use crate::mail::{Mail, Mailbox};
use axum::http::StatusCode;
use hearth::clock::Clock;
use percent_encoding::percent_decode;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const NAMESPACE: &str = "http://ses.amazonaws.com/doc/2010-12-01/";

/// The embedded SES.
pub(crate) struct Ses {
    pub(crate) mailbox: Mailbox,
    pub(crate) clock: Clock,
    /// So many of the next calls fail, for tests of retries.
    pub(crate) failures: Arc<AtomicUsize>,
}

type Refusal = (StatusCode, &'static str, &'static str);

impl Ses {
    /// Answers one call: status and XML document.
    pub(crate) fn call(&self, body: &[u8]) -> (StatusCode, String) {
        let parameters = form(body);
        match self.send(&parameters) {
            Ok(id) => (
                StatusCode::OK,
                format!(
                    "<SendEmailResponse xmlns=\"{NAMESPACE}\"><SendEmailResult><MessageId>{id}</MessageId></SendEmailResult><ResponseMetadata><RequestId>{id}</RequestId></ResponseMetadata></SendEmailResponse>"
                ),
            ),
            Err((status, code, message)) => {
                let kind = if status.is_server_error() { "Receiver" } else { "Sender" };
                (
                    status,
                    format!(
                        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>{kind}</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>local</RequestId></ErrorResponse>"
                    ),
                )
            }
        }
    }

    fn send(&self, parameters: &BTreeMap<String, String>) -> Result<String, Refusal> {
        if parameters.get("Action").map(String::as_str) != Some("SendEmail") {
            return Err((StatusCode::BAD_REQUEST, "InvalidAction", "Only SendEmail is emulated locally"));
        }
        let planned = |failures: usize| failures.checked_sub(1);
        if self.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, planned).is_ok() {
            return Err((StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable", "A failure was asked for"));
        }
        let get = |name: &str| parameters.get(name).cloned();
        let from = get("Source").unwrap_or_default();
        let to: Vec<String> = parameters
            .iter()
            .filter(|(name, _)| name.starts_with("Destination."))
            .map(|(_, address)| address.clone())
            .collect();
        let subject = get("Message.Subject.Data").unwrap_or_default();
        if to.is_empty() || !to.iter().chain([&from]).all(|address| is_address(address)) {
            return Err((StatusCode::BAD_REQUEST, "InvalidParameterValue", "Missing or malformed address"));
        }
        if subject.chars().any(char::is_control) {
            return Err((StatusCode::BAD_REQUEST, "InvalidParameterValue", "Control character in a header"));
        }
        let (text, html) = (get("Message.Body.Text.Data"), get("Message.Body.Html.Data"));
        if text.is_none() && html.is_none() {
            return Err((StatusCode::BAD_REQUEST, "ValidationError", "The message has no body"));
        }
        let unavailable = (StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable", "The mail could not be kept");
        let id = crate::keys::random::<16>().map(hex::encode).map_err(|_| unavailable)?;
        let time = self.clock.now().to_string();
        let mail = Mail { id: id.clone(), time, from, to, subject, text, html };
        self.mailbox.accept(mail).map_err(|_| unavailable)?;
        Ok(id)
    }
}

/// `name@domain` or `Text <name@domain>` in ASCII, as SES wants it, without control characters.
fn is_address(address: &str) -> bool {
    let bare = match address.split_once('<') {
        Some((_, bare)) => bare.strip_suffix('>').unwrap_or_default(),
        None => address,
    };
    let parts = bare.split_once('@');
    address.is_ascii()
        && !address.chars().any(char::is_control)
        && parts.is_some_and(|(name, domain)| {
            !name.is_empty() && !domain.is_empty() && !domain.contains('@') && !bare.contains(' ')
        })
}

/// Decodes `application/x-www-form-urlencoded`.
pub(crate) fn form(body: &[u8]) -> BTreeMap<String, String> {
    let decode = |bytes: &[u8]| {
        let spaced: Vec<u8> = bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
        percent_decode(&spaced).decode_utf8_lossy().into_owned()
    };
    body.split(|byte| *byte == b'&')
        .map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            (decode(halves.next().unwrap_or_default()), decode(halves.next().unwrap_or_default()))
        })
        .collect()
}
