//! Rows of the printed table.

use std::fmt;

/// What was measured of one thing.
pub(crate) struct Row {
    name: String,
    what: String,
    values: Vec<Value>,
    missing: Option<String>,
}

struct Value {
    name: &'static str,
    measured: f64,
    ratio: Option<f64>,
    budget: Option<f64>,
}

impl Row {
    pub(crate) fn new(name: &str, what: &str) -> Self {
        Self { name: name.to_owned(), what: what.to_owned(), values: Vec::new(), missing: None }
    }

    /// Something that could not be measured, and why.
    pub(crate) fn missing(name: &str, why: &str) -> Self {
        Self { missing: Some(why.to_owned()), ..Self::new(name, "") }
    }

    /// A value, how many times that of the thing it is compared with, and what it should not exceed.
    pub(crate) fn value(&mut self, name: &'static str, measured: f64, ratio: Option<f64>, budget: Option<f64>) {
        self.values.push(Value { name, measured, ratio, budget });
    }
}

impl fmt::Display for Row {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:<12} {:<24}", self.name, self.what)?;
        if let Some(why) = &self.missing {
            return write!(formatter, "not measured: {why}");
        }
        for value in &self.values {
            write!(formatter, " | {} {:.2}", value.name, value.measured)?;
            if let Some(ratio) = value.ratio {
                write!(formatter, " ({ratio:.1}x)")?;
            }
            if let Some(budget) = value.budget {
                let verdict = if value.measured <= budget { "within" } else { "OVER" };
                write!(formatter, " {verdict} {budget:.1}")?;
            }
        }
        Ok(())
    }
}

pub(crate) fn median(samples: &[f64]) -> f64 {
    percentile(samples, 50)
}

/// The sample below which so many hundredths lie.
pub(crate) fn percentile(samples: &[f64], hundredths: usize) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get((sorted.len() * hundredths / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}
