//! AWS clients, built the short way.
//!
//! Credentials and region come from the variables that Lambda sets, not from the SDK's whole chain of providers, and TLS is
//! `rustls` on `ring`: together they take the first call under a 128 MB share of CPU from hundreds of milliseconds to
//! single digits (design §11).

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_smithy_async::rt::sleep::SharedAsyncSleep;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{SharedHttpClient, SharedHttpConnector};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use crate::clock::Clock;
use crate::config::{ConfigError, Environment};
use crate::http::meter::CallCounter;

/// What every client of one function shares.
#[derive(Debug, Clone)]
pub struct Aws {
    region: String,
    credentials: Credentials,
    http: SharedHttpClient,
    /// What time-outs and pauses are measured by; the SDK's own unless the surroundings bring one.
    sleep: Option<SharedAsyncSleep>,
    clock: Clock,
}

/// The way from the SDK to AWS, for surroundings that stand in between: tests of what happens when calls fail.
#[derive(Debug, Clone)]
pub struct Wire {
    /// Sends requests.
    pub http: SharedHttpClient,
    /// Measures time-outs and pauses.
    pub sleep: SharedAsyncSleep,
}

/// The usual way to AWS: HTTPS with `rustls` on `ring`.
#[must_use]
pub fn https() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}

/// The same TLS for the one call that goes elsewhere: to a time-stamp authority.
#[must_use]
pub fn connector() -> SharedHttpConnector {
    let tls = Provider::Rustls(CryptoMode::Ring);
    SharedHttpConnector::new(aws_smithy_http_client::Connector::builder().tls_provider(tls).build())
}

impl Aws {
    /// Reads `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn from_environment(env: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            region: env.required("AWS_REGION")?.to_owned(),
            credentials: Credentials::new(
                env.required("AWS_ACCESS_KEY_ID")?,
                env.required("AWS_SECRET_ACCESS_KEY")?,
                env.optional("AWS_SESSION_TOKEN").map(str::to_owned),
                None,
                "variables",
            ),
            http: env.wire().map_or_else(https, |wire| wire.http.clone()),
            sleep: env.wire().map(|wire| wire.sleep.clone()),
            clock: env.clock(),
        })
    }

    /// Every attempt is shorter than the function's own time-out, so that a time-out is seen here and answered with 503.
    fn timeouts() -> TimeoutConfig {
        TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(1))
            .operation_attempt_timeout(Duration::from_secs(2))
            .operation_timeout(Duration::from_secs(5))
            .build()
    }

    /// Two attempts with a short pause: the SDK's usual waits are longer than people wait.
    fn retries() -> RetryConfig {
        RetryConfig::standard().with_max_attempts(2).with_initial_backoff(Duration::from_millis(25))
    }
}

macro_rules! clients {
    ($($(#[$doc:meta])* $name:ident: $sdk:ident, $endpoint:literal;)*) => {
        impl Aws {$(
            $(#[$doc])*
            #[must_use]
            pub fn $name(&self, env: &Environment) -> $sdk::Client {
                let mut config = $sdk::Config::builder()
                    .behavior_version($sdk::config::BehaviorVersion::latest())
                    .region($sdk::config::Region::new(self.region.clone()))
                    .credentials_provider(self.credentials.clone())
                    .http_client(self.http.clone())
                    .timeout_config(Self::timeouts())
                    .retry_config(Self::retries())
                    .time_source(self.clock.clone())
                    .interceptor(CallCounter);
                config.set_sleep_impl(self.sleep.clone());
                config.set_endpoint_url(env.optional($endpoint).map(str::to_owned));
                $sdk::Client::from_conf(config.build())
            }
        )*}
    };
}

clients! {
    /// DynamoDB; `AWS_ENDPOINT_URL_DYNAMODB` overrides its address.
    dynamodb: aws_sdk_dynamodb, "AWS_ENDPOINT_URL_DYNAMODB";
    /// KMS; `AWS_ENDPOINT_URL_KMS` overrides its address.
    kms: aws_sdk_kms, "AWS_ENDPOINT_URL_KMS";
}

impl Aws {
    /// S3; `AWS_ENDPOINT_URL_S3` overrides its address, and buckets are then part of the path.
    #[must_use]
    pub fn s3(&self, env: &Environment) -> aws_sdk_s3::Client {
        let endpoint = env.optional("AWS_ENDPOINT_URL_S3").map(str::to_owned);
        let mut config = aws_sdk_s3::Config::builder()
            .behavior_version(aws_sdk_s3::config::BehaviorVersion::latest())
            .region(aws_sdk_s3::config::Region::new(self.region.clone()))
            .credentials_provider(self.credentials.clone())
            .http_client(self.http.clone())
            // A file of 25 MB takes longer than an item.
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(Duration::from_secs(1))
                    .operation_timeout(Duration::from_secs(20))
                    .build(),
            )
            .retry_config(Self::retries())
            // Links are dated by this clock.
            .time_source(self.clock.clone())
            .interceptor(CallCounter)
            .force_path_style(endpoint.is_some());
        config.set_sleep_impl(self.sleep.clone());
        config.set_endpoint_url(endpoint);
        aws_sdk_s3::Client::from_conf(config.build())
    }

    /// The parts from which a client of another service is built, for the one function that needs it: region, credentials,
    /// connections, time-outs and retries.
    #[must_use]
    pub fn parts(&self) -> (String, Credentials, SharedHttpClient, TimeoutConfig, RetryConfig) {
        (self.region.clone(), self.credentials.clone(), self.http.clone(), Self::timeouts(), Self::retries())
    }

    /// What time-outs and pauses are measured by, when the surroundings bring something of their own.
    #[must_use]
    pub fn sleep(&self) -> Option<SharedAsyncSleep> {
        self.sleep.clone()
    }
}
