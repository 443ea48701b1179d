//! The operator's pages, on a port of their own: caught mails, dead letters, API description.

use crate::dead_letters::DeadLetters;
use crate::mail::{Mail, Mailbox};
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;

/// No scripts, nothing from elsewhere: a mail is somebody else's text.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'";
const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #ccc}pre{white-space:pre-wrap;background:#f6f6f6;padding:1rem}iframe{width:100%;height:30rem;border:1px solid #ccc}.alarm{background:#fde8e8;padding:.6rem}";

#[derive(Clone)]
struct Tools {
    mailbox: Mailbox,
    dead_letters: DeadLetters,
    openapi: Arc<serde_json::Value>,
    portal: Arc<str>,
}

/// The HTTP service of the tools.
pub(crate) fn router(
    mailbox: Mailbox,
    dead_letters: DeadLetters,
    openapi: serde_json::Value,
    portal: &str,
) -> axum::Router {
    axum::Router::new()
        .route("/", get(list))
        .route("/mails/{id}", get(show))
        .route("/mails.json", get(async |State(tools): State<Tools>| Json(tools.mailbox.all())))
        .route("/dead-letters.json", get(async |State(tools): State<Tools>| Json(tools.dead_letters.all())))
        .route("/openapi.json", get(async |State(tools): State<Tools>| Json((*tools.openapi).clone())))
        .layer(axum::middleware::from_fn(guard))
        .with_state(Tools { mailbox, dead_letters, openapi: Arc::new(openapi), portal: portal.into() })
}

/// Answers only under local names, so that no web page can read the mails by rebinding its own name.
async fn guard(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if !["127.0.0.1", "localhost", "[::1]"].contains(&name) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer"));
    response
}

async fn list(State(tools): State<Tools>) -> Html<String> {
    let mut mails = tools.mailbox.all();
    mails.reverse();
    let rows: Vec<String> = mails
        .iter()
        .map(|mail| {
            format!(
                "<tr><td>{}</td><td>{}</td><td><a href=\"/mails/{}\">{}</a></td></tr>",
                escape(&mail.time),
                escape(&mail.to.join(", ")),
                escape(&mail.id),
                escape(&mail.subject)
            )
        })
        .collect();
    let dead = tools.dead_letters.all().len();
    let alarm = if dead == 0 {
        String::new()
    } else {
        format!(
            "<p class=\"alarm\">{dead} event(s) could not be delivered: <a href=\"/dead-letters.json\">dead letters</a></p>"
        )
    };
    let table = if rows.is_empty() {
        "<p>No mail yet. This page looks again every five seconds.</p>".to_owned()
    } else {
        format!("<table><tr><th>Time</th><th>To</th><th>Subject</th></tr>{}</table>", rows.join(""))
    };
    let body = format!(
        "{alarm}<p>Mails that Hearth would have sent. None has left this machine. <a href=\"{}\">Portal</a> · <a href=\"/openapi.json\">API description</a></p>{table}",
        escape(&tools.portal)
    );
    page("Caught mail", "<meta http-equiv=\"refresh\" content=\"5\">", &body)
}

async fn show(State(tools): State<Tools>, Path(id): Path<String>) -> Response {
    match tools.mailbox.all().into_iter().find(|mail| mail.id == id) {
        Some(mail) => page(&mail.subject, "", &letter(&mail, &tools.portal)).into_response(),
        None => (StatusCode::NOT_FOUND, page("Not found", "", "<p>There is no such mail.</p>")).into_response(),
    }
}

fn letter(mail: &Mail, portal: &str) -> String {
    let mut body = format!(
        "<p><a href=\"/\">All mails</a></p><p>From: {}<br>To: {}<br>{}</p>",
        escape(&mail.from),
        escape(&mail.to.join(", ")),
        escape(&mail.time)
    );
    if let Some(text) = &mail.text {
        body.push_str(&format!("<pre>{}</pre>", linked(text, portal)));
    }
    if let Some(html) = &mail.html {
        let framed = format!("<base target=\"_blank\">{html}");
        body.push_str(&format!(
            "<h2>As HTML</h2><iframe sandbox=\"allow-popups allow-popups-to-escape-sandbox\" srcdoc=\"{}\"></iframe>",
            escape(&framed)
        ));
    }
    body
}

/// Escaped text in which links to the portal, and no others, can be clicked.
fn linked(text: &str, portal: &str) -> String {
    let pieces = text.split_inclusive(char::is_whitespace).map(|piece| {
        let word = piece.trim_end();
        if word.strip_prefix(portal).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
            let space = piece.strip_prefix(word).unwrap_or_default();
            format!("<a href=\"{0}\" target=\"_blank\" rel=\"noopener\">{0}</a>{1}", escape(word), space)
        } else {
            escape(piece)
        }
    });
    pieces.collect()
}

fn page(title: &str, head: &str, body: &str) -> Html<String> {
    let title = escape(title);
    Html(format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">{head}<title>{title}</title><style>{STYLE}</style><h1>{title}</h1>{body}</html>"
    ))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::{escape, linked};

    #[test]
    fn a_mail_cannot_bring_markup_of_its_own() {
        assert_eq!(escape("<b a='1' c=\"2\">&"), "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;");
        let portal = "http://localhost:8080";
        let text = "Open http://localhost:8080/invitation#a\"b or https://evil.example <script> http://localhost:8080.evil.example/";
        let shown = linked(text, portal);
        assert!(shown.contains("<a href=\"http://localhost:8080/invitation#a&quot;b\""), "{shown}");
        assert!(!shown.contains("<script>") && !shown.contains("href=\"https://evil"), "{shown}");
        assert_eq!(shown.matches("href").count(), 1, "{shown}");
    }
}
