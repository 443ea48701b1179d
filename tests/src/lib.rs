//! The harness of the black-box journeys: a stack of its own for each test, people with browsers, and their mails.
//!
//! Everything goes through the routes of `template.yaml` over HTTP. The one exception is the clinic's first staff login: no
//! route makes it, because somebody must be there who can invite.
//!
//! Nothing here sleeps: [`World::settled`] waits until no invocation runs and no stream record or notification is left, and
//! time passes only when a test lets it pass.

mod agency;
mod authenticator;
mod browser;
mod family;
mod forge;
mod passkey;
mod pdf;
mod person;
mod reply;
mod scene;
mod spare;
mod staff;
mod world;

pub use agency::{Office, casework, handing};
pub use authenticator::Device;
pub use browser::{Asking, Browser};
pub use family::{Family, terms};
pub use forge::{Forge, compact, parts};
pub use pdf::{equal_form, form, pdf, sha256};
pub use person::{Person, Tab, signing};
pub use reply::Reply;
pub use scene::{Bearer, Example, Record, wants_member_token};
pub use staff::Invited;
pub use world::{DESK, PASSWORD, World};
