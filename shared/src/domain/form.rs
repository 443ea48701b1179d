//! Forms: what a PDF asks for, and whether an answer is one.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::Version;
use super::id::{DocumentId, MemberId};

/// The fields of a document's canonical file, as intake read them. They never change: neither does the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Whose record the document belongs to.
    pub member: MemberId,
    /// Which document.
    pub document: DocumentId,
    /// The fields, in the order of the form.
    pub fields: Vec<FormField>,
    /// Replaced how often.
    pub version: Version,
}

/// A field that a person can fill in (FHIR `Questionnaire.item`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FormField {
    /// Its full name in the file; answers go by it.
    pub name: String,
    /// What the form's author tells people about it; the name, when nothing is told.
    pub label: String,
    /// The page it stands on, from 1.
    pub page: u32,
    /// Whether it must be answered.
    pub required: bool,
    /// What is asked for.
    #[serde(flatten)]
    pub kind: FieldKind,
}

/// What a field asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FieldKind {
    /// Words.
    Text {
        /// Most characters.
        #[serde(skip_serializing_if = "Option::is_none")]
        max_length: Option<u32>,
        /// Whether they may have several lines.
        multiline: bool,
    },
    /// Yes, or nothing.
    CheckBox,
    /// One of several buttons.
    Radio {
        /// The buttons.
        options: Vec<FieldOption>,
    },
    /// Something from a list.
    Choice {
        /// The list.
        options: Vec<FieldOption>,
        /// Whether several may be chosen.
        multiple: bool,
        /// Whether something else may be written instead.
        editable: bool,
    },
}

/// What can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldOption {
    /// What an answer says.
    pub value: String,
    /// What people read.
    pub label: String,
}

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
}

/// Answers, by the name of their field.
pub type FieldAnswers = BTreeMap<String, FieldAnswer>;

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
    /// The field must be answered before signing.
    #[error("this must be filled in before signing")]
    Missing,
}

impl Form {
    /// Most fields of a form, and most options of a list: what more has is no form for people.
    pub const MOST: usize = 500;
    /// Most characters of a name, a label or an option.
    pub const LONGEST: usize = 200;
    /// Most characters of an answer to a field without a limit of its own.
    pub const LONGEST_ANSWER: usize = 4_000;

    /// The first answer that is none, as a draft is saved: what is missing may come later.
    ///
    /// # Errors
    /// The field's name, and what is wrong.
    pub fn check_draft(&self, answers: &FieldAnswers) -> Result<(), (String, AnswerError)> {
        let fields: BTreeMap<&str, &FormField> = self.fields.iter().map(|field| (field.name.as_str(), field)).collect();
        answers.iter().try_for_each(|(name, answer)| {
            let field = fields.get(name.as_str()).ok_or(AnswerError::Unknown);
            field.and_then(|field| field.check(answer)).map_err(|error| (name.clone(), error))
        })
    }

    /// As [`Form::check_draft`], and nothing that is required is missing.
    ///
    /// # Errors
    /// The field's name, and what is wrong.
    pub fn check_complete(&self, answers: &FieldAnswers) -> Result<(), (String, AnswerError)> {
        self.check_draft(answers)?;
        let missing = |field: &&FormField| field.required && answers.get(&field.name).is_none_or(FieldAnswer::is_empty);
        match self.fields.iter().find(missing) {
            Some(field) => Err((field.name.clone(), AnswerError::Missing)),
            None => Ok(()),
        }
    }
}

impl FormField {
    /// Whether `answer` is one to this field. To say nothing always is.
    ///
    /// # Errors
    /// What is wrong.
    pub fn check(&self, answer: &FieldAnswer) -> Result<(), AnswerError> {
        let listed = |options: &[FieldOption], value: &str| options.iter().any(|option| option.value == value);
        match (&self.kind, answer) {
            (FieldKind::CheckBox, FieldAnswer::Ticked(_)) => Ok(()),
            (FieldKind::Text { max_length, multiline }, FieldAnswer::Text(text)) => {
                check_text(text, *max_length, *multiline)
            }
            (FieldKind::Radio { .. } | FieldKind::Choice { .. }, FieldAnswer::Text(text)) if text.is_empty() => Ok(()),
            (FieldKind::Radio { options }, FieldAnswer::Text(value)) if listed(options, value) => Ok(()),
            (FieldKind::Choice { options, .. }, FieldAnswer::Text(value)) if listed(options, value) => Ok(()),
            (FieldKind::Choice { editable: true, .. }, FieldAnswer::Text(text)) => check_text(text, None, false),
            (FieldKind::Radio { .. } | FieldKind::Choice { .. }, FieldAnswer::Text(_)) => Err(AnswerError::Choice),
            (FieldKind::Choice { options, multiple: true, .. }, FieldAnswer::Several(chosen)) => {
                let different: BTreeSet<_> = chosen.iter().collect();
                let all = different.len() == chosen.len() && chosen.iter().all(|value| listed(options, value));
                if all { Ok(()) } else { Err(AnswerError::Choice) }
            }
            _ => Err(AnswerError::Kind),
        }
    }
}

