//! The demo clinic's own forms, with real form fields.
//!
//! They are made here, not shipped as files, so that nobody has to ask whose
//! forms they are. The same call always gives the same bytes, and the result
//! passes `intake` like any other upload.

mod fields;
mod sheet;
mod texts;

use fields::Fields;
use hearth::domain::login::Language;
use lopdf::{Document, Object};
use sheet::Sheet;
use texts::{Consent, Intake};

/// Why a demo form could not be made.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    /// The static part could not be drawn.
    #[error("the demo form could not be drawn; report this as a fault")]
    Drawing,
    /// The fields could not be added.
    #[error("the demo form's fields could not be added; report this as a fault")]
    Fields(#[from] lopdf::Error),
    /// The file could not be written to memory.
    #[error("the demo form could not be written; report this as a fault")]
    Writing(#[from] std::io::Error),
}

/// The form that a family fills in before the first visit.
///
/// # Errors
///
/// [`FormError`], only by a fault of this program.
pub fn intake_form(clinic: &str, language: Language) -> Result<Vec<u8>, FormError> {
    let texts = Intake::of(language);
    let mut sheet = Sheet::new(clinic, texts.title, texts.intro);
    let mut fields = Fields::default();

    sheet.heading(texts.child);
    let [left, right] = sheet.columns([0.62, 0.38], texts.name_and_birth);
    fields.text("child_name", texts.name_and_birth[0], left);
    fields.text("child_birth", texts.name_and_birth[1], right);
    let [left, right] = sheet.columns([0.62, 0.38], texts.school_and_language);
    fields.text("school", texts.school_and_language[0], left);
    fields.choice("language", texts.school_and_language[1], &texts.languages, right);
    let places = sheet.options(texts.lives_with, &texts.homes, true);
    fields.radio("lives_with", texts.lives_with, &places);

    sheet.heading(texts.health);
    let places = sheet.options(texts.health_intro, &texts.conditions, false);
    for ((index, place), label) in places.into_iter().enumerate().zip(texts.conditions) {
        fields.check(&format!("health_{}", index + 1), label, place);
    }
    let place = sheet.box_of(texts.medication, 40.0);
    fields.lines("medication", texts.medication, place);

    sheet.heading(texts.reason);
    let place = sheet.box_of(texts.reason_intro, 74.0);
    fields.lines("reason", texts.reason_intro, place);

    sheet.heading(texts.contact);
    let [left, right] = sheet.columns([0.62, 0.38], texts.contact_and_phone);
    fields.text("contact_name", texts.contact_and_phone[0], left);
    fields.text("contact_phone", texts.contact_and_phone[1], right);

    sheet.signature(texts.guardian, texts.date);
    finish(sheet, &fields, texts.language, texts.title)
}

/// The consent that guardians, and a minor where it applies, sign.
///
/// # Errors
///
/// [`FormError`], only by a fault of this program.
pub fn consent_form(clinic: &str, language: Language) -> Result<Vec<u8>, FormError> {
    let texts = Consent::of(language);
    let mut sheet = Sheet::new(clinic, texts.title, texts.intro);
    let mut fields = Fields::default();

    let [left, right] = sheet.columns([0.62, 0.38], texts.name_and_birth);
    fields.text("child_name", texts.name_and_birth[0], left);
    fields.text("child_birth", texts.name_and_birth[1], right);
    for (heading, paragraph) in texts.paragraphs {
        sheet.heading(heading);
        sheet.paragraph(paragraph);
    }
    sheet.heading(texts.choices);
    let places = sheet.options(texts.choices_intro, &texts.permissions, false);
    for ((index, place), label) in places.into_iter().enumerate().zip(texts.permissions) {
        fields.check(&format!("permission_{}", index + 1), label, place);
    }
    let places = sheet.options(texts.reminders, &texts.channels, true);
    fields.radio("reminders", texts.reminders, &places);
    for signer in texts.signers {
        sheet.signature(signer, texts.date);
    }
    finish(sheet, &fields, texts.language, texts.title)
}

fn finish(sheet: Sheet, fields: &Fields, language: &str, title: &str) -> Result<Vec<u8>, FormError> {
    let drawn = sheet.draw(language, title).ok_or(FormError::Drawing)?;
    let mut document = Document::load_mem(&drawn)?;
    let page = document.page_iter().next().ok_or(FormError::Drawing)?;
    let (form, widgets) = fields.add_to(&mut document, page);
    document.get_dictionary_mut(page)?.set("Annots", widgets);
    document.catalog_mut()?.set("AcroForm", Object::Reference(form));
    let mut bytes = Vec::new();
    document.save_to(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Language, consent_form, intake_form};
    use intake::pdf::{Limits, canonicalise};

    #[test]
    fn every_form_passes_intake_and_is_always_the_same() {
        for language in [Language::English, Language::Spanish] {
            for (form, fields) in [(intake_form as fn(_, _) -> _, 15), (consent_form, 6)] {
                let bytes: Vec<u8> = form("Riverside Clinic", language).unwrap();
                assert_eq!(bytes, form("Riverside Clinic", language).unwrap());
                let canonical = canonicalise(&bytes, &Limits::default()).unwrap();
                assert_eq!((canonical.pages, canonical.fields.len()), (1, fields));
            }
        }
    }
}
