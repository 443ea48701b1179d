//! One API description from those of the functions.

use serde_json::Value as Json;
use std::collections::BTreeMap;
use utoipa::openapi::OpenApi;
use utoipa::openapi::info::LicenseBuilder;

/// Merges the functions' descriptions.
///
/// Functions know nothing of each other, so two may give different schemas the
/// same name. Such a name is qualified with the function's, as in `login.Session` for a `Session` that another function means otherwise.
pub(crate) fn merge<'a>(described: impl Iterator<Item = (&'a str, OpenApi)>) -> OpenApi {
    let documents: Vec<(&str, Json)> =
        described.map(|(name, document)| (name, serde_json::to_value(document).unwrap_or_default())).collect();
    let mut meanings: BTreeMap<&str, Vec<&Json>> = BTreeMap::new();
    for (name, schema) in documents.iter().flat_map(|(_, document)| schemas(document)) {
        let known = meanings.entry(name).or_default();
        if !known.contains(&schema) {
            known.push(schema);
        }
    }
    let ambiguous: Vec<String> =
        meanings.iter().filter(|(_, known)| known.len() > 1).map(|(name, _)| (*name).to_owned()).collect();
    let mut merged = OpenApi::default();
    for (function, mut document) in documents {
        for name in &ambiguous {
            let qualified = format!("{function}.{name}");
            rename(&mut document, &reference(name), &reference(&qualified));
            let schemas = document.pointer_mut("/components/schemas").and_then(Json::as_object_mut);
            if let Some(schemas) = schemas
                && let Some(schema) = schemas.remove(name)
            {
                schemas.insert(qualified, schema);
            }
        }
        // What was just written from the same type can be read into it.
        if let Ok(document) = serde_json::from_value::<OpenApi>(document) {
            merged.merge(document);
        }
    }
    "Hearth".clone_into(&mut merged.info.title);
    env!("CARGO_PKG_VERSION").clone_into(&mut merged.info.version);
    let license = LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0"));
    merged.info.license = Some(license.build());
    merged.info.description =
        Some("The routes of the family client portal, from the code that answers them.".to_owned());
    merged
}

fn schemas(document: &Json) -> impl Iterator<Item = (&str, &Json)> {
    let schemas = document.pointer("/components/schemas").and_then(Json::as_object);
    schemas.into_iter().flatten().map(|(name, schema)| (name.as_str(), schema))
}

fn reference(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

fn rename(value: &mut Json, from: &str, to: &str) {
    match value {
        Json::String(text) if text == from => to.clone_into(text),
        Json::Array(items) => items.iter_mut().for_each(|item| rename(item, from, to)),
        Json::Object(map) => map.values_mut().for_each(|item| rename(item, from, to)),
        _ => {}
    }
}
