//! Everything derived from the stack's one secret: names of mailboxes, links, codes, the pepper of passwords.
//!
//! Links and codes are computed from identifiers when a mail is sent and when somebody presents them, so that neither the
//! table nor the outbox ever holds one.

mod code;
mod long_code;

pub use code::Code;
pub use long_code::{DeskCode, LongCode};

use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::config::{ConfigError, Environment};
use crate::domain::id::{AddressId, ChallengeId, InvitationId, LoginId, ProofId, RecoveryId};
use crate::domain::limit::BlockId;
use crate::domain::login::alias::{AliasGroup, canonical_form};
use crate::domain::login::{MailboxId, SignInName};
use crate::domain::text::EmailAddress;
use crate::session::cookie::Secret;

/// Shortest `STACK_SECRET`, in characters: 43 letters and digits hold 256 bits.
const SHORTEST: usize = 43;

/// Keys derived from `STACK_SECRET` by HKDF-SHA-256 (RFC 5869), one per purpose.
#[derive(Clone)]
pub struct Secrets {
    mailbox: [u8; 32],
    alias: [u8; 32],
    own: [u8; 32],
    link: [u8; 32],
    code: [u8; 32],
    recovery: [u8; 32],
    block: [u8; 32],
    refresh: [u8; 32],
    pepper: [u8; 32],
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secrets(…)")
    }
}

impl Secrets {
    /// Reads `STACK_SECRET`.
    ///
    /// # Errors
    /// [`ConfigError`] when it is missing or short.
    pub fn from_environment(env: &Environment) -> Result<Self, ConfigError> {
        let secret = env.required("STACK_SECRET")?;
        let malformed = ConfigError::Malformed("STACK_SECRET");
        if secret.len() < SHORTEST {
            return Err(malformed);
        }
        let hkdf = Hkdf::<Sha256>::new(None, secret.as_bytes());
        let derive = |purpose: &str| {
            let mut key = [0; 32];
            hkdf.expand(purpose.as_bytes(), &mut key).map(|()| key).map_err(|_| malformed)
        };
        Ok(Self {
            mailbox: derive("hearth mailbox name")?,
            alias: derive("hearth alias group")?,
            own: derive("hearth names of a login")?,
            link: derive("hearth invitation link")?,
            code: derive("hearth one-time code")?,
            recovery: derive("hearth recovery code")?,
            block: derive("hearth address block")?,
            refresh: derive("hearth next refresh token")?,
            pepper: derive("hearth password pepper")?,
        })
    }

    /// The name of the mailbox that an address leads to; no key in the table holds an address.
    #[must_use]
    pub fn mailbox(&self, address: &EmailAddress) -> MailboxId {
        MailboxId::from_hash(mac(&self.mailbox, address.canonical().as_bytes()))
    }

    /// Where the twins of an address are found, if its provider has a rule.
    #[must_use]
    pub fn alias_group(&self, address: &EmailAddress) -> Option<AliasGroup> {
        canonical_form(address).map(|form| AliasGroup::from_hash(mac(&self.alias, form.as_bytes())))
    }

    /// How a login's own address is named in paths: for nobody else's eyes, and for nobody else's address the same.
    #[must_use]
    pub fn address_id(&self, login: LoginId, mailbox: &MailboxId) -> AddressId {
        let hash = mac(&self.own, format!("address/{login}/{mailbox}").as_bytes());
        let mut bits = [0; 16];
        bits.iter_mut().zip(hash).for_each(|(place, byte)| *place = byte);
        AddressId::from_random(bits)
    }

    /// The name by which a login is told apart from others with the same address and the same password.
    #[must_use]
    pub fn sign_in_name(&self, login: LoginId) -> SignInName {
        SignInName::from_hash(mac(&self.own, format!("sign-in/{login}").as_bytes()))
    }

    /// The key that is mixed into every password hash.
    #[must_use]
    pub const fn pepper(&self) -> &[u8; 32] {
        &self.pepper
    }

    /// The link token of one sending of an invitation.
    #[must_use]
    pub fn link(&self, invitation: InvitationId, generation: u32) -> LinkToken {
        let secret = mac(&self.link, format!("{invitation}/{generation}").as_bytes());
        LinkToken { invitation, secret }
    }

