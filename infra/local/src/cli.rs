//! The command line.

mod verdict;

use crate::chain::{self, Source, Verdict};
use crate::containers::{self, Containers, Functions, Places};
use crate::first_staff::{self, FirstStaffError};
use crate::{LogSink, Options, Registry, Stack, StartError, demo};
use clap::{Parser, Subcommand};
use hearth::clock::Clock;
use hearth::config::Environment;
use hearth::domain::login::Language;
use std::io::Write;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// What a failed start exits with; clap uses the same number for a wrong command line.
const FAILED: u8 = 2;
/// What a broken or unknown chain exits with.
const BROKEN: u8 = 1;
/// A form to try the journey with, in the folder of the containers.
const FORM: &str = "form.pdf";
/// The functions' log lines in the data folder.
const LOG: &str = "log.jsonl";
/// The data folder of a stack with containers, in theirs.
const DATA: &str = "data";

/// Hearth on this machine: the whole portal with an embedded database, file store and mail catcher.
///
/// Nothing leaves the machine. Data are kept in the data folder and survive a restart.
#[derive(Debug, Parser)]
#[command(name = "hearth", bin_name = "hearth", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    /// Port of the portal; the two ports after it are used as well. 0 takes any free ports.
    #[arg(long, default_value_t = 8080, value_parser = clap::value_parser!(u16).range(..=65533))]
    port: u16,
    /// Folder that keeps the data.
    #[arg(long, value_name = "FOLDER", default_value = ".hearth")]
    data: PathBuf,
    /// Delete what the data folder holds and begin anew.
    #[arg(long)]
    fresh: bool,
    /// Let the functions run in the containers of `sam local` that this folder describes; always begins anew. See infra/local/sam-local.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["data", "fresh"])]
    containers: Option<PathBuf>,
    /// Leave the clinic empty: nobody can sign in. For sending it the events of events/.
    #[arg(long)]
    empty: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Walk through the whole job with your own PDF on a fresh stack, and write FILE.sealed.pdf beside it, in place of an earlier one.
    Journey {
        /// The PDF that two parents will sign.
        file: PathBuf,
        /// A time-stamp authority (RFC 3161) for the seal, as in http://timestamp.example; a hash of the seal goes there.
        #[arg(long, value_name = "URL")]
        timestamp_url: Option<String>,
        /// Let the functions run in the containers of `sam local` that this folder describes.
        #[arg(long, value_name = "FOLDER")]
        containers: Option<PathBuf>,
    },
    /// Say what a sealed file proves, and what it does not; exits with 1 when it was changed after sealing, or never sealed.
    Verify {
        /// The file.
        file: PathBuf,
        /// The clinic's certificate (PEM, or base64 of DER), to know whose seal it is.
        #[arg(long, value_name = "FILE")]
        certificate: Option<PathBuf>,
    },
    /// Check that a record's events are as they were written, and name the first that is not; exits with 1 when there is one.
    Chain {
        /// Whose events: the identifier of a member (mbr_…) or of a login (lgn_…).
        subject: String,
        /// Folder that keeps the data; stop the stack that uses it first.
        #[arg(long, value_name = "FOLDER", default_value = ".hearth")]
        data: PathBuf,
        /// A table in AWS instead, reached with AWS_REGION and the credentials of the usual variables.
        #[arg(long, conflicts_with = "data")]
        table: Option<String>,
    },
    /// Write the first staff login of a stack in AWS and print its password once; nothing is changed when the address is known.
    ///
    /// Wants AWS_REGION and credentials in the usual variables, and the stack's secret in STACK_SECRET.
    FirstStaff {
        /// The stack's table.
        #[arg(long)]
        table: String,
        /// The person's name, as families see it.
        #[arg(long)]
        name: String,
        /// The address to sign in with; codes go there.
        #[arg(long)]
        email: String,
    },
    /// Write templates, keys and addresses for `sam local` into a folder; infra/local/sam-local starts from it.
    Containers(PrepareArguments),
    /// Print the API description (OpenAPI 3.1) and exit.
    Openapi,
}

