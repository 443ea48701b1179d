//! How to start a stack.

use crate::containers::Containers;
use crate::faults::Faults;
use crate::functions::Registry;
use crate::log::LogSink;
use hearth::clock::Clock;
use std::path::PathBuf;
use std::time::Duration;

/// How to start a stack. The default is what tests want: in memory, on free ports, logs kept in memory.
#[derive(Clone)]
pub struct Options {
    /// Where data are kept; `None` keeps nothing.
    pub data: Option<PathBuf>,
    /// The portal's port; the tools get the next one and S3 the one after. 0 takes any free ports.
    pub portal_port: u16,
    /// The time that functions, links and events see. A manual clock never moves by itself.
    pub clock: Clock,
    /// Where the functions' log lines go.
    pub log: LogSink,
    /// The clinic that the template's parameters describe.
    pub clinic: Clinic,
    /// The delay before the second delivery of a failed event; it doubles up to 32 times as much.
    pub retry_delay: Duration,
    /// The template's text.
    pub template: String,
    /// The programs that the template may name.
    pub programs: Registry,
    /// `TimestampUrl`: a time-stamp authority for the seals. The only call that leaves the machine, so there is none by default.
    pub timestamp_url: Option<String>,
    /// What goes wrong between functions and services; `None`, and nothing stands between them.
    pub faults: Option<Faults>,
    /// Functions in containers of `sam local`, in place of those in this process. They follow the machine's clock, and faults
    /// do not reach them.
    pub containers: Option<Containers>,
}

/// The clinic, as the template's parameters describe it.
#[derive(Debug, Clone)]
pub struct Clinic {
    /// `ClinicName`.
    pub name: String,
    /// `ClinicTimeZone`, an IANA name.
    pub time_zone: String,
    /// `Sender`.
    pub sender: String,
}

impl Default for Clinic {
    fn default() -> Self {
        Self {
            name: "Maple Street Family Clinic".to_owned(),
            time_zone: "America/New_York".to_owned(),
            sender: "portal@maple-street.example".to_owned(),
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            data: None,
            portal_port: 0,
            clock: Clock::system(),
            log: LogSink::Memory,
            clinic: Clinic::default(),
            retry_delay: Duration::from_millis(2),
            template: crate::TEMPLATE.to_owned(),
            programs: Registry::product(),
            timestamp_url: None,
            faults: None,
            containers: None,
        }
    }
}
