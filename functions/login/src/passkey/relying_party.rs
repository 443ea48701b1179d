//! The portal as a relying party of WebAuthn: the one place that speaks to the library.
//!
//! The library checks what the specification lists for both ceremonies (§7.1, §7.2): challenge, origin, host, presence and
//! verification of the user, signature, counter. Its state between two requests stands in the table and never in the browser,
//! which is why it may be written down; it is what the library will check, so it is kept whole and not put together anew.

use hearth::domain::id::{CeremonyId, LoginId, PasskeyId};
use hearth::domain::login::{Ceremony, CeremonyKind, Login, Passkey};
use hearth::http::stop::Internal;
use hearth::http::{Call, Stop};
use hearth::random;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use webauthn_rs::prelude::{
    CredentialID, DiscoverableAuthentication, Passkey as Key, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Uuid, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use super::wire::Begun;

/// The portal, at its own address.
pub(super) struct RelyingParty {
    /// The host, without a port.
    pub(super) id: String,
    webauthn: Webauthn,
}

/// What a signature proved.
pub(super) enum Proof {
    /// That the passkey is there, and its user with it. The credential as it is kept from now on.
    Valid(String),
    /// The same, but the counter went back: the key was copied.
    Copied,
    /// Nothing.
    None,
}

impl RelyingParty {
    /// At the portal's own origin. An address without a name, such as `http://127.0.0.1`, can have no passkeys.
    pub(super) fn of(call: &Call) -> Result<Self, Internal> {
        let unusable = Internal("the portal's address is no origin for passkeys");
        let origin = Url::parse(call.own_origin()).map_err(|_| unusable)?;
        let id = origin.domain().ok_or(unusable)?.to_owned();
        let webauthn = WebauthnBuilder::new(&id, &origin).and_then(WebauthnBuilder::build).map_err(|_| unusable)?;
        Ok(Self { id, webauthn })
    }

    /// Begins adding a passkey to a login.
    pub(super) fn begin_adding(
        &self,
        login: &Login,
        present: &[Passkey],
        kind: CeremonyKind,
        now: hearth::Timestamp,
    ) -> Result<(Begun, Ceremony), Stop> {
        let exclude = present.iter().map(|passkey| Ok(read::<Key>(&passkey.credential)?.cred_id().clone()));
        let exclude = exclude.collect::<Result<Vec<CredentialID>, Internal>>()?;
        let name = login.name.as_str();
        let (options, state) = self
            .webauthn
            .start_passkey_registration(Uuid::from_bytes(login.id.bits()), name, name, Some(exclude))
            .map_err(|_| Internal("adding a passkey could not begin"))?;
        let mut options = serde_json::to_value(options.public_key).map_err(|_| UNWRITABLE)?;
        // The library leaves it to the device whether the key can be found without an address, to spare security keys that
        // hold few. Here the key must name its person, or it is of no use.
        let selection = options.pointer_mut("/authenticatorSelection").and_then(Value::as_object_mut);
        let selection = selection.ok_or(Internal("the library gave other options"))?;
        selection.insert("residentKey".to_owned(), "required".into());
        selection.insert("requireResidentKey".to_owned(), true.into());
        self.begun(options, kind, &state, now)
    }

    /// The new key of a ceremony, when all is as it was asked for.
    pub(super) fn added(
        &self,
        answer: &RegisterPublicKeyCredential,
        ceremony: &Ceremony,
    ) -> Result<Option<(PasskeyId, String)>, Internal> {
        let state: PasskeyRegistration = read(&ceremony.state)?;
        let Ok(key) = self.webauthn.finish_passkey_registration(answer, &state) else { return Ok(None) };
        Ok(Some((PasskeyId::of_credential(key.cred_id()), write(&key)?)))
    }

    /// Begins proving who somebody is; nobody says who yet.
    pub(super) fn begin_proving(&self, now: hearth::Timestamp) -> Result<(Begun, Ceremony), Stop> {
        let (options, state) = self
            .webauthn
            .start_discoverable_authentication()
            .map_err(|_| Internal("proving with a passkey could not begin"))?;
        // Without the mediation that the library asks for: it is for lists under a field, and here a button starts.
        let options = serde_json::to_value(options.public_key).map_err(|_| UNWRITABLE)?;
        self.begun(options, CeremonyKind::Authentication, &state, now)
    }

    /// Whom and which passkey a signature names. Nothing is proved yet.
    pub(super) fn named(&self, answer: &PublicKeyCredential) -> Option<(LoginId, PasskeyId)> {
        let (handle, credential) = self.webauthn.identify_discoverable_authentication(answer).ok()?;
        Some((LoginId::from_random(handle.into_bytes()), PasskeyId::of_credential(credential)))
    }

    /// What a signature proves.
    pub(super) fn proof(
        &self,
        answer: &PublicKeyCredential,
        ceremony: &Ceremony,
        passkey: &Passkey,
    ) -> Result<Proof, Internal> {
        let state: DiscoverableAuthentication = read(&ceremony.state)?;
        let mut key: Key = read(&passkey.credential)?;
        match self.webauthn.finish_discoverable_authentication_v2(answer, state, &key) {
            Ok(result) => {
                key.update_credential(&result);
                Ok(Proof::Valid(write(&key)?))
            }
            Err(WebauthnError::CredentialPossibleCompromise) => Ok(Proof::Copied),
            Err(_) => Ok(Proof::None),
        }
    }

    fn begun(
        &self,
        options: Value,
        kind: CeremonyKind,
        state: &impl Serialize,
        now: hearth::Timestamp,
    ) -> Result<(Begun, Ceremony), Stop> {
        let ceremony = Ceremony {
            id: CeremonyId::from_random(random::bytes()?),
            kind,
            rp_id: self.id.clone(),
            state: write(state)?,
            expires_at: now + Ceremony::LIFE,
            version: 1,
        };
        Ok((Begun { ceremony: ceremony.id, public_key: options }, ceremony))
    }
}

const UNWRITABLE: Internal = Internal("what the library made could not be written");

fn write(value: &impl Serialize) -> Result<String, Internal> {
    serde_json::to_string(value).map_err(|_| UNWRITABLE)
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, Internal> {
    serde_json::from_str(text).map_err(|_| Internal("what the library wrote could not be read"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = include_str!("../../../../events/login/passkey-begin.json");

    fn at(base_url: Option<&str>) -> Option<String> {
        let request = lambda_http::request::from_str(&EVENT.replace("\"host\": \"a1b2", "\"host\": \"evil")).unwrap();
        RelyingParty::of(&Call::read(&request, base_url)).ok().map(|party| party.id)
    }

    #[test]
    fn the_host_is_the_clinics_setting_or_the_apis_own_and_never_a_header() {
        assert_eq!(at(Some("https://portal.example.org")).as_deref(), Some("portal.example.org"));
        assert_eq!(at(Some("http://localhost:8080")).as_deref(), Some("localhost"));
        assert_eq!(at(None).as_deref(), Some("a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"));
        assert_eq!(at(Some("http://127.0.0.1:8080")), None);
    }

    #[test]
    fn a_beginning_asks_for_a_key_that_names_its_person_and_checks_its_user() {
        let request = lambda_http::request::from_str(EVENT).unwrap();
        let party = RelyingParty::of(&Call::read(&request, None)).unwrap();
        let (begun, ceremony) = party.begin_proving(hearth::Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(begun.public_key["userVerification"], "required");
        assert_eq!(begun.public_key["allowCredentials"], serde_json::json!([]));
        assert!(ceremony.state.len() < 300, "{}", ceremony.state);
    }
}
