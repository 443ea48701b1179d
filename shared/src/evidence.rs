//! Papers on which staff's decisions rest: access, a block, a signature that is not needed or was given on paper.
//!
//! Such a paper is for staff alone from that decision on. The order that keeps a father out names the mother's address, and the
//! page that one parent signed on paper shows that parent's answers; staff who forget to say so when they upload it must not have
//! shown it to the other parent for good.

use crate::domain::document::Document;
use crate::domain::id::{DocumentId, MemberId};
use crate::http::Stop;
use crate::store::{Found, Key, Transaction};

/// The paper that staff named, when it is one of the member's and can be read.
///
/// # Errors
/// As [`Found::get`].
pub fn paper(found: &Found, member: MemberId, named: DocumentId) -> Result<Option<Document>, Stop> {
    Ok(found.get(&Key::document(member, named))?.filter(|paper: &Document| paper.is_paper_of(member)))
}

impl Transaction {
    /// Keeps a paper for staff, with the decision that rests on it. A paper that is ready stays so; one that is for staff already is
    /// not even pinned.
    pub fn keep_as_evidence(self, paper: Option<&Document>) -> Self {
        match paper.and_then(|paper| Some((paper, paper.kept_as_evidence()?))) {
            Some((paper, kept)) => self.replace(paper, kept),
            None => self,
        }
    }
}
