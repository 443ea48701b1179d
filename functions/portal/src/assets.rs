//! The files of the page: embedded in the binary, named by what is in them.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::OnceLock;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// The page itself; the clinic's name is not in it yet.
const PAGE: &str = include_str!("../assets/index.html");

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../assets/", $name)))),*]
    };
}

/// Everything that the page asks for.
const FILES: &[(&str, &str)] = embedded![
    "activity.js",
    "addresses.js",
    "agencies.js",
    "api.js",
    "app.js",
    "ask.js",
    "blocks.js",
    "circle.js",
    "clients.js",
    "codes.js",
    "dom.js",
    "draft.js",
    "en-office.js",
    "en.js",
    "es-office.js",
    "es.js",
    "fields.js",
    "fill.js",
    "form.js",
    "home.js",
    "icon.svg",
    "invitation.js",
    "invite.js",
    "mark.js",
    "member.js",
    "merge.js",
    "new-packet.js",
    "office.js",
    "own-login.js",
    "packet.js",
    "passkey.js",
    "passkeys.js",
    "password.js",
    "people.js",
    "person.js",
    "photo.js",
    "prove.js",
    "recover.js",
    "register.js",
    "requests.js",
    "routes.js",
    "session.js",
    "sessions.js",
    "sign-in.js",
    "sign.js",
    "style.css",
    "terms.js",
    "text.js",
    "upload.js",
    "verify.js",
    "view.js",
    "who-sees.js",
];

/// A file as browsers get it.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// Media type.
    pub(crate) media: &'static str,
    /// Content, with the names of other files as they are served.
    pub(crate) text: String,
    /// The content compressed, once somebody has asked for it.
    gzip: OnceLock<Vec<u8>>,
}

impl File {
    fn new(media: &'static str, text: String) -> Self {
        Self { media, text, gzip: OnceLock::new() }
    }

    /// The content in gzip's format (RFC 1952). Compressed when it is first asked for, in less than a millisecond, so that a start
    /// pays for nothing; every browser asks once. Empty if it cannot be compressed.
    pub(crate) fn gzip(&self) -> &[u8] {
        self.gzip.get_or_init(|| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(self.text.as_bytes()).and_then(|()| encoder.finish()).unwrap_or_default()
        })
    }
}

/// The page and its files.
#[derive(Debug, Clone)]
pub(crate) struct Assets {
    /// The page.
    pub(crate) page: File,
    files: BTreeMap<String, File>,
}

impl Assets {
    /// Names every file after the content of all of them and writes these names wherever one file asks for another. With one
    /// digest for the set, a page never mixes files of two versions, and modules may import each other in circles.
    pub(crate) fn new(clinic: &str) -> Self {
        let digest = digest();
        let renamed: Vec<(&str, String)> = FILES.iter().map(|(name, _)| (*name, served_name(name, &digest))).collect();
        let write_names = |text: &str, before: &str| {
            renamed.iter().fold(text.to_owned(), |text, (name, served)| {
                text.replace(&format!("\"{before}{name}\""), &format!("\"{before}{served}\""))
            })
        };
        let page = PAGE.replace("{{preload}}", &preloads()).replace("{{clinic}}", &escape(clinic));
        Self {
            page: File::new("text/html; charset=utf-8", write_names(&page, "/assets/")),
            files: FILES
                .iter()
                .zip(&renamed)
                .map(|((name, text), (_, served))| (served.clone(), File::new(media(name), write_names(text, "./"))))
                .collect(),
        }
    }

    /// A file by the name under which it is served.
    pub(crate) fn file(&self, name: &str) -> Option<&File> {
        self.files.get(name)
    }
}

/// Lines that ask for every module of the first page at once, not one after the other as each names the next. What is imported
/// later (`import("./x.js")`) is not among them.
fn preloads() -> String {
    let mut wanted = vec!["app.js"];
    let mut at = 0;
    while let Some(text) = wanted.get(at).and_then(|name| FILES.iter().find(|(known, _)| known == name)) {
        for before in ["from \"./", "import \"./"] {
            for name in text.1.split(before).skip(1).filter_map(|rest| rest.split('"').next()) {
                if !wanted.contains(&name) {
                    wanted.push(name);
                }
            }
        }
        at += 1;
    }
    let line = |name: &&str| format!("<link rel=\"modulepreload\" href=\"/assets/{name}\">");
    wanted.iter().skip(1).map(line).collect::<Vec<_>>().join("\n")
}

/// The first 64 bits of a SHA-256 over names, lengths and contents: enough to tell versions apart.
fn digest() -> String {
    let mut hash = Sha256::new();
    for (name, text) in FILES {
        hash.update(format!("{name} {}\n", text.len()));
        hash.update(text);
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn served_name(name: &str, digest: &str) -> String {
    name.rsplit_once('.').map_or_else(|| name.to_owned(), |(stem, kind)| format!("{stem}.{digest}.{kind}"))
}

fn media(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "svg")) => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}

/// Text that is safe between tags and in a quoted attribute.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests;
