//! `Schedule` events: EventBridge wakes a function at a steady rate.

use super::error::TemplateError;
use super::intrinsics::Resolver;
use serde_yaml_ng::Value as Yaml;
use std::time::Duration;

impl Resolver<'_> {
    /// How often a schedule wakes its function. Only rates are emulated: a laptop has no fixed hours.
    pub(super) fn schedule(self, at: &str, properties: &Yaml) -> Result<Duration, TemplateError> {
        self.only(at, properties, &["Schedule", "Description", "Enabled", "RetryPolicy"])?;
        let expression = self.property(at, properties, "Schedule")?;
        rate(&expression).ok_or_else(|| TemplateError::unsupported(at, format!("the schedule `{expression}`")))
    }
}

/// Reads `rate(1 minute)`, `rate(5 minutes)` and the like; AWS wants the singular for one and the plural for more.
fn rate(expression: &str) -> Option<Duration> {
    let (count, unit) = expression.strip_prefix("rate(")?.strip_suffix(')')?.split_once(' ')?;
    let count: u64 = count.parse().ok().filter(|&count| count > 0)?;
    let seconds = match (unit, count) {
        ("minute", 1) | ("minutes", 2..) => 60,
        ("hour", 1) | ("hours", 2..) => 3600,
        ("day", 1) | ("days", 2..) => 86_400,
        _ => return None,
    };
    count.checked_mul(seconds).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_as_aws_reads_them() {
        let seconds = |text| rate(text).map(|every| every.as_secs());
        assert_eq!(seconds("rate(1 minute)"), Some(60));
        assert_eq!(seconds("rate(5 minutes)"), Some(300));
        assert_eq!(seconds("rate(12 hours)"), Some(43_200));
        assert_eq!(seconds("rate(1 day)"), Some(86_400));
        for other in ["rate(1 minutes)", "rate(0 days)", "rate(5 weeks)", "cron(0 5 * * ? *)", "5 minutes"] {
            assert_eq!(seconds(other), None, "{other}");
        }
    }
}