    /// The code that confirms a new device.
    #[must_use]
    pub fn sign_in_code(&self, challenge: ChallengeId) -> Code {
        Code::from_mac(mac(&self.code, format!("sign-in/{challenge}").as_bytes()))
    }

    /// One of the recovery codes of a set.
    #[must_use]
    pub fn recovery_code(&self, set: RecoveryId, number: u8) -> LongCode {
        LongCode::from_mac(mac(&self.recovery, format!("set/{set}/{number}").as_bytes()))
    }

    /// The code that the desk prints.
    #[must_use]
    pub fn desk_code(&self, recovery: RecoveryId) -> DeskCode {
        DeskCode::from_mac(mac(&self.recovery, format!("desk/{recovery}").as_bytes()))
    }

    /// The name of the place that a request comes from; limits on guessing need to tell places apart, and nothing else.
    #[must_use]
    pub fn block(&self, source: Option<IpAddr>) -> BlockId {
        let block = match source {
            Some(IpAddr::V4(address)) => address.to_string(),
            // A house gets a /64, or more, and every device in it many addresses.
            Some(IpAddr::V6(address)) => match (address.to_ipv4_mapped(), address.segments()) {
                (Some(mapped), _) => mapped.to_string(),
                (None, [one, two, three, four, ..]) => format!("{one:x}:{two:x}:{three:x}:{four:x}::/64"),
            },
            None => "nowhere".to_owned(),
        };
        BlockId::from_hash(mac(&self.block, block.as_bytes()))
    }

    /// The refresh token that comes after another one. Computed, so that whoever presents the old one again because the answer
    /// was lost can be given the same successor, which the table does not hold; and from the old one itself, so that neither the
    /// table nor this key alone leads to it.
    #[must_use]
    pub fn refresh_after(&self, secret: &Secret) -> Secret {
        Secret::computed(mac(&self.refresh, secret.as_bytes()))
    }

    /// The code that proves a mailbox to somebody who is signed in.
    #[must_use]
    pub fn address_code(&self, proof: ProofId) -> Code {
        Code::from_mac(mac(&self.code, format!("address/{proof}").as_bytes()))
    }

    /// The code that proves an invited mailbox.
    #[must_use]
    pub fn invitation_code(&self, invitation: InvitationId, generation: u32, number: u32) -> Code {
        Code::from_mac(mac(&self.code, format!("invitation/{invitation}/{generation}/{number}").as_bytes()))
    }
}

fn mac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    // HMAC fills a short key up with zeros to its block of 64 bytes (RFC 2104 §2); a whole block cannot be refused.
    let mut block = [0; 64];
    block.iter_mut().zip(key).for_each(|(place, &byte)| *place = byte);
    <Hmac<Sha256> as KeyInit>::new(&block.into()).chain_update(message).finalize().into_bytes().into()
}

/// What an invitation's link carries in its fragment: which invitation, and 256 bits that only its mail had.
#[derive(Clone)]
pub struct LinkToken {
    /// Which invitation.
    pub invitation: InvitationId,
    secret: [u8; 32],
}

impl LinkToken {
    /// SHA-256 of the secret part, in hexadecimal: what the table holds.
    #[must_use]
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.secret))
    }

    /// Whether the token is the one with that hash; takes the same time for every wrong one.
    #[must_use]
    pub fn matches(&self, hash: &str) -> bool {
        self.hash().as_bytes().ct_eq(hash.as_bytes()).into()
    }
}

impl std::fmt::Display for LinkToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}", self.invitation, URL_SAFE_NO_PAD.encode(self.secret))
    }
}

impl std::fmt::Debug for LinkToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "LinkToken({}.…)", self.invitation)
    }
}

impl std::str::FromStr for LinkToken {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (invitation, secret) = text.split_once('.').ok_or(())?;
        let secret = URL_SAFE_NO_PAD.decode(secret).map_err(|_| ())?.try_into().map_err(|_| ())?;
        Ok(Self { invitation: invitation.parse().map_err(|_| ())?, secret })
    }
}

#[cfg(test)]
mod tests;
