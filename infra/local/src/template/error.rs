//! What can be wrong with a template, in words its author can act on.

/// Why the template cannot be run here.
///
/// The local stack would rather refuse a template than run something else
/// than what AWS would run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// The text is not YAML.
    #[error("the template is not valid YAML: {0}")]
    Syntax(String),
    /// Something required is missing.
    #[error("{at}: `{what}` is missing")]
    Missing {
        /// Where, as a dotted path from the root of the template.
        at: String,
        /// The key that must be there.
        what: String,
    },
    /// A value has another type than the one expected there.
    #[error("{at}: expected {expected}")]
    Type {
        /// Where, as a dotted path from the root of the template.
        at: String,
        /// What was expected, with its article.
        expected: &'static str,
    },
    /// An intrinsic function names something that the template does not define.
    #[error("{at}: `{name}` is not defined by the template")]
    Unknown {
        /// Where, as a dotted path from the root of the template.
        at: String,
        /// The name that has no definition.
        name: String,
    },
    /// A parameter without `Default` got no value.
    #[error(
        "parameter `{0}` has no default and the local stack does not know its value; give it one in infra/local/src/world.rs"
    )]
    Parameter(String),
    /// Valid on AWS, but not emulated here.
    #[error("{at}: the local stack does not support {what}")]
    Unsupported {
        /// Where, as a dotted path from the root of the template.
        at: String,
        /// What is not supported.
        what: String,
    },
}

impl TemplateError {
    pub(crate) fn missing(at: &str, what: &str) -> Self {
        Self::Missing { at: at.to_owned(), what: what.to_owned() }
    }

    pub(crate) fn expected(at: &str, expected: &'static str) -> Self {
        Self::Type { at: at.to_owned(), expected }
    }

    pub(crate) fn unknown(at: &str, name: &str) -> Self {
        Self::Unknown { at: at.to_owned(), name: name.to_owned() }
    }

    pub(crate) fn unsupported(at: &str, what: impl Into<String>) -> Self {
        Self::Unsupported { at: at.to_owned(), what: what.into() }
    }
}
