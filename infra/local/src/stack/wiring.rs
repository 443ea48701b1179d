//! Connecting the template's functions to what triggers them.

use super::Options;
use crate::dead_letters::DeadLetters;
use crate::dynamodb::DynamoDb;
use crate::error::StartError;
use crate::filter::Pattern;
use crate::functions::{Handler, Invoker, StreamHandler};
use crate::gateway::HttpFunction;
use crate::notifications::Listener;
use crate::retry::Backoff;
use crate::rights::Callers;
use crate::schedules::Schedule;
use crate::streams::{Positions, Reader};
use crate::template::{Function, StreamMapping, Template, World};
use hearth::clock::Clock;
use hearth::config::Environment;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The functions, by what triggers them.
pub(super) struct Wiring {
    pub(super) http: BTreeMap<String, HttpFunction>,
    pub(super) listeners: Vec<Listener>,
    pub(super) readers: Vec<Reader>,
    pub(super) schedules: Vec<Schedule>,
    /// Every variable that any function gets.
    pub(super) environment: BTreeMap<String, String>,
}

/// What all readers of streams share.
pub(super) struct ReaderParts {
    pub(super) database: DynamoDb,
    pub(super) invoker: Invoker,
    pub(super) dead_letters: DeadLetters,
    pub(super) positions: Positions,
    pub(super) backoff: Backoff,
    pub(super) clock: Clock,
    pub(super) region: String,
}

impl Wiring {
    /// Builds every function's context.
    pub(super) fn new(
        template: &Template,
        options: &Options,
        services: &BTreeMap<String, String>,
        world: &World,
        (parts, callers): (&ReaderParts, &Callers),
    ) -> Result<Self, StartError> {
        let mut wiring = Self {
            http: BTreeMap::new(),
            listeners: vec![],
            readers: vec![],
            schedules: vec![],
            environment: services.clone(),
        };
        for function in &template.functions {
            let mut variables = services.clone();
            variables.extend(function.environment.clone());
            variables.insert("AWS_ACCESS_KEY_ID".to_owned(), callers.key_of(&function.logical_id));
            wiring.environment.extend(function.environment.clone());
            let mut surroundings = Environment::new(variables, options.clock.clone());
            if let Some(faults) = &options.faults {
                surroundings = surroundings.with_wire(faults.wire(&function.logical_id));
            }
            let failed = |reason| StartError::function(&function.logical_id, reason);
            if let Some(&every) = function.schedules.iter().min() {
                let handler = match &options.containers {
                    Some(containers) => containers.schedule(function),
                    None => options.programs.build_schedule(&function.binary, &surroundings),
                };
                let handler = handler.map_err(failed)?;
                wiring.schedules.push(Schedule {
                    function: function.logical_id.clone(),
                    every,
                    handler,
                    timeout: function.timeout,
                    invoker: parts.invoker.clone(),
                });
            }
            if function.is_only_scheduled() {
                continue;
            }
            let handler = match &options.containers {
                Some(containers) => containers.handler(function).map_err(failed)?,
                None => Some(options.programs.build(&function.binary, &surroundings).map_err(failed)?),
            };
            let Some(handler) = handler else { continue };
            check_events(function, &handler)?;
            match handler {
                Handler::Http(handler) => {
                    let http = HttpFunction { handler, timeout: function.timeout };
                    wiring.http.insert(function.logical_id.clone(), http);
                }
                Handler::Objects(handler) => {
                    wiring.listeners.extend(function.notifications.iter().map(|notification| Listener {
                        function: function.logical_id.clone(),
                        notification: notification.clone(),
                        handler: Arc::clone(&handler),
                        timeout: function.timeout,
                        retries: function.asynchronous_retries,
                        destination: function.on_failure.clone(),
                    }));
                }
                Handler::Stream(handler) => {
                    for mapping in &function.streams {
                        wiring.readers.push(parts.reader(function, mapping, &handler, world)?);
                    }
                }
            }
        }
        Ok(wiring)
    }
}

impl ReaderParts {
    fn reader(
        &self,
        function: &Function,
        mapping: &StreamMapping,
        handler: &StreamHandler,
        world: &World,
    ) -> Result<Reader, StartError> {
        let filters = mapping.filters.iter().map(Pattern::compile).collect::<Result<_, _>>();
        Ok(Reader {
            function: function.logical_id.clone(),
            mapping: mapping.clone(),
            filters: filters.map_err(|error| StartError::function(&function.logical_id, error))?,
            handler: Arc::clone(handler),
            timeout: function.timeout,
            database: self.database.clone(),
            invoker: self.invoker.clone(),
            dead_letters: self.dead_letters.clone(),
            positions: self.positions.clone(),
            backoff: self.backoff,
            clock: self.clock.clone(),
            stream_arn: world.arn("dynamodb", &format!("table/{}/stream/local", mapping.table)),
            region: self.region.clone(),
        })
    }
}

/// A function's events must be of the kind that its handler takes.
fn check_events(function: &Function, handler: &Handler) -> Result<(), StartError> {
    let (routes, streams, notifications) =
        (!function.routes.is_empty(), !function.streams.is_empty(), !function.notifications.is_empty());
    let fits = match handler {
        Handler::Http(_) => !streams && !notifications,
        Handler::Stream(_) => !routes && !notifications,
        Handler::Objects(_) => !routes && !streams,
    };
    if fits {
        Ok(())
    } else {
        Err(StartError::function(&function.logical_id, "it has events that its handler does not take"))
    }
}
