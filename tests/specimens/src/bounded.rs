//! One file, one process: with the memory that the function has in the cloud, and a bound on time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::verdict::Verdict;

/// Address space of the process in kibibytes: the memory of the function, and what a process maps without using it.
const ADDRESS_SPACE: u64 = (1_024 + 256) * 1_024;
/// Seconds of work. Tests are built without optimisation; the function itself has less.
const WORK: u64 = 60;
/// Time on the clock, for a process that waits instead of working. Tests share their machine.
const TIME: Duration = Duration::from_secs(300);

/// What the process said, or what became of it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Which file.
    pub name: String,
    /// What became of it.
    pub verdict: Verdict,
    /// How long it worked; zero when the process did not live to tell.
    pub took: Duration,
    /// Most memory in use, in kibibytes; zero when the process did not live to tell.
    pub peak: u64,
}

/// Runs `program one file` under the bounds.
#[must_use]
pub fn run(program: &Path, file: &Path) -> Outcome {
    let started = Instant::now();
    let limited = format!("ulimit -v {ADDRESS_SPACE}; ulimit -t {WORK}; ulimit -c 0; exec \"$0\" one \"$1\"");
    let child = Command::new("sh")
        .arg("-c")
        .arg(limited)
        .arg(program)
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let (verdict, Used { took, peak }) = match child {
        Err(error) => (Verdict::Failed(format!("no process: {error}")), Used::default()),
        Ok(mut child) => loop {
            match child.try_wait() {
                Ok(None) if started.elapsed() > TIME => {
                    let _ = child.kill();
                    let _ = child.wait();
                    break (Verdict::Failed("it did not end in time".to_owned()), Used::default());
                }
                Ok(None) => std::thread::sleep(Duration::from_millis(2)),
                // Three short lines fit any pipe, so nothing waits for this reading.
                Ok(Some(_)) | Err(_) => break said(child),
            }
        },
    };
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Outcome { name, verdict, took, peak }
}

/// What a process used.
#[derive(Debug, Clone, Copy, Default)]
struct Used {
    took: Duration,
    peak: u64,
}

fn said(child: std::process::Child) -> (Verdict, Used) {
    let output = match child.wait_with_output() {
        Ok(output) => output,
        Err(error) => return (Verdict::Failed(format!("no answer: {error}")), Used::default()),
    };
    let text = String::from_utf8_lossy(&output.stdout);
    let mut lines = text.lines();
    match lines.next().map(str::parse::<Verdict>) {
        Some(Ok(verdict)) if output.status.success() => {
            let mut number = || lines.next().and_then(|number| number.parse::<u64>().ok()).unwrap_or(0);
            let (peak, took) = (number(), number());
            (verdict, Used { took: Duration::from_millis(took), peak })
        }
        _ => (Verdict::Failed(format!("the process ended with {}", output.status)), Used::default()),
    }
}

/// The most memory that this process had in use, in kibibytes; zero where the system does not tell.
#[must_use]
pub fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// How long this process has worked, in milliseconds; zero where the system does not tell.
#[must_use]
pub fn worked() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    // Time in the program and in the system (proc(5), fields 14 and 15), in hundredths of a second.
    let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<u64>().ok()).unwrap_or(0);
    (ticks(11) + ticks(12)) * 10
}

/// What became of all files of a folder.
#[derive(Debug)]
pub struct Report {
    outcomes: Vec<Outcome>,
}

impl Report {
    /// The outcomes that must never be.
    #[must_use]
    pub fn failed(&self) -> Vec<&Outcome> {
        self.outcomes.iter().filter(|outcome| matches!(outcome.verdict, Verdict::Failed(_))).collect()
    }

    /// How many files there were.
    #[must_use]
    pub fn files(&self) -> usize {
        self.outcomes.len()
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut counts = BTreeMap::<String, usize>::new();
        for outcome in &self.outcomes {
            let group = match &outcome.verdict {
                Verdict::Sealed { .. } => "sealed".to_owned(),
                Verdict::Refused(reason) => format!("refused {reason}"),
                Verdict::Failed(cause) => format!("FAILED {cause}"),
            };
            *counts.entry(group).or_default() += 1;
        }
        writeln!(formatter, "{} files", self.files())?;
        for (group, count) in counts {
            writeln!(formatter, "{count:6}  {group}")?;
        }
        for outcome in self.failed() {
            writeln!(formatter, "  {}: {}", outcome.name, outcome.verdict)?;
        }
        if let Some(slowest) = self.outcomes.iter().max_by_key(|outcome| outcome.took) {
            writeln!(formatter, "slowest {} ms ({})", slowest.took.as_millis(), slowest.name)?;
        }
        if let Some(largest) = self.outcomes.iter().max_by_key(|outcome| outcome.peak) {
            write!(formatter, "most memory {} MiB ({})", largest.peak / 1_024, largest.name)?;
        }
        Ok(())
    }
}

/// Runs every PDF below `folder`.
#[must_use]
pub fn folder(program: &Path, folder: &Path) -> Report {
    let mut files = Vec::new();
    collect(folder, &mut files);
    files.sort();
    Report { outcomes: each(&files, |file| run(program, file)) }
}

/// What `work` makes of each item, two at a time, in the order of the items.
pub fn each<Item: Sync, Outcome: Send>(items: &[Item], work: impl Fn(&Item) -> Outcome + Sync) -> Vec<Outcome> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(place) else { break };
                    let outcome = work(item);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((place, outcome));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

/// Files with the ending `pdf` below a folder. Links are not followed: they could lead round in a circle.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => collect(&path, files),
            Ok(kind) if kind.is_file() && path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pdf")) => {
                files.push(path);
            }
            _ => {}
        }
    }
}
