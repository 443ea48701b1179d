//! `template.yaml`, read into what the local stack runs.
//!
//! The template is the only description of routes, tables, buckets, streams
//! and notifications (design §2): this module turns it into typed values and
//! refuses what the local stack could not run as AWS would.

mod error;
mod functions;
mod intrinsics;
mod resources;
mod rights;
mod schedule;
mod source;
mod substitution;
#[cfg(test)]
mod tests;
mod world;

pub use error::TemplateError;
pub use rights::{Condition, Right};
pub use world::World;

use intrinsics::Resolver;
use serde_json::Value as Json;
use source::Source;
use std::collections::BTreeMap;
use std::time::Duration;

/// Everything of the template that the local stack runs.
#[derive(Debug, Clone)]
pub struct Template {
    /// The Lambda functions, in the order of the template.
    pub functions: Vec<Function>,
    /// The DynamoDB tables.
    pub tables: Vec<Table>,
    /// The S3 buckets.
    pub buckets: Vec<Bucket>,
}

/// One `AWS::Serverless::Function`.
#[derive(Debug, Clone)]
pub struct Function {
    /// Its name in the template.
    pub logical_id: String,
    /// The crate that implements it: `Metadata.BuildProperties.Binary`, or the last part of `CodeUri`.
    pub binary: String,
    /// Environment variables, globals included.
    pub environment: BTreeMap<String, String>,
    /// How long one invocation may take (SAM's default is 3 s).
    pub timeout: Duration,
    /// HTTP API routes.
    pub routes: Vec<Route>,
    /// DynamoDB stream mappings.
    pub streams: Vec<StreamMapping>,
    /// S3 notifications.
    pub notifications: Vec<Notification>,
    /// How often it is woken by the clock.
    pub schedules: Vec<Duration>,
    /// How often Lambda repeats a failed asynchronous invocation (0 to 2, default 2).
    pub asynchronous_retries: u32,
    /// ARN of the queue or topic for asynchronous invocations that are given up.
    pub on_failure: Option<String>,
    /// Whether it hears of mails that came back (`EventBridgeRule` for `aws.ses`).
    pub hears_of_mail: bool,
    /// What its role may do; `None` when the template gives it no role.
    pub rights: Option<Vec<Right>>,
}

impl Function {
    /// Whether nothing but the clock wakes it.
    #[must_use]
    pub fn is_only_scheduled(&self) -> bool {
        let others = self.routes.len() + self.streams.len() + self.notifications.len();
        others == 0 && !self.schedules.is_empty()
    }
}

/// One route of the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// Upper-case method; `ANY` is not supported.
    pub method: String,
    /// Path with `{parameters}`.
    pub path: String,
}

impl Route {
    /// API Gateway's route key, as in `POST /members/{member}/switch`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// One mapping of a table's stream to a function.
#[derive(Debug, Clone)]
pub struct StreamMapping {
    /// The event's name in the template.
    pub name: String,
    /// The table's name.
    pub table: String,
    /// At most so many records in one invocation.
    pub batch_size: usize,
    /// Patterns of `FilterCriteria`; a record that matches any of them is delivered. Empty: all.
    pub filters: Vec<Json>,
    /// Whether the function names the records that failed.
    pub reports_failures: bool,
    /// Whether a batch that fails as a whole is split in two (`BisectBatchOnFunctionError`).
    pub bisects: bool,
    /// How often a failed record is repeated; `None` repeats it until it succeeds.
    pub maximum_retries: Option<u32>,
    /// ARN of the queue or topic for records that are given up.
    pub on_failure: Option<String>,
}

/// One S3 notification.
#[derive(Debug, Clone)]
pub struct Notification {
    /// The event's name in the template.
    pub name: String,
    /// The bucket's name.
    pub bucket: String,
    /// Event types such as `s3:ObjectCreated:*`.
    pub events: Vec<String>,
    /// Keys must begin so.
    pub prefix: String,
    /// Keys must end so.
    pub suffix: String,
}

/// One DynamoDB table.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name in the template.
    pub logical_id: String,
    /// Its real name.
    pub name: String,
    /// The body of the `CreateTable` call.
    pub create: Json,
    /// Attribute with the time of expiry, seconds since the epoch.
    pub ttl_attribute: Option<String>,
}

/// One S3 bucket.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// Its name in the template.
    pub logical_id: String,
    /// Its real name.
    pub name: String,
    /// What browsers on other origins may do.
    pub cors: Vec<CorsRule>,
}

/// One rule of a bucket's `CorsConfiguration`.
#[derive(Debug, Clone, Default)]
pub struct CorsRule {
    /// Origins, each with at most one `*`.
    pub origins: Vec<String>,
    /// Upper-case methods.
    pub methods: Vec<String>,
    /// Lower-case header names, each with at most one `*`.
    pub headers: Vec<String>,
    /// Headers that scripts may read.
    pub exposed: Vec<String>,
    /// How long a preflight answer may be kept, seconds.
    pub max_age: Option<u64>,
}

/// Types that have no effect on a laptop: rights, alarms, queues behind mappings.
const INERT: &[&str] = &[
    "AWS::Backup::",
    "AWS::Budgets::",
    "AWS::CloudFormation::",
    "AWS::CloudTrail::",
    "AWS::CloudWatch::",
    "AWS::IAM::",
    "AWS::KMS::",
    "AWS::Lambda::Permission",
    "AWS::Logs::",
    "AWS::S3::BucketPolicy",
    "AWS::SES::",
    "AWS::SNS::",
    "AWS::SQS::",
    "AWS::SecretsManager::",
    "AWS::WAFv2::",
];

impl Template {
    /// Reads a template and evaluates it in `world`.
    ///
    /// # Errors
    /// Anything that is malformed, undefined or not emulated locally.
    pub fn read(text: &str, world: &World) -> Result<Self, TemplateError> {
        let source = Source::parse(text)?;
        let resolver = Resolver::new(&source, world);
        let mut template = Self { functions: vec![], tables: vec![], buckets: vec![] };
        for (id, kind) in source.resources() {
            let at = format!("Resources.{id}");
            if !resolver.exists(&at, id)? {
                continue;
            }
            match kind {
                "AWS::Serverless::Function" => template.functions.push(resolver.function(id)?),
                "AWS::DynamoDB::Table" => template.tables.push(resolver.table(id)?),
                "AWS::S3::Bucket" => template.buckets.push(resolver.bucket(id)?),
                "AWS::Serverless::HttpApi" => resolver.check_api(id)?,
                other if INERT.iter().any(|prefix| other.starts_with(prefix)) => {}
                other => {
                    return Err(TemplateError::unsupported(&at, format!("resources of type `{other}`")));
                }
            }
        }
        Ok(template)
    }

    /// Every route with the function that answers it.
    pub fn routes(&self) -> impl Iterator<Item = (&Route, &Function)> {
        self.functions.iter().flat_map(|function| function.routes.iter().map(move |route| (route, function)))
    }
}
