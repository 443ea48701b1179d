//! The other ways in: passkeys on one phone, recovery codes, the desk's code. What the mailbox shows, both read.

use super::{DEVICE, Ledger, PASSWORD, Person, SHARED, World, codes, holding, mails_are_bare, mixed, parent};
use jiff::SignedDuration;
use journeys::{Browser, Reply};
use serde_json::json;

/// A spouse who has a passkey on the phone of both, and a sheet of recovery codes.
struct Spouse {
    person: Person,
    user: String,
    sheet: Vec<String>,
}

/// Begins with a long code; returns the challenge, and what came to the mailbox of both.
async fn begins(world: &World, code: &str) -> (String, String) {
    // Limits on guessing and on mails have room again.
    world.passes(SignedDuration::from_mins(2));
    let begun = world.browser().post("/login/recover", &json!({"email": SHARED, "code": code})).await.is(200);
    (begun.at("/challenge"), world.code_for(SHARED).await)
}

async fn renews(browser: &Browser, challenge: &str, code: &str, password: &str) -> Reply {
    let body = json!({"challenge": challenge, "code": code, "password": password});
    browser.post("/login/recover/confirm", &body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_phone_and_one_mailbox_bring_each_back_to_the_own_login_alone() {
    let world = World::new().await;
    let mut phone = world.phone();
    let mut spouses = Vec::new();
    for (name, password) in [("First", "the password of the first"), ("Second", "the password of the second")] {
        let child = world.registers(&format!("Child of {name}"), "2014-01-01").await;
        let invited = world.invites(SHARED, &[(&child, parent())]).await;
        let person = world.joins_with(&invited, name, password).await;
        let (_, user) = person.adds_passkey(&mut phone, "Our phone").await;
        let sheet = person.post("/login/recovery-codes", &json!({})).await.is(200).list("codes");
        let sheet = sheet.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
        spouses.push(Spouse { person, user, sheet });
    }
    let mut ledger = Ledger::default();
    let devices = [spouses[0].person.browser.cookie(DEVICE), spouses[1].person.browser.cookie(DEVICE), None];

    // Both lost the password. Every mixture of the two beginnings sets none and signs in nobody.
    let (first, second) = (begins(&world, &spouses[0].sheet[0]).await, begins(&world, &spouses[1].sheet[0]).await);
    for device in &devices {
        let browser = holding(&world, &[(DEVICE, device)]);
        for (name, code) in [
            (mixed(&first.0, &second.0), &first.1),
            (mixed(&first.0, &second.0), &second.1),
            (mixed(&second.0, &first.0), &first.1),
            (mixed(&second.0, &first.0), &second.1),
        ] {
            renews(&browser, &name, code, "chosen by the other of the two").await.is_problem(401, "sign-in-again");
            ledger.expect("a beginning under another name", None, &codes(&browser, &name, code).await);
        }
        for (name, code) in [(&first.0, &first.1), (&second.0, &second.1)] {
            ledger.expect("a way back at the sign-in", None, &codes(&browser, name, code).await);
        }
    }
    for (name, code) in [(&first.0, &second.1), (&second.0, &first.1)] {
        renews(&world.browser(), name, code, "chosen by the other of the two").await.is(401);
    }
    // Each beginning with its own code sets the own password: both choose the same, and from now on it opens neither.
    for (name, code) in [&first, &second] {
        renews(&world.browser(), name, code, PASSWORD).await.is(204);
    }
    let mut staff = world.staff.clone();
    for device in &devices {
        staff.refreshes().await;
        for spouse in &spouses {
            world.passes(SignedDuration::from_mins(2));
            let anybody = Person::new(holding(&world, &[(DEVICE, device)]), SHARED, PASSWORD);
            ledger.expect("the password of both", None, &anybody.tries_to_sign_in().await.is(401));
            world.passes(SignedDuration::from_mins(2));
            let before = Person::new(anybody.browser.clone(), SHARED, &spouse.person.password);
            ledger.expect("the password before", None, &before.tries_to_sign_in().await.is(401));
        }
    }

    // Passkeys are none of it: each opens the login of its owner, at whatever browser, and nothing by halves.
    for (me, you) in [(0, 1), (1, 0)] {
        let (own, other) = (&spouses[me], &spouses[you]);
        for device in &devices {
            let browser = holding(&world, &[(DEVICE, device)]);
            let entered = world.tries_passkey(&browser, &mut phone, &own.user).await;
            ledger.expect("the own passkey", Some(&own.person.id), &entered);
            let signed = world.signed(&mut phone, &own.user).await;
            let foreign = world.signed(&mut phone, &other.user).await;
            for part in ["id", "user_handle", "signature", "client_data_json", "authenticator_data"] {
                // What the authenticator says of itself is the same for both; the rest is not.
                if signed["credential"][part] != foreign["credential"][part] {
                    let mut crossed = signed.clone();
                    crossed["credential"][part] = foreign["credential"][part].clone();
                    let reply = browser.post("/login/passkey", &crossed).await;
                    ledger.expect(&format!("a passkey with the other's {part}"), None, &reply);
                }
            }
            // In the session of the one, the other's passkey proves nothing.
            let token = entered.at("/session/token");
            let asking = browser.ask("POST", "/login/passkey").bearer(&token).json(&foreign);
            ledger.expect("the other's passkey in the own session", None, &asking.send().await);
        }
    }

    // The desk prints a code for the first: with it the first has a password of its own again, and the second is left alone.
    let printed = json!({"reason": "passport shown at the desk"});
    staff.refreshes().await;
    staff.proves_again(&world).await;
    let path = format!("/logins/{}/recovery", spouses[0].person.id);
    let printed = staff.post(&path, &printed).await.is(201).at("/code");
    let (challenge, code) = begins(&world, &printed).await;
    renews(&world.browser(), &challenge, &code, "what the first alone knows").await.is(204);
    for (password, owner) in [("what the first alone knows", &spouses[0]), (PASSWORD, &spouses[1])] {
        world.passes(SignedDuration::from_mins(2));
        let person = Person::new(world.browser(), SHARED, password);
        let challenge = person.tries_to_sign_in().await.is(200).at("/challenge");
        // A recovery code stands in for the mailed one, from the own sheet only. The desk's help ended that of the first.
        let own = (password == PASSWORD).then_some(owner.person.id.as_str());
        let other = spouses.iter().find(|spouse| spouse.person.id != owner.person.id).unwrap();
        for (sheet, opens) in [(&other.sheet, None), (&owner.sheet, own)] {
            let body = json!({"challenge": challenge, "recovery_code": sheet[1]});
            let reply = person.browser.post("/login/code", &body).await;
            ledger.expect("a recovery code in place of the mailed one", opens, &reply);
        }
    }
    mails_are_bare(&world).await;
    ledger.settle(70);
}