/// Where the functions are, and where containers find this machine.
#[derive(Debug, clap::Args)]
struct PrepareArguments {
    /// The folder to write.
    folder: PathBuf,
    /// What `sam build` made.
    #[arg(long, value_name = "FOLDER", default_value = ".aws-sam/build")]
    built: PathBuf,
    /// Programs of cargo instead, such as those in target/debug.
    #[arg(long, value_name = "FOLDER", conflicts_with = "built")]
    programs: Option<PathBuf>,
    /// This machine, as containers reach it: the address of Docker's bridge.
    #[arg(long, default_value = "172.17.0.1")]
    address: Ipv4Addr,
    /// The first of three ports for S3, DynamoDB, and SES with KMS.
    #[arg(long, default_value_t = 9411)]
    first_port: u16,
    /// The port of `sam local start-api`.
    #[arg(long, default_value_t = 3000)]
    api_port: u16,
    /// The port of `sam local start-lambda`.
    #[arg(long, default_value_t = 3001)]
    lambda_port: u16,
}

impl PrepareArguments {
    fn prepare(&self) -> Result<(), StartError> {
        let functions = match &self.programs {
            Some(programs) => Functions::Programs(programs.clone()),
            None => Functions::Built(self.built.clone()),
        };
        let places = Places {
            address: self.address,
            first_port: self.first_port,
            api: format!("http://localhost:{}", self.api_port),
            lambda: format!("http://127.0.0.1:{}", self.lambda_port),
        };
        containers::prepare(&self.folder, &functions, places)?;
        let system = |error: demo::forms::FormError| StartError::System(error.to_string());
        let form = demo::forms::intake_form(&Options::default().clinic.name, Language::English).map_err(system)?;
        let file = self.folder.join(FORM);
        std::fs::write(&file, form).map_err(|source| StartError::Folder { path: file, source })
    }
}

