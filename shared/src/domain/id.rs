//! Typed identifiers: 128 random bits behind a prefix, so that a member can never be passed where a login is meant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

/// The text is not an identifier of the kind asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an identifier starts with `{prefix}_` and has 32 lower-case hexadecimal digits after it")]
pub struct IdError {
    prefix: &'static str,
}

fn parse(prefix: &'static str, text: &str) -> Result<[u8; 16], IdError> {
    let error = IdError { prefix };
    let digits = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .filter(|digits| !digits.bytes().any(|byte| byte.is_ascii_uppercase()))
        .ok_or(error)?;
    let mut bytes = [0; 16];
    hex::decode_to_slice(digits, &mut bytes).map_err(|_| error)?;
    Ok(bytes)
}

fn schema(prefix: &str) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(format!("^{prefix}_[0-9a-f]{{32}}$"))).build().into()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// Makes the identifier from 128 random bits that the caller drew.
            #[must_use]
            pub const fn from_random(bits: [u8; 16]) -> Self {
                Self(bits)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{}_{}", $prefix, hex::encode(self.0))
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse($prefix, text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                schema($prefix)
            }
        }

        impl utoipa::ToSchema for $name {}
    )*};
}

ids! {
    /// One natural person who can sign in (FHIR `Person`).
    LoginId = "log";
    /// One sign-in of a login on one device.
    SessionId = "ses";
    /// A sign-in that waits for the mailed code.
    ChallengeId = "cha";
    /// A client record of the clinic (FHIR `Patient`).
    MemberId = "mbr";
    /// An invitation of a mailbox to one or several members.
    InvitationId = "inv";
    /// An uploaded paper.
    DocumentId = "doc";
    /// A request for signatures on one canonical PDF.
    PacketId = "pkt";
    /// One signature asked for within a packet.
    SlotId = "slt";
    /// A block or a hold on a member's record.
    BlockId = "blk";
    /// An organisation whose workers look after children.
    AgencyId = "agy";
    /// The passing of an agency's children from one worker to another.
    HandOverId = "hov";
    /// What somebody asks the clinic for.
    RequestId = "req";
    /// A mail in the outbox.
    MailId = "mal";
    /// A way back for somebody who lost the password or the mailbox: a set of recovery codes, or one begun at the desk.
    RecoveryId = "rec";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_survives_its_text() {
        let id = MemberId::from_random([7; 16]);
        assert_eq!(id.to_string().parse::<MemberId>(), Ok(id));
    }

    #[test]
    fn identifiers_of_another_kind_or_spelling_are_refused() {
        let member = MemberId::from_random([0xab; 16]).to_string();
        assert!(member.parse::<LoginId>().is_err());
        assert!(member.to_uppercase().parse::<MemberId>().is_err());
        assert!(member.replace("ab", "AB").parse::<MemberId>().is_err());
        assert!(format!("{member}0").parse::<MemberId>().is_err());
        assert!("mbr_".parse::<MemberId>().is_err());
    }
}
