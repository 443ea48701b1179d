//! What `sam local` is started with: the template, with the built functions and all their variables filled in.
//!
//! `sam local` cannot resolve a secret, gives every `Ref` of a table the name of the resource, and passes no variable that the
//! template does not name, so neither the table nor the address of the embedded services would reach a function.

use super::{Containers, DESCRIPTION, KEYS, Places};
use crate::data::write_private;
use crate::error::StartError;
use crate::stack::functions_in_containers;
use crate::template::Function;
use crate::{Options, TEMPLATE};
use serde_yaml_ng::{Mapping, Value as Yaml};
use std::path::{Path, PathBuf};

/// For `start-api`: the functions with routes.
const API: &str = "api.yaml";
/// For `start-lambda`: the others.
const EVENTS: &str = "events.yaml";
/// For `sam local invoke`: all of them.
const ALL: &str = "all.yaml";

/// Where the built functions are.
#[derive(Debug, Clone)]
pub enum Functions {
    /// What `sam build` made: a folder for each function, with its `bootstrap`.
    Built(PathBuf),
    /// Programs with the names of the crates, such as those in `target/debug`.
    Programs(PathBuf),
}

/// Writes the folder that [`Containers::open`] reads, and the three templates for `sam local`.
///
/// # Errors
/// [`StartError`]: a function has not been built, or the folder cannot be written.
pub fn prepare(folder: &Path, functions: &Functions, places: Places) -> Result<Containers, StartError> {
    let write = |source| StartError::folder(folder, source);
    std::fs::create_dir_all(folder.join(KEYS)).map_err(write)?;
    let folder = folder.canonicalize().map_err(write)?;
    let description = serde_json::to_vec_pretty(&places).map_err(|error| StartError::System(error.to_string()))?;
    write_private(&folder.join(DESCRIPTION), &description)?;
    let containers = Containers { folder: folder.clone(), places };

    let all = functions_in_containers(&Options::default(), &containers)?;
    for (name, wanted) in [(API, Wanted::Routes), (EVENTS, Wanted::Others), (ALL, Wanted::All)] {
        let mut template = parse()?;
        let mut resources = Mapping::new();
        for function in all.iter().filter(|function| wanted.takes(function)) {
            let code = code(&folder, functions, function)?;
            let resource = filled_in(&mut template, function, &code)?;
            resources.insert(function.logical_id.clone().into(), resource);
        }
        if wanted != Wanted::Others {
            keep_apis(&template, &mut resources);
        }
        finish(&mut template, resources);
        let text = serde_yaml_ng::to_string(&template).map_err(|error| StartError::System(error.to_string()))?;
        // It holds the stack's secret.
        write_private(&folder.join(name), text.as_bytes())?;
    }
    Ok(containers)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Routes,
    Others,
    All,
}

impl Wanted {
    fn takes(self, function: &Function) -> bool {
        match self {
            Self::Routes => !function.routes.is_empty(),
            Self::Others => function.routes.is_empty(),
            Self::All => true,
        }
    }
}

fn parse() -> Result<Yaml, StartError> {
    serde_yaml_ng::from_str(TEMPLATE).map_err(|error| StartError::System(format!("template.yaml: {error}")))
}

/// The folder with a function's `bootstrap`.
fn code(folder: &Path, functions: &Functions, function: &Function) -> Result<PathBuf, StartError> {
    let missing = |file: &Path| {
        let reason = format!("{} is missing; build it first", file.display());
        StartError::function(&function.logical_id, reason)
    };
    match functions {
        Functions::Built(built) => {
            let bootstrap = built.join(&function.logical_id).join("bootstrap");
            let code = bootstrap.canonicalize().map_err(|_| missing(&bootstrap))?;
            Ok(code.parent().unwrap_or(&code).to_owned())
        }
        Functions::Programs(programs) => {
            let program = programs.join(&function.binary);
            let place = folder.join("functions").join(&function.logical_id);
            std::fs::create_dir_all(&place).map_err(|source| StartError::folder(&place, source))?;
            let bootstrap = place.join("bootstrap");
            let _ = std::fs::remove_file(&bootstrap);
            // A second name costs nothing; where the folder is on another disk, a copy does.
            std::fs::hard_link(&program, &bootstrap)
                .or_else(|_| std::fs::copy(&program, &bootstrap).map(drop))
                .map_err(|_| missing(&program))?;
            Ok(place)
        }
    }
}

/// The function's resource, as built, with the variables that it would have in this stack.
fn filled_in(template: &mut Yaml, function: &Function, code: &Path) -> Result<Yaml, StartError> {
    let resource = template.get_mut("Resources").and_then(|resources| resources.get_mut(&function.logical_id));
    let resource = resource.and_then(Yaml::as_mapping_mut);
    let lost = || StartError::function(&function.logical_id, "it is no longer in the template");
    let resource = resource.ok_or_else(lost)?;
    resource.remove("Metadata");
    let properties = resource.get_mut("Properties").and_then(Yaml::as_mapping_mut).ok_or_else(lost)?;
    properties.insert("CodeUri".into(), code.display().to_string().into());
    let variables = function.environment.iter().map(|(name, value)| (name.as_str().into(), value.as_str().into()));
    let variables: Mapping = variables.collect();
    properties
        .insert("Environment".into(), Yaml::Mapping([("Variables".into(), variables.into())].into_iter().collect()));
    Ok(Yaml::Mapping(resource.clone()))
}

fn keep_apis(template: &Yaml, resources: &mut Mapping) {
    for (name, resource) in template.get("Resources").and_then(Yaml::as_mapping).into_iter().flatten() {
        if resource.get("Type").and_then(Yaml::as_str) == Some("AWS::Serverless::HttpApi") {
            resources.insert(name.clone(), resource.clone());
        }
    }
}

/// Only what `sam local` runs, for the processor of this machine.
fn finish(template: &mut Yaml, resources: Mapping) {
    let processor = if cfg!(target_arch = "aarch64") { "arm64" } else { "x86_64" };
    let function = template.get_mut("Globals").and_then(|globals| globals.get_mut("Function"));
    if let Some(function) = function.and_then(Yaml::as_mapping_mut) {
        function.insert("Architectures".into(), Yaml::Sequence(vec![processor.into()]));
    }
    if let Some(all) = template.as_mapping_mut() {
        all.insert("Resources".into(), resources.into());
        all.remove("Outputs");
    }
}