/// Runs the command line of the process and says how it ended: 0, or 2 after one sentence on standard error.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&StartError::System(format!("cannot start any threads: {error}"))),
    };
    let result = match arguments.command {
        Some(Command::Openapi) => {
            openapi();
            Ok(())
        }
        Some(Command::Verify { file, certificate }) => {
            return match verdict::read(&file, certificate.as_deref()) {
                Ok(verdict) => {
                    say(&verdict.lines);
                    if verdict.holds { ExitCode::SUCCESS } else { ExitCode::from(BROKEN) }
                }
                Err(error) => fail(&error),
            };
        }
        Some(Command::Containers(arguments)) => arguments.prepare(),
        Some(Command::Journey { file, timestamp_url, containers }) => {
            let containers = match containers.as_deref().map(Containers::open).transpose() {
                Ok(containers) => containers,
                Err(error) => return fail(&error),
            };
            let options = Options { timestamp_url, containers, ..Options::default() };
            let journey = async {
                let mut signals = Signals::listen();
                crate::journey::run_until(&file, options, &mut std::io::stdout(), signals.next()).await
            };
            return match runtime.block_on(journey) {
                Ok(_) => ExitCode::SUCCESS,
                Err(error) => fail(&error),
            };
        }
        Some(Command::Chain { subject, data, table }) => {
            let source = table.as_deref().map_or(Source::Folder(&data), Source::Table);
            return match runtime.block_on(chain(&subject, source)) {
                Ok(true) => ExitCode::SUCCESS,
                Ok(false) => ExitCode::from(BROKEN),
                Err(error) => fail(&error),
            };
        }
        Some(Command::FirstStaff { table, name, email }) => runtime.block_on(first_staff(table, &name, &email)),
        None => runtime.block_on(serve(arguments)),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

fn fail(error: &impl std::fmt::Display) -> ExitCode {
    // With standard error gone there is nobody left to tell.
    let _ = writeln!(std::io::stderr(), "hearth: {error}");
    ExitCode::from(FAILED)
}

/// Writes lines to standard output; a reader that has gone away is no reason to stop.
fn say(lines: &[String]) {
    let mut out = std::io::stdout().lock();
    for line in lines {
        let _ = writeln!(out, "{line}");
    }
    let _ = out.flush();
}

fn openapi() {
    let document = Registry::product().openapi();
    say(&[document.to_pretty_json().unwrap_or_default()]);
}

async fn first_staff(table: String, name: &str, email: &str) -> Result<(), StartError> {
    let wrong = |error: FirstStaffError| StartError::System(error.to_string());
    let variables = std::env::vars().chain([("TABLE".to_owned(), table)]).collect();
    let password = first_staff::password_for_paper().map_err(wrong)?;
    let env = Environment::new(variables, Clock::system());
    match first_staff::write(&env, name, email, &password).await {
        Ok(()) => {
            say(&[format!(
                "{email} signs in with this password and a mailed code, and then chooses another: {password}"
            )]);
            Ok(())
        }
        // So that the whole deployment can be run again.
        Err(known @ FirstStaffError::Known) => {
            say(&[known.to_string()]);
            Ok(())
        }
        Err(error) => Err(wrong(error)),
    }
}

/// Says what a chain is worth; whether it is whole.
async fn chain(text: &str, source: Source<'_>) -> Result<bool, StartError> {
    let subject = chain::subject(text).ok_or_else(|| {
        StartError::System(format!("`{text}` is no identifier of a member (mbr_…) or of a login (lgn_…)"))
    })?;
    let verdict = chain::check(subject, source).await?;
    say(&[verdict.sentence(text)]);
    Ok(matches!(verdict, Verdict::Whole { .. }))
}

async fn serve(mut arguments: Arguments) -> Result<(), StartError> {
    // From here on Ctrl-C is asked for where it can be obeyed: a clinic that is half furnished would be of no use.
    let mut signals = Signals::listen();
    let containers = arguments.containers.as_deref().map(Containers::open).transpose()?;
    if let Some(folder) = &arguments.containers {
        arguments.data = folder.join(DATA);
        arguments.fresh = true;
    }
    if arguments.fresh {
        crate::erase(&arguments.data)?;
    }
    demo::discard_unfinished(&arguments.data)?;
    let stack = Stack::start(Options {
        data: Some(arguments.data.clone()),
        portal_port: arguments.port,
        log: LogSink::File(arguments.data.join(LOG)),
        retry_delay: Duration::from_millis(100),
        containers,
        ..Options::default()
    })
    .await?;
    let sign_ins = if arguments.empty { Some(vec![]) } else { furnish(&stack, &arguments, &mut signals).await? };
    if let Some(sign_ins) = sign_ins {
        say(&welcome(&stack, &arguments, &sign_ins));
        signals.next().await;
    }
    say(&["Stopping …".to_owned()]);
    tokio::select! {
        () = stack.stop() => {}
        // Once more means "now"; what is unfinished is on disk.
        () = signals.next() => {}
    }
    Ok(())
}

/// Opens the demo clinic, which takes two seconds at the first start; `None` when the user wanted to stop meanwhile.
async fn furnish(
    stack: &Stack,
    arguments: &Arguments,
    signals: &mut Signals,
) -> Result<Option<Vec<String>>, StartError> {
    let opening = demo::open(stack, &arguments.data);
    tokio::pin!(opening);
    tokio::select! {
        biased;
        sign_ins = &mut opening => return sign_ins.map(Some),
        () = signals.next() => {}
    }
    say(&["Stopping when the demo clinic is complete …".to_owned()]);
    tokio::select! {
        opened = opening => opened.map(|_| None),
        // The next start furnishes anew.
        () = signals.next() => Ok(None),
    }
}

fn welcome(stack: &Stack, arguments: &Arguments, sign_ins: &[String]) -> Vec<String> {
    let kept =
        if arguments.containers.is_some() { "gone at the next start" } else { "kept until you start with --fresh" };
    let mut lines = vec![
        "Hearth is running.".to_owned(),
        String::new(),
        format!("  Portal        {}", stack.url()),
        format!("  Caught mail   {}   (nothing leaves this machine)", stack.tools_url()),
        format!("  API           {}/openapi.json", stack.tools_url()),
        format!("  Data          {}   ({kept})", arguments.data.display()),
        String::new(),
    ];
    if !sign_ins.is_empty() {
        lines.extend(sign_ins.iter().cloned());
        lines.push(String::new());
    }
    lines.push("Press Ctrl-C to stop.".to_owned());
    lines
}

/// Ctrl-C, and the system's wish that the process end. From [`Signals::listen`] on neither ends the process by itself.
struct Signals {
    #[cfg(unix)]
    streams: Option<(tokio::signal::unix::Signal, tokio::signal::unix::Signal)>,
}

impl Signals {
    fn listen() -> Self {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            // Without them a signal ends the process, as it does any other.
            let interrupt = signal(SignalKind::interrupt()).ok();
            Self { streams: interrupt.zip(signal(SignalKind::terminate()).ok()) }
        }
        #[cfg(not(unix))]
        Self {}
    }

    /// Resolves at the next signal since the last one was seen.
    async fn next(&mut self) {
        #[cfg(unix)]
        match &mut self.streams {
            Some((interrupt, terminate)) => {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
            }
            None => std::future::pending().await,
        }
        // An error means that no signal can ever come.
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
