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
//! | a guess at a code | `UpdateItem` of `GUESSES#code`, before it is compared; for an invitation beside the second reading | 1 more |
//! | my members | `Query LOGIN#l` from `GRANT#` and from `TODO#`, then `BatchGetItem` of the members, 100 keys a call, all at once | 2 |
//! | all members (staff) | the facts, for they tell who is staff; `Query` of index `directory` for the keys; `BatchGetItem` | 3 |
//! | who has access to a member (staff) | `Query MEMBER#m` from `GRANTEE#` and from `INVITATION#`, `BatchGetItem` of grants and invitations, `BatchGetItem` of the persons who hold or gave them | 3 |
//! | keep somebody out (staff) | the facts, the mailbox and `Query MEMBER#m` from `INVITATION#`, then `BatchGetItem` of the persons behind the mailbox and of the invitations, then the change | 3 |
//! | a file arrives | `GetItem` of the document and of its sender's login, grant and the member, before the inspection and again with the verdict | – |
//! | documents, packets, requests, activity of a member | `Query MEMBER#m` from `DOCUMENT#`, `PACKET#`, `REQUEST#`, `EVENT#`, beside the facts; activity from the first and the last | 1 |
//! | answer a form | the facts, the packet and the answers of the slot; the form, which the packet names; the change | 3 |
//! | look at a form to answer | the facts, the packet and the answers; the form beside `Query LOGIN#l` from `FILLED#form#`; where one answered it before, the members and grants of that | 2 or 3 |
//! | sign in, begin a recovery | `BatchGetItem MAILBOX#h` beside `UpdateItem` of each `LIMIT#`; `BatchGetItem` of its logins, the device and the recovery codes beside a second `UpdateItem` where a limit was busy; then the change (and KMS on a known device: 4; and the count of guesses at the desk's code: 4) | 3 |
//! | one's own sessions | `Query LOGIN#l` from `SESSION#`, beside the facts; before ending all of them, or a passkey, after the facts | 1 |
//! | begin with a passkey | the change: one new `CEREMONY#c` | 1 |
//! | sign in with a passkey | `BatchGetItem` of `CEREMONY#c` and of the login and passkey that the device names, KMS, then the change | 3 |
//! | prove, add, remove an own address | the facts with `LOGIN#l PROOF`; the mailbox that it names; the change | 3 |
//! | twins of a proved address | the facts; `Query ALIAS#g`; the mailboxes | 3 |
//! | put two logins together | the facts and own grants; own mailboxes and the proved one; its persons, their grants and signatures; the records beside `Query MEMBER#m` from `PACKET#`; the change | 5 |
//! | take them apart (staff) | the facts and the record of it; all that it names; the change | 3 |
//! | agencies (staff) | `Query` of index `directory` beside the facts; `BatchGetItem` | 2 |
//! | one agency (staff) | `Query AGENCY#a` from `WORKER#` and from `HANDOVER#` beside the facts; `BatchGetItem` of the workers beside a `Query` of the grants of each | 2 |
//! | pass children on | the facts beside `Query LOGIN#from` from `GRANT#` and `TODO#`; the beginning; then for each 19 children `BatchGetItem` beside their last `EVENT#`, and one change | 2, and 2 for each 19 |
//! | the schedule of mailer, seal and intake: what is unsent, unsealed, awaited | `Query` of index `directory`, then each as if its event had come | – |
//! | the schedule of reminders: papers that wait | `Query` of index `directory` for the packets that are out, `BatchGetItem`; for each with a reminder due `BatchGetItem` of the persons and their grants, one change | – |
//! | the schedule of reminders: birthdays ahead | `Query` of index `directory` for the members, `BatchGetItem`; for each with a birthday ahead `Query MEMBER#m` from `GRANTEE#`, `BatchGetItem` of the persons, one new `MAIL#id` each | – |
//! | answer an invitation | `BatchGetItem` of `INVITATION#i`, `BatchGetItem` of its members, grants and the packets that wait for it, then the change | 3 |
//!
//! # Items
//!
//! | partition | sort | what |
//! |---|---|---|
//! | `LOGIN#l` | `META`, `PROOF`, `MERGE`, `SESSION#s`, `DEVICE#hash`, `CHALLENGE#c`, `PASSKEY#p`, `RECOVERY#CODES`, `RECOVERY#DESK`, `LIMIT#CODES`, `GRANT#m`, `TODO#m#packet`, `ANSWERS#packet#slot`, `FILLED#form#m#packet#slot`, `EVENT#n` | a person; the grant here is the authority; answers on forms stand with who wrote them, and a pointer for each form |
//! | `MEMBER#m` | `META`, `GRANTEE#l`, `INVITATION#i`, `DENIED#l`, `DOCUMENT#d`, `FORM#d`, `PACKET#p`, `REQUEST#r`, `EVENT#n` | a client record; grantee and invitation are pointers for staff's lists |
//! | `MAILBOX#hash` | `META` | an address and the persons behind it |
//! | `CEREMONY#c` | `META` | adding or using a passkey, between its two requests |
//! | `ALIAS#hash` | `MAILBOX#hash` | pointers to the proved addresses that reach one mailbox by their provider's rule |
//! | `INVITATION#i` | `META` | an invitation |
//! | `LIMIT#bucket` | `META` | how often something was tried of late, one number |
//! | `GUESSES#code` | `META` | the requests that guessed at a code, each once; these and the limits are the only items that are changed in place |
//! | `AGENCY#a` | `META`, `WORKER#l`, `HANDOVER#h` | an organisation; workers are pointers, the login's own item says whose roster it is on |
//! | `MAIL#id` | `META` | the outbox |
//! | `ANSWER#scope#hash` | `META` | an answer kept for its idempotency key, sealed to the request |

pub mod guesses;
pub mod idempotency;
pub mod items;
pub mod key;
pub mod limit;
pub mod reading;
mod table;
pub mod transaction;
mod trouble;

pub use key::Key;
pub use reading::{Found, Reading};
pub use table::Store;
pub use transaction::Transaction;
