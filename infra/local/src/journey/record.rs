//! What the journey tells: a line for each step, and a summary with times and DynamoDB calls.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Stack;

/// A step that was taken.
#[derive(Debug, Clone)]
pub struct Step {
    /// What was done.
    pub what: String,
    /// How long it took, with everything that ran because of it.
    pub took: Duration,
    /// Calls to DynamoDB that all functions made for it.
    pub calls: u64,
}

/// The steps so far.
pub struct Record<'a, W: Write> {
    terminal: &'a mut W,
    steps: Vec<Step>,
    began: Instant,
    lines: usize,
}

impl<'a, W: Write> Record<'a, W> {
    /// An empty record.
    pub fn new(terminal: &'a mut W) -> Self {
        Self { terminal, steps: Vec::new(), began: Instant::now(), lines: 0 }
    }

    /// Waits until the stack is quiet, then tells the step.
    ///
    /// # Errors
    /// The terminal is gone.
    pub async fn done(&mut self, stack: &Stack, what: &str) -> std::io::Result<()> {
        stack.idle().await;
        let took = self.began.elapsed();
        let logs = stack.logs();
        let calls = logs.iter().skip(self.lines).filter_map(|line| calls_in(line)).sum();
        self.lines = logs.len();
        writeln!(self.terminal, "  ✓ {what}")?;
        self.steps.push(Step { what: what.to_owned(), took, calls });
        self.began = Instant::now();
        Ok(())
    }

    /// Tells times and calls of all steps.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn summary(&mut self, sealed: &Path) -> std::io::Result<()> {
        let total: Duration = self.steps.iter().map(|step| step.took).sum();
        let calls: u64 = self.steps.iter().map(|step| step.calls).sum();
        writeln!(self.terminal, "\n  {:<70} {:>6}  {:>14}", "step", "ms", "DynamoDB calls")?;
        // Functions in containers write their log elsewhere, so their calls are not counted.
        let counted = |count: u64| if calls == 0 { "–".to_owned() } else { count.to_string() };
        for step in &self.steps {
            let (took, calls) = (step.took.as_millis(), counted(step.calls));
            writeln!(self.terminal, "  {:<70} {took:>6}  {calls:>14}", step.what)?;
        }
        writeln!(self.terminal, "  {:<70} {:>6}  {:>14}", "together", total.as_millis(), counted(calls))?;
        writeln!(self.terminal, "\n  Sealed file: {}", sealed.display())
    }
}

fn calls_in(line: &str) -> Option<u64> {
    let line: Value = serde_json::from_str(line).ok()?;
    line.get("dynamodb_calls")?.as_u64()
}
