//! CloudFormation's intrinsic functions, evaluated against a local world.
//!
//! Source: AWS CloudFormation template reference, "Intrinsic functions".
//! Both spellings are read: the YAML tag (`!GetAtt`) and the long form
//! (`Fn::GetAtt`). Nothing is evaluated before somebody asks for it, so rights
//! and alarms may use functions that have no meaning on a laptop.

use super::error::TemplateError;
use super::source::Source;
use super::world::World;
use serde_json::{Map, Value as Json};
use serde_yaml_ng::Value as Yaml;

/// How deep parameters, conditions and resources may refer to each other.
const DEPTH: usize = 32;

/// Evaluates values of one template in one world.
#[derive(Clone, Copy)]
pub(super) struct Resolver<'a> {
    pub(super) source: &'a Source,
    pub(super) world: &'a World,
    depth: usize,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(source: &'a Source, world: &'a World) -> Self {
        Self { source, world, depth: 0 }
    }

    /// The value with every intrinsic function replaced by its result;
    /// `None` where it is `AWS::NoValue`.
    pub(super) fn value(self, at: &str, value: &Yaml) -> Result<Option<Json>, TemplateError> {
        if self.depth > DEPTH {
            return Err(TemplateError::unsupported(at, "references in a circle"));
        }
        if let Some((name, argument)) = intrinsic(value) {
            return self.call(at, &name, argument);
        }
        let plain = match value {
            Yaml::Null => Json::Null,
            Yaml::Bool(flag) => Json::Bool(*flag),
            Yaml::Number(number) => {
                serde_json::to_value(number).map_err(|_| TemplateError::expected(at, "a finite number"))?
            }
            Yaml::String(text) => Json::String(self.dynamic(at, text)?),
            Yaml::Sequence(items) => {
                let mut list = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    list.extend(self.value(&format!("{at}.{index}"), item)?);
                }
                Json::Array(list)
            }
            Yaml::Mapping(entries) => {
                let mut map = Map::new();
                for (key, item) in entries {
                    let key = key.as_str().ok_or(TemplateError::expected(at, "text as a key"))?;
                    if let Some(item) = self.value(&format!("{at}.{key}"), item)? {
                        map.insert(key.to_owned(), item);
                    }
                }
                Json::Object(map)
            }
            Yaml::Tagged(tagged) => {
                return Err(TemplateError::unsupported(at, format!("the tag {}", tagged.tag)));
            }
        };
        Ok(Some(plain))
    }

    /// [`Self::value`] as text; numbers and booleans are written out, as CloudFormation does.
    pub(super) fn text(self, at: &str, value: &Yaml) -> Result<Option<String>, TemplateError> {
        match self.value(at, value)? {
            None => Ok(None),
            Some(Json::String(text)) => Ok(Some(text)),
            Some(Json::Number(number)) => Ok(Some(number.to_string())),
            Some(Json::Bool(flag)) => Ok(Some(flag.to_string())),
            Some(_) => Err(TemplateError::expected(at, "text")),
        }
    }

    fn deeper(self) -> Self {
        Self { depth: self.depth.saturating_add(1), ..self }
    }

    pub(super) fn required(self, at: &str, value: &Yaml) -> Result<String, TemplateError> {
        self.deeper().text(at, value)?.ok_or(TemplateError::expected(at, "text"))
    }

    fn call(self, at: &str, name: &str, argument: &Yaml) -> Result<Option<Json>, TemplateError> {
        let me = self.deeper();
        match name {
            "Ref" => {
                let name = me.required(at, argument)?;
                if name == "AWS::NoValue" {
                    return Ok(None);
                }
                me.reference(at, &name).map(Some)
            }
            "GetAtt" => {
                let (id, attribute) = match argument {
                    Yaml::Sequence(parts) => match parts.as_slice() {
                        [id, attribute] => (me.required(at, id)?, me.required(at, attribute)?),
                        _ => return Err(TemplateError::expected(at, "a resource and an attribute")),
                    },
                    other => split_attribute(at, &me.required(at, other)?)?,
                };
                me.attribute(at, &id, &attribute).map(|text| Some(Json::String(text)))
            }
            "Sub" => me.substitute(at, argument).map(|text| Some(Json::String(text))),
            "Join" => {
                let [separator, Yaml::Sequence(items)] = list(at, argument)? else {
                    return Err(TemplateError::expected(at, "a separator and a list"));
                };
                let mut parts = Vec::new();
                for item in items {
                    parts.extend(me.text(at, item)?);
                }
                Ok(Some(Json::String(parts.join(&me.required(at, separator)?))))
            }
            "If" => {
                let [condition, then, otherwise] = list(at, argument)? else {
                    return Err(TemplateError::expected(at, "a condition and two values"));
                };
                let holds = me.condition(at, &me.required(at, condition)?)?;
                me.value(at, if holds { then } else { otherwise })
            }
            "Equals" | "And" | "Or" | "Not" | "Condition" => {
                me.logic(at, name, argument).map(|flag| Some(Json::Bool(flag)))
            }
            "FindInMap" => {
                let [map, first, second] = list(at, argument)? else {
                    return Err(TemplateError::expected(at, "a map and two keys"));
                };
                let (map, first, second) = (me.required(at, map)?, me.required(at, first)?, me.required(at, second)?);
                let found = me.source.mapping(&map, &first, &second);
                let found = found.ok_or_else(|| TemplateError::unknown(at, &format!("{map}.{first}.{second}")))?;
                me.value(at, found)
            }
            other => Err(TemplateError::unsupported(at, format!("the function {other}"))),
        }
    }

    /// Whether the named condition of the template holds.
    pub(super) fn condition(self, at: &str, name: &str) -> Result<bool, TemplateError> {
        let definition = self.source.condition(name).ok_or_else(|| TemplateError::unknown(at, name))?;
        self.deeper().truth(&format!("Conditions.{name}"), definition)
    }

    fn truth(self, at: &str, value: &Yaml) -> Result<bool, TemplateError> {
        match intrinsic(value) {
            Some((name, argument)) => self.deeper().logic(at, &name, argument),
            None => Err(TemplateError::expected(at, "a condition")),
        }
    }

    fn logic(self, at: &str, name: &str, argument: &Yaml) -> Result<bool, TemplateError> {
        if name == "Condition" {
            return self.condition(at, &self.required(at, argument)?);
        }
        let items = list(at, argument)?;
        match (name, items) {
            ("Equals", [left, right]) => Ok(self.required(at, left)? == self.required(at, right)?),
            ("Not", [only]) => Ok(!self.truth(at, only)?),
            ("And", items) => items.iter().try_fold(true, |all, item| Ok(all & self.truth(at, item)?)),
            ("Or", items) => items.iter().try_fold(false, |any, item| Ok(any | self.truth(at, item)?)),
            _ => Err(TemplateError::expected(at, "a condition function with its arguments")),
        }
    }
}

/// The intrinsic function that a value calls, if it is one.
pub(super) fn intrinsic(value: &Yaml) -> Option<(String, &Yaml)> {
    match value {
        Yaml::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            Some((tag.trim_start_matches('!').to_owned(), &tagged.value))
        }
        Yaml::Mapping(map) if map.len() == 1 => {
            let (key, argument) = map.iter().next()?;
            let key = key.as_str()?;
            match key.strip_prefix("Fn::") {
                Some(name) => Some((name.to_owned(), argument)),
                None if key == "Ref" => Some((key.to_owned(), argument)),
                None if key == "Condition" && argument.is_string() => Some((key.to_owned(), argument)),
                None => None,
            }
        }
        _ => None,
    }
}

fn list<'y>(at: &str, value: &'y Yaml) -> Result<&'y [Yaml], TemplateError> {
    value.as_sequence().map(Vec::as_slice).ok_or(TemplateError::expected(at, "a list"))
}

pub(super) fn split_attribute(at: &str, name: &str) -> Result<(String, String), TemplateError> {
    name.split_once('.')
        .map(|(id, attribute)| (id.to_owned(), attribute.to_owned()))
        .ok_or(TemplateError::expected(at, "a resource and an attribute, as in `Table.Arn`"))
}
