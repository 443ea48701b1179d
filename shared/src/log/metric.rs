//! Metrics in CloudWatch's embedded metric format: a line of the log that CloudWatch counts.
//!
//! There are few, each with an alarm or a place on the dashboard of the template. A metric is a name of this list, a number and
//! the stack's name: there is nothing in it that could be about a person.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::SignedDuration;
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::Context;

/// Tells metrics from other lines.
pub(super) const TARGET: &str = "hearth::metric";
/// Where CloudWatch puts them.
const NAMESPACE: &str = "Hearth";

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// A password, code or passkey that did not match, or came too often.
    LoginFailures,
    /// How long the oldest mail has waited to be sent.
    OldestUnsentMail,
    /// How long the oldest packet has waited for its seal since its last signature.
    OldestUnsealedPacket,
    /// A mail came back for good.
    MailsBounced,
    /// Somebody called a mail spam.
    MailsComplained,
}

impl Metric {
    const fn name(self) -> &'static str {
        match self {
            Self::LoginFailures => "LoginFailures",
            Self::OldestUnsentMail => "OldestUnsentMail",
            Self::OldestUnsealedPacket => "OldestUnsealedPacket",
            Self::MailsBounced => "MailsBounced",
            Self::MailsComplained => "MailsComplained",
        }
    }

    /// Counts one.
    pub fn count(self) {
        tracing::info!(target: TARGET, name = self.name(), unit = "Count", value = 1_i64);
    }

    /// Says how long.
    pub fn age(self, age: SignedDuration) {
        tracing::info!(target: TARGET, name = self.name(), unit = "Seconds", value = age.as_secs().max(0));
    }
}

/// Writes the lines.
pub(super) struct Writer<W> {
    writer: W,
    stack: String,
}

impl<W> Writer<W> {
    pub(super) fn new(writer: W) -> Self {
        // Not through `Environment`: a function has its log before it has read its surroundings.
        let stack = std::env::var("STACK_NAME").unwrap_or_else(|_| "local".to_owned());
        Self { writer, stack }
    }
}

impl<S: Subscriber, W: for<'a> MakeWriter<'a> + 'static> Layer<S> for Writer<W> {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut line = Line::default();
        event.record(&mut line);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let line = json!({
            "_aws": {
                "Timestamp": u64::try_from(now.as_millis()).unwrap_or(u64::MAX),
                "CloudWatchMetrics": [{
                    "Namespace": NAMESPACE,
                    "Dimensions": [["Stack"]],
                    "Metrics": [{"Name": line.name, "Unit": line.unit}],
                }],
            },
            "Stack": self.stack,
            &line.name: line.value,
        });
        // As with every line of the log, there is nobody to tell when it cannot be written.
        let _ = std::io::Write::write_all(&mut self.writer.make_writer(), format!("{line}\n").as_bytes());
    }
}

#[derive(Default)]
struct Line {
    name: String,
    unit: String,
    value: i64,
}

impl Visit for Line {
    fn record_i64(&mut self, field: &Field, value: i64) {
        if field.name() == "value" {
            self.value = value;
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "name" => value.clone_into(&mut self.name),
            "unit" => value.clone_into(&mut self.unit),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Memory(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Memory {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn lines(work: impl FnOnce()) -> Vec<Value> {
        let memory = Memory::default();
        let writer = memory.clone();
        tracing::subscriber::with_default(super::super::subscriber(move || writer.clone()), work);
        let text = String::from_utf8(memory.0.lock().unwrap().clone()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn a_metric_is_one_line_that_names_its_own_value() {
        let lines = lines(|| Metric::OldestUnsentMail.age(SignedDuration::from_secs(90)));
        let [line] = lines.as_slice() else { panic!("{lines:?}") };
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(directive["Namespace"], "Hearth");
        assert_eq!(directive["Metrics"], json!([{"Name": "OldestUnsentMail", "Unit": "Seconds"}]));
        assert_eq!((&line["OldestUnsentMail"], &line["Stack"]), (&json!(90), &json!("local")));
        assert!(line["_aws"]["Timestamp"].as_u64().unwrap() > 1_700_000_000_000);
        // And nothing else.
        assert_eq!(line.as_object().unwrap().len(), 3);
    }

    #[test]
    fn other_lines_stay_what_they_were() {
        let lines = lines(|| {
            tracing::info!(status = 200, "request");
            tracing::debug!("not heard");
            tracing::info!(target: "webauthn_rs_core", "not heard");
            Metric::LoginFailures.count();
        });
        assert_eq!(lines.len(), 2);
        assert_eq!(
            (&lines[0]["message"], &lines[0]["status"], &lines[0]["level"]),
            (&json!("request"), &json!(200), &json!("INFO"))
        );
        assert_eq!(lines[1]["LoginFailures"], 1);
    }
}
