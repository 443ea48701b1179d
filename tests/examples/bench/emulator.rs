//! Lambda's Runtime API, for one process of a function: it asks for the next event, and answers.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Longer than anything takes, under callgrind as well.
const PATIENCE: Duration = Duration::from_secs(120);

/// A function that waits for events.
pub(crate) struct Emulator {
    child: Child,
    events: Sender<String>,
    answers: Receiver<String>,
    ready: Receiver<Instant>,
    /// From its start until it asked for the first event.
    pub(crate) init: Duration,
}

impl Emulator {
    /// Starts a function, with a program before it (such as valgrind) when there is one.
    pub(crate) fn start(
        program: &Path,
        environment: &BTreeMap<String, String>,
        before: &[&str],
    ) -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let (events, waiting) = channel();
        let (answered, answers) = channel();
        let (asked, ready) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (waiting, answered, asked) = (Arc::clone(&waiting), answered.clone(), asked.clone());
                std::thread::spawn(move || serve(stream, &waiting, &answered, &asked));
            }
        });
        let mut command = match before {
            [first, rest @ ..] => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
            [] => Command::new(program),
        };
        command.env_clear().envs(environment).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command.env("AWS_LAMBDA_RUNTIME_API", address.to_string()).env("AWS_LAMBDA_FUNCTION_NAME", "bench");
        command.env("AWS_LAMBDA_FUNCTION_VERSION", "1").env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512");
        command.env("PATH", "/usr/bin:/bin").env("RUST_BACKTRACE", "0");
        let begun = Instant::now();
        let child = command.spawn().map_err(|error| format!("{} does not start: {error}", program.display()))?;
        let mut emulator = Self { child, events, answers, ready, init: Duration::ZERO };
        match emulator.ready.recv_timeout(PATIENCE) {
            Ok(at) => emulator.init = at - begun,
            Err(_) => return Err(format!("it never asked for an event: {}", emulator.end())),
        }
        Ok(emulator)
    }

    /// One invocation: the answer, and how long it took.
    pub(crate) fn invoke(&self, event: &str) -> Result<(String, Duration), String> {
        let begun = Instant::now();
        self.events.send(event.to_owned()).map_err(|_| "it is gone".to_owned())?;
        let answer = self.answers.recv_timeout(PATIENCE).map_err(|_| "no answer came".to_owned())?;
        let took = begun.elapsed();
        self.ready.recv_timeout(PATIENCE).map_err(|_| "it asked for nothing more".to_owned())?;
        Ok((answer, took))
    }

    /// Kibibytes in memory, now and at most.
    pub(crate) fn memory(&self) -> [f64; 2] {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(f64::NAN)
        };
        [of("VmRSS:"), of("VmHWM:")]
    }

    /// Ends it, and returns what it said.
    pub(crate) fn end(&mut self) -> String {
        // Not a kill: callgrind tells what it counted when it is asked to end.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let mut said = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            let _ = stderr.read_to_string(&mut said);
        }
        let _ = self.child.wait();
        said
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(
    stream: TcpStream,
    events: &Mutex<Receiver<String>>,
    answered: &Sender<String>,
    asked: &Sender<Instant>,
) -> Option<()> {
    let _ = stream.set_nodelay(true);
    let mut writer = stream.try_clone().ok()?;
    let mut reader = BufReader::new(stream);
    loop {
        let (request, body) = read(&mut reader)?;
        if request.ends_with("/next") {
            let _ = asked.send(Instant::now());
            let event = events.lock().ok()?.recv().ok()?;
            let length = event.len();
            write!(
                writer,
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nlambda-runtime-aws-request-id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\nlambda-runtime-deadline-ms: 99999999999999\r\nlambda-runtime-invoked-function-arn: arn:aws:lambda:us-east-1:000000000000:function:bench\r\nlambda-runtime-trace-id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700\r\n\r\n{event}"
            )
            .ok()?;
        } else {
            write!(writer, "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n").ok()?;
            writer.flush().ok()?;
            let _ = answered.send(body);
        }
        writer.flush().ok()?;
    }
}

/// The path of a request, and its body.
fn read(reader: &mut BufReader<TcpStream>) -> Option<(String, String)> {
    let mut line = String::new();
    if reader.read_line(&mut line).ok()? == 0 {
        return None;
    }
    let path = line.split_whitespace().nth(1)?.to_owned();
    let (mut length, mut chunked) = (0, false);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let header = header.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        chunked |= header.starts_with("transfer-encoding:") && header.contains("chunked");
    }
    let mut body = Vec::new();
    if chunked {
        loop {
            let mut size = String::new();
            reader.read_line(&mut size).ok()?;
            let size = usize::from_str_radix(size.trim().split(';').next()?, 16).ok()?;
            let mut chunk = vec![0; size + 2];
            reader.read_exact(&mut chunk).ok()?;
            if size == 0 {
                break;
            }
            body.extend_from_slice(&chunk[..size]);
        }
    } else {
        body.resize(length, 0);
        reader.read_exact(&mut body).ok()?;
    }
    Some((path, String::from_utf8_lossy(&body).into_owned()))
}
