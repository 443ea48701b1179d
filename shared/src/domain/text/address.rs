//! Email addresses.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use super::TextError;

/// An email address as it was typed. Compare addresses by [`EmailAddress::canonical`] only.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The address as typed: what people see and what mail is sent to.
    #[must_use]
    pub fn as_typed(&self) -> &str {
        &self.0
    }

    /// Lower case throughout. RFC 5321 §2.4 lets a host tell local parts apart by case; no provider in use does, and people
    /// do not remember how they typed theirs.
    #[must_use]
    pub fn canonical(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("EmailAddress(…)")
    }
}

impl FromStr for EmailAddress {
    type Err = TextError;

    /// Only plain ASCII addresses with a domain that has a dot: SES delivers nothing else.
    fn from_str(text: &str) -> Result<Self, TextError> {
        let text = text.trim();
        let options =
            email_address::Options::default().with_required_tld().without_domain_literal().without_display_text();
        let plain = text.is_ascii() && !text.contains(['"', '(', ')', '\\']) && text.len() <= 254;
        if plain && email_address::EmailAddress::parse_with_options(text, options).is_ok() {
            Ok(Self(text.to_owned()))
        } else {
            Err(TextError::NotAnAddress)
        }
    }
}

impl Serialize for EmailAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for EmailAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for EmailAddress {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::Custom("email".to_owned())))
            .max_length(Some(254))
            .build()
            .into()
    }
}

impl utoipa::ToSchema for EmailAddress {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shown_as_typed_and_compared_in_lower_case() {
        let address: EmailAddress = " Maria@Example.org ".parse().unwrap();
        assert_eq!(address.as_typed(), "Maria@Example.org");
        assert_eq!(address.canonical(), "maria@example.org");
    }

    #[test]
    fn what_is_not_one_plain_address_is_refused() {
        for text in [
            "",
            "maria",
            "a@b",
            "a@b.org, c@d.org",
            "M <a@b.org>",
            "a@[127.0.0.1]",
            "\"a b\"@c.org",
            "a@b.org\r\nBcc: x@y.org",
            "ä@b.org",
        ] {
            assert_eq!(text.parse::<EmailAddress>(), Err(TextError::NotAnAddress), "{text:?}");
        }
    }
}
