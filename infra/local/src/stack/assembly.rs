//! Putting a stack together: template, data, functions, servers.

use super::listeners::{Listeners, port};
use super::surroundings::{Endpoints, credentials, seal_key_arn, services, with_keys, world};
use super::wiring::{ReaderParts, Wiring};
use super::{Group, Options, Stack};
use crate::activity::Activity;
use crate::aws;
use crate::containers::Containers;
use crate::data::DataFolder;
use crate::dead_letters::DeadLetters;
use crate::dynamodb::DynamoDb;
use crate::error::StartError;
use crate::functions::Invoker;
use crate::gateway::{self, Gateway, Routes};
use crate::guard::Front;
use crate::keys::{self, Keys};
use crate::kms::{Key, Kms};
use crate::log::Log;
use crate::mail::Mailbox;
use crate::notifications::{self, Notifications};
use crate::retry::Backoff;
use crate::rights::Callers;
use crate::s3::{Objects, S3Endpoint};
use crate::ses::Ses;
use crate::streams::Positions;
use crate::template::Template;
use crate::tools;
use hearth::clock::Clock;
use jiff::SignedDuration;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;
use tokio::net::TcpListener;

/// How often expired items are removed; AWS promises "within a few days".
const SWEEP: Duration = Duration::from_secs(3600);

