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
        MailKind::StepUpCode { challenge } => {
            let code = secrets.sign_in_code(*challenge).for_reading();
            say(
                &format!(
                    "Your code is {code}\n\nType it on the page where you are working. It works for 10 minutes.\n\
                     Nobody from the clinic will ask you for it. If you are not working there now, tell the clinic: \
                     somebody else knows your password."
                ),
                &format!(
                    "Su código es {code}\n\nEscríbalo en la página donde está trabajando. Sirve durante 10 minutos.\n\
                     Nadie de la clínica se lo pedirá. Si no está trabajando allí ahora, avise a la clínica: \
                     otra persona sabe su contraseña."
                ),
            )
        }
        MailKind::RecoveryCode { challenge } => {
            let code = secrets.sign_in_code(*challenge).for_reading();
            say(
                &format!(
                    "Your code is {code}\n\nType it on the page where you choose a new password. It works for 10 minutes.\n\
                     Nobody from the clinic will ask you for it. If you do not want a new password, tell the clinic: \
                     somebody else has one of your codes."
                ),
                &format!(
                    "Su código es {code}\n\nEscríbalo en la página donde elige una contraseña nueva. Sirve durante \
                     10 minutos.\nNadie de la clínica se lo pedirá. Si no quiere una contraseña nueva, avise a la clínica: \
                     otra persona tiene uno de sus códigos."
                ),
            )
        }
        MailKind::PasswordChanged => say(
            &format!(
                "The password of a login with this address was changed, and it was signed out everywhere. If that was you, \
                 there is nothing to do.\n\nIf it was not you, call the clinic today. Your portal:\n\n{base_url}/"
            ),
            &format!(
                "Se cambió la contraseña de un acceso con esta dirección, y se cerraron todas sus sesiones. Si fue usted, \
                 no tiene que hacer nada.\n\nSi no fue usted, llame hoy a la clínica. Su portal:\n\n{base_url}/"
            ),
        ),
        MailKind::RecoveredAtDesk => say(
            &format!(
                "You have a new password, chosen with the code from the clinic's desk. To be safe, we signed you out \
                 everywhere. Your passkeys and your recovery codes work no more; make new ones in your portal.\n\n\
                 If it was not you, call the clinic today. Your portal:\n\n{base_url}/"
            ),
            &format!(
                "Tiene una contraseña nueva, elegida con el código de la clínica. Por seguridad, cerramos todas sus \
                 sesiones. Sus llaves de acceso y sus códigos de recuperación ya no sirven; haga otros en su portal.\n\n\
                 Si no fue usted, llame hoy a la clínica. Su portal:\n\n{base_url}/"
            ),
        ),
        MailKind::RecoveryCodeUsed => say(
            &format!(
                "Somebody signed in with one of your recovery codes. If that was you, there is nothing to do; the code is \
                 used up.\n\nIf it was not you, call the clinic today. Your portal:\n\n{base_url}/"
            ),
            &format!(
                "Alguien entró con uno de sus códigos de recuperación. Si fue usted, no tiene que hacer nada; ese código ya \
                 no sirve.\n\nSi no fue usted, llame hoy a la clínica. Su portal:\n\n{base_url}/"
            ),
        ),
        MailKind::RecoveryStarted => say(
            &format!(
                "The clinic's desk printed a code with which you can choose a new password. It works for 24 hours, together \
                 with a code from this mailbox. If you asked for it, there is nothing to do.\n\n\
                 If you did not, call the clinic today. Your portal:\n\n{base_url}/"
            ),
            &format!(
                "En la clínica le imprimieron un código para elegir una contraseña nueva. Sirve durante 24 horas, junto con \
                 un código de este correo. Si usted lo pidió, no tiene que hacer nada.\n\n\
                 Si no lo pidió, llame hoy a la clínica. Su portal:\n\n{base_url}/"
            ),
        ),
        MailKind::SessionStolen => say(
            &format!(
                "To be safe, we signed you out on one device: something old was used there a second time, as a thief would. \
                 A weak connection can cause it, too. Sign in again. If it happens more than once, call the clinic.\n\n\
                 Your portal:\n\n{base_url}/"
            ),
            &format!(
                "Por seguridad, cerramos su sesión en un dispositivo: algo antiguo se usó allí por segunda vez, como haría \
                 un ladrón. También puede pasar con mala conexión. Entre otra vez. Si pasa de nuevo, llame a la clínica.\n\n\
                 Su portal:\n\n{base_url}/"
            ),
        ),
        MailKind::AddressCode { proof } => {
            let code = secrets.address_code(*proof).for_reading();
            say(
                &format!(
                    "Your code is {code}\n\nType it on the page where somebody asked to use this address. It works for 10 minutes.\n\
                     Nobody from the clinic will ask you for it. If you did not ask for it, you can delete this mail."
                ),
                &format!(
                    "Su código es {code}\n\nEscríbalo en la página donde se pidió usar esta dirección. Sirve durante 10 minutos.\n\
                     Nadie de la clínica se lo pedirá. Si no lo pidió, puede borrar este correo."
                ),
            )
        }
        MailKind::AddressesChanged => say(
            &format!(
                "The addresses of a sign-in that uses this mailbox were changed. If you did this, all is well. If not, call the \
                 clinic. Your portal:\n\n{base_url}/"
            ),
            &format!(
                "Se cambiaron las direcciones de un acceso que usa este correo. Si fue usted, todo está bien. Si no, llame a la \
                 clínica. Su portal:\n\n{base_url}/"
            ),
        ),
        MailKind::AddressRemoved => say(
            &format!(
                "This address was taken off a sign-in to the clinic's portal. If you did this, all is well. If not, call the \
                 clinic. The portal:\n\n{base_url}/"
            ),
            &format!(
                "Esta dirección se quitó de un acceso al portal de la clínica. Si fue usted, todo está bien. Si no, llame a la \
                 clínica. El portal:\n\n{base_url}/"
            ),
        ),
        MailKind::LoginsMerged => say(
            &format!(
                "Two sign-ins to the clinic's portal were put together. If you did this, use the one that you kept. If not, call \
                 the clinic: it can be undone for 30 days. The portal:\n\n{base_url}/"
            ),
            &format!(
                "Dos accesos al portal de la clínica se unieron en uno. Si fue usted, use el que conservó. Si no, llame a la \
                 clínica: se puede deshacer durante 30 días. El portal:\n\n{base_url}/"
            ),
        ),
        MailKind::LoginsSeparated => say(
            &format!(
                "The clinic took two sign-ins apart again that had been put together. Each has its own password and addresses as \
                 before. The portal:\n\n{base_url}/"
            ),
            &format!(
                "La clínica separó dos accesos que se habían unido. Cada uno tiene su contraseña y sus direcciones de antes. \
                 El portal:\n\n{base_url}/"
            ),
        ),
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
        MailKind::PasskeyAdded => say(
            "A passkey was added to your login. Did you do this? Then all is well.\n\n\
             If it was not you, call the clinic today.",
            "Se añadió una llave de acceso a su cuenta. ¿Fue usted? Entonces todo está bien.\n\n\
             Si no fue usted, llame hoy a la clínica.",
        ),
        MailKind::PasskeyRemoved => say(
            "A passkey was removed from your login. Did you do this? Then all is well.\n\n\
             If it was not you, call the clinic today.",
            "Se quitó una llave de acceso de su cuenta. ¿Fue usted? Entonces todo está bien.\n\n\
             Si no fue usted, llame hoy a la clínica.",
        ),
        MailKind::PasskeySuspended => say(
            &format!(
                "One of your passkeys may have been copied, so we switched it off.\n\n\
                 Sign in with your password, remove that passkey and add a new one:\n\n{base_url}/\n\n\
                 Then call the clinic."
            ),
            &format!(
                "Puede que alguien haya copiado una de sus llaves de acceso; la hemos desactivado.\n\n\
                 Entre con su contraseña, quite esa llave y añada otra nueva:\n\n{base_url}/\n\n\
                 Después llame a la clínica."
            ),
        ),
        MailKind::SignatureAsked => say(
            &format!("The clinic asks for your signature. Sign in to read and sign:\n\n{base_url}/"),
            &format!("La clínica le pide una firma. Entre para leer y firmar:\n\n{base_url}/"),
        ),
        MailKind::SignatureReminder => say(
            &format!(
                "The clinic still waits for your signature. Sign in to read and sign, to say no, or to ask for paper:\n\n{base_url}/"
            ),
            &format!(
                "La clínica todavía espera su firma. Entre para leer y firmar, para decir que no o para pedirlo en papel:\n\n{base_url}/"
            ),
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
        MailKind::BirthdayAhead => say(
            &format!(
                "A birthday is near. From that day on, a record that you see will be open to other people than today. \
                 Sign in to read what changes, and when:\n\n{base_url}/\n\nIf you have questions, call the clinic."
            ),
            &format!(
                "Se acerca un cumpleaños. Desde ese día, un expediente que usted ve estará abierto a otras personas que hoy. \
                 Entre para leer qué cambia y cuándo:\n\n{base_url}/\n\nSi tiene preguntas, llame a la clínica."
            ),
        ),
    };
    Letter {
        subject: if english { "A message from your clinic's portal" } else { "Un mensaje del portal de su clínica" },
        text: body,
    }
}
