//! A function's surroundings: its variables and its clock. The template sets the variables.

use std::collections::BTreeMap;
use std::str::FromStr;

use jiff::tz::TimeZone;
use thiserror::Error;

use crate::aws::Wire;
use crate::clock::Clock;
use crate::domain::policy::{Ages, ClinicPolicy};

/// A variable is missing or cannot be used. The value is not repeated: it may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// Not set.
    #[error("set the variable {0}")]
    Missing(&'static str),
    /// Set to something of the wrong form.
    #[error("the variable {0} has the wrong form")]
    Malformed(&'static str),
}

/// Variables and clock of one function.
#[derive(Debug, Clone)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    clock: Clock,
    wire: Option<Wire>,
}

impl Environment {
    /// The process's own variables and the machine's clock: what a function has in Lambda.
    #[must_use]
    pub fn process() -> Self {
        Self::new(std::env::vars().collect(), Clock::system())
    }

    /// Given variables and clock: what the local stack hands to a function.
    #[must_use]
    pub const fn new(variables: BTreeMap<String, String>, clock: Clock) -> Self {
        Self { variables, clock, wire: None }
    }

    /// The same surroundings, with another way to AWS.
    #[must_use]
    pub fn with_wire(self, wire: Wire) -> Self {
        Self { wire: Some(wire), ..self }
    }

    /// The way to AWS, when it is not the usual one.
    #[must_use]
    pub const fn wire(&self) -> Option<&Wire> {
        self.wire.as_ref()
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// A variable that may be absent; an empty one counts as absent.
    #[must_use]
    pub fn optional(&self, name: &'static str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A variable that must be set.
    ///
    /// # Errors
    /// [`ConfigError::Missing`].
    pub fn required(&self, name: &'static str) -> Result<&str, ConfigError> {
        self.optional(name).ok_or(ConfigError::Missing(name))
    }

    /// A variable that must be set and of the form of `T`.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn parsed<T: FromStr>(&self, name: &'static str) -> Result<T, ConfigError> {
        self.required(name)?.parse().map_err(|_| ConfigError::Malformed(name))
    }

    /// The clinic's rules: `CLINIC_TIME_ZONE` (IANA name), and in years `AGE_OF_MAJORITY` (18 unless set), `LIMITED_ACCESS_AGE`
    /// and `OWN_LOGIN_AGE` (13 unless set), `NO_ACCESS_AGE` (as majority unless set, or when 0).
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn clinic_policy(&self) -> Result<ClinicPolicy, ConfigError> {
        let time_zone = TimeZone::get(self.required("CLINIC_TIME_ZONE")?)
            .map_err(|_| ConfigError::Malformed("CLINIC_TIME_ZONE"))?;
        let majority = self.years("AGE_OF_MAJORITY")?.unwrap_or(18);
        let closed = self.years("NO_ACCESS_AGE")?.filter(|&years| years != 0).unwrap_or(majority);
        let limited = self.years("LIMITED_ACCESS_AGE")?.unwrap_or(13);
        let own_login = self.years("OWN_LOGIN_AGE")?.unwrap_or(13);
        let ages = Ages::new(own_login, limited, closed, majority);
        Ok(ClinicPolicy { time_zone, ages: ages.map_err(|_| ConfigError::Malformed("AGE_OF_MAJORITY"))? })
    }

    fn years(&self, name: &'static str) -> Result<Option<i8>, ConfigError> {
        self.optional(name).map(|years| years.parse().map_err(|_| ConfigError::Malformed(name))).transpose()
    }

    /// `BASE_URL`: where people reach the portal, without a slash at the end. Links in mails start with it, whatever the
    /// `Host` header says. Functions behind the API may have none: the API cannot name itself in their variables, and API
    /// Gateway tells them its own address with each request.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn base_url(&self) -> Result<Option<String>, ConfigError> {
        let Some(url) = self.optional("BASE_URL") else { return Ok(None) };
        if url.starts_with("https://") || url.starts_with("http://localhost") || url.starts_with("http://127.0.0.1") {
            Ok(Some(url.trim_end_matches('/').to_owned()))
        } else {
            Err(ConfigError::Malformed("BASE_URL"))
        }
    }
}
