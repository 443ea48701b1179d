//! Two spouses who read one mailbox: whatever either of them has, it never opens the other one's login.

mod ways_back;

use jiff::SignedDuration;
use journeys::{Browser, PASSWORD, Person, Reply, World, terms};
use serde_json::{Value, json};

const SHARED: &str = "both@family.example";
const REFRESH: &str = "__Host-refresh";
const DEVICE: &str = "__Host-device";

/// Attempts to get in, and whose login each may open at most.
#[derive(Default)]
struct Ledger {
    attempts: usize,
    faults: Vec<String>,
}

impl Ledger {
    /// Notes whose session an answer opened: that of `owner`, whose means were used, or nobody's.
    fn expect(&mut self, what: &str, owner: Option<&str>, reply: &Reply) {
        self.attempts += 1;
        let opened = (reply.status == 200).then(|| reply.json()["session"]["login"]["id"].as_str().map(str::to_owned));
        let opened = opened.flatten();
        if opened.as_deref() != owner {
            self.faults.push(format!("{what}: {owner:?} was expected, {} {}", reply.status, reply.text));
        }
    }

    fn settle(self, least: usize) {
        assert!(self.faults.is_empty(), "{} of {}:\n{}", self.faults.len(), self.attempts, self.faults.join("\n"));
        assert!(self.attempts >= least, "{} attempts", self.attempts);
    }
}

fn parent() -> Value {
    terms("PRN", "parental-responsibility")
}

/// A browser with cookies of one's choice.
fn holding(world: &World, cookies: &[(&str, &Option<String>)]) -> Browser {
    let browser = world.browser();
    for (name, value) in cookies {
        browser.set_cookie(name, value.as_deref());
    }
    browser
}

async fn codes(browser: &Browser, challenge: &str, code: &str) -> Reply {
    browser.post("/login/code", &json!({"challenge": challenge, "code": code})).await
}

/// `one.two` with the parts of two challenges or cookies mixed.
fn mixed(left: &str, right: &str) -> String {
    let ((login, _), (_, rest)) = (left.split_once('.').unwrap(), right.split_once('.').unwrap());
    format!("{login}.{rest}")
}

