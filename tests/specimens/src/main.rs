//! Inspects the files that are named, or every PDF of a folder, each in a process of its own.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use specimens::{bounded, verdict};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("one"), Some(file)) => one(Path::new(&file)),
        (Some("folder"), Some(folder)) => all(&PathBuf::from(folder)),
        _ => {
            eprintln!("usage: specimens one FILE | specimens folder FOLDER");
            ExitCode::FAILURE
        }
    }
}

/// Three lines: the verdict, the most memory that was in use in kibibytes, and the time of work in milliseconds.
fn one(file: &Path) -> ExitCode {
    let Ok(raw) = std::fs::read(file) else {
        eprintln!("the file cannot be read; check its path");
        return ExitCode::FAILURE;
    };
    // The stack of the thread on which the function inspects.
    let inspected =
        std::thread::Builder::new().stack_size(2 << 20).spawn(move || verdict::of(&raw)).map(|it| it.join());
    let verdict = match inspected {
        Ok(Ok(verdict)) => verdict,
        _ => verdict::Verdict::Failed("a panic".to_owned()),
    };
    println!("{verdict}\n{}\n{}", bounded::peak(), bounded::worked());
    ExitCode::SUCCESS
}

fn all(folder: &Path) -> ExitCode {
    let Ok(itself) = std::env::current_exe() else { return ExitCode::FAILURE };
    let report = bounded::folder(&itself, folder);
    println!("{report}");
    if report.failed().is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