pub(super) async fn start(options: Options) -> Result<Stack, StartError> {
    let folder = match &options.data {
        Some(path) => DataFolder::claim(path)?,
        None => DataFolder::temporary()?,
    };
    let places = options.containers.as_ref().map(Containers::places);
    let listeners = Listeners::open(options.portal_port, places).await?;
    // A name, not an address: passkeys need one, and the portal's cookies then stay away from the other ports.
    let own = format!("http://localhost:{}", port(&listeners.portal)?);
    let url = places.map_or(own, |places| places.api.clone());
    let tools_url = format!("http://127.0.0.1:{}", port(&listeners.tools)?);

    // The names of tables and buckets do not depend on the keys, which come after the database.
    let world = world(&options, &url);
    let template = Template::read(&options.template, &world)?;
    let (database, existing) = DynamoDb::open(&folder, &template.tables)?;
    let keys = match &options.containers {
        // Those that the containers were told.
        Some(containers) => Keys::open(&containers.keys(), true)?,
        None => Keys::open(folder.path(), existing)?,
    };
    let public_key = keys::public_key(&keys.signing)?;
    let world = with_keys(world, &keys)?;
    let template = Template::read(&options.template, &world)?;

    let credentials = credentials(&keys);
    let callers = Callers::new(&credentials.access_key_id, &template.functions);
    let services = services(&Endpoints::of(&listeners)?, &credentials);
    let log = Log::open(options.log.clone())?;
    let invoker = Invoker { activity: Activity::default(), log: log.dispatch(), faults: options.faults.clone() };
    let dead_letters = DeadLetters::open(&folder, log.dispatch())?;
    let backoff = Backoff { first: options.retry_delay };

    let positions = Positions::open(&folder)?;
    let reader = ReaderParts {
        database: database.clone(),
        invoker: invoker.clone(),
        dead_letters: dead_letters.clone(),
        positions,
        backoff,
        clock: options.clock.clone(),
        region: world.region.clone(),
    };
    let (mut front, mut reading, mut back) = (Group::new(), Group::new(), Group::new());
    let wiring = Wiring::new(&template, &options, &services, &world, (&reader, &callers))?;
    let world = Arc::new(world);

    let buckets: Vec<String> = template.buckets.iter().map(|bucket| bucket.name.clone()).collect();
    let files = folder.file("s3");
    if existing && !files.exists() {
        return Err(StartError::damaged(files, "it is missing"));
    }
    let objects = Objects::open(files.clone(), &buckets, folder.persistent())
        .map_err(|source| StartError::folder(&files, source))?;
    let pending = folder.file("notifications");
    let notifications = Notifications::new(notifications::Inner {
        folder: pending.clone(),
        region: world.region.clone(),
        listeners: wiring.listeners,
        invoker: invoker.clone(),
        dead_letters: dead_letters.clone(),
        clock: options.clock.clone(),
        backoff,
        next: 0.into(),
        stop: reading.stop.subscribe(),
    })
    .map_err(|source| StartError::folder(&pending, source))?;
    let s3 = S3Endpoint::new(
        objects.clone(),
        &template.buckets,
        credentials,
        (callers.clone(), Arc::clone(&world)),
        notifications.clone(),
        options.clock.clone(),
    );
    let mailbox = Mailbox::open(&folder)?;
    let mail_failures = Arc::new(AtomicUsize::new(0));
    let ses = Ses { mailbox: mailbox.clone(), clock: options.clock.clone(), failures: Arc::clone(&mail_failures) };
    let seal_public_key = keys::public_key(&keys.sealing)?;
    let kms = Kms {
        keys: vec![
            Key { arn: world.key_arn(), key: keys.signing, public_key },
            Key { arn: seal_key_arn(&world), key: keys.sealing, public_key: seal_public_key },
        ],
    };
    let gateway = Gateway::new(gateway::Inner {
        routes: Routes::new(&template)?,
        functions: wiring.http,
        invoker: invoker.clone(),
        clock: options.clock.clone(),
        account: world.account.clone(),
    });
    let openapi = serde_json::to_value(options.programs.openapi()).unwrap_or_default();

    if let Some(faults) = &options.faults {
        let breaking = faults.attach(database.clone(), super::listeners::open(0).await?);
        let stopping = back.stopping();
        back.tasks.spawn(async move {
            tokio::select! {
                () = stopping => {}
                () = breaking => {}
            }
        });
    }
    serve(&mut back, listeners.s3, s3.router());
    serve(&mut back, listeners.aws, aws::router(ses, kms, callers.clone(), Arc::clone(&world)));
    let front_door = Front {
        callers: callers.clone(),
        tables: template.tables.clone().into(),
        world,
        inner: format!("http://127.0.0.1:{}", port(&listeners.database)?),
        client: loopback_client()?,
        activity: invoker.activity.clone(),
    };
    serve(&mut back, listeners.dynamodb, front_door.router());
    back.tasks.spawn(database.clone().serve(listeners.database, back.stopping()));
    back.tasks.spawn(sweep(database.clone(), options.clock.clone(), back.stopping()));
    for schedule in &wiring.schedules {
        reading.tasks.spawn(schedule.clone().run(options.clock.clone(), reading.stopping()));
    }
    let mut progress = Vec::new();
    for reader in wiring.readers {
        let (position, run) = reader.start(reading.stop.subscribe());
        progress.push(position);
        reading.tasks.spawn(run);
    }
    notifications.recover(&objects).map_err(|source| StartError::folder(&pending, source))?;
    if options.containers.is_none() {
        serve(&mut front, listeners.portal, gateway.router());
    }
    serve(&mut front, listeners.tools, tools::router(mailbox.clone(), dead_letters.clone(), openapi, &url));

    Ok(Stack {
        url,
        tools_url,
        template,
        environment: wiring.environment,
        activity: invoker.activity,
        database,
        objects,
        mailbox,
        mail_failures,
        dead_letters,
        log,
        progress,
        schedules: wiring.schedules,
        callers,
        front,
        readers: reading,
        back,
        _folder: folder,
    })
}

fn serve(group: &mut Group, listener: TcpListener, router: axum::Router) {
    let stopping = group.stopping();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    group.tasks.spawn(async move {
        // It ends with an error only when the listener breaks, and then every call fails visibly.
        let _ = axum::serve(listener, service).with_graceful_shutdown(stopping).await;
    });
}

/// A client that never asks a proxy: what it calls is in this process.
fn loopback_client() -> Result<reqwest::Client, StartError> {
    let client = reqwest::Client::builder().no_proxy().build();
    client.map_err(|error| StartError::System(format!("cannot make an HTTP client: {error}")))
}

/// Removes expired items now and then, as long as the stack's clock shows the machine's time: the embedded database knows
/// no other.
async fn sweep(database: DynamoDb, clock: Clock, stopping: impl Future<Output = ()> + Send) {
    tokio::pin!(stopping);
    loop {
        let off = jiff::Timestamp::now().duration_since(clock.now()).abs();
        if off < SignedDuration::from_mins(1) {
            let database = database.clone();
            if tokio::task::spawn_blocking(move || database.sweep()).await.is_err() {
                return;
            }
        }
        tokio::select! {
            () = &mut stopping => return,
            () = tokio::time::sleep(SWEEP) => {}
        }
    }
}
