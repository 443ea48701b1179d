//! What browsers send: the parts of WebAuthn's answers that count, and no others. All bytes are in base64url without padding.

use hearth::domain::id::CeremonyId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};

/// A ceremony that has begun.
#[derive(Serialize, ToSchema)]
pub(crate) struct Begun {
    /// Names the ceremony; only this browser knows it. It ends after five minutes, or when it was used.
    pub(super) ceremony: CeremonyId,
    /// What `navigator.credentials` wants, in the JSON form of WebAuthn level 3 (§5.1.8, §5.1.9).
    #[schema(value_type = Object)]
    pub(super) public_key: Value,
}

/// A new key, as `navigator.credentials.create` gave it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Attestation {
    client_data_json: String,
    attestation_object: String,
}

impl Attestation {
    /// As the library reads it; none when it is not of the form.
    pub(super) fn read(self) -> Option<RegisterPublicKeyCredential> {
        let response = json!({
            "attestationObject": self.attestation_object, "clientDataJSON": self.client_data_json,
        });
        // The identifier that counts stands in the attestation object; the one beside it is never read.
        let credential = json!({"id": "", "rawId": "", "type": "public-key", "response": response});
        serde_json::from_value(credential).ok()
    }
}

/// A signature, as `navigator.credentials.get` gave it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Assertion {
    id: String,
    /// The login that the device names; always there for a discoverable credential.
    user_handle: String,
    client_data_json: String,
    authenticator_data: String,
    signature: String,
}

impl Assertion {
    /// As the library reads it; none when it is not of the form.
    pub(super) fn read(self) -> Option<PublicKeyCredential> {
        let response = json!({
            "authenticatorData": self.authenticator_data, "clientDataJSON": self.client_data_json,
            "signature": self.signature, "userHandle": self.user_handle,
        });
        let credential = json!({"id": &self.id, "rawId": &self.id, "type": "public-key", "response": response});
        serde_json::from_value(credential).ok()
    }
}
