//! What names mean on a laptop: `Ref` and `GetAtt`.

use super::error::TemplateError;
use super::intrinsics::Resolver;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The values that CloudFormation would know from the account it deploys to.
#[derive(Debug, Clone)]
pub struct World {
    /// `AWS::Region`.
    pub region: String,
    /// `AWS::AccountId`, 12 digits.
    pub account: String,
    /// `AWS::StackName`.
    pub stack: String,
    /// Values of template parameters; the others take their `Default`.
    pub parameters: BTreeMap<String, String>,
    /// What every `{{resolve:secretsmanager:…}}` yields: the stack has one secret.
    pub secret: String,
    /// The key id that `Ref` of an `AWS::KMS::Key` yields.
    pub key_id: String,
    /// The endpoint that `GetAtt` of the HTTP API yields, without a slash at the end.
    pub api_endpoint: String,
}

impl World {
    /// An ARN of this account and region.
    #[must_use]
    pub fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{resource}", self.region, self.account)
    }

    /// The ARN of the stack's KMS key.
    #[must_use]
    pub fn key_arn(&self) -> String {
        self.arn("kms", &format!("key/{}", self.key_id))
    }

    fn pseudo(&self, name: &str) -> Option<String> {
        let value = match name {
            "AWS::Region" => &self.region,
            "AWS::AccountId" => &self.account,
            "AWS::StackName" => &self.stack,
            "AWS::Partition" => "aws",
            "AWS::URLSuffix" => "amazonaws.com",
            "AWS::StackId" => {
                return Some(self.arn("cloudformation", &format!("stack/{}/local", self.stack)));
            }
            _ => return None,
        };
        Some(value.to_owned())
    }
}

impl Resolver<'_> {
    /// The result of `Ref`.
    pub(super) fn reference(self, at: &str, name: &str) -> Result<Json, TemplateError> {
        if let Some(value) = self.world.pseudo(name) {
            return Ok(Json::String(value));
        }
        if let Some(parameter) = self.source.parameter(name) {
            if let Some(value) = self.world.parameters.get(name) {
                return Ok(Json::String(value.clone()));
            }
            let default = parameter.get("Default").ok_or_else(|| TemplateError::Parameter(name.to_owned()))?;
            return self.required(&format!("Parameters.{name}.Default"), default).map(Json::String);
        }
        let kind = self.source.kind(name).ok_or_else(|| TemplateError::unknown(at, name))?;
        let value = match kind {
            "AWS::KMS::Key" => self.world.key_id.clone(),
            "AWS::SecretsManager::Secret" => self.world.arn("secretsmanager", &format!("secret:{name}")),
            "AWS::SQS::Queue" => format!("https://sqs.local/{}/{name}", self.world.account),
            "AWS::SNS::Topic" => self.world.arn("sns", name),
            "AWS::Serverless::HttpApi" => "local".to_owned(),
            _ => self.physical_name(name)?,
        };
        Ok(Json::String(value))
    }

    /// The result of `GetAtt`.
    pub(super) fn attribute(self, at: &str, id: &str, attribute: &str) -> Result<String, TemplateError> {
        let kind = self.source.kind(id).ok_or_else(|| TemplateError::unknown(at, id))?;
        let world = self.world;
        let value = match (kind, attribute) {
            ("AWS::DynamoDB::Table", "Arn") => world.arn("dynamodb", &format!("table/{}", self.physical_name(id)?)),
            ("AWS::DynamoDB::Table", "StreamArn") => stream_arn(world, &self.physical_name(id)?),
            ("AWS::S3::Bucket", "Arn") => format!("arn:aws:s3:::{}", self.physical_name(id)?),
            ("AWS::KMS::Key", "Arn") => world.key_arn(),
            ("AWS::KMS::Key", "KeyId") => world.key_id.clone(),
            ("AWS::SQS::Queue", "Arn") => world.arn("sqs", id),
            ("AWS::SQS::Queue", "QueueName") => id.to_owned(),
            ("AWS::Logs::LogGroup", "Arn") => world.arn("logs", &format!("log-group:{id}")),
            ("AWS::SecretsManager::Secret", "Id") => world.arn("secretsmanager", &format!("secret:{id}")),
            ("AWS::Serverless::Function", "Arn") => {
                world.arn("lambda", &format!("function:{}", self.physical_name(id)?))
            }
            ("AWS::Serverless::HttpApi", "ApiEndpoint") => world.api_endpoint.clone(),
            _ => {
                return Err(TemplateError::unsupported(
                    at,
                    format!("the attribute {attribute} of a resource of type {kind}"),
                ));
            }
        };
        Ok(value)
    }

    /// The name of the real thing: the one the template gives, or stack and logical id.
    pub(super) fn physical_name(self, id: &str) -> Result<String, TemplateError> {
        let (kind, property) = match self.source.kind(id) {
            Some(kind @ "AWS::DynamoDB::Table") => (kind, "TableName"),
            Some(kind @ "AWS::S3::Bucket") => (kind, "BucketName"),
            Some(kind @ "AWS::Serverless::Function") => (kind, "FunctionName"),
            Some(kind) => (kind, "Name"),
            None => return Err(TemplateError::unknown("Resources", id)),
        };
        let at = format!("Resources.{id}.Properties.{property}");
        let given = self.source.properties(id).and_then(|properties| properties.get(property));
        let given = match given {
            Some(value) => self.text(&at, value)?,
            None => None,
        };
        let name = given.unwrap_or_else(|| format!("{}-{id}", self.world.stack));
        // S3 allows no upper case, and CloudFormation lower-cases the names it makes up.
        Ok(if kind == "AWS::S3::Bucket" { name.to_lowercase() } else { name })
    }
}

/// The stream ARN of a table; there is one stream per table here.
pub(super) fn stream_arn(world: &World, table: &str) -> String {
    world.arn("dynamodb", &format!("table/{table}/stream/local"))
}
