//! `AWS::Serverless::Function` and its events.

use super::error::TemplateError;
use super::intrinsics::Resolver;
use super::world::stream_arn;
use super::{Function, Notification, Route, StreamMapping};
use serde_json::Value as Json;
use serde_yaml_ng::Value as Yaml;
use std::collections::BTreeMap;
use std::time::Duration;

/// SAM's default when a function names no `Timeout`, seconds.
const DEFAULT_TIMEOUT: u64 = 3;
/// Lambda's default for DynamoDB streams.
const DEFAULT_BATCH: u64 = 100;
/// Lambda repeats a failed asynchronous invocation twice unless told otherwise.
const DEFAULT_ASYNCHRONOUS_RETRIES: u64 = 2;

impl Resolver<'_> {
    /// Whether a resource's `Condition` holds (or it has none).
    pub(super) fn exists(self, at: &str, id: &str) -> Result<bool, TemplateError> {
        match self.source.resource(id).and_then(|resource| resource.get("Condition")) {
            None => Ok(true),
            Some(name) => {
                self.condition(at, name.as_str().ok_or(TemplateError::expected(at, "the name of a condition"))?)
            }
        }
    }

    /// Refuses an HTTP API whose gateway would do more than route.
    pub(super) fn check_api(self, id: &str) -> Result<(), TemplateError> {
        let at = format!("Resources.{id}.Properties");
        let globals = self.source.globals("HttpApi");
        for scope in [self.source.properties(id), globals].into_iter().flatten() {
            for key in ["Auth", "CorsConfiguration", "DefinitionBody", "DefinitionUri"] {
                if scope.get(key).is_some() {
                    return Err(TemplateError::unsupported(&at, format!("`{key}` of an HTTP API")));
                }
            }
        }
        Ok(())
    }

    pub(super) fn function(self, id: &str) -> Result<Function, TemplateError> {
        let at = format!("Resources.{id}");
        let resource = self.source.resource(id).ok_or_else(|| TemplateError::unknown(&at, id))?;
        let properties = resource.get("Properties").ok_or_else(|| TemplateError::missing(&at, "Properties"))?;
        let timeout = match properties.get("Timeout").or_else(|| self.source.global("Timeout")) {
            Some(value) => self.count(&format!("{at}.Timeout"), value)?,
            None => DEFAULT_TIMEOUT,
        };
        let retries = match properties.get("EventInvokeConfig").and_then(|c| c.get("MaximumRetryAttempts")) {
            Some(value) => self.count(&format!("{at}.EventInvokeConfig"), value)?,
            None => DEFAULT_ASYNCHRONOUS_RETRIES,
        };
        let asynchronous = self.optional(&at, properties, "EventInvokeConfig")?;
        let on_failure = asynchronous.as_ref().and_then(|c| c.pointer("/DestinationConfig/OnFailure/Destination"));
        let mut function = Function {
            logical_id: id.to_owned(),
            binary: self.binary(&at, resource, properties)?,
            environment: self.environment(&at, properties)?,
            timeout: Duration::from_secs(timeout),
            routes: vec![],
            streams: vec![],
            notifications: vec![],
            schedules: vec![],
            asynchronous_retries: u32::try_from(retries).unwrap_or(u32::MAX),
            on_failure: on_failure.and_then(Json::as_str).map(str::to_owned),
            hears_of_mail: false,
            rights: self.rights(&at, properties)?,
        };
        for (name, event) in properties.get("Events").and_then(Yaml::as_mapping).into_iter().flatten() {
            let name = name.as_str().ok_or(TemplateError::expected(&at, "text as a key"))?;
            let at = format!("{at}.Events.{name}");
            let kind = event.get("Type").and_then(Yaml::as_str);
            let kind = kind.ok_or_else(|| TemplateError::missing(&at, "Type"))?;
            let properties = event.get("Properties").ok_or_else(|| TemplateError::missing(&at, "Properties"))?;
            match kind {
                "HttpApi" => function.routes.push(self.route(&at, properties)?),
                "DynamoDB" => function.streams.push(self.stream(&at, name, properties)?),
                "S3" => function.notifications.push(self.notification(&at, name, properties)?),
                "Schedule" => function.schedules.push(self.schedule(&at, properties)?),
                "EventBridgeRule" => function.hears_of_mail = self.mail_rule(&at, properties)?,
                other => {
                    return Err(TemplateError::unsupported(&at, format!("events of type `{other}`")));
                }
            }
        }
        Ok(function)
    }

    fn binary(self, at: &str, resource: &Yaml, properties: &Yaml) -> Result<String, TemplateError> {
        let build = resource.get("Metadata").and_then(|metadata| metadata.get("BuildProperties"));
        if let Some(binary) = build.and_then(|build| build.get("Binary")) {
            return self.required(&format!("{at}.Metadata"), binary);
        }
        let code = properties.get("CodeUri").or_else(|| self.source.global("CodeUri"));
        let code = code.ok_or_else(|| TemplateError::missing(at, "CodeUri"))?;
        let code = self.required(&format!("{at}.CodeUri"), code)?;
        let name = code.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
        if name.is_empty() || name == "." {
            return Err(TemplateError::missing(at, "Metadata.BuildProperties.Binary"));
        }
        Ok(name)
    }

    fn environment(self, at: &str, properties: &Yaml) -> Result<BTreeMap<String, String>, TemplateError> {
        let mut variables = BTreeMap::new();
        let scopes = [self.source.global("Environment"), properties.get("Environment")];
        for scope in scopes.into_iter().flatten() {
            for (name, value) in scope.get("Variables").and_then(Yaml::as_mapping).into_iter().flatten() {
                let name = name.as_str().ok_or(TemplateError::expected(at, "text as a key"))?;
                if let Some(value) = self.text(&format!("{at}.Environment.{name}"), value)? {
                    variables.insert(name.to_owned(), value);
                }
            }
        }
        Ok(variables)
    }

    fn route(self, at: &str, properties: &Yaml) -> Result<Route, TemplateError> {
        self.only(at, properties, &["ApiId", "Method", "Path", "PayloadFormatVersion", "TimeoutInMillis"])?;
        let method = self.property(at, properties, "Method")?.to_uppercase();
        let path = self.property(at, properties, "Path")?;
        if let Some(version) = properties.get("PayloadFormatVersion")
            && self.required(at, version)? != "2.0"
        {
            return Err(TemplateError::unsupported(at, "payloads other than version 2.0"));
        }
        if method == "ANY" || path.contains('+') || !path.starts_with('/') {
            return Err(TemplateError::unsupported(at, "routes for any method or any path"));
        }
        Ok(Route { method, path })
    }

    fn stream(self, at: &str, name: &str, properties: &Yaml) -> Result<StreamMapping, TemplateError> {
        self.only(
            at,
            properties,
            &[
                "Stream",
                "StartingPosition",
                "BatchSize",
                "ParallelizationFactor",
                "MaximumRetryAttempts",
                "BisectBatchOnFunctionError",
                "FunctionResponseTypes",
                "FilterCriteria",
                "DestinationConfig",
                "MaximumBatchingWindowInSeconds",
                "MaximumRecordAgeInSeconds",
                "Enabled",
            ],
        )?;
        if self.property(at, properties, "StartingPosition")? != "TRIM_HORIZON" {
            return Err(TemplateError::unsupported(at, "a starting position other than TRIM_HORIZON"));
        }
        let arn = self.property(at, properties, "Stream")?;
        let tables = self.source.resources().filter(|(_, kind)| *kind == "AWS::DynamoDB::Table");
        let mut table = None;
        for (id, _) in tables {
            let physical = self.physical_name(id)?;
            if stream_arn(self.world, &physical) == arn {
                table = Some(physical);
            }
        }
        let filters = match properties.get("FilterCriteria") {
            Some(criteria) => self.value(at, criteria)?,
            None => None,
        };
        let filters = filters.as_ref().and_then(|criteria| criteria.get("Filters")).and_then(Json::as_array);
        let filters = filters.into_iter().flatten().map(|filter| {
            let text = filter.get("Pattern").and_then(Json::as_str);
            let text = text.ok_or_else(|| TemplateError::missing(at, "Pattern"))?;
            serde_json::from_str(text).map_err(|_| TemplateError::expected(at, "a pattern in JSON"))
        });
        let responses = self.optional(at, properties, "FunctionResponseTypes")?;
        let retries = self.optional(at, properties, "MaximumRetryAttempts")?;
        let batch = self.optional(at, properties, "BatchSize")?;
        let bisects = self.optional(at, properties, "BisectBatchOnFunctionError")?;
        let destination = self.optional(at, properties, "DestinationConfig")?;
        let destination = destination.as_ref().and_then(|d| d.pointer("/OnFailure/Destination"));
        Ok(StreamMapping {
            name: name.to_owned(),
            table: table.ok_or_else(|| TemplateError::unknown(at, &arn))?,
            batch_size: usize::try_from(batch.and_then(|b| b.as_u64()).unwrap_or(DEFAULT_BATCH)).unwrap_or(1).max(1),
            filters: filters.collect::<Result<_, _>>()?,
            reports_failures: responses.is_some_and(|types| {
                types.as_array().is_some_and(|types| types.iter().any(|t| t == "ReportBatchItemFailures"))
            }),
            bisects: bisects == Some(Json::Bool(true)),
            maximum_retries: retries.and_then(|r| r.as_i64()).and_then(|r| u32::try_from(r).ok()),
            on_failure: destination.and_then(Json::as_str).map(str::to_owned),
        })
    }

    /// The one rule that is emulated: mails that came back.
    fn mail_rule(self, at: &str, properties: &Yaml) -> Result<bool, TemplateError> {
        self.only(at, properties, &["Pattern"])?;
        let pattern = self.optional(at, properties, "Pattern")?.unwrap_or_default();
        if pattern.get("source") != Some(&serde_json::json!(["aws.ses"])) {
            return Err(TemplateError::unsupported(at, "rules for other sources than aws.ses"));
        }
        Ok(true)
    }

    fn notification(self, at: &str, name: &str, properties: &Yaml) -> Result<Notification, TemplateError> {
        self.only(at, properties, &["Bucket", "Events", "Filter"])?;
        let events = match self.optional(at, properties, "Events")? {
            Some(Json::String(event)) => vec![event],
            Some(Json::Array(events)) => events.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
            _ => return Err(TemplateError::missing(at, "Events")),
        };
        if let Some(other) = events.iter().find(|event| !event.starts_with("s3:ObjectCreated:")) {
            return Err(TemplateError::unsupported(at, format!("the S3 event `{other}`")));
        }
        let mut notification = Notification {
            name: name.to_owned(),
            bucket: self.property(at, properties, "Bucket")?,
            events,
            prefix: String::new(),
            suffix: String::new(),
        };
        let filter = self.optional(at, properties, "Filter")?;
        let rules = filter.as_ref().and_then(|filter| filter.pointer("/S3Key/Rules")).and_then(Json::as_array);
        for rule in rules.into_iter().flatten() {
            let value = rule.get("Value").and_then(Json::as_str).unwrap_or_default().to_owned();
            match rule.get("Name").and_then(Json::as_str) {
                Some("prefix") => notification.prefix = value,
                Some("suffix") => notification.suffix = value,
                _ => return Err(TemplateError::expected(at, "a rule named prefix or suffix")),
            }
        }
        Ok(notification)
    }
}
