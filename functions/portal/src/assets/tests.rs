use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// The texts between quotation marks that start with `before`.
fn quoted(text: &str, before: &str) -> BTreeSet<String> {
    text.split('"').filter_map(|part| part.strip_prefix(before)).map(str::to_owned).collect()
}

fn texts(language: &str) -> BTreeMap<String, String> {
    let (_, text) = FILES.iter().find(|(name, _)| *name == language).unwrap();
    let object = text.split_once("export default ").unwrap().1.trim_end().trim_end_matches(';');
    serde_json::from_str(object).unwrap()
}

#[test]
fn everything_that_is_asked_for_exists() {
    let assets = Assets::new("Clinic");
    let names = quoted(&assets.page.text, "/assets/");
    assert!(names.len() >= 3, "{names:?}");
    for name in names {
        assert!(assets.file(&name).is_some(), "{name} in the page");
    }
    for (from, file) in &assets.files {
        for name in quoted(&file.text, "./") {
            assert!(assets.file(&name).is_some(), "{name} in {from}");
        }
    }
}

#[test]
fn every_file_in_the_folder_is_embedded() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets");
    let mut found: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    found.retain(|name| name != "index.html");
    found.sort();
    assert_eq!(found, FILES.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>());
}

#[test]
fn names_follow_the_content() {
    let digest = digest();
    assert_eq!(digest.len(), 16);
    let assets = Assets::new("Clinic");
    assert!(assets.page.text.contains(&format!("/assets/app.{digest}.js")));
    assert!(assets.file("app.js").is_none());
}

#[test]
fn the_clinics_name_is_text() {
    let page = Assets::new("Kids & \"Co\" <b>").page.text;
    assert!(page.contains("<title>Kids &amp; &quot;Co&quot; &lt;b&gt;</title>"));
    assert!(!page.contains("{{") && !page.contains("<b>"));
}

#[test]
fn nothing_is_inline_and_nothing_becomes_markup() {
    for part in ["<style", " style=", "javascript:", " onclick", " onload"] {
        assert!(!PAGE.contains(part), "{part}");
    }
    assert!(PAGE.split("<script").skip(1).all(|script| script.contains(" src=\"/assets/")));
    for (name, text) in FILES {
        for part in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "localStorage",
            "sessionStorage",
        ] {
            assert!(!text.contains(part), "{part} in {name}");
        }
    }
}

#[test]
fn both_languages_say_everything() {
    for (en, es) in [("en.js", "es.js"), ("en-office.js", "es-office.js")] {
        say_the_same(&texts(en), &texts(es));
    }
}

fn say_the_same(en: &BTreeMap<String, String>, es: &BTreeMap<String, String>) {
    assert_eq!(en.keys().collect::<Vec<_>>(), es.keys().collect::<Vec<_>>());
    for (key, text) in en {
        let other = es.get(key).unwrap();
        assert!(!text.trim().is_empty() && !other.trim().is_empty(), "{key}");
        let holes = |text: &str| {
            text.split('{').skip(1).map(|part| part.split('}').next().unwrap().to_owned()).collect::<BTreeSet<_>>()
        };
        assert_eq!(holes(text), holes(other), "{key}");
    }
}

/// Keys are written out between quotation marks, `view.what`, or are put together from one of these beginnings.
#[test]
fn every_text_exists_and_is_used() {
    let mut en = texts("en.js");
    for (key, text) in texts("en-office.js") {
        assert_eq!(en.insert(key.clone(), text), None, "{key} is said twice");
    }
    let put_together = [
        "agency.",
        "ahead.",
        "answer.",
        "ask.",
        "authority.",
        "block.",
        "by.",
        "capacity.",
        "date.",
        "documents.",
        "event.",
        "ground.",
        "kin.",
        "invite.",
        "no.",
        "packet.you.",
        "packets.",
        "person.",
        "problem.",
        "question.",
        "reason.",
        "refused.",
        "request.",
        "scope.",
        "slots.",
        "terms.",
        "wish.",
        // The menu of one's own login: `title` and `short` of each page.
        "addresses.",
        "codes.",
        "merge.",
        "passkeys.",
        "password.",
        "sessions.",
    ];
    let modules: Vec<_> = FILES
        .iter()
        .filter(|(name, _)| name.ends_with(".js") && !name.starts_with("en") && !name.starts_with("es"))
        .collect();
    let mut used = BTreeSet::new();
    for (name, text) in modules {
        for part in text.split('"') {
            let is_key = part.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c == '.')
                && part.split('.').count() == 2
                && part.split('.').all(|word| !word.is_empty());
            let counted = [format!("{part}.one"), format!("{part}.other")];
            if en.contains_key(part) {
                used.insert(part.to_owned());
            } else if counted.iter().all(|key| en.contains_key(key)) {
                used.extend(counted);
            } else {
                assert!(!is_key || part.ends_with(".js"), "{part} in {name}");
            }
        }
    }
    for key in en.keys() {
        assert!(used.contains(key) || put_together.iter().any(|start| key.starts_with(start)), "nobody says {key}");
    }
}
