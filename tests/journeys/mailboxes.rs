//! Several addresses for one person, several persons behind one address.

use jiff::SignedDuration;
use journeys::{PASSWORD, Person, World, terms};
use serde_json::{Value, json};

fn parent() -> Value {
    terms("PRN", "parental-responsibility")
}

/// Two spouses behind one mailbox, each with a child of the own; their passwords as given.
async fn spouses(world: &World, passwords: [&str; 2]) -> [(Person, String, String); 2] {
    let mut spouses = Vec::new();
    for (name, password) in ["First", "Second"].into_iter().zip(passwords) {
        let child = world.registers(&format!("Child of {name}"), "2020-01-01").await;
        let invited = world.invites("both@family.example", &[(&child, parent())]).await;
        let code = world.proof_for(&invited).await;
        let new_login = json!({"name": name, "password": password, "language": "en"});
        let body = json!({"token": invited.token, "code": code, "new_login": new_login});
        let mut person = Person::new(world.browser(), &invited.email, password);
        let accepted = person.browser.post("/invitations/accept", &body).await.is(200);
        person.id = accepted.at("/login");
        spouses.push((person, child, accepted.at("/sign_in_name")));
    }
    spouses.try_into().expect("two of them")
}

/// Signs in with the sign-in name, on whatever device this is.
async fn signs_in_by_name(world: &World, person: &Person, name: &str) -> Person {
    let body = json!({"email": person.email, "password": person.password, "sign_in_name": name});
    let mut reply = person.browser.post("/login", &body).await.is(200);
    if reply.at("/result") == "code-sent" {
        let code = world.code_for(&person.email).await;
        let body = json!({"challenge": reply.at("/challenge"), "code": code});
        reply = person.browser.post("/login/code", &body).await.is(200);
    }
    let mut person = person.clone();
    person.takes_session(&reply);
    person
}

async fn prefers(person: &Person, id: &str) -> journeys::Reply {
    person.post(&format!("/login/mailboxes/{id}/prefer"), &json!({})).await
}

