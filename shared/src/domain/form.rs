//! Forms: what a PDF asks for, and whether an answer is one.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Version;
use super::answers::{AnswerError, Answers, AnswersError, FieldAnswer, FieldAnswers, WrongAnswer};
use super::id::{DocumentId, MemberId};
use super::text::is_unprintable;

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

impl Form {
    /// Most fields of a form, and most options of a list: what more has is no form for people.
    pub const MOST: usize = 500;
    /// Most characters of a name, a label or an option.
    pub const LONGEST: usize = 200;
    /// Most characters of an answer to a field without a limit of its own.
    pub const LONGEST_ANSWER: usize = 4_000;

    /// The answers, when each of them is one: all that does not fit is told at once. What is missing may come later.
    ///
    /// # Errors
    /// [`AnswersError`].
    pub fn answers(&self, given: FieldAnswers) -> Result<Answers, AnswersError> {
        let answers = Answers::tidied(given);
        let fields: BTreeMap<&str, &FormField> = self.fields.iter().map(|field| (field.name.as_str(), field)).collect();
        let mut wrong = Vec::new();
        for (name, answer) in answers.by_field() {
            let field = fields.get(name.as_str()).ok_or(AnswersError::Unknown)?;
            if let Err(error) = field.check(answer) {
                wrong.push(WrongAnswer { field: name.clone(), error });
            }
        }
        if !wrong.is_empty() {
            return Err(AnswersError::Wrong(wrong));
        }
        if answers.canonical().len() > Answers::LONGEST { Err(AnswersError::TooLong) } else { Ok(answers) }
    }

    /// Fields that must be answered and are not, in the order of the form.
    pub fn missing<'a>(&'a self, answers: &'a Answers) -> impl Iterator<Item = &'a FormField> {
        self.fields.iter().filter(|field| field.required && answers.by_field().get(&field.name).is_none())
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
    if text.chars().any(|character| is_unprintable(character) && character != '\n') {
        return Err(AnswerError::Control);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
