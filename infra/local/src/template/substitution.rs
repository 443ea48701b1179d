//! `Fn::Sub` and dynamic references (`{{resolve:secretsmanager:…}}`).

use super::error::TemplateError;
use super::intrinsics::{Resolver, split_attribute};
use serde_json::Value as Json;
use serde_yaml_ng::Value as Yaml;

impl Resolver<'_> {
    pub(super) fn substitute(self, at: &str, argument: &Yaml) -> Result<String, TemplateError> {
        let (text, extra) = match argument {
            Yaml::Sequence(items) => match items.as_slice() {
                [text, Yaml::Mapping(extra)] => (text, Some(extra)),
                _ => return Err(TemplateError::expected(at, "text and a map of variables")),
            },
            text => (text, None),
        };
        let text = text.as_str().ok_or(TemplateError::expected(at, "text"))?;
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            out.push_str(before);
            let (name, tail) = after.split_once('}').ok_or(TemplateError::expected(at, "`}` after `${`"))?;
            rest = tail;
            if let Some(literal) = name.strip_prefix('!') {
                out.push_str(&format!("${{{literal}}}"));
            } else if let Some(value) = extra.and_then(|extra| extra.get(name)) {
                out.push_str(&self.required(at, value)?);
            } else if name.contains('.') {
                let (id, attribute) = split_attribute(at, name)?;
                out.push_str(&self.attribute(at, &id, &attribute)?);
            } else {
                match self.reference(at, name)? {
                    Json::String(value) => out.push_str(&value),
                    _ => return Err(TemplateError::expected(at, "text")),
                }
            }
        }
        out.push_str(rest);
        self.dynamic(at, &out)
    }

    /// Replaces dynamic references (`{{resolve:secretsmanager:…}}`).
    pub(super) fn dynamic(self, at: &str, text: &str) -> Result<String, TemplateError> {
        let Some((before, after)) = text.split_once("{{resolve:") else {
            return Ok(text.to_owned());
        };
        let (reference, rest) = after.split_once("}}").ok_or(TemplateError::expected(at, "`}}` after `{{resolve:`"))?;
        if !reference.starts_with("secretsmanager:") {
            return Err(TemplateError::unsupported(at, format!("{{{{resolve:{reference}}}}}")));
        }
        Ok(format!("{before}{}{}", self.world.secret, self.dynamic(at, rest)?))
    }
}
