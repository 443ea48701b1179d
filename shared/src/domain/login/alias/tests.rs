//! Rules of providers, on examples and on made-up addresses.

use proptest::prelude::*;

use super::*;

fn form(address: &str) -> Option<String> {
    canonical_form(&address.parse().unwrap())
}

fn twins(one: &str, other: &str) -> bool {
    are_twins(&one.parse().unwrap(), &other.parse().unwrap())
}

#[test]
fn each_provider_has_its_own_rule() {
    let alike = [
        ("maria.lopez@gmail.com", "marialopez+kids@googlemail.com"),
        ("M.a.r.i.a@gmail.com", "maria@gmail.com"),
        ("ann+a@outlook.com", "ann@outlook.com"),
        ("ann+a@icloud.com", "ann+b@icloud.com"),
        ("ann+a@fastmail.com", "ann@fastmail.com"),
        ("ann+a@proton.me", "ann@proton.me"),
        ("rosa-clinic@yahoo.com", "rosa-school@yahoo.com"),
        ("rosa-a-b@yahoo.com", "rosa-c@yahoo.com"),
    ];
    for (one, other) in alike {
        assert!(twins(one, other), "{one} and {other}");
    }
}

#[test]
fn what_a_provider_does_not_say_is_not_assumed() {
    let different = [
        // The same address is no twin of itself.
        ("Maria@gmail.com", "maria@GMAIL.com"),
        ("a.nn@outlook.com", "ann@outlook.com"),
        ("ann@outlook.com", "ann@hotmail.com"),
        ("ann@icloud.com", "ann@me.com"),
        ("ann-b@gmail.com", "ann@gmail.com"),
        ("rosa+a@yahoo.com", "rosa@yahoo.com"),
        // A base name is chosen beside the account's name: the account of that name can be somebody else's.
        ("rosa-clinic@yahoo.com", "rosa@yahoo.com"),
        ("rosa-clinic@yahoo.com", "rosa-clinic@ymail.com"),
        ("ann+a@clinic.example", "ann@clinic.example"),
        ("ann-a@family.example", "ann-b@family.example"),
        ("a.nn@mail.gmail.com", "ann@gmail.com"),
    ];
    for (one, other) in different {
        assert!(!twins(one, other), "{one} and {other}");
    }
    assert_eq!(form("ann+a@clinic.example"), None);
}

const KNOWN: [&str; 8] = [
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "icloud.com",
    "fastmail.com",
    "proton.me",
    "yahoo.com",
];

fn name() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9]{1,6}([.+_-][a-zA-Z0-9]{1,4}){0,3}"
}

proptest! {
    #[test]
    fn a_canonical_form_is_its_own_form(name in name(), domain in prop::sample::select(KNOWN.to_vec())) {
        let first = form(&format!("{name}@{domain}")).unwrap();
        prop_assert_eq!(canonical(&first), Some(first.clone()));
    }

    #[test]
    fn twins_are_twins_both_ways_and_stay_with_their_provider(
        one in name(), other in name(),
        here in prop::sample::select(KNOWN.to_vec()), there in prop::sample::select(KNOWN.to_vec()),
    ) {
        let (a, b) = (format!("{one}@{here}"), format!("{other}@{there}"));
        prop_assert_eq!(twins(&a, &b), twins(&b, &a));
        let google = |domain: &str| domain.starts_with("g");
        if here != there && !(google(here) && google(there)) {
            prop_assert!(!twins(&a, &b), "{} and {}", a, b);
        }
    }

    #[test]
    fn an_unknown_provider_has_no_rule(one in name(), other in name(), domain in "[a-z]{2,8}\\.(example|test|org)") {
        let (a, b) = (format!("{one}@{domain}"), format!("{other}@{domain}"));
        prop_assert_eq!(form(&a), None);
        prop_assert!(!twins(&a, &b));
    }

    #[test]
    fn a_name_with_a_hyphen_is_nobody_elses_outside_yahoo(base in "[a-z]{1,6}", tag in "[a-z]{1,6}", other in "[a-z]{1,6}") {
        for domain in KNOWN.iter().filter(|domain| **domain != "yahoo.com").chain(&["clinic.example"]) {
            let pair = (format!("{base}-{tag}@{domain}"), format!("{base}-{other}@{domain}"));
            let plain = format!("{base}@{domain}");
            prop_assert!(tag == other || !twins(&pair.0, &pair.1), "{:?}", pair);
            prop_assert!(!twins(&pair.0, &plain));
        }
    }

    #[test]
    fn what_stands_before_the_tag_decides(one in "[a-z]{1,8}", other in "[a-z]{1,8}", tag in "[a-z]{1,4}") {
        for domain in KNOWN {
            let sign = if domain == "yahoo.com" { '-' } else { '+' };
            let pair = (format!("{one}{sign}{tag}@{domain}"), format!("{other}{sign}{tag}x@{domain}"));
            prop_assert_eq!(twins(&pair.0, &pair.1), one == other, "{:?}", pair);
        }
    }
}
