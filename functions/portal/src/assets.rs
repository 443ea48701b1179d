//! The files of the page: embedded in the binary, named by what is in them.

use std::collections::BTreeMap;

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
    "api.js",
    "app.js",
    "dom.js",
    "en.js",
    "es.js",
    "form.js",
    "home.js",
    "icon.svg",
    "invitation.js",
    "mark.js",
    "member.js",
    "own-login.js",
    "packet.js",
    "people.js",
    "prove.js",
    "recover.js",
    "session.js",
    "sign-in.js",
    "style.css",
    "text.js",
    "upload.js",
    "view.js",
];

/// A file as browsers get it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    /// Media type.
    pub(crate) media: &'static str,
    /// Content, with the names of other files as they are served.
    pub(crate) text: String,
}

/// The page and its files.
#[derive(Debug, Clone)]
pub(crate) struct Assets {
    /// The page.
    pub(crate) page: String,
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
        Self {
            page: write_names(PAGE, "/assets/").replace("{{clinic}}", &escape(clinic)),
            files: FILES
                .iter()
                .zip(&renamed)
                .map(|((name, text), (_, served))| {
                    (served.clone(), File { media: media(name), text: write_names(text, "./") })
                })
                .collect(),
        }
    }

    /// A file by the name under which it is served.
    pub(crate) fn file(&self, name: &str) -> Option<&File> {
        self.files.get(name)
    }
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
