//! Everything derived from the stack's one secret: names of mailboxes, links, codes, the pepper of passwords.
//!
//! Links and codes are computed from identifiers when a mail is sent and when somebody presents them, so that neither the
//! table nor the outbox ever holds one.

use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::config::{ConfigError, Environment};
use crate::domain::id::{ChallengeId, InvitationId, RecoveryId};
use crate::domain::limit::BlockId;
use crate::domain::login::MailboxId;
use crate::domain::text::EmailAddress;
use crate::http::meter::note_code;
use crate::store::guesses::CountedGuess;

/// Shortest `STACK_SECRET`, in characters: 43 letters and digits hold 256 bits.
const SHORTEST: usize = 43;

/// Keys derived from `STACK_SECRET` by HKDF-SHA-256 (RFC 5869), one per purpose.
#[derive(Clone)]
pub struct Secrets {
    mailbox: [u8; 32],
    link: [u8; 32],
    code: [u8; 32],
    recovery: [u8; 32],
    block: [u8; 32],
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
            link: derive("hearth invitation link")?,
            code: derive("hearth one-time code")?,
            recovery: derive("hearth recovery code")?,
            block: derive("hearth address block")?,
            pepper: derive("hearth password pepper")?,
        })
    }

    /// The name of the mailbox that an address leads to; no key in the table holds an address.
    #[must_use]
    pub fn mailbox(&self, address: &EmailAddress) -> MailboxId {
        MailboxId::from_hash(mac(&self.mailbox, address.canonical().as_bytes()))
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
    pub fn desk_code(&self, recovery: RecoveryId) -> LongCode {
        LongCode::from_mac(mac(&self.recovery, format!("desk/{recovery}").as_bytes()))
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

/// A one-time code of eight digits.
#[derive(Clone)]
pub struct Code(String);

impl Code {
    fn from_mac(mac: [u8; 32]) -> Self {
        let (head, _) = mac.split_at(8);
        let number = head.iter().fold(0_u64, |number, &byte| (number << 8) | u64::from(byte));
        Self(format!("{:08}", number % 100_000_000))
    }

    /// The digits, in two groups for reading.
    #[must_use]
    pub fn for_reading(&self) -> String {
        let (left, right) = self.0.split_at_checked(4).unwrap_or((&self.0, ""));
        format!("{left} {right}")
    }

    /// Whether somebody typed this code, with or without spaces or dashes; takes the same time for every wrong one. A guess is
    /// counted first.
    #[must_use]
    pub fn matches(&self, typed: &str, _: CountedGuess) -> bool {
        note_code();
        let digits: String = typed.chars().filter(|character| !matches!(character, ' ' | '-' | '\u{a0}')).collect();
        self.0.as_bytes().ct_eq(digits.as_bytes()).into()
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Code(…)")
    }
}

/// A code for paper: 80 bits in sixteen letters and digits (Crockford's base 32), which no guess finds.
#[derive(Clone)]
pub struct LongCode(String);

/// Without i, l, o and u, which are misread.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl LongCode {
    /// Letters that name a code to whoever looks for it; the ten after them are its secret, 50 bits.
    const NAME: usize = 6;

    fn from_mac(mac: [u8; 32]) -> Self {
        let (head, _) = mac.split_at(10);
        let number = head.iter().fold(0_u128, |number, &byte| (number << 8) | u128::from(byte));
        let letter = |place: u32| {
            let index = usize::try_from((number >> (5 * place)) & 31).unwrap_or_default();
            LETTERS.get(index).map_or('0', |&letter| char::from(letter))
        };
        Self((0..16).rev().map(letter).collect())
    }

    /// Four groups of four.
    #[must_use]
    pub fn for_reading(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }

    /// Whether somebody typed this code; takes the same time for every wrong one of the same length.
    #[must_use]
    pub fn matches(&self, typed: &str) -> bool {
        self.0.as_bytes().ct_eq(Self::plain(typed).as_bytes()).into()
    }

    /// Whether somebody typed this code's name, whatever comes after it.
    #[must_use]
    pub fn is_named_by(&self, typed: &str) -> bool {
        let typed = Self::plain(typed);
        let (Some(own), Some(given)) = (self.0.get(..Self::NAME), typed.get(..Self::NAME)) else { return false };
        own.as_bytes().ct_eq(given.as_bytes()).into()
    }

    /// What was typed, as the code is spelled: small or capital letters, with or without dashes, `O` for zero.
    fn plain(typed: &str) -> String {
        let spelled = |letter: char| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        typed.chars().filter(|letter| !matches!(letter, ' ' | '-' | '\u{a0}' | '–')).take(32).map(spelled).collect()
    }
}

impl std::fmt::Debug for LongCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("LongCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    fn secrets(secret: &str) -> Result<Secrets, ConfigError> {
        let variables = [("STACK_SECRET".to_owned(), secret.to_owned())].into();
        Secrets::from_environment(&Environment::new(variables, Clock::system()))
    }

    #[test]
    fn a_link_survives_its_text_and_no_other_sending_matches() {
        let secrets = secrets(&"s".repeat(43)).unwrap();
        let invitation = InvitationId::from_random([9; 16]);
        let link = secrets.link(invitation, 1);
        let parsed: LinkToken = link.to_string().parse().unwrap();
        assert!(parsed.matches(&link.hash()));
        assert!(!secrets.link(invitation, 2).matches(&link.hash()));
        assert!("inv_x.y".parse::<LinkToken>().is_err());
    }

    #[test]
    fn another_stack_names_mailboxes_otherwise() {
        let address = "maria@example.org".parse().unwrap();
        let here = secrets(&"a".repeat(43)).unwrap().mailbox(&address);
        let there = secrets(&"b".repeat(43)).unwrap().mailbox(&address);
        assert_ne!(here, there);
        assert!(secrets("short").is_err());
    }

    #[test]
    fn long_codes_may_be_typed_as_they_are_read_and_differ() {
        let secrets = secrets(&"a".repeat(43)).unwrap();
        let set = RecoveryId::from_random([7; 16]);
        let code = secrets.recovery_code(set, 1);
        let reading = code.for_reading();
        assert_eq!(reading.len(), 19);
        assert!(code.matches(&reading) && code.matches(&reading.to_lowercase().replace('-', " ")));
        assert!(code.matches(&reading.replace('0', "o").replace('1', "l")));
        assert!(!secrets.recovery_code(set, 2).matches(&reading) && !secrets.desk_code(set).matches(&reading));
        let other: String = reading.chars().take(7).chain("0000-0000-0000".chars()).collect();
        assert!(code.is_named_by(&reading) && !code.matches(&other) && !code.is_named_by("short"));
        assert!(!code.is_named_by("ééééééé"));
    }

    #[test]
    fn a_house_is_one_place_and_its_neighbour_another() {
        let secrets = secrets(&"a".repeat(43)).unwrap();
        let block = |address: &str| secrets.block(Some(address.parse().unwrap()));
        assert_eq!(block("2001:db8:1:2::1"), block("2001:db8:1:2:ffff::9"));
        assert_ne!(block("2001:db8:1:2::1"), block("2001:db8:1:3::1"));
        assert_ne!(block("192.0.2.1"), block("192.0.2.2"));
        assert_eq!(block("::ffff:192.0.2.1"), block("192.0.2.1"));
        assert_ne!(secrets.block(None), block("192.0.2.1"));
    }

    #[test]
    fn codes_have_eight_digits_and_may_be_typed_with_spaces() {
        let code = secrets(&"a".repeat(43)).unwrap().sign_in_code(ChallengeId::from_random([1; 16]));
        let reading = code.for_reading();
        assert_eq!(reading.len(), 9);
        let matches = |typed: &str| code.matches(typed, CountedGuess::for_tests());
        assert!(matches(&reading));
        assert!(matches(&reading.replace(' ', "-")));
        assert!(!matches("0"));
    }
}
