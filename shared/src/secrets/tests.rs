//! Links, codes and names.

use super::*;
use crate::clock::Clock;
use crate::store::guesses::CountedGuess;

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
fn twins_share_a_group_and_the_names_of_a_login_are_its_own() {
    let secrets = secrets(&"a".repeat(43)).unwrap();
    let group = |address: &str| secrets.alias_group(&address.parse().unwrap());
    assert_eq!(group("m.aria+kids@gmail.com"), group("maria@googlemail.com"));
    assert_ne!(group("maria@gmail.com"), group("mario@gmail.com"));
    assert_eq!(group("maria+kids@clinic.example"), None);
    let (one, other) = (LoginId::from_random([1; 16]), LoginId::from_random([2; 16]));
    let mailbox = secrets.mailbox(&"maria@gmail.com".parse().unwrap());
    assert_ne!(secrets.address_id(one, &mailbox), secrets.address_id(other, &mailbox));
    assert!(secrets.sign_in_name(one) != secrets.sign_in_name(other));
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

#[test]
fn long_codes_may_be_typed_as_they_are_read_and_differ() {
    let secrets = secrets(&"a".repeat(43)).unwrap();
    let set = RecoveryId::from_random([7; 16]);
    let code = secrets.recovery_code(set, 1);
    let reading = code.for_reading();
    assert_eq!(reading.len(), 19);
    assert!(code.matches(&reading) && code.matches(&reading.to_lowercase().replace('-', " ")));
    assert!(code.matches(&reading.replace('0', "o").replace('1', "l")));
    assert!(!secrets.recovery_code(set, 2).matches(&reading));
    let printed = secrets.desk_code(set);
    assert!(!printed.matches(&reading, CountedGuess::for_tests()) && !printed.is_named_by(&reading));
    assert!(printed.matches(&printed.for_reading(), CountedGuess::for_tests()));
    let other: String = printed.for_reading().chars().take(7).chain("0000-0000-0000".chars()).collect();
    assert!(printed.is_named_by(&other) && !printed.matches(&other, CountedGuess::for_tests()));
    assert!(!printed.is_named_by("short") && !printed.is_named_by("ééééééé"));
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
