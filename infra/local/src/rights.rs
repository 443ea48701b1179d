//! Rights, asked as IAM asks them: which function calls is told by its access key, what it may do by its role in the template.
//!
//! So a right that the template lacks is missing here as well, and every journey is a test of the template's policies. What
//! was made use of is kept, to find what nobody needs. What cannot be seen from outside is asked along with what can: who
//! reads a file lets S3 use the key for it, and who asks DynamoDB lets DynamoDB.

mod asks;

pub(crate) use asks::Ask;

use crate::template::{Function, Right};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// A part of a policy: of which function, in which statement, which action, resource or value of a condition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// The function, as the template names it.
    pub function: String,
    /// The statement's name.
    pub sid: String,
    /// The action, the resource's pattern, or the pattern of a leading key.
    pub what: String,
}

/// Who may call the embedded services.
#[derive(Clone)]
pub(crate) struct Callers(Arc<Inner>);

struct Inner {
    /// Of whoever operates the stack: may do everything.
    operator: String,
    functions: BTreeMap<String, (String, Option<Vec<Right>>)>,
    used: Mutex<BTreeSet<Part>>,
    denied: Mutex<BTreeSet<String>>,
}

impl Callers {
    pub(crate) fn new(operator: &str, functions: &[Function]) -> Self {
        let of = |function: &Function| (function.logical_id.clone(), function.rights.clone());
        let functions = functions.iter().map(|function| (key_of(operator, &function.logical_id), of(function)));
        Self(Arc::new(Inner {
            operator: operator.to_owned(),
            functions: functions.collect(),
            used: Mutex::default(),
            denied: Mutex::default(),
        }))
    }

    /// The access key of a function.
    pub(crate) fn key_of(&self, function: &str) -> String {
        key_of(&self.0.operator, function)
    }

    /// All access keys.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.0.operator.as_str()).chain(self.0.functions.keys().map(String::as_str))
    }

    /// Whether an access key is one of this stack's.
    pub(crate) fn knows(&self, access_key_id: &str) -> bool {
        access_key_id == self.0.operator || self.0.functions.contains_key(access_key_id)
    }

    /// Whether the owner of an access key may do all of this.
    pub(crate) fn may(&self, access_key_id: &str, asks: &[Ask]) -> bool {
        let Some((function, rights)) = self.0.functions.get(access_key_id) else {
            return access_key_id == self.0.operator;
        };
        let Some(rights) = rights else { return true };
        asks.iter().all(|ask| match rights.iter().find_map(|right| ask.allowed_by(right).map(|parts| (right, parts))) {
            Some((right, parts)) => {
                let part = |what| Part { function: function.clone(), sid: right.sid.clone(), what };
                lock(&self.0.used).extend(parts.into_iter().map(part));
                true
            }
            None => {
                lock(&self.0.denied).insert(format!("{function} lacks {ask}"));
                false
            }
        })
    }

    pub(crate) fn used(&self) -> BTreeSet<Part> {
        lock(&self.0.used).clone()
    }

    pub(crate) fn denied(&self) -> Vec<String> {
        lock(&self.0.denied).iter().cloned().collect()
    }
}

fn key_of(operator: &str, function: &str) -> String {
    format!("{operator}{function}")
}

/// Locks, whoever may have panicked meanwhile: both sets are whole at any time.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The access key that a request is signed with.
pub(crate) fn access_key(headers: &axum::http::HeaderMap) -> Option<&str> {
    let authorization = headers.get(axum::http::header::AUTHORIZATION)?.to_str().ok()?;
    authorization.split_once("Credential=")?.1.split('/').next()
}