/// No mail to the mailbox says who is meant, for whom, or how many they are.
async fn mails_are_bare(world: &World) {
    let mails = world.mails_to(SHARED).await;
    assert!(mails.len() >= 6, "{}", mails.len());
    for mail in mails {
        let text = mail.text.unwrap();
        assert_eq!(mail.subject, "A message from your clinic's portal");
        for word in ["First", "Second", "Child of", "Shared", "PRN", "mbr_", "log_", "@"] {
            assert!(!text.contains(word), "{word} stands in: {text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_same_password_neither_ever_gets_in_as_the_other() {
    let world = World::new().await;
    let (one, two) =
        (world.registers("Child of one", "2014-01-01").await, world.registers("Child of two", "2016-01-01").await);
    let invited = world.invites(SHARED, &[(&one, parent())]).await;
    let mut first = world.joins(&invited, "First").await;
    // Asked for while the first was alone.
    let elsewhere = Person::new(world.browser(), SHARED, PASSWORD);
    let challenge = elsewhere.tries_to_sign_in().await.is(200).at("/challenge");
    let code = world.code_for(SHARED).await;
    let invited = world.invites(SHARED, &[(&two, parent())]).await;
    let proof = world.proof_for(&invited).await;
    let browser = world.browser();
    let new_login = json!({"name": "Second", "password": PASSWORD, "language": "en"});
    let body = json!({"token": invited.token, "code": proof, "new_login": new_login});
    let second = browser.post("/invitations/accept", &body).await.is(200).at("/login");
    assert_ne!(first.id, second);

    let mut ledger = Ledger::default();
    let devices = [first.browser.cookie(DEVICE), browser.cookie(DEVICE), None];
    assert!(devices[0].is_some() && devices[1].is_some());
    // The mail with the first one's code was there for both to read.
    for device in &devices {
        let browser = holding(&world, &[(DEVICE, device)]);
        let nothing = format!("{second}.cha_{}", "0".repeat(32));
        for name in [mixed(&nothing, &challenge), nothing.clone(), mixed(&challenge, &nothing)] {
            ledger.expect("the first one's code under another name", None, &codes(&browser, &name, &code).await);
        }
        ledger.expect("the code of an invitation", None, &codes(&browser, &challenge, &proof).await);
    }
    // What the first has: a code that was asked for before, and the refresh cookie.
    ledger.expect("the first one's own code", Some(&first.id), &codes(&elsewhere.browser, &challenge, &code).await);
    ledger.expect("the same code again", None, &codes(&browser, &challenge, &code).await);
    let cookie = first.browser.cookie(REFRESH);
    let renamed = cookie.as_ref().map(|cookie| mixed(&format!("{second}.x"), cookie));
    for device in &devices {
        let browser = holding(&world, &[(REFRESH, &renamed), (DEVICE, device)]);
        ledger.expect(
            "the first one's cookie in the second one's name",
            None,
            &browser.post("/login/refresh", &json!({})).await,
        );
    }
    first.refreshes().await;

    // A link to the mailbox of both: who accepts it is who has a session, and it opens nothing by itself.
    let third = world.registers("Shared child", "2018-01-01").await;
    let invited = world.invites(SHARED, &[(&third, parent())]).await;
    let bare = json!({"token": invited.token});
    ledger.expect("a link without a session", None, &browser.post("/invitations/accept", &bare).await);
    let accepted = first.post("/invitations/accept", &bare).await.is(200);
    assert_eq!(accepted.at("/login"), first.id);
    ledger.expect("a used link", None, &browser.post("/invitations/accept", &bare).await);
    let ids: Vec<Value> = first.members().await.iter().map(|member| member["id"].clone()).collect();
    assert_eq!((ids.len(), ids.contains(&json!(two))), (2, false));
    first.tries_to_open(&two).await.is_hidden();
    // The password is both their's: it opens neither, on a new device, on one's own, on the other's; in any spelling of the
    // address.
    for device in &devices {
        for address in [SHARED, "BOTH@family.example", "both@FAMILY.example"] {
            let anybody = Person::new(holding(&world, &[(DEVICE, device)]), address, PASSWORD);
            // Limits on guessing have room again: it is not they that refuse.
            world.passes(SignedDuration::from_mins(2));
            ledger.expect("the password", None, &anybody.tries_to_sign_in().await.is(401));
        }
    }
    // The way out: a recovery code and the mailbox set a new password for the one whose code it is, and for nobody else.
    first.refreshes().await;
    first.proves_again(&world).await;
    let sheet = first.post("/login/recovery-codes", &json!({})).await.is(200).list("codes");
    let sheet: Vec<&str> = sheet.iter().map(|code| code.as_str().unwrap()).collect();
    let begin = json!({"email": SHARED, "code": sheet[0]});
    let challenge = world.browser().post("/login/recover", &begin).await.is(200).at("/challenge");
    let code = world.code_for(SHARED).await;
    let renew = async |name: &str, code: &str| {
        let body = json!({"challenge": name, "code": code, "password": "chosen by the first alone"});
        browser.post("/login/recover/confirm", &body).await
    };
    let nothing = format!("{second}.cha_{}", "0".repeat(32));
    renew(&mixed(&nothing, &challenge), &code).await.is_problem(401, "sign-in-again");
    renew(&mixed(&challenge, &nothing), &code).await.is_problem(401, "sign-in-again");
    ledger.expect("a code for recovery at the sign-in", None, &codes(&browser, &challenge, &code).await);
    renew(&challenge, &code).await.is(204);
    for (password, owner) in [("chosen by the first alone", &first.id), (PASSWORD, &second)] {
        world.passes(SignedDuration::from_mins(2));
        let person = Person::new(world.browser(), SHARED, password);
        let challenge = person.tries_to_sign_in().await.is(200).at("/challenge");
        let code = world.code_for(SHARED).await;
        ledger.expect("a password each", Some(owner), &codes(&person.browser, &challenge, &code).await);
    }
    mails_are_bare(&world).await;
    ledger.settle(29);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_password_each_everything_opens_the_login_of_its_owner_alone() {
    let world = World::new().await;
    let mut persons = Vec::new();
    for (name, password) in [("First", "the password of the first"), ("Second", "the password of the second")] {
        let child = world.registers(&format!("Child of {name}"), "2014-01-01").await;
        let invited = world.invites(SHARED, &[(&child, parent())]).await;
        persons.push((world.joins_with(&invited, name, password).await, child));
    }
    let mut ledger = Ledger::default();
    let mut asked = Vec::new();
    for (person, _) in &persons {
        let challenge = Person::new(world.browser(), SHARED, &person.password).tries_to_sign_in().await;
        asked.push((challenge.is(200).at("/challenge"), world.code_for(SHARED).await));
    }
    for (me, you) in [(0, 1), (1, 0)] {
        let ((person, _), (other, _)) = (&persons[me], &persons[you]);
        let ((challenge, code), (their_challenge, their_code)) = (&asked[me], &asked[you]);
        // The other one's device knows the other alone: there the password is not enough.
        let browser = holding(&world, &[(DEVICE, &other.browser.cookie(DEVICE))]);
        let away = Person::new(browser.clone(), SHARED, &person.password);
        let reply = away.tries_to_sign_in().await.is(200);
        assert_eq!(reply.at("/result"), "code-sent");
        ledger.expect("the password on the other's device", None, &reply);
        let known = Person::new(holding(&world, &[(DEVICE, &person.browser.cookie(DEVICE))]), SHARED, &person.password);
        ledger.expect("the password on the own device", Some(&person.id), &known.tries_to_sign_in().await);
        // The own code for the other's sign-in, and the other way round, and both under mixed names.
        for (name, code) in [
            (challenge.clone(), their_code),
            (mixed(challenge, their_challenge), code),
            (mixed(challenge, their_challenge), their_code),
        ] {
            ledger.expect("a code where it does not belong", None, &codes(&browser, &name, code).await);
        }
        // Cookies: every mixture of login, session and secret but the own.
        let mine = person.browser.cookie(REFRESH).unwrap();
        let theirs = other.browser.cookie(REFRESH).unwrap();
        let (names, _) = mine.rsplit_once('.').unwrap();
        let their_secret = theirs.rsplit_once('.').unwrap().1;
        for cookie in [mixed(&mine, &theirs), format!("{}.{their_secret}", mixed(&theirs, names))] {
            let browser = holding(&world, &[(REFRESH, &Some(cookie))]);
            ledger.expect("a mixed cookie", None, &browser.post("/login/refresh", &json!({})).await);
        }
        // The other's token does not change whose cookie it is.
        let asking = person.browser.ask("POST", "/login/refresh").bearer(&other.token()).json(&json!({}));
        ledger.expect("the own cookie with the other's token", Some(&person.id), &asking.send().await);
    }
    // What the own browser asked for still works: wrong guesses of the other were three of five.
    for ((person, _), (challenge, code)) in persons.iter().zip(&asked) {
        ledger.expect("the own code", Some(&person.id), &codes(&world.browser(), challenge, code).await);
    }

    // A link to both: whoever accepts gets it, the other does not. A link to the one's own mailbox is nothing to the other.
    let shared = world.registers("Shared child", "2018-01-01").await;
    let invited = world.invites(SHARED, &[(&shared, parent())]).await;
    let second = &persons[1].0;
    assert_eq!(
        second.post("/invitations/accept", &json!({"token": invited.token})).await.is(200).at("/login"),
        second.id
    );
    let private = world.invites("first@work.example", &[(&shared, parent())]).await;
    let forwarded = json!({"token": private.token});
    second.post("/invitations/accept", &forwarded).await.is_problem(422, "cannot-be-done");
    for ((person, own), (_, foreign)) in [(&persons[0], &persons[1]), (&persons[1], &persons[0])] {
        let ids: Vec<Value> = person.members().await.iter().map(|member| member["id"].clone()).collect();
        assert!(ids.contains(&json!(own)) && !ids.contains(&json!(foreign)));
        assert_eq!(ids.contains(&json!(shared)), person.id == second.id);
        person.tries_to_open(foreign).await.is_hidden();
    }
    mails_are_bare(&world).await;
    ledger.settle(18);
}
