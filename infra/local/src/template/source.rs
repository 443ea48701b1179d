//! The parsed text of a template, before anything is evaluated.

use super::error::TemplateError;
use serde_yaml_ng::Value as Yaml;

/// A template as YAML, with accessors for its sections.
pub(super) struct Source {
    root: Yaml,
}

impl Source {
    pub(super) fn parse(text: &str) -> Result<Self, TemplateError> {
        let root: Yaml = serde_yaml_ng::from_str(text).map_err(|error| TemplateError::Syntax(error.to_string()))?;
        if root.get("Resources").and_then(Yaml::as_mapping).is_none() {
            return Err(TemplateError::missing("the template", "Resources"));
        }
        Ok(Self { root })
    }

    fn section(&self, name: &str) -> Option<&Yaml> {
        self.root.get(name)
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&Yaml> {
        self.section("Parameters")?.get(name)
    }

    pub(super) fn condition(&self, name: &str) -> Option<&Yaml> {
        self.section("Conditions")?.get(name)
    }

    pub(super) fn mapping(&self, map: &str, first: &str, second: &str) -> Option<&Yaml> {
        self.section("Mappings")?.get(map)?.get(first)?.get(second)
    }

    /// `Globals.Function.<name>`.
    pub(super) fn global(&self, name: &str) -> Option<&Yaml> {
        self.section("Globals")?.get("Function")?.get(name)
    }

    /// `Globals.<section>`.
    pub(super) fn globals(&self, section: &str) -> Option<&Yaml> {
        self.section("Globals")?.get(section)
    }

    pub(super) fn resource(&self, id: &str) -> Option<&Yaml> {
        self.section("Resources")?.get(id)
    }

    pub(super) fn kind(&self, id: &str) -> Option<&str> {
        self.resource(id)?.get("Type")?.as_str()
    }

    pub(super) fn properties(&self, id: &str) -> Option<&Yaml> {
        self.resource(id)?.get("Properties")
    }

    /// Logical ids and types, in the order of the text.
    pub(super) fn resources(&self) -> impl Iterator<Item = (&str, &str)> {
        let resources = self.section("Resources").and_then(Yaml::as_mapping);
        resources.into_iter().flatten().filter_map(|(id, resource)| {
            Some((id.as_str()?, resource.get("Type").and_then(Yaml::as_str).unwrap_or_default()))
        })
    }
}
