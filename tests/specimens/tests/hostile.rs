//! Every specimen gets the verdict that the table says, in a process of its own.

use std::path::Path;

use specimens::{Expected, SET, bounded, verdict::Verdict};

const JUDGE: &str = env!("CARGO_BIN_EXE_specimens");

#[test]
fn every_specimen_gets_its_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let outcomes = bounded::each(SET, |specimen| {
        let file = folder.path().join(specimen.file_name());
        std::fs::write(&file, (specimen.make)()).unwrap();
        let outcome = bounded::run(Path::new(JUDGE), &file);
        std::fs::remove_file(&file).unwrap();
        outcome
    });
    let mut wrong = Vec::new();
    for (specimen, outcome) in SET.iter().zip(outcomes) {
        let expected = match specimen.expected {
            Expected::Accepted { pages } => Verdict::Sealed { pages },
            Expected::Refused(refusal) => Verdict::Refused(refusal.code().to_owned()),
        };
        let (name, said) = (specimen.name, outcome.verdict.to_string());
        println!("{name:56} {said:24} {:6} ms {:4} MiB", outcome.took.as_millis(), outcome.peak / 1_024);
        if outcome.verdict != expected {
            wrong.push(format!("{name}: {said} instead of {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), SET.len(), wrong.join("\n"));
}

#[test]
fn the_set_is_large_and_no_two_are_the_same() {
    assert!(SET.len() >= 40, "{}", SET.len());
    let names: std::collections::BTreeSet<_> = SET.iter().map(|specimen| specimen.name).collect();
    assert_eq!(names.len(), SET.len());
}

/// A harness that cannot tell a failure would pass everything.
#[test]
fn a_process_that_dies_or_says_nothing_is_a_failure() {
    let file = Path::new("/dev/null");
    for program in ["/bin/false", "/bin/echo", "/nowhere"] {
        assert!(matches!(bounded::run(Path::new(program), file).verdict, Verdict::Failed(_)), "{program}");
    }
}

#[test]
fn every_file_of_the_folder_in_hearth_corpus_is_sealed_or_refused() {
    let Some(folder) = std::env::var_os("HEARTH_CORPUS") else { return };
    let report = bounded::folder(Path::new(JUDGE), Path::new(&folder));
    println!("{report}");
    assert!(report.files() > 0, "no PDF in the folder; check HEARTH_CORPUS");
    assert!(report.failed().is_empty());
}
