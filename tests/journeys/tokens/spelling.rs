//! The genuine token, written otherwise.

use super::{Cases, Genuine};
use journeys::Forge;

/// Dots, padding, blanks, letters of other alphabets, and lengths.
pub(super) async fn rewritten(forge: &Forge, genuine: &Genuine) -> Cases {
    let Genuine { token, header, payload, .. } = genuine;
    let [head, body, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    // A token whose signature has letters that the two alphabets write otherwise.
    let mut blanks = String::new();
    let plus = loop {
        let token = forge.signs(&header.to_string(), &format!("{payload}{blanks}")).await;
        if token.rsplit('.').next().unwrap().contains(['-', '_']) {
            break token.replace('-', "+").replace('_', "/");
        }
        blanks.push(' ');
    };
    let last = signature.chars().last().unwrap();
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let place = alphabet.find(last).unwrap();
    // 64 bytes end with a letter whose last four bits say nothing (RFC 4648 §3.5).
    let other_bits = format!("{head}.{body}.{}{}", &signature[..signature.len() - 1], &alphabet[place + 1..place + 2]);
    let texts = [
        ("a dot at the end", format!("{token}.")),
        ("a dot at the beginning", format!(".{token}")),
        ("a fourth part", format!("{token}.{signature}")),
        ("a part before", format!("{head}.{token}")),
        ("two parts", format!("{head}.{body}")),
        ("one part", head.to_owned()),
        ("parts exchanged", format!("{body}.{head}.{signature}")),
        ("only dots", "..".to_owned()),
        ("padding after the header", format!("{head}=.{body}.{signature}")),
        ("padding after the payload", format!("{head}.{body}=.{signature}")),
        ("padding after the signature", format!("{token}==")),
        ("the other alphabet", plus),
        ("other bits at the end", other_bits),
        ("a blank inside", format!("{head}. {body}.{signature}")),
        ("a blank before", format!(" {token}")),
        ("a tab inside", format!("{head}.\t{body}.{signature}")),
        ("an escaped blank", format!("{token}%20")),
        ("a zero", format!("{token}%00")),
        ("another word after it", format!("{token} {token}")),
        ("twice with a comma", format!("{token},Bearer {token}")),
        ("quoted", format!("\"{token}\"")),
        ("letters beyond ASCII", format!("{token}\u{e9}")),
        ("a wide dot", token.replace('.', "\u{ff0e}")),
        ("small letters", token.to_lowercase()),
        ("64,000 letters", format!("{head}.{body}.{}", "A".repeat(64_000))),
    ];
    texts.map(|(what, text)| (what.to_owned(), text)).into()
}
