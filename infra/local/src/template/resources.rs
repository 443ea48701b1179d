//! Tables and buckets, and reading properties.

use super::error::TemplateError;
use super::intrinsics::Resolver;
use super::{Bucket, CorsRule, Table};
use serde_json::{Map, Value as Json, json};
use serde_yaml_ng::Value as Yaml;

impl Resolver<'_> {
    pub(super) fn table(self, id: &str) -> Result<Table, TemplateError> {
        let at = format!("Resources.{id}.Properties");
        let properties = self.all(&at, id)?;
        let name = self.physical_name(id)?;
        let mut create = Map::new();
        create.insert("TableName".to_owned(), json!(name));
        let mut ttl_attribute = None;
        for (key, value) in properties {
            match key.as_str() {
                "KeySchema"
                | "AttributeDefinitions"
                | "GlobalSecondaryIndexes"
                | "LocalSecondaryIndexes"
                | "BillingMode"
                | "ProvisionedThroughput" => {
                    create.insert(key, value);
                }
                "StreamSpecification" => {
                    let view = value.get("StreamViewType").cloned().unwrap_or_default();
                    create.insert(key, json!({"StreamEnabled": true, "StreamViewType": view}));
                }
                "TimeToLiveSpecification" => {
                    let enabled = value.get("Enabled").and_then(Json::as_bool).unwrap_or(false);
                    let attribute = value.get("AttributeName").and_then(Json::as_str);
                    ttl_attribute = attribute.filter(|_| enabled).map(str::to_owned);
                }
                // Backups, encryption at rest and protection against deletion mean nothing here.
                "TableName"
                | "PointInTimeRecoverySpecification"
                | "SSESpecification"
                | "DeletionProtectionEnabled"
                | "Tags"
                | "TableClass"
                | "ContributorInsightsSpecification" => {}
                other => {
                    return Err(TemplateError::unsupported(&at, format!("the table property `{other}`")));
                }
            }
        }
        Ok(Table { logical_id: id.to_owned(), name, create: Json::Object(create), ttl_attribute })
    }

    pub(super) fn bucket(self, id: &str) -> Result<Bucket, TemplateError> {
        let at = format!("Resources.{id}.Properties");
        let name = self.physical_name(id)?;
        let mut bucket = Bucket { logical_id: id.to_owned(), name, cors: vec![] };
        let Some(properties) = self.source.properties(id) else {
            return Ok(bucket);
        };
        if properties.get("NotificationConfiguration").is_some() {
            return Err(TemplateError::unsupported(&at, "`NotificationConfiguration`; use an S3 event of a function"));
        }
        let cors = self.optional(&at, properties, "CorsConfiguration")?;
        let rules = cors.as_ref().and_then(|cors| cors.get("CorsRules")).and_then(Json::as_array);
        for rule in rules.into_iter().flatten() {
            bucket.cors.push(CorsRule {
                origins: texts(rule, "AllowedOrigins"),
                methods: texts(rule, "AllowedMethods"),
                headers: texts(rule, "AllowedHeaders").iter().map(|h| h.to_lowercase()).collect(),
                exposed: texts(rule, "ExposedHeaders"),
                max_age: rule.get("MaxAge").and_then(Json::as_u64),
            });
        }
        Ok(bucket)
    }

    fn all(self, at: &str, id: &str) -> Result<Map<String, Json>, TemplateError> {
        let properties = self.source.properties(id);
        let properties = properties.and_then(Yaml::as_mapping);
        let mut all = Map::new();
        for (key, value) in properties.into_iter().flatten() {
            let key = key.as_str().ok_or(TemplateError::expected(at, "text as a key"))?;
            if let Some(value) = self.value(&format!("{at}.{key}"), value)? {
                all.insert(key.to_owned(), value);
            }
        }
        Ok(all)
    }

    /// A property that must be there, as text.
    pub(super) fn property(self, at: &str, properties: &Yaml, name: &str) -> Result<String, TemplateError> {
        let value = properties.get(name).ok_or_else(|| TemplateError::missing(at, name))?;
        self.required(&format!("{at}.{name}"), value)
    }

    /// A property that may be missing.
    pub(super) fn optional(self, at: &str, properties: &Yaml, name: &str) -> Result<Option<Json>, TemplateError> {
        match properties.get(name) {
            Some(value) => self.value(&format!("{at}.{name}"), value),
            None => Ok(None),
        }
    }

    /// A value that must be a whole number, zero or more.
    pub(super) fn count(self, at: &str, value: &Yaml) -> Result<u64, TemplateError> {
        let text = self.required(at, value)?;
        text.parse().map_err(|_| TemplateError::expected(at, "a whole number"))
    }

    /// Refuses properties that the local stack would silently ignore.
    pub(super) fn only(self, at: &str, properties: &Yaml, known: &[&str]) -> Result<(), TemplateError> {
        for (key, _) in properties.as_mapping().into_iter().flatten() {
            let key = key.as_str().unwrap_or_default();
            if !known.contains(&key) {
                return Err(TemplateError::unsupported(at, format!("the property `{key}`")));
            }
        }
        Ok(())
    }
}

fn texts(rule: &Json, name: &str) -> Vec<String> {
    let list = rule.get(name).and_then(Json::as_array);
    list.into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
}