async fn removes(person: &Person, id: &str) -> journeys::Reply {
    person.post(&format!("/login/mailboxes/{id}/remove"), &json!({})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_spouses_with_one_mailbox_and_one_password_are_never_taken_for_each_other() {
    let world = World::new().await;
    let spouses = spouses(&world, [PASSWORD, PASSWORD]).await;
    let [(first, first_child, first_name), (second, second_child, second_name)] = &spouses;
    assert_ne!((&first.id, first_name), (&second.id, second_name));

    // By address and password alone neither gets in, on a known device, on a new one, or on that of the other spouse.
    for browser in [&first.browser, &second.browser, &world.browser()] {
        let body = json!({"email": first.email, "password": PASSWORD});
        browser.post("/login", &body).await.is_problem(401, "sign-in-again");
        let guess = json!({"email": first.email, "password": PASSWORD, "sign_in_name": "0000-0000"});
        browser.post("/login", &guess).await.is_problem(401, "sign-in-again");
    }
    assert!(world.mails_to(&first.email).await.iter().all(|mail| !mail.text.as_deref().unwrap().contains(first_name)));

    // Guesses at one address are limited; a quarter of an hour later there is room again.
    world.passes(jiff::SignedDuration::from_mins(15));
    // With the own name each is the own person, on every device, however the name is typed.
    for (person, child, name) in &spouses {
        let other_child = if child == first_child { second_child } else { first_child };
        for browser in [&first.browser, &second.browser, &world.browser()] {
            let at = person.at_browser(browser);
            let typed = name.to_uppercase().replace('-', " ");
            let signed_in = signs_in_by_name(&world, &at, &typed).await;
            assert_eq!(signed_in.id, person.id);
            let members = signed_in.members().await;
            assert_eq!((members.len(), members[0]["id"].as_str()), (1, Some(child.as_str())));
            signed_in.tries_to_open(other_child).await.is_hidden();
            assert_eq!(signed_in.get("/login/mailboxes").await.is(200).at("/sign_in_name"), *name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_counts_for_the_person_whose_password_matched_and_nobody_else() {
    let world = World::new().await;
    let [(first, ..), (second, ..)] =
        spouses(&world, ["the password of the first", "the password of the second"]).await;
    let (mut first, second) = (first.at_browser(&world.browser()), second.at_browser(&world.browser()));
    let challenge = first.tries_to_sign_in().await.is(200).at("/challenge");
    let code_of_first = world.code_for(&first.email).await;
    let of_second = second.tries_to_sign_in().await.is(200).at("/challenge");
    let code_of_second = world.code_for(&second.email).await;

    // Both codes lie in one mailbox; each is good for its own challenge only.
    for (challenge, code) in [(&challenge, &code_of_second), (&of_second, &code_of_first)] {
        let crossed = json!({"challenge": challenge, "code": code});
        second.browser.post("/login/code", &crossed).await.is_problem(401, "sign-in-again");
    }
    let right = json!({"challenge": challenge, "code": code_of_first});
    let reply = first.browser.post("/login/code", &right).await.is(200);
    let id = first.id.clone();
    first.takes_session(&reply);
    assert_eq!(first.id, id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forwarded_address_code_proves_nothing_in_another_session() {
    let world = World::new().await;
    let family = world.family().await;
    let code = family.mother.asks_for_address(&world, "new@family.example").await;
    let body = json!({"code": code});
    // The father has asked for an address as well, and types the code of the mother.
    family.father.asks_for_address(&world, "fathers@family.example").await;
    let wrong = family.father.post("/login/mailboxes/confirm", &body).await.is_problem(422, "cannot-be-done");
    assert_eq!(wrong.at("/field"), "code");
    // Not even in another session of the mother.
    let elsewhere = family.mother.at_browser(&world.browser()).signs_in_with_code(&world).await;
    elsewhere.post("/login/mailboxes/confirm", &body).await.is_problem(422, "cannot-be-done");
    family.mother.post("/login/mailboxes/confirm", &body).await.is(200);
    // Once.
    family.mother.post("/login/mailboxes/confirm", &body).await.is_problem(422, "cannot-be-done");
    assert_eq!(family.mother.addresses().await, ["mother@family.example", "new@family.example"]);
    assert_eq!(family.father.addresses().await, ["father@family.example"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_added_preferred_and_removed_and_the_old_one_is_told() {
    let world = World::new().await;
    let family = world.family().await;
    let (mother, old, new) = (&family.mother, "mother@family.example", "Maria.Lopez@Work.example");
    let id = mother.adds_address(&world, new).await;
    assert!(id.starts_with("adr_"));
    assert_eq!(mother.addresses().await, [old, new]);
    assert!(world.newest_mail(old).await.contains("addresses of a sign-in"));
    // One more address, one more way to sign in, and mail still goes to the first.
    assert_eq!(mother.by_address("maria.lopez@work.EXAMPLE").signs_in().await.id, mother.id);
    let code = world.mails_to(new).await.len();

    prefers(mother, &id).await.is(204);
    assert_eq!(mother.addresses().await, [new, old]);
    assert!(world.newest_mail(old).await.contains("addresses of a sign-in"));
    let elsewhere = Person::new(world.browser(), old, PASSWORD);
    elsewhere.tries_to_sign_in().await.is(200);
    assert_eq!(world.mails_to(new).await.len(), code + 1, "the code goes to the preferred address");

    let old_id = mother.get("/login/mailboxes").await.is(200).at("/addresses/1/id");
    removes(mother, &old_id).await.is(204);
    assert_eq!(mother.addresses().await, [new]);
    assert!(world.newest_mail(old).await.contains("taken off"));
    assert!(world.newest_mail(new).await.contains("addresses of a sign-in"));
    mother.by_address(old).tries_to_sign_in().await.is_problem(401, "sign-in-again");
    assert_eq!(mother.by_address(new).signs_in().await.id, mother.id);
    // Never the last, and nothing that is not there.
    removes(mother, &id).await.is_problem(409, "conflict");
    removes(mother, &old_id).await.is_hidden();
    for mail in world.stack.mails() {
        let text = mail.text.unwrap();
        assert_eq!(mail.subject, "A message from your clinic's portal");
        assert!(!text.contains("One parent") && !text.contains("child") && !text.contains("Maria"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_one_person_gives_up_stays_for_the_other_one() {
    let world = World::new().await;
    let [(first, ..), (second, second_child, _)] =
        spouses(&world, ["the password of the first", "the password of the second"]).await;
    let (first, second) = (first.signs_in().await, second.signs_in().await);
    first.adds_address(&world, "own@family.example").await;
    let shared = first.get("/login/mailboxes").await.is(200).at("/addresses/0/id");
    // The name of an address is for one person only.
    assert_ne!(second.get("/login/mailboxes").await.is(200).at("/addresses/0/id"), shared);
    removes(&second, &shared).await.is_hidden();
    removes(&first, &shared).await.is(204);
    assert_eq!(second.addresses().await, ["both@family.example"]);
    assert_eq!(second.clone().signs_in().await.id, second.id);

    // What is sent to the address is for the other one from then on: the person who gave it up needs a code like anybody.
    let child = world.registers("Later child", "2020-01-01").await;
    let invited = world.invites("both@family.example", &[(&child, parent())]).await;
    let body = json!({"token": invited.token});
    let seen = first.post("/invitations/look", &body).await.is(200).json();
    assert_eq!(seen["needs_code"], true);
    let refused = first.post("/invitations/accept", &body).await.is_problem(422, "cannot-be-done");
    assert_eq!(refused.at("/field"), "code");
    assert_eq!(second.post("/invitations/look", &body).await.is(200).json()["needs_code"], false);
    first.tries_to_open(&second_child).await.is_hidden();
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_for_an_address_never_tells_who_uses_it() {
    let world = World::new().await;
    let child = world.registers("Child", "2020-01-01").await;
    for number in 0..4 {
        let invited = world.invites("full@family.example", &[(&child, parent())]).await;
        world.accepts(&invited, &format!("Person {number}")).await;
    }
    let family = world.family().await;
    let mut answers = Vec::new();
    for (person, email) in [
        (&family.mother, "full@family.example"),
        (&family.father, "unknown@family.example"),
        (&world.staff, "mother@family.example"),
    ] {
        let reply = person.post("/login/mailboxes", &json!({"email": email})).await.is(204);
        world.code_for(email).await;
        answers.push((reply.text, reply.headers.len()));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    // Who reads the mailbox may know that it is full.
    let code = world.code_for("full@family.example").await;
    family.mother.post("/login/mailboxes/confirm", &json!({"code": code})).await.is_problem(409, "conflict");
    assert_eq!(family.mother.addresses().await, ["mother@family.example"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_for_addresses_are_few_and_so_are_guesses() {
    let world = World::new().await;
    let mother = world.family().await.mother;
    let ask = json!({"email": "new@family.example"});
    mother.post("/login/mailboxes", &ask).await.is(204);
    let soon = mother.post("/login/mailboxes", &ask).await.is_problem(429, "too-many");
    assert!(!soon.header("retry-after").is_empty());
    let code = world.code_for("new@family.example").await;
    let wrong = if code == "00000000" { "00000001" } else { "00000000" };
    for _ in 0..5 {
        mother.post("/login/mailboxes/confirm", &json!({"code": wrong})).await.is_problem(422, "cannot-be-done");
    }
    mother.post("/login/mailboxes/confirm", &json!({"code": code})).await.is_problem(422, "cannot-be-done");
    assert_eq!(mother.addresses().await, ["mother@family.example"]);

    for _ in 1..5 {
        world.passes(SignedDuration::from_mins(1));
        mother.post("/login/mailboxes", &ask).await.is(204);
    }
    world.passes(SignedDuration::from_mins(1));
    mother.post("/login/mailboxes", &ask).await.is_problem(429, "too-many");
    // The newest code is the one that counts, for ten minutes.
    let late = world.code_for("new@family.example").await;
    mother.post("/login/mailboxes/confirm", &json!({"code": code})).await.is_problem(422, "cannot-be-done");
    mother.post("/login/mailboxes/confirm", &json!({"code": late})).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_five_addresses_and_not_six() {
    let world = World::new().await;
    let mother = world.family().await.mother;
    for number in 1..5 {
        mother.adds_address(&world, &format!("address-{number}@family.example")).await;
        world.passes(SignedDuration::from_mins(1));
    }
    let code = mother.asks_for_address(&world, "address-6@family.example").await;
    mother.post("/login/mailboxes/confirm", &json!({"code": code})).await.is_problem(409, "conflict");
    assert_eq!(mother.addresses().await.len(), 5);
}
