//! The words of mails: one subject for all of them, no names, one link to the portal.

use crate::domain::login::Language;
use crate::domain::mail::{Mail, MailKind};
use crate::secrets::Secrets;

/// A mail as it is sent, in plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Subject: always the same, so that a list of mails tells nothing.
    pub subject: &'static str,
    /// Text.
    pub text: String,
}

/// Writes a mail. Codes and links are computed here and stored nowhere.
#[must_use]
pub fn write(mail: &Mail, secrets: &Secrets, base_url: &str) -> Letter {
    let english = mail.language == Language::English;
    let say = |en: &str, es: &str| if english { en.to_owned() } else { es.to_owned() };
    let body = match &mail.kind {
        MailKind::SignInCode { challenge } => {
            let code = secrets.sign_in_code(*challenge).for_reading();
            say(
                &format!(
                    "Your code is {code}\n\nType it on the page where you are signing in. It works for 10 minutes.\n\
                     Nobody from the clinic will ask you for it. If you are not signing in now, you can delete this mail."
                ),
                &format!(
                    "Su código es {code}\n\nEscríbalo en la página donde quiere entrar. Sirve durante 10 minutos.\n\
                     Nadie de la clínica se lo pedirá. Si no quiere entrar ahora, puede borrar este correo."
                ),
            )
        }
        MailKind::Invitation { invitation, generation } => {
            let link = format!("{base_url}/invitation#{}", secrets.link(*invitation, *generation));
            say(
                &format!(
                    "You are invited to the clinic's portal. Open this page, it works for 72 hours:\n\n{link}\n\n\
                     If you have a login already, you can add this to it. If you did not expect this mail, you can delete it."
                ),
                &format!(
                    "Le invitamos al portal de la clínica. Abra esta página, sirve durante 72 horas:\n\n{link}\n\n\
                     Si ya tiene acceso, puede añadir esta invitación. Si no esperaba este correo, puede borrarlo."
                ),
            )
        }
        MailKind::InvitationCode { invitation, generation, number } => {
            let code = secrets.invitation_code(*invitation, *generation, *number).for_reading();
            say(
                &format!(
                    "Your code is {code}\n\nType it on the page of your invitation. It works for 10 minutes.\n\
                     Nobody from the clinic will ask you for it."
                ),
                &format!(
                    "Su código es {code}\n\nEscríbalo en la página de su invitación. Sirve durante 10 minutos.\n\
                     Nadie de la clínica se lo pedirá."
                ),
            )
        }
        MailKind::SignatureAsked => say(
            &format!("The clinic asks for your signature. Sign in to read and sign:\n\n{base_url}/"),
            &format!("La clínica le pide una firma. Entre para leer y firmar:\n\n{base_url}/"),
        ),
        MailKind::RequestClosed => say(
            &format!(
                "A request for your signature was closed. You do not need to do anything. Your portal:\n\n{base_url}/"
            ),
            &format!("Se cerró una solicitud de firma. No tiene que hacer nada. Su portal:\n\n{base_url}/"),
        ),
        MailKind::CopyReady => say(
            &format!("A signed copy is ready for you. Sign in to download it:\n\n{base_url}/"),
            &format!("Ya está lista su copia firmada. Entre para descargarla:\n\n{base_url}/"),
        ),
        MailKind::AccessChanged => say(
            &format!(
                "Somebody new can see a record that you see, too. Sign in to see who. If this surprises you, call the clinic:\n\n{base_url}/"
            ),
            &format!(
                "Una persona nueva puede ver un expediente que usted también ve. Entre para ver quién es. Si le sorprende, llame a la clínica:\n\n{base_url}/"
            ),
        ),
        MailKind::RequestAnswered => say(
            &format!("The clinic has answered what you asked for. Sign in to read the answer:\n\n{base_url}/"),
            &format!("La clínica ha contestado a lo que usted pidió. Entre para leer la respuesta:\n\n{base_url}/"),
        ),
    };
    Letter {
        subject: if english { "A message from your clinic's portal" } else { "Un mensaje del portal de su clínica" },
        text: body,
    }
}
