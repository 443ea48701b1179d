//! Access tokens: JSON Web Tokens, ES256, ten minutes, pointers only (design §4, RFC 8725).
//!
//! KMS signs; nothing here holds a private key. Two kinds exist and neither passes for the other: `session+jwt` names a
//! login's session, `member+jwt` one member of it as well.

use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{MessageType, SigningAlgorithmSpec};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use p256::ecdsa::Signature;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::super::aws::Aws;
use crate::config::{ConfigError, Environment};
use crate::domain::id::{LoginId, MemberId, SessionId};
use crate::http::Stop;

mod es256;
mod jws;

pub use jws::{Jws, PublicKey};

/// Life of a token.
pub const LIFE: SignedDuration = SignedDuration::from_mins(10);

/// Longest token that is looked at, in bytes.
const LONGEST: usize = 2_048;

/// Difference of clocks that is forgiven for `nbf` and `iat`, in seconds.
const LEEWAY: i64 = 5;

/// What a token points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claims {
    /// Who.
    pub login: LoginId,
    /// Which session.
    pub session: SessionId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Session,
    Member,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Session => "session+jwt",
            Self::Member => "member+jwt",
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    aud: String,
    sub: LoginId,
    sid: SessionId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mbr: Option<MemberId>,
    iat: i64,
    nbf: i64,
    exp: i64,
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'a str,
    typ: &'a str,
    kid: &'a str,
}

/// Checks tokens. Holds public keys only.
#[derive(Clone)]
pub struct Verifier {
    audience: String,
    keys: Vec<PublicKey>,
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Verifier").field("keys", &self.keys.len()).finish_non_exhaustive()
    }
}

impl Verifier {
    /// Reads `STACK_ID` and `TOKEN_PUBLIC_KEYS`: base64 of P-256 keys as `SubjectPublicKeyInfo`, the newest first, at most
    /// two.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn from_environment(env: &Environment) -> Result<Self, ConfigError> {
        let malformed = ConfigError::Malformed("TOKEN_PUBLIC_KEYS");
        let keys = env
            .required("TOKEN_PUBLIC_KEYS")?
            .split(',')
            .map(|text| {
                let der = STANDARD.decode(text.trim()).map_err(|_| malformed)?;
                PublicKey::from_der(&der).ok_or(malformed)
            })
            .collect::<Result<Vec<_>, _>>()?;
        if keys.len() > 2 {
            return Err(malformed);
        }
        Ok(Self { audience: env.required("STACK_ID")?.to_owned(), keys })
    }

    /// What a session token points to, if it counts.
    #[must_use]
    pub fn session(&self, token: &str, now: Timestamp) -> Option<Claims> {
        let payload = self.payload(token, Kind::Session, now)?;
        payload.mbr.is_none().then_some(Claims { login: payload.sub, session: payload.sid })
    }

    /// What a member token points to, if it counts.
    #[must_use]
    pub fn member(&self, token: &str, now: Timestamp) -> Option<(Claims, MemberId)> {
        let payload = self.payload(token, Kind::Member, now)?;
        Some((Claims { login: payload.sub, session: payload.sid }, payload.mbr?))
    }

    fn payload(&self, token: &str, kind: Kind, now: Timestamp) -> Option<Payload> {
        if token.len() > LONGEST {
            return None;
        }
        let jws = Jws::read(token)?;
        if jws.kind() != Some(kind.name()) {
            return None;
        }
        let key = self.keys.iter().find(|key| key.id() == jws.key_id())?;
        let payload: Payload = jws::object(&jws.verified_by(key)?)?;
        let now = now.as_second();
        let life = payload.exp.checked_sub(payload.iat)?;
        let is_its_time = payload.nbf.max(payload.iat) <= now + LEEWAY && now < payload.exp;
        let is_ours = payload.aud == self.audience && (1..=LIFE.as_secs()).contains(&life);
        (is_its_time && is_ours).then_some(payload)
    }
}

/// Issues tokens: only `login` and `members` have the right to let KMS sign.
#[derive(Debug, Clone)]
pub struct Issuer {
    kms: aws_sdk_kms::Client,
    kms_key: String,
    key_id: String,
    audience: String,
}

impl Issuer {
    /// Reads `TOKEN_KEY_ID`, `TOKEN_PUBLIC_KEYS` (the first is the key's) and `STACK_ID`.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn from_environment(env: &Environment, aws: &Aws) -> Result<Self, ConfigError> {
        let malformed = ConfigError::Malformed("TOKEN_PUBLIC_KEYS");
        let newest = env.required("TOKEN_PUBLIC_KEYS")?.split(',').next().ok_or(malformed)?;
        Ok(Self {
            kms: aws.kms(env),
            kms_key: env.required("TOKEN_KEY_ID")?.to_owned(),
            key_id: PublicKey::id_of(&STANDARD.decode(newest.trim()).map_err(|_| malformed)?),
            audience: env.required("STACK_ID")?.to_owned(),
        })
    }

    /// A session token.
    ///
    /// # Errors
    /// Unavailable when KMS does not sign.
    pub async fn session(&self, claims: Claims, now: Timestamp) -> Result<String, Stop> {
        self.issue(Kind::Session, claims, None, now).await
    }

    /// A member token.
    ///
    /// # Errors
    /// Unavailable when KMS does not sign.
    pub async fn member(&self, claims: Claims, member: MemberId, now: Timestamp) -> Result<String, Stop> {
        self.issue(Kind::Member, claims, Some(member), now).await
    }

    async fn issue(&self, kind: Kind, claims: Claims, mbr: Option<MemberId>, now: Timestamp) -> Result<String, Stop> {
        let unsigned = Stop::Unavailable("kms did not sign");
        let iat = now.as_second();
        let header = Header { alg: "ES256", typ: kind.name(), kid: &self.key_id };
        let payload = Payload {
            aud: self.audience.clone(),
            sub: claims.login,
            sid: claims.session,
            mbr,
            iat,
            nbf: iat,
            exp: iat + LIFE.as_secs(),
        };
        let part = |json: Result<Vec<u8>, serde_json::Error>| json.map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
        let (Ok(header), Ok(payload)) = (part(serde_json::to_vec(&header)), part(serde_json::to_vec(&payload))) else {
            return Err(unsigned);
        };
        let message = format!("{header}.{payload}");
        let answer = self
            .kms
            .sign()
            .key_id(&self.kms_key)
            .message_type(MessageType::Digest)
            .message(Blob::new(Sha256::digest(message.as_bytes()).to_vec()))
            .signing_algorithm(SigningAlgorithmSpec::EcdsaSha256)
            .send()
            .await
            .map_err(|_| unsigned.clone())?;
        // KMS answers in DER, JWS wants the two numbers side by side (RFC 7518 §3.4).
        let signature = answer.signature.and_then(|der| Signature::from_der(der.as_ref()).ok()).ok_or(unsigned)?;
        Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes())))
    }
}

#[cfg(test)]
mod tests;
