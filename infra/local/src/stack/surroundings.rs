//! What the template and the functions find around them: names, clinic, credentials, endpoints.

use super::Options;
use super::listeners::Listeners;
use crate::containers::{Containers, Places};
use crate::error::StartError;
use crate::keys::{self, Keys};
use crate::rights::Callers;
use crate::s3::Credentials;
use crate::template::{Function, Template, World};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use tokio::net::TcpListener;

const REGION: &str = "us-east-1";
const ACCOUNT: &str = "000000000000";
const STACK: &str = "hearth";
const KEY_ID: &str = "00000000-0000-4000-8000-000000000001";
const SEAL_KEY_ID: &str = "00000000-0000-4000-8000-000000000002";

/// The world in which the template is evaluated; the keys are filled in when they are known.
pub(super) fn world(options: &Options, url: &str) -> World {
    let mut world = World {
        region: REGION.to_owned(),
        account: ACCOUNT.to_owned(),
        stack: STACK.to_owned(),
        parameters: BTreeMap::new(),
        secret: String::new(),
        key_id: KEY_ID.to_owned(),
        api_endpoint: url.to_owned(),
    };
    let clinic = &options.clinic;
    let values = [
        ("ClinicName", clinic.name.clone()),
        ("ClinicTimeZone", clinic.time_zone.clone()),
        ("Sender", clinic.sender.clone()),
        ("BaseUrl", url.to_owned()),
        ("TokenKeyArn", world.key_arn()),
        ("TokenPublicKeys", String::new()),
        ("SealKeyArn", seal_key_arn(&world)),
        ("SealCertificate", String::new()),
        ("TimestampUrl", options.timestamp_url.clone().unwrap_or_default()),
    ];
    world.parameters = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    world
}

/// The ARN of the key that seals.
pub(super) fn seal_key_arn(world: &World) -> String {
    world.arn("kms", &format!("key/{SEAL_KEY_ID}"))
}

/// Derived from the stack's secret, so that links survive a restart, and as long as real ones.
pub(super) fn credentials(keys: &Keys) -> Credentials {
    let derive = |purpose: &str, length: usize| {
        let mut text = hex::encode(Sha256::digest(format!("{purpose} {}", keys.stack_secret)));
        text.truncate(length);
        text
    };
    Credentials {
        access_key_id: format!("HL{}", derive("access key", 18).to_uppercase()),
        secret_access_key: derive("secret access key", 40),
    }
}

/// Where S3, DynamoDB, and SES with KMS listen.
pub(super) struct Endpoints([SocketAddr; 3]);

impl Endpoints {
    pub(super) fn of(listeners: &Listeners) -> Result<Self, StartError> {
        let address =
            |listener: &TcpListener| listener.local_addr().map_err(|source| StartError::Listen { port: 0, source });
        Ok(Self([address(&listeners.s3)?, address(&listeners.dynamodb)?, address(&listeners.aws)?]))
    }

    pub(super) fn for_containers(places: &Places) -> Self {
        Self(places.ports().map(|port| SocketAddr::from((places.address, port))))
    }
}

/// What the AWS SDKs need to find the embedded services.
pub(super) fn services(endpoints: &Endpoints, credentials: &Credentials) -> BTreeMap<String, String> {
    let [s3, dynamodb, aws] = endpoints.0.map(|address| format!("http://{address}"));
    let variables = [
        ("AWS_REGION", REGION.to_owned()),
        ("AWS_ACCESS_KEY_ID", credentials.access_key_id.clone()),
        ("AWS_SECRET_ACCESS_KEY", credentials.secret_access_key.clone()),
        ("AWS_ENDPOINT_URL_DYNAMODB", dynamodb),
        ("AWS_ENDPOINT_URL_S3", s3),
        ("AWS_ENDPOINT_URL_SES", aws.clone()),
        ("AWS_ENDPOINT_URL_KMS", aws),
    ];
    variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Fills in what only the keys tell.
pub(super) fn with_keys(mut world: World, keys: &Keys) -> Result<World, StartError> {
    world.secret.clone_from(&keys.stack_secret);
    let public_key = keys::public_key(&keys.signing)?;
    world.parameters.insert("TokenPublicKeys".to_owned(), STANDARD.encode(public_key));
    world.parameters.insert("SealCertificate".to_owned(), keys.seal_certificate()?);
    Ok(world)
}

/// The functions as containers get them: with all their variables, those of the services included.
pub(crate) fn functions_in_containers(options: &Options, containers: &Containers) -> Result<Vec<Function>, StartError> {
    let keys = Keys::open(&containers.keys(), false)?;
    let world = with_keys(world(options, &containers.places().api), &keys)?;
    let credentials = credentials(&keys);
    let services = services(&Endpoints::for_containers(containers.places()), &credentials);
    let mut template = Template::read(&options.template, &world)?;
    let callers = Callers::new(&credentials.access_key_id, &template.functions);
    for function in &mut template.functions {
        function.environment.extend(services.clone());
        // A key of its own for each, so that the services ask for the rights of its role.
        function.environment.insert("AWS_ACCESS_KEY_ID".to_owned(), callers.key_of(&function.logical_id));
    }
    Ok(template.functions)
}
