//! What somebody answers on a form.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;
use utoipa::ToSchema;

use super::document::Sha256Digest;
use super::member::Member;

/// An answer to one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum FieldAnswer {
    /// For a check box.
    Ticked(bool),
    /// For text, radio buttons, and a list of which one is chosen.
    Text(String),
    /// For a list of which several may be chosen.
    Several(Vec<String>),
}

impl FieldAnswer {
    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Ticked(ticked) => !ticked,
            Self::Text(text) => text.trim().is_empty(),
            Self::Several(chosen) => chosen.is_empty(),
        }
    }

    fn texts(&self) -> impl Iterator<Item = &String> {
        let (one, several) = match self {
            Self::Ticked(_) => (None, [].as_slice()),
            Self::Text(text) => (Some(text), [].as_slice()),
            Self::Several(chosen) => (None, chosen.as_slice()),
        };
        one.into_iter().chain(several)
    }
}

/// Answers as they are sent, by the name of their field.
pub type FieldAnswers = BTreeMap<String, FieldAnswer>;

/// Answers to one form, each of them to a field that the form has ([`Form::answers`](super::form::Form::answers) is the door;
/// what is read from the table came through it). Fields without an answer are left out, so that the same answers have one form and
/// one hash.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(FieldAnswers);

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AnswerError {
    /// The form has no such field.
    #[error("the form has no such field; read its fields again")]
    Unknown,
    /// The answer is of another kind than the field.
    #[error("this field wants another kind of answer")]
    Kind,
    /// Nothing of the list.
    #[error("choose from the list")]
    Choice,
    /// Longer than the field takes.
    #[error("this answer is too long; shorten it")]
    TooLong,
    /// More than one line in a field of one.
    #[error("this answer must be one line")]
    Lines,
    /// Characters that cannot be printed.
    #[error("this answer has characters that cannot be printed; type it again")]
    Control,
}

impl AnswerError {
    /// The same for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Kind => "kind",
            Self::Choice => "choice",
            Self::TooLong => "too-long",
            Self::Lines => "lines",
            Self::Control => "control",
        }
    }
}

/// An answer that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongAnswer {
    /// To which field of the form.
    pub field: String,
    /// Why.
    pub error: AnswerError,
}

/// Why answers were not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswersError {
    /// One names a field that the form has not.
    Unknown,
    /// Some do not fit their fields: all that do not.
    Wrong(Vec<WrongAnswer>),
    /// All together are more than a form can hold.
    TooLong,
}

impl Answers {
    /// Most bytes of all answers together: a dozen pages, and with the rest of its item far below the 400 KB of DynamoDB.
    pub const LONGEST: usize = 40 * 1024;

    /// In the one form that equal answers have: no empty ones, and one sign for the end of a line.
    pub(super) fn tidied(given: FieldAnswers) -> Self {
        let tidied = given.into_iter().filter(|(_, answer)| !answer.is_empty()).map(|(name, answer)| match answer {
            FieldAnswer::Text(text) => (name, FieldAnswer::Text(text.replace("\r\n", "\n"))),
            other => (name, other),
        });
        Self(tidied.collect())
    }

    /// Each by the name of its field.
    #[must_use]
    pub const fn by_field(&self) -> &FieldAnswers {
        &self.0
    }

    /// The bytes that are hashed: JSON without blanks, fields in the order of their names.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        // Texts, booleans and lists of texts can always be written.
        serde_json::to_vec(&self.0).unwrap_or_default()
    }

    /// What a signature pins: SHA-256 of [`Answers::canonical`].
    #[must_use]
    pub fn sha256(&self) -> Sha256Digest {
        Sha256Digest::new(Sha256::digest(self.canonical()).into())
    }

    /// The same answers without those that name `member` by the given name or the date of birth, and the fields these stood in:
    /// what was written about one child must not slip into the paper of another. Which field asks for the child's name no form
    /// says, so the answers themselves are looked at.
    #[must_use]
    pub fn without(&self, member: &Member) -> (Self, Vec<String>) {
        let names = |answer: &FieldAnswer| answer.texts().any(|text| is_named(text, member) || is_dated(text, member));
        let (about, others): (FieldAnswers, FieldAnswers) =
            self.0.clone().into_iter().partition(|(_, answer)| names(answer));
        (Self(others), about.into_keys().collect())
    }
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether the given name, the first word of the name, stands in a text. The family's name may be the parent's as well.
fn is_named(text: &str, member: &Member) -> bool {
    let given = words(member.name.as_str().split_whitespace().next().unwrap_or_default());
    !given.is_empty() && words(text).windows(given.len()).any(|window| window == given.as_slice())
}