fn check_text(text: &str, max_length: Option<u32>, multiline: bool) -> Result<(), AnswerError> {
    let most = max_length.and_then(|most| usize::try_from(most).ok()).unwrap_or(Form::LONGEST_ANSWER);
    if text.chars().count() > most.min(Form::LONGEST_ANSWER) {
        return Err(AnswerError::TooLong);
    }
    if text.contains('\n') && !multiline {
        return Err(AnswerError::Lines);
    }
    if text.chars().any(|character| character.is_control() && character != '\n') {
        return Err(AnswerError::Control);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn option(value: &str) -> FieldOption {
        FieldOption { value: value.to_owned(), label: value.to_uppercase() }
    }

    fn form() -> Form {
        let field = |name: &str, required, kind| FormField {
            name: name.to_owned(),
            label: name.to_owned(),
            page: 1,
            required,
            kind,
        };
        Form {
            member: MemberId::from_random([1; 16]),
            document: DocumentId::from_random([2; 16]),
            fields: vec![
                field("name", true, FieldKind::Text { max_length: Some(5), multiline: false }),
                field("notes", false, FieldKind::Text { max_length: None, multiline: true }),
                field("agree", true, FieldKind::CheckBox),
                field("side", false, FieldKind::Radio { options: vec![option("l"), option("r")] }),
                field(
                    "days",
                    false,
                    FieldKind::Choice { options: vec![option("mo"), option("tu")], multiple: true, editable: false },
                ),
                field("city", false, FieldKind::Choice { options: vec![option("x")], multiple: false, editable: true }),
            ],
            version: 1,
        }
    }

    fn text(text: &str) -> FieldAnswer {
        FieldAnswer::Text(text.to_owned())
    }

    #[test]
    fn an_answer_must_fit_its_field() {
        let several = |values: &[&str]| FieldAnswer::Several(values.iter().map(|value| (*value).to_owned()).collect());
        let cases = [
            ("name", text("Peña"), Ok(())),
            ("name", text("Peñaaa"), Err(AnswerError::TooLong)),
            ("name", text("a\nb"), Err(AnswerError::Lines)),
            ("name", text("a\u{7}"), Err(AnswerError::Control)),
            ("name", FieldAnswer::Ticked(true), Err(AnswerError::Kind)),
            ("notes", text("a\nb"), Ok(())),
            ("notes", text(&"x".repeat(4_001)), Err(AnswerError::TooLong)),
            ("agree", FieldAnswer::Ticked(true), Ok(())),
            ("agree", text("yes"), Err(AnswerError::Kind)),
            ("side", text("l"), Ok(())),
            ("side", text(""), Ok(())),
            ("side", text("L"), Err(AnswerError::Choice)),
            ("days", several(&["tu", "mo"]), Ok(())),
            ("days", several(&["tu", "tu"]), Err(AnswerError::Choice)),
            ("days", several(&["we"]), Err(AnswerError::Choice)),
            ("days", text("mo"), Ok(())),
            ("city", text("elsewhere"), Ok(())),
            ("city", several(&["x"]), Err(AnswerError::Kind)),
            ("other", text("x"), Err(AnswerError::Unknown)),
        ];
        for (name, answer, expected) in cases {
            let answers = FieldAnswers::from([(name.to_owned(), answer.clone())]);
            let expected = expected.map_err(|error| (name.to_owned(), error));
            assert_eq!(form().check_draft(&answers), expected, "{name}: {answer:?}");
        }
    }

    #[test]
    fn a_draft_may_lack_what_a_signature_needs() {
        let mut answers = FieldAnswers::from([("name".to_owned(), text(" "))]);
        assert_eq!(form().check_draft(&answers), Ok(()));
        assert_eq!(form().check_complete(&answers), Err(("name".to_owned(), AnswerError::Missing)));
        answers.insert("name".to_owned(), text("Ana"));
        assert_eq!(form().check_complete(&answers), Err(("agree".to_owned(), AnswerError::Missing)));
        answers.insert("agree".to_owned(), FieldAnswer::Ticked(true));
        assert_eq!(form().check_complete(&answers), Ok(()));
    }

    #[test]
    fn answers_are_plain_json() {
        let json = r#"{"agree":true,"days":["mo"],"name":"Ana"}"#;
        let answers: FieldAnswers = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&answers).unwrap(), json);
        let field = serde_json::to_value(&form().fields[0]).unwrap();
        assert_eq!(
            (&field["kind"], &field["max_length"], &field["required"]),
            (&"text".into(), &5.into(), &true.into())
        );
    }
}
