//! Items in DynamoDB.
//!
//! One table; keys are random identifiers and keyed hashes, never personal data. What authorizes is read by key with strong
//! consistency, in one call; what changes is written in one transaction that checks again what was read.
//!
//! # Access patterns
//!
//! | who asks | how | calls in series |
//! |---|---|---|
//! | any request of a signed-in person | `BatchGetItem` of `LOGIN#l META`, `LOGIN#l SESSION#s`, `MEMBER#m META`, `LOGIN#l GRANT#m`, the object and the kept answer; beside it `Query` for the last `EVENT#` of the member | 1 |
//! | any change | one `TransactWriteItems` (or one conditional `PutItem`) | 2 |
//! | my members | `Query LOGIN#l` from `GRANT#` and from `TODO#`, then `BatchGetItem` of the members, 100 keys a call, all at once | 2 |
//! | all members (staff) | the facts, for they tell who is staff; `Query` of index `directory` for the keys; `BatchGetItem` | 3 |
//! | who has access to a member (staff) | `Query MEMBER#m` from `GRANTEE#` and from `INVITATION#`, then `BatchGetItem` | 2 |
//! | documents, packets, requests, activity of a member | `Query MEMBER#m` from `DOCUMENT#`, `PACKET#`, `REQUEST#`, `EVENT#`, beside the facts | 1 |
//! | sign in | `BatchGetItem MAILBOX#h`, `BatchGetItem` of its logins and the device, then the change (and KMS on a known device: 4) | 3 |
//! | answer an invitation | `BatchGetItem` of `INVITATION#i`, `BatchGetItem` of its members and grants, then the change | 3 |
//!
//! # Items
//!
//! | partition | sort | what |
//! |---|---|---|
//! | `LOGIN#l` | `META`, `SESSION#s`, `DEVICE#hash`, `CHALLENGE#c`, `GRANT#m`, `TODO#m#packet`, `EVENT#n` | a person; the grant here is the authority |
//! | `MEMBER#m` | `META`, `GRANTEE#l`, `INVITATION#i`, `DENIED#l`, `DOCUMENT#d`, `PACKET#p`, `REQUEST#r`, `EVENT#n` | a client record; grantee and invitation are pointers for staff's lists |
//! | `MAILBOX#hash` | `META` | an address and the persons behind it |
//! | `INVITATION#i` | `META` | an invitation |
//! | `MAIL#id` | `META` | the outbox |
//! | `ANSWER#scope#hash` | `META` | an answer kept for its idempotency key, sealed to the request |

pub mod idempotency;
pub mod items;
pub mod key;
pub mod reading;
mod table;
pub mod transaction;
mod trouble;

pub use key::Key;
pub use reading::{Found, Reading};
pub use table::Store;
pub use transaction::Transaction;
