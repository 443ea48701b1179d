//! What makes a long password easy to guess.
//!
//! NIST SP 800-63B-4 §3.1.1.2 wants passwords compared with those that are common, expected or compromised. Lists of leaked
//! passwords hold few of fifteen characters and more, and those are nearly all alike: a short one repeated, rows of the keyboard,
//! a stock word with a year. So no list of a million is carried along; what such passwords are made of is recognised and counts
//! little, whatever is left counts in full. Estimators of strength do the same with dictionaries of a megabyte, and ask a clock
//! for the year, which nothing here may.

/// How much a password must hold: eleven letters that nothing here explains, or five such pieces and one letter.
const ENOUGH: usize = 11;

/// What a recognised piece counts: an attacker tries it early, but must try where it stands.
const PIECE: usize = 2;

/// Shortest piece that is recognised.
const SHORTEST: usize = 3;

/// Words of common passwords, in the portal's two languages and as they come in leaks.
const STOCK: &[&str] = &[
    "password",
    "passwort",
    "passphrase",
    "passcode",
    "contraseña",
    "contrasena",
    "clave",
    "secret",
    "secreto",
    "letmein",
    "welcome",
    "bienvenido",
    "iloveyou",
    "teamo",
    "tequiero",
    "admin",
    "administrator",
    "login",
    "portal",
    "hearth",
    "clinic",
    "clinica",
    "clínica",
    "doctor",
    "patient",
    "family",
    "familia",
    "mother",
    "father",
    "mommy",
    "daddy",
    "mama",
    "papa",
    "baby",
    "princess",
    "princesa",
    "sunshine",
    "football",
    "futbol",
    "fútbol",
    "baseball",
    "basketball",
    "soccer",
    "monkey",
    "dragon",
    "master",
    "shadow",
    "superman",
    "batman",
    "pokemon",
    "starwars",
    "trustno1",
    "whatever",
    "computer",
    "internet",
    "google",
    "facebook",
    "samsung",
    "iphone",
    "default",
    "changeme",
    "temporary",
    "temp",
    "test",
    "testing",
    "user",
    "guest",
    "hello",
    "hola",
    "freedom",
    "michael",
    "jessica",
    "charlie",
    "jordan",
    "ashley",
    "summer",
    "winter",
    "spring",
    "autumn",
    "verano",
    "invierno",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "jesus",
    "christ",
    "america",
    "mexico",
    "correct",
    "horse",
    "battery",
    "staple",
];

/// Rows and columns of keyboards.
const ROWS: &[&str] = &[
    "qwertyuiop",
    "asdfghjklñ",
    "asdfghjkl;",
    "zxcvbnm,./",
    "1234567890",
    "!@#$%^&*()",
    "qwertzuiop",
    "azertyuiop",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "1q2w3e4r5t6y7u8i9o0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "q1w2e3r4t5y6u7i8o9p0",
];

/// Whether so little of a text is the person's own idea that a guesser comes by early.
pub(super) fn is_guessable(text: &str) -> bool {
    worth(text, &[]) < ENOUGH
}

/// Whether a text holds little beside words that others know about the person.
pub(super) fn is_personal(text: &str, words: &[&str]) -> bool {
    // An address is known whole and in its parts, as a name is.
    let parts = words.iter().flat_map(|word| word.split(|sign: char| !sign.is_alphanumeric()).chain([*word]));
    let parts: Vec<Vec<char>> = parts.map(plain).filter(|part| part.len() >= SHORTEST).collect();
    worth(text, &parts) < ENOUGH
}

/// How much of a text is not explained.
fn worth(text: &str, words: &[Vec<char>]) -> usize {
    let signs = plain(text);
    let mut rest = signs.as_slice();
    let mut worth = 0;
    while let Some((first, after)) = rest.split_first() {
        let before = signs.get(..signs.len() - rest.len()).unwrap_or_default();
        let piece = longest_piece(before, rest, words);
        if piece >= SHORTEST {
            worth += PIECE;
            rest = rest.get(piece..).unwrap_or_default();
        } else {
            // A space is where one expects it.
            worth += usize::from(!first.is_whitespace());
            rest = after;
        }
    }
    worth
}

