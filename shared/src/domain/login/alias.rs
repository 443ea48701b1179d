//! Addresses that reach one mailbox by the rule of their provider.
//!
//! Only the provider says what a sign in front of the `@` means (RFC 5321 §2.3.11), so what stands in no row below has no rule:
//! `anna+b@` and `anna-b@` may be two persons anywhere else. A rule only ever leads to a question to the person who proved the
//! mailbox; nothing is put together by it alone.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::text::EmailAddress;

/// How a provider reads what stands in front of the `@`.
struct Provider {
    /// Its domains.
    domains: &'static [&'static str],
    /// Whether a name is the same mailbox in all of the domains, and not another person's in each.
    one_namespace: bool,
    /// Whether dots count for nothing.
    dots_ignored: bool,
    /// Where the tag begins.
    tag: Tag,
}

/// Where the part begins that the owner makes up.
#[derive(Clone, Copy)]
enum Tag {
    /// After the sign (RFC 5233, subaddresses); the name before it is the account's.
    After(char),
    /// After the sign; the name before it is a base name, which the owner chose beside the name of the account.
    AfterBase(char),
}

const PROVIDERS: &[Provider] = &[
    // Google Help, "Dots don't matter in Gmail addresses", "Use aliases", and "googlemail.com and gmail.com".
    Provider {
        domains: &["gmail.com", "googlemail.com"],
        one_namespace: true,
        dots_ignored: true,
        tag: Tag::After('+'),
    },
    // Microsoft, "Plus addressing in Exchange Online" and in Outlook.com. A name is given anew in each domain.
    Provider {
        domains: &["outlook.com", "hotmail.com", "live.com", "msn.com", "outlook.es", "hotmail.es"],
        one_namespace: false,
        dots_ignored: false,
        tag: Tag::After('+'),
    },
    // Apple, iCloud Mail: plus tags. Whether the three domains always lead to one person is not promised, so they do not here.
    Provider {
        domains: &["icloud.com", "me.com", "mac.com"],
        one_namespace: false,
        dots_ignored: false,
        tag: Tag::After('+'),
    },
    // Fastmail Help, "Plus addressing and subdomain addressing".
    Provider {
        domains: &["fastmail.com", "fastmail.fm"],
        one_namespace: false,
        dots_ignored: false,
        tag: Tag::After('+'),
    },
    // Proton Support, "Addresses and aliases": plus tags.
    Provider {
        domains: &["proton.me", "protonmail.com", "pm.me"],
        one_namespace: false,
        dots_ignored: false,
        tag: Tag::After('+'),
    },
    // Yahoo Help, "Disposable addresses" (once AddressGuard): base name, hyphen, keyword. The base name is not the name of
    // the account, so `rosa-school@` is the mailbox of `rosa-clinic@`, and says nothing about `rosa@`. No plus tags.
    Provider {
        domains: &["yahoo.com", "ymail.com", "rocketmail.com", "yahoo.es", "yahoo.com.mx", "yahoo.co.uk", "yahoo.ca"],
        one_namespace: false,
        dots_ignored: false,
        tag: Tag::AfterBase('-'),
    },
];

/// The one spelling for all addresses that reach the same mailbox by their provider's rule; none where no rule is known.
#[must_use]
pub fn canonical_form(address: &EmailAddress) -> Option<String> {
    canonical(&address.canonical())
}

fn canonical(address: &str) -> Option<String> {
    let (name, domain) = address.rsplit_once('@')?;
    let provider = PROVIDERS.iter().find(|provider| provider.domains.contains(&domain))?;
    let kept = match provider.tag {
        Tag::After(sign) => name.split_once(sign).map_or(name, |(name, _)| name),
        // The sign stays: with it the name is a base name, without it an account's.
        Tag::AfterBase(sign) => name.find(sign).and_then(|place| name.get(..place + sign.len_utf8())).unwrap_or(name),
    };
    let kept = if provider.dots_ignored { kept.replace('.', "") } else { kept.to_owned() };
    let domain = if provider.one_namespace { provider.domains.first().copied().unwrap_or(domain) } else { domain };
    Some(format!("{kept}@{domain}"))
}

/// Whether both addresses reach one mailbox by the provider's rule, and are not the same address.
#[must_use]
pub fn are_twins(one: &EmailAddress, other: &EmailAddress) -> bool {
    one.canonical() != other.canonical()
        && canonical_form(one).is_some_and(|form| canonical_form(other).as_ref() == Some(&form))
}

/// The group of all addresses that reach one mailbox, named by the keyed hash of their canonical form: 64 lower-case
/// hexadecimal digits. A group is where to look for twins; it is nobody's proof of anything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AliasGroup(String);

impl AliasGroup {
    /// From the keyed hash of the canonical form.
    #[must_use]
    pub fn from_hash(hash: [u8; 32]) -> Self {
        Self(hex::encode(hash))
    }
}

impl fmt::Display for AliasGroup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
