//! What Hearth costs in time, memory, calls and money; `infra/bench/bench` runs it, and says how.

mod cost;
mod emulator;
mod functions;
mod load;
mod table;

use functions::Functions;
use hearth_local::Options;
use journeys::World;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use table::Row;

#[tokio::main(flavor = "multi_thread")]
async fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut flag = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name);
        place.map(|place| arguments.remove(place)).is_some()
    };
    let (short, full) = (flag("--short"), flag("--full"));
    let [programs, hello] = arguments.as_slice() else {
        eprintln!("usage: bench [--short | --full] FOLDER-OF-PROGRAMS HELLO");
        return ExitCode::FAILURE;
    };
    let valgrind = std::process::Command::new("valgrind").arg("--version").output().is_ok();
    let functions = Functions {
        programs: PathBuf::from(programs),
        hello: PathBuf::from(hello),
        starts: if short { 2 } else { 15 },
        warm: if short { 30 } else { 500 },
        counted: if short || !valgrind { 0 } else { 20 },
    };
    // Functions in processes of their own have the machine's clock.
    let world = World::with(Options::default()).await;
    print("functions (ratios: times a bare hello)", &functions::measure(&world, &functions).await);
    drop(world);

    let time = Duration::from_millis(if short { 300 } else { 5000 });
    let world = Arc::new(World::new().await);
    print("requests to the whole stack in one process", &load::load(world, &[1, 8, 64], time).await);

    let of_login: &[usize] = if short { &[1, 10, 100] } else { &[1, 10, 100, 1000] };
    let of_clinic: &[usize] = match (short, full) {
        (true, _) => &[10, 100],
        (false, false) => &[10, 100, 1000, 10_000],
        (false, true) => &[10, 100, 1000, 10_000, 100_000],
    };
    print("growth (ratios: times the first row)", &load::growth(of_login, of_clinic, if short { 5 } else { 50 }).await);
    print("a household's month", &cost::month().await);
    ExitCode::SUCCESS
}

fn print(title: &str, rows: &[Row]) {
    println!("\n{title}");
    for row in rows {
        println!("  {row}");
    }
}