/// Small letters, and the usual signs in place of letters read as those letters.
fn plain(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Letters for which signs and digits stand.
const fn letter_for(sign: char) -> char {
    match sign {
        '@' | '4' => 'a',
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '$' | '5' => 's',
        '7' => 't',
        other => other,
    }
}

/// How many signs at the start of `rest` are one recognised piece.
fn longest_piece(before: &[char], rest: &[char], words: &[Vec<char>]) -> usize {
    let stock = STOCK.iter().map(|word| prefix_in_letters(rest, &plain(word)));
    let own = words.iter().map(|word| prefix_in_letters(rest, word));
    let rows = ROWS.iter().map(|row| walk(rest, row));
    let others = [run(rest, 0), run(rest, 1), run(rest, -1), repeated(before, rest), year(rest)];
    stock.chain(own).chain(rows).chain(others).max().unwrap_or_default()
}

fn prefix_in_letters(rest: &[char], word: &[char]) -> usize {
    let fits = rest.len() >= word.len()
        && rest.iter().zip(word).all(|(&sign, &letter)| sign == letter || letter_for(sign) == letter);
    if fits { word.len() } else { 0 }
}

/// A run of equal signs, or of signs that each follow the one before: `aaa`, `abc`, `321`.
fn run(rest: &[char], step: i32) -> usize {
    let follows = |pair: &[char]| matches!(pair, [one, two] if code(*two) - code(*one) == step);
    match rest.is_empty() {
        true => 0,
        false => 1 + rest.windows(2).take_while(|pair| follows(pair)).count(),
    }
}

const fn code(sign: char) -> i32 {
    // No character has a number that does not fit.
    sign as i32
}

/// Along a row of the keyboard, in either direction.
fn walk(rest: &[char], row: &str) -> usize {
    let forward: Vec<char> = row.chars().collect();
    let backward: Vec<char> = row.chars().rev().collect();
    let along = |row: &[char]| {
        (0..row.len()).map(|from| common(row.get(from..).unwrap_or_default(), rest)).max().unwrap_or_default()
    };
    along(&forward).max(along(&backward))
}

/// Something that stood before already.
fn repeated(before: &[char], rest: &[char]) -> usize {
    (0..before.len()).map(|from| common(before.get(from..).unwrap_or_default(), rest)).max().unwrap_or_default()
}

fn common(one: &[char], other: &[char]) -> usize {
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}

/// A year in which somebody alive was born, or that is written on a calendar.
fn year(rest: &[char]) -> usize {
    match rest {
        ['1', '9', third, fourth, ..] | ['2', '0', third, fourth, ..]
            if third.is_ascii_digit() && fourth.is_ascii_digit() =>
        {
            4
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_passwords_that_many_people_choose_are_guessable() {
        for text in [
            "aaaaaaaaaaaaaaaaaaaa",
            "123456789012345",
            "abcdefghijklmnopqrstuvwxyz",
            "passwordpassword",
            "P@ssw0rd P@ssw0rd 2024",
            "qwertyuiopasdfghjkl",
            "1qaz2wsx3edc4rfv5tgb",
            "poiuytrewqlkjhgfdsa",
            "summer2024summer2024",
            "iloveyouiloveyou!",
            "welcome to hearth 2026",
            "correct horse battery staple",
            "xy7xy7xy7xy7xy7xy7xy7",
            "contraseña1234567",
            "2026-11-21 2026-11-21",
            "               a",
        ] {
            assert!(is_guessable(text), "{text:?} is worth {}", worth(text, &[]));
        }
    }

    #[test]
    fn sentences_and_random_signs_are_not() {
        for text in [
            "long enough for anybody",
            "a password of fifteen",
            "fifteen chars!!",
            "the neighbour's cat eats tulips",
            "mi abuela vende flores azules",
            "xK9#mQ2$vL7@pR4",
            "kobu wase nilo tagi",
            "七つの海を越えて行くあの船は青い",
        ] {
            assert!(!is_guessable(text), "{text:?} is worth {}", worth(text, &[]));
        }
    }

    #[test]
    fn what_others_know_about_a_person_is_no_secret() {
        let words = ["Maria López", "maria.lopez@family.example", "Harbour Pediatrics"];
        for text in
            ["Maria López 2014!!", "maria.lopez@family.example", "harbour pediatrics 1", "lopez maria lopez maria"]
        {
            assert!(is_personal(text, &words), "{text:?}");
        }
        assert!(!is_personal("the neighbour's cat eats tulips", &words));
        assert!(!is_personal("Maria sells nine blue flowers", &words));
    }
}
