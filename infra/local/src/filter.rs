//! Filter patterns of event source mappings.
//!
//! Source: AWS Lambda developer guide, "Control which events Lambda sends to
//! your function". The subset here is exact values, `prefix`, `suffix`,
//! `exists` and `anything-but`; any other rule is refused at start instead of being ignored.

use serde_json::{Map, Value as Json};

/// A pattern uses a rule that is not part of the subset, or is malformed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("filter pattern: {0}")]
pub(crate) struct PatternError(String);

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(crate) struct Pattern(Vec<(String, Node)>);

#[derive(Debug, Clone)]
enum Node {
    Inner(Pattern),
    Leaf(Vec<Rule>),
}

#[derive(Debug, Clone)]
enum Rule {
    Equals(Json),
    Prefix(String),
    Suffix(String),
    Exists(bool),
    AnythingBut(Vec<Json>),
}

impl Pattern {
    /// Compiles the JSON of a `Pattern`.
    ///
    /// # Errors
    /// A rule outside the subset, or a pattern that is not made of objects and lists.
    pub(crate) fn compile(pattern: &Json) -> Result<Self, PatternError> {
        let map = pattern.as_object();
        let map = map.ok_or_else(|| PatternError("must be a JSON object".to_owned()))?;
        let mut nodes = Vec::with_capacity(map.len());
        for (key, value) in map {
            let node = match value {
                Json::Object(_) => Node::Inner(Self::compile(value)?),
                Json::Array(rules) if !rules.is_empty() => {
                    Node::Leaf(rules.iter().map(Rule::compile).collect::<Result<_, _>>()?)
                }
                _ => return Err(PatternError(format!("`{key}` must be an object or a list of rules"))),
            };
            nodes.push((key.clone(), node));
        }
        Ok(Self(nodes))
    }

    /// Whether an event matches: every key of the pattern by at least one of its rules.
    #[must_use]
    pub(crate) fn matches(&self, event: &Json) -> bool {
        self.0.iter().all(|(key, node)| {
            let value = event.get(key);
            match node {
                Node::Inner(pattern) => pattern.matches(value.unwrap_or(&Json::Null)),
                Node::Leaf(rules) => rules.iter().any(|rule| rule.matches(value)),
            }
        })
    }
}

impl Rule {
    fn compile(rule: &Json) -> Result<Self, PatternError> {
        match rule {
            Json::Object(map) => Self::compile_object(map),
            Json::Array(_) => Err(PatternError("a rule cannot be a list".to_owned())),
            literal => Ok(Self::Equals(literal.clone())),
        }
    }

    fn compile_object(map: &Map<String, Json>) -> Result<Self, PatternError> {
        let mut entries = map.iter();
        let (Some((name, argument)), None) = (entries.next(), entries.next()) else {
            return Err(PatternError("a rule must have exactly one key".to_owned()));
        };
        match (name.as_str(), argument) {
            ("prefix", Json::String(text)) => Ok(Self::Prefix(text.clone())),
            ("suffix", Json::String(text)) => Ok(Self::Suffix(text.clone())),
            ("exists", Json::Bool(flag)) => Ok(Self::Exists(*flag)),
            ("anything-but", Json::Array(values))
                if values.iter().all(|value| value.is_string() || value.is_number()) =>
            {
                Ok(Self::AnythingBut(values.clone()))
            }
            ("anything-but", value) if value.is_string() || value.is_number() => {
                Ok(Self::AnythingBut(vec![value.clone()]))
            }
            _ => Err(PatternError(format!("the rule `{name}` with this argument is not supported by the local stack"))),
        }
    }

    fn matches(&self, value: Option<&Json>) -> bool {
        match (self, value) {
            (Self::Exists(expected), value) => {
                // Only leaves exist in this sense: an object is not a value.
                value.is_some_and(|value| !value.is_object()) == *expected
            }
            (_, None) => false,
            (rule, Some(Json::Array(values))) => values.iter().any(|value| rule.matches_one(value)),
            (rule, Some(value)) => rule.matches_one(value),
        }
    }

    fn matches_one(&self, value: &Json) -> bool {
        match self {
            Self::Equals(expected) => value == expected,
            Self::Prefix(prefix) => value.as_str().is_some_and(|text| text.starts_with(prefix)),
            Self::Suffix(suffix) => value.as_str().is_some_and(|text| text.ends_with(suffix)),
            Self::AnythingBut(values) => !value.is_object() && !values.contains(value),
            Self::Exists(expected) => *expected,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;
    use serde_json::json;

    fn insert() -> serde_json::Value {
        json!({
            "eventName": "INSERT",
            "dynamodb": {
                "Keys": {"pk": {"S": "MAIL#1"}, "sk": {"S": "META"}},
                "NewImage": {"state": {"S": "ready"}, "tries": {"N": "3"}, "tags": {"SS": ["a", "b"]}}
            }
        })
    }

    #[test]
    fn every_rule_of_the_subset() {
        for (pattern, expected) in [
            (json!({}), true),
            (json!({"eventName": ["INSERT"]}), true),
            (json!({"eventName": ["MODIFY", "INSERT"]}), true),
            (json!({"eventName": ["MODIFY"]}), false),
            (json!({"dynamodb": {"Keys": {"pk": {"S": [{"prefix": "MAIL#"}]}}}}), true),
            (json!({"dynamodb": {"Keys": {"pk": {"S": [{"prefix": "MEMBER#"}]}}}}), false),
            (json!({"dynamodb": {"Keys": {"sk": {"S": [{"suffix": "ETA"}]}}}}), true),
            (json!({"dynamodb": {"NewImage": {"state": {"S": ["ready"]}}}}), true),
            (json!({"dynamodb": {"OldImage": {"state": {"S": ["ready"]}}}}), false),
            (json!({"dynamodb": {"OldImage": {"state": {"S": [{"exists": false}]}}}}), true),
            (json!({"dynamodb": {"NewImage": {"state": {"S": [{"exists": false}]}}}}), false),
            (json!({"dynamodb": {"NewImage": {"state": {"S": [{"exists": true}]}}}}), true),
            (json!({"dynamodb": {"NewImage": {"state": {"S": [{"anything-but": ["sealed"]}]}}}}), true),
            (json!({"dynamodb": {"NewImage": {"state": {"S": [{"anything-but": "ready"}]}}}}), false),
            (json!({"dynamodb": {"NewImage": {"tags": {"SS": ["b"]}}}}), true),
            (json!({"eventName": ["INSERT"], "dynamodb": {"Keys": {"pk": {"S": ["other"]}}}}), false),
        ] {
            assert_eq!(Pattern::compile(&pattern).unwrap().matches(&insert()), expected, "{pattern}");
        }
    }

    #[test]
    fn other_rules_are_refused() {
        for pattern in [
            json!("text"),
            json!({"a": "text"}),
            json!({"a": []}),
            json!({"a": [["b"]]}),
            json!({"a": [{"numeric": [">", 1]}]}),
            json!({"a": [{"prefix": "x", "suffix": "y"}]}),
            json!({"a": [{"anything-but": {"prefix": "x"}}]}),
        ] {
            assert!(Pattern::compile(&pattern).is_err(), "{pattern}");
        }
    }
}
