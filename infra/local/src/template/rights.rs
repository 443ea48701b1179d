//! The policies of a function's role.

use super::error::TemplateError;
use super::intrinsics::{Resolver, intrinsic};
use serde_json::Value as Json;
use serde_yaml_ng::Value as Yaml;

/// One statement that allows something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Right {
    /// Its name in the policy.
    pub sid: String,
    /// What it allows: `dynamodb:PutItem`.
    pub actions: Vec<String>,
    /// On what: ARNs with `*`.
    pub resources: Vec<String>,
    /// When.
    pub conditions: Vec<Condition>,
}

/// One line of a statement's `Condition`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Every value of the request fits one of these patterns; no value at all fits, too (`ForAllValues:StringLike`).
    /// Otherwise the request's one value is one of these (`StringEquals`).
    pub for_all: bool,
    /// What is compared: `dynamodb:LeadingKeys`.
    pub key: String,
    /// With what.
    pub values: Vec<String>,
}

impl Resolver<'_> {
    /// What the role of a function may do; `None` when the template gives it no role, and SAM would make one.
    pub(super) fn rights(self, at: &str, properties: &Yaml) -> Result<Option<Vec<Right>>, TemplateError> {
        let Some(role) = properties.get("Role").and_then(referred) else { return Ok(None) };
        let policies = self.source.properties(&role).and_then(|role| role.get("ManagedPolicyArns"));
        let policies = policies.and_then(Yaml::as_sequence).ok_or_else(|| TemplateError::unknown(at, &role))?;
        let mut rights = Vec::new();
        for policy in policies {
            let name = referred(policy).ok_or(TemplateError::expected(at, "policies of this template"))?;
            let at = format!("Resources.{name}.Properties.PolicyDocument");
            let document = self.source.properties(&name).and_then(|policy| policy.get("PolicyDocument"));
            let statements = document.and_then(|document| document.get("Statement")).and_then(Yaml::as_sequence);
            for statement in statements.ok_or_else(|| TemplateError::unknown(&at, &name))? {
                rights.push(self.right(&at, statement)?);
            }
        }
        Ok(Some(rights))
    }

    fn right(self, at: &str, statement: &Yaml) -> Result<Right, TemplateError> {
        let statement = self.value(at, statement)?.unwrap_or_default();
        if statement.get("Effect").and_then(Json::as_str) != Some("Allow") {
            return Err(TemplateError::unsupported(at, "statements that do not allow"));
        }
        let mut conditions = Vec::new();
        for (operator, lines) in statement.get("Condition").and_then(Json::as_object).into_iter().flatten() {
            let for_all = match operator.as_str() {
                "ForAllValues:StringLike" => true,
                "StringEquals" => false,
                other => return Err(TemplateError::unsupported(at, format!("the condition {other}"))),
            };
            for (key, values) in lines.as_object().into_iter().flatten() {
                conditions.push(Condition { for_all, key: key.clone(), values: texts(Some(values)) });
            }
        }
        Ok(Right {
            sid: statement.get("Sid").and_then(Json::as_str).unwrap_or_default().to_owned(),
            actions: texts(statement.get("Action")),
            resources: texts(statement.get("Resource")),
            conditions,
        })
    }
}

/// The resource that `!Ref X` or `!GetAtt X.Arn` names.
fn referred(value: &Yaml) -> Option<String> {
    let (_, argument) = intrinsic(value)?;
    argument.as_str().map(|name| name.split('.').next().unwrap_or_default().to_owned())
}

fn texts(value: Option<&Json>) -> Vec<String> {
    match value {
        Some(Json::Array(list)) => list.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        Some(Json::String(text)) => vec![text.clone()],
        _ => vec![],
    }
}
