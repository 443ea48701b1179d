//! The words of the demo forms.

use hearth::domain::login::Language;

/// The intake form.
pub(super) struct Intake {
    pub(super) language: &'static str,
    pub(super) title: &'static str,
    pub(super) intro: &'static str,
    pub(super) child: &'static str,
    pub(super) name_and_birth: [&'static str; 2],
    pub(super) school_and_language: [&'static str; 2],
    pub(super) languages: [&'static str; 4],
    pub(super) lives_with: &'static str,
    pub(super) homes: [&'static str; 4],
    pub(super) health: &'static str,
    pub(super) health_intro: &'static str,
    pub(super) conditions: [&'static str; 6],
    pub(super) medication: &'static str,
    pub(super) reason: &'static str,
    pub(super) reason_intro: &'static str,
    pub(super) contact: &'static str,
    pub(super) contact_and_phone: [&'static str; 2],
    pub(super) guardian: &'static str,
    pub(super) date: &'static str,
}

/// The consent form.
pub(super) struct Consent {
    pub(super) language: &'static str,
    pub(super) title: &'static str,
    pub(super) intro: &'static str,
    pub(super) name_and_birth: [&'static str; 2],
    pub(super) paragraphs: [(&'static str, &'static str); 4],
    pub(super) choices: &'static str,
    pub(super) choices_intro: &'static str,
    pub(super) permissions: [&'static str; 3],
    pub(super) reminders: &'static str,
    pub(super) channels: [&'static str; 2],
    pub(super) signers: [&'static str; 3],
    pub(super) date: &'static str,
}

impl Intake {
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &INTAKE_ENGLISH,
            Language::Spanish => &INTAKE_SPANISH,
        }
    }
}

impl Consent {
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &CONSENT_ENGLISH,
            Language::Spanish => &CONSENT_SPANISH,
        }
    }
}

const INTAKE_ENGLISH: Intake = Intake {
    language: "en",
    title: "Intake form",
    intro: "Please answer what you can. You can leave anything empty and talk about it at the first visit.",
    child: "About the child",
    name_and_birth: ["Full name", "Date of birth"],
    school_and_language: ["School or daycare", "Language spoken at home"],
    languages: ["English", "Spanish", "Both", "Another language"],
    lives_with: "The child lives with",
    homes: ["Both parents, one home", "Both parents, two homes", "One parent", "Another guardian"],
    health: "Health",
    health_intro: "Please tick what applies.",
    conditions: [
        "Allergies",
        "Asthma",
        "Trouble sleeping",
        "Worries or fears",
        "Therapy before",
        "Hospital stay in the last year",
    ],
    medication: "Medicines, and how much of each",
    reason: "Your question to us",
    reason_intro: "What would you like help with?",
    contact: "In an emergency we call",
    contact_and_phone: ["Name and relation to the child", "Phone"],
    guardian: "Signature of parent or guardian",
    date: "Date",
};

const INTAKE_SPANISH: Intake = Intake {
    language: "es",
    title: "Formulario de ingreso",
    intro: "Responda lo que pueda. Puede dejar algo en blanco y hablarlo con nosotros en la primera visita.",
    child: "Sobre el niño o la niña",
    name_and_birth: ["Nombre completo", "Fecha de nacimiento"],
    school_and_language: ["Escuela o guardería", "Idioma que se habla en casa"],
    languages: ["Inglés", "Español", "Ambos", "Otro idioma"],
    lives_with: "Vive con",
    homes: ["Ambos padres, un hogar", "Ambos padres, dos hogares", "Uno de los padres", "Otro tutor o tutora"],
    health: "Salud",
    health_intro: "Marque lo que corresponda.",
    conditions: [
        "Alergias",
        "Asma",
        "Dificultad para dormir",
        "Preocupaciones o miedos",
        "Terapia anterior",
        "Hospitalización en el último año",
    ],
    medication: "Medicinas y la cantidad de cada una",
    reason: "Su consulta",
    reason_intro: "¿En qué le gustaría recibir ayuda?",
    contact: "En una emergencia llamamos a",
    contact_and_phone: ["Nombre y relación con el niño o la niña", "Teléfono"],
    guardian: "Firma del padre, la madre o el tutor",
    date: "Fecha",
};

const CONSENT_ENGLISH: Consent = Consent {
    language: "en",
    title: "Consent to treatment",
    intro: "Please read this page and ask us about anything that is not clear before you sign.",
    name_and_birth: ["Name of the child", "Date of birth"],
    paragraphs: [
        (
            "What you agree to",
            "You agree that our clinicians examine, advise and treat the child named above. We explain every treatment \
             before it begins, what it can do, what it cannot do, and what else is possible.",
        ),
        (
            "You stay in charge",
            "You can withdraw this consent at any time by telling us. Care that has already been given is not affected. \
             Saying no has no disadvantage for the child's care elsewhere.",
        ),
        (
            "What stays private",
            "What is said here stays here. We share it only with your permission, or where the law obliges us to protect \
             somebody from harm or a court orders it.",
        ),
        (
            "More than one guardian",
            "If the law or a court asks for the agreement of two guardians, both sign. Each guardian may sign alone, at \
             another time and in another place.",
        ),
    ],
    choices: "Your choices",
    choices_intro: "Please tick what you also agree to.",
    permissions: ["Visits by video", "Talking with the school", "Talking with the family doctor"],
    reminders: "Reminders of appointments",
    channels: ["Only in the portal", "By email, without details"],
    signers: [
        "Signature of parent or guardian",
        "Signature of second parent or guardian, if needed",
        "Signature of the young person, if old enough to agree",
    ],
    date: "Date",
};

const CONSENT_SPANISH: Consent = Consent {
    language: "es",
    title: "Consentimiento para el tratamiento",
    intro: "Lea esta página y pregúntenos lo que no esté claro antes de firmar.",
    name_and_birth: ["Nombre del niño o la niña", "Fecha de nacimiento"],
    paragraphs: [
        (
            "A qué da su consentimiento",
            "Usted acepta que nuestro personal clínico examine, oriente y trate a la persona menor de edad arriba nombrada. \
             Explicamos cada tratamiento antes de empezar: para qué sirve, qué no puede lograr y qué otras opciones hay.",
        ),
        (
            "Usted decide",
            "Puede retirar este consentimiento en cualquier momento con solo avisarnos. Esto no cambia la atención ya \
             recibida. Decir que no, no perjudica la atención en otros lugares.",
        ),
        (
            "Qué se mantiene en privado",
            "Lo que se dice aquí se queda aquí. Solo lo compartimos con su permiso, o cuando la ley nos obliga a proteger a \
             alguien de un daño o un tribunal lo ordena.",
        ),
        (
            "Más de un tutor",
            "Si la ley o un tribunal exige el acuerdo de dos tutores, firman ambos. Cada uno puede firmar por su cuenta, en \
             otro momento y en otro lugar.",
        ),
    ],
    choices: "Sus decisiones",
    choices_intro: "Marque lo que también acepta.",
    permissions: ["Visitas por video", "Hablar con la escuela", "Hablar con el médico de cabecera"],
    reminders: "Recordatorios de citas",
    channels: ["Solo en el portal", "Por correo electrónico, sin detalles"],
    signers: [
        "Firma del padre, la madre o el tutor",
        "Firma del segundo padre, madre o tutor, si hace falta",
        "Firma del o de la joven, si tiene edad para aceptar",
    ],
    date: "Fecha",
};
