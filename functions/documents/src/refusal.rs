//! What a parent reads when a file could not be used. Short words, no blame, and always what to try next.

use hearth::domain::document::RefusalCode;

use crate::view::Message;

/// For a file that was announced and never arrived, or could not be inspected.
pub(crate) const LOST: Message = Message {
    en: "This file did not reach us. Please send it again.",
    es: "Este archivo no nos llegó. Por favor, envíelo otra vez.",
};

/// The sentences for a refusal.
pub(crate) const fn message(code: RefusalCode) -> Message {
    match code {
        RefusalCode::TooLarge => Message {
            en: "This file is too big. Scan it again with lower quality, or split it into smaller files.",
            es: "Este archivo es demasiado grande. Escanéelo otra vez con menos calidad o divídalo en archivos más pequeños.",
        },
        RefusalCode::NotAPdf => Message {
            en: "This file is not a PDF or a photo. Open it, choose Print, then choose \"Save as PDF\", and send the new file.",
            es: "Este archivo no es un PDF ni una foto. Ábralo, elija Imprimir y luego «Guardar como PDF», y envíe el archivo nuevo.",
        },
        RefusalCode::Encrypted => Message {
            en: "This file is locked. Save a copy without a password and send the copy.",
            es: "Este archivo está protegido. Guarde una copia sin contraseña y envíe la copia.",
        },
        RefusalCode::SignedAlready => Message {
            en: "This file already has a digital signature. Please ask the clinic how to give them the signed file.",
            es: "Este archivo ya tiene una firma digital. Pregunte a la clínica cómo entregarle el archivo firmado.",
        },
        RefusalCode::Damaged => Message {
            en: "We could not read this file. Open it, save it as a PDF again, and send the new file.",
            es: "No pudimos leer este archivo. Ábralo, guárdelo otra vez como PDF y envíe el archivo nuevo.",
        },
        RefusalCode::Ambiguous => Message {
            en: "Two programs show this file in two ways. Open it, choose Print, then choose \"Save as PDF\", and send the new file.",
            es: "Dos programas muestran este archivo de dos maneras. Ábralo, elija Imprimir y luego «Guardar como PDF», y envíe el archivo nuevo.",
        },
        RefusalCode::NoPages => Message {
            en: "This file has no pages. Check that you chose the right file and send it again.",
            es: "Este archivo no tiene páginas. Revise que eligió el archivo correcto y envíelo otra vez.",
        },
        RefusalCode::TooManyPages => Message {
            en: "This file has too many pages. Split it into smaller files and send them one by one.",
            es: "Este archivo tiene demasiadas páginas. Divídalo en archivos más pequeños y envíelos uno por uno.",
        },
        RefusalCode::TooComplex => Message {
            en: "This file is too hard for us to read. Open it, choose Print, then choose \"Save as PDF\", and send the new file.",
            es: "Este archivo es demasiado complicado para leerlo. Ábralo, elija Imprimir y luego «Guardar como PDF», y envíe el archivo nuevo.",
        },
        RefusalCode::DynamicForm => Message {
            en: "This form only works in one program. Fill it in there, print it to a new PDF, and send the new file.",
            es: "Este formulario solo funciona en un programa. Complételo allí, imprímalo en un PDF nuevo y envíe ese archivo.",
        },
        RefusalCode::Portfolio => Message {
            en: "This file holds other files inside. Save those files and send them one by one.",
            es: "Este archivo contiene otros archivos. Guarde esos archivos y envíelos uno por uno.",
        },
        RefusalCode::Lost => LOST,
        RefusalCode::NotAllowed => Message {
            en: "This file came after the sender's access had ended. We did not keep it.",
            es: "Este archivo llegó cuando el acceso de quien lo envió ya había terminado. No lo guardamos.",
        },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_refusal_has_its_own_short_sentences_in_both_languages() {
        let mut seen = BTreeSet::new();
        for code in RefusalCode::ALL {
            let Message { en, es } = message(code);
            assert!(seen.insert(en) && seen.insert(es), "{code:?} repeats another text");
            for text in [en, es] {
                assert!(text.ends_with('.'), "{text}");
                let longest = text.split_terminator(['.', ':']).map(|part| part.split_whitespace().count()).max();
                assert!(longest.unwrap() <= 20, "too long for a reader of twelve: {text}");
            }
        }
    }
}