/// Whether the date of birth stands in a text, in digits and in any order, as `3/9/2019`, `2019-03-09` or `09032019`.
fn is_dated(text: &str, member: &Member) -> bool {
    let numbers: Vec<&str> =
        text.split(|character: char| !character.is_ascii_digit()).filter(|run| !run.is_empty()).collect();
    let (year, month, day) = (member.birth_date.year(), member.birth_date.month(), member.birth_date.day());
    let run_together = [
        format!("{year:04}{month:02}{day:02}"),
        format!("{month:02}{day:02}{year:04}"),
        format!("{day:02}{month:02}{year:04}"),
    ];
    let mut born = [i64::from(year), i64::from(month), i64::from(day)];
    born.sort_unstable();
    let apart = |run: &[&str]| {
        let mut run: Vec<i64> = run.iter().filter_map(|number| number.parse().ok()).collect();
        run.sort_unstable();
        run == born
    };
    numbers.windows(3).any(apart) || numbers.iter().any(|run| run_together.iter().any(|date| date == run))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::id::MemberId;

    fn member() -> Member {
        Member {
            id: MemberId::from_random([1; 16]),
            name: "Ana-Lucía Peña Mark".parse().unwrap(),
            birth_date: jiff::civil::date(2019, 3, 9),
            registered_at: Timestamp::UNIX_EPOCH,
            withdrawn: Vec::new(),
            blocks: Vec::new(),
            version: 1,
        }
    }

    #[test]
    fn what_names_one_child_is_not_carried_to_another() {
        let cases = [
            ("Ana-Lucía", true),
            ("my daughter ana-lucía, the elder", true),
            ("ANA LUCÍA", true),
            ("Ana", false),
            ("Lucía Peña Mark", false),
            ("Mariana-Lucía", false),
            ("born 3/9/2019", true),
            ("9.3.2019", true),
            ("2019-03-09", true),
            ("03092019", true),
            ("2019", false),
            ("3/9/2018", false),
            ("555 0309 2019 1", false),
        ];
        for (text, is_about) in cases {
            let answers = Answers::tidied(FieldAnswers::from([
                ("asked".to_owned(), FieldAnswer::Text(text.to_owned())),
                ("other".to_owned(), FieldAnswer::Ticked(true)),
            ]));
            let (kept, left) = answers.without(&member());
            assert_eq!(left, if is_about { vec!["asked".to_owned()] } else { Vec::new() }, "{text}");
            assert_eq!(kept.by_field().len() + left.len(), 2);
        }
    }

    #[test]
    fn equal_answers_have_one_hash() {
        let one = FieldAnswers::from([
            ("b".to_owned(), FieldAnswer::Text("two\r\nlines".to_owned())),
            ("a".to_owned(), FieldAnswer::Text(" ".to_owned())),
            ("c".to_owned(), FieldAnswer::Ticked(false)),
        ]);
        let answers = Answers::tidied(one);
        assert_eq!(answers.canonical(), br#"{"b":"two\nlines"}"#);
        let other = Answers::tidied(FieldAnswers::from([("b".to_owned(), FieldAnswer::Text("two\nlines".to_owned()))]));
        assert_eq!(answers.sha256(), other.sha256());
        assert_ne!(answers.sha256(), Answers::default().sha256());
    }
}
