//! `cargo run`: Hearth on this machine.

use std::process::ExitCode;

fn main() -> ExitCode {
    hearth_local::cli::run()
}
