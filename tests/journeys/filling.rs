//! Forms: filled in on the screen, signed, and sealed with the answers on their pages.

use journeys::{Family, Person, Reply, Tab, World, equal_form, form, pdf, sha256, signing};
use seal::pdf::fill_in;
use serde_json::{Value, json};

fn typed() -> Value {
    json!({"kind": "typed", "name": "A parent"})
}

/// One form for both parents.
async fn asked(world: &World, mode: &str) -> (Family, String) {
    let family = world.family().await;
    let desk = world.staff.opens_as_staff(&family.child).await;
    let document = desk.uploads(world, "Form", &form()).await;
    let slot = |person: &Person| json!({"login": person.id, "capacity": "parent"});
    let slots = json!([slot(&family.mother), slot(&family.father)]);
    let body = json!({"document": document, "title": "Form", "mode": mode, "slots": slots});
    let packet = desk.post("/packets", &body).await.is(201).at("/id");
    (family, packet)
}

/// Somebody's form on a screen.
struct Screen {
    tab: Tab,
    packet: String,
    path: String,
}

impl Screen {
    async fn of(person: &Person, member: &str, packet: &str) -> Self {
        let tab = person.opens(member).await;
        let seen = tab.packet(packet).await;
        let path = format!("/packets/{packet}/slots/{}", seen["mine"]["slot"].as_str().unwrap());
        Self { tab, packet: packet.to_owned(), path }
    }

    async fn sees(&self) -> Value {
        self.tab.get(&format!("{}/answers", self.path)).await.is(200).json()
    }

    async fn saves(&self, answers: Value, version: u64) -> Reply {
        self.tab.post(&format!("{}/answers", self.path), &json!({"answers": answers, "version": version})).await
    }

    async fn carries(&self, from: &Self, version: u64) -> Reply {
        let [_, _, packet, _, slot] = from.path.split('/').collect::<Vec<_>>().try_into().unwrap();
        let from = json!({"member": from.tab.member, "packet": packet, "slot": slot});
        self.tab.post(&format!("{}/answers/carry", self.path), &json!({"from": from, "version": version})).await
    }

    async fn signs_over(&self, answers: &Value) -> Reply {
        let seen = self.tab.reads(&self.packet).await;
        let mut body = signing(&seen, &typed());
        body["answers_sha256"] = answers.clone();
        self.tab.post(&format!("{}/sign", self.path), &body).await
    }

    async fn signs(&self) -> Reply {
        self.signs_over(&self.sees().await["sha256"]).await
    }

    async fn file(&self, world: &World) -> Vec<u8> {
        let link = self.tab.post(&format!("/packets/{}/open", self.packet), &json!({})).await.is(200);
        world.downloads(&link.at("/url")).await.unwrap()
    }
}

/// Whether the pages of a file are its document with these answers drawn on it, and no others.
fn shows(file: &[u8], answers: &Value) -> bool {
    let document = pades::verify(file, None).unwrap().record.document;
    let shown = &file[..usize::try_from(document.bytes).unwrap()];
    let drawn = |answers: &Value| fill_in(shown, &serde_json::from_value(answers.clone()).unwrap()).unwrap();
    let mut other = answers.clone();
    other["child"] = json!("Somebody else");
    file.starts_with(&drawn(answers)) && !file.starts_with(&drawn(&other))
}

#[tokio::test(flavor = "multi_thread")]
async fn two_parents_fill_in_a_copy_each_and_neither_sees_a_word_of_the_other() {
    let world = World::new().await;
    let (family, packet) = asked(&world, "separate").await;
    let hers = Screen::of(&family.mother, &family.child, &packet).await;
    let his = Screen::of(&family.father, &family.child, &packet).await;

    let empty = hers.sees().await;
    assert_eq!((&empty["version"], &empty["answers"], &empty["editable"]), (&json!(0), &json!({}), &json!(true)));
    assert_eq!(empty["fields"].as_array().unwrap().len(), 4);
    let answers = json!({"child": "Robin Núñez", "notes": "Alone.\nMarker-hers", "agree": true, "side": "left"});
    let saved = hers.saves(answers.clone(), 0).await.is(200).json();
    assert_eq!((&saved["version"], &saved["missing"]), (&json!(1), &json!([])));
    // The tab was closed; another one goes on where it was.
    let again = Screen::of(&family.mother, &family.child, &packet).await.sees().await;
    assert_eq!((&again["answers"], &again["sha256"]), (&answers, &saved["sha256"]));
    assert_eq!(again["sha256"], sha256(answers.to_string().as_bytes()), "anybody can count the hash again");

    his.saves(json!({"child": "Robin", "notes": "Marker-his"}), 0).await.is(200);
    let theirs = his.tab.get(&format!("{}/answers", hers.path)).await;
    theirs.is_hidden();
    let desk = world.staff.opens_as_staff(&family.child).await;
    desk.get(&format!("{}/answers", hers.path)).await.is_hidden();
    desk.post(&format!("{}/answers", hers.path), &json!({"answers": {}, "version": 1})).await.is_hidden();

    hers.signs().await.is(200);
    world.settled().await;
    let file = hers.file(&world).await;
    assert!(shows(&file, &answers));
    let verified = pades::verify(&file, None).unwrap();
    assert_eq!(verified.record.answers, Some(answers.to_string()));
    assert_eq!(verified.record.signatures[0].answers.as_deref(), saved["sha256"].as_str());
    assert_eq!(
        sha256(&file[..usize::try_from(verified.record.document.bytes).unwrap()]),
        verified.record.document.sha256
    );

    // Signed is signed, for reading only; and he goes on.
    assert_eq!(hers.sees().await["editable"], false);
    hers.saves(json!({"child": "Kim"}), 2).await.is_problem(409, "conflict");
    his.signs().await.is(200);
    world.settled().await;
    assert!(shows(&his.file(&world).await, &json!({"child": "Robin", "notes": "Marker-his"})));
    let seen = desk.packet(&packet).await;
    assert_eq!(seen["slots"][0]["answers_sha256"], saved["sha256"]);
    // The clinic's record of both copies has the hashes, and the answers of neither.
    let link = desk.post(&format!("/packets/{packet}/open"), &json!({})).await.is(200).at("/url");
    let record = pades::verify(&world.downloads(&link).await.unwrap(), None).unwrap().record;
    assert_eq!((record.answers, record.signatures.len()), (None, 2));
    assert_eq!(record.signatures[0].answers.as_deref(), saved["sha256"].as_str());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_windows_the_later_one_is_told_and_loses_nothing() {
    let world = World::new().await;
    let (family, packet) = asked(&world, "separate").await;
    let first = Screen::of(&family.mother, &family.child, &packet).await;
    let second = Screen::of(&family.mother, &family.child, &packet).await;
    first.saves(json!({"child": "Robin"}), 0).await.is(200);
    let late = second.saves(json!({"notes": "typed elsewhere"}), 0).await.is_problem(409, "conflict");
    assert!(late.at("/detail").contains("another window"), "{}", late.text);
    let newest = second.sees().await;
    assert_eq!((&newest["version"], &newest["answers"]), (&json!(1), &json!({"child": "Robin"})));
    let both = json!({"child": "Robin", "notes": "typed elsewhere"});
    assert_eq!(second.saves(both.clone(), 1).await.is(200).json()["version"], 2);
    // What came again because its answer was lost changes nothing.
    assert_eq!(second.saves(both, 1).await.is(200).json()["version"], 2);
    // The first window shows what is no more: it cannot sign it.
    let shown = json!(sha256(br#"{"child":"Robin"}"#));
    first.signs_over(&shown).await.is_problem(409, "conflict");
    first.signs().await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_that_does_not_fit_is_told_and_nothing_required_is_left_out() {
    let world = World::new().await;
    let (family, packet) = asked(&world, "separate").await;
    let hers = Screen::of(&family.mother, &family.child, &packet).await;
    let wrong = json!({"child": "x".repeat(41), "side": "up", "agree": "yes", "notes": "fine"});
    let told = hers.saves(wrong, 0).await.is_problem(422, "cannot-be-done").json();
    let rules: Vec<_> =
        told["errors"].as_array().unwrap().iter().map(|error| (&error["field"], &error["rule"])).collect();
    let expected =
        [("agree", "kind"), ("child", "too-long"), ("side", "choice")].map(|(field, rule)| (json!(field), json!(rule)));
    assert_eq!(rules, expected.iter().map(|(field, rule)| (field, rule)).collect::<Vec<_>>());
    hers.saves(json!({"other": "x"}), 0).await.is_problem(422, "cannot-be-done");
    hers.saves(json!({"notes": "x".repeat(4_001)}), 0).await.is_problem(422, "cannot-be-done");

    hers.signs_over(&Value::Null).await.is_problem(409, "conflict");
    let saved = hers.saves(json!({"notes": "no name yet"}), 0).await.is(200).json();
    assert_eq!(saved["missing"], json!(["child"]));
    hers.signs().await.is_problem(409, "conflict");
    hers.saves(json!({"child": "Robin"}), 1).await.is(200);
    hers.signs().await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_shared_form_one_fills_in_and_the_other_signs_the_same() {
    let world = World::new().await;
    let (family, packet) = asked(&world, "together").await;
    let hers = Screen::of(&family.mother, &family.child, &packet).await;
    let his = Screen::of(&family.father, &family.child, &packet).await;
    assert_eq!(his.tab.packet(&packet).await["mine"]["state"], "not-yet");
    assert_eq!(his.tab.packet(&packet).await["mine"]["answers"], "others");
    hers.saves(json!({"child": "Robin", "notes": "Marker-hers"}), 0).await.is(200);
    let seen = his.sees().await;
    assert_eq!((&seen["answers"], &seen["editable"]), (&json!({}), &json!(false)), "begun answers are hers alone");
    his.saves(json!({"child": "Kim"}), 0).await.is_problem(409, "conflict");
    his.signs().await.is_problem(409, "conflict");

    hers.signs().await.is(200);
    let seen = his.sees().await;
    assert_eq!(seen["answers"], json!({"child": "Robin", "notes": "Marker-hers"}));
    his.signs_over(&Value::Null).await.is_problem(409, "conflict");
    his.signs().await.is(200);
    world.settled().await;
    let file = his.file(&world).await;
    assert_eq!(hers.file(&world).await, file);
    assert!(shows(&file, &seen["answers"]));
    let record = pades::verify(&file, None).unwrap().record;
    assert!(record.signatures.iter().all(|signature| signature.answers.as_deref() == seen["sha256"].as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_begun_goes_when_the_request_ends() {
    let world = World::new().await;
    let (family, packet) = asked(&world, "separate").await;
    let hers = Screen::of(&family.mother, &family.child, &packet).await;
    let his = Screen::of(&family.father, &family.child, &packet).await;
    hers.saves(json!({"notes": "Marker-hers"}), 0).await.is(200);
    his.saves(json!({"notes": "Marker-his"}), 0).await.is(200);
    let kept = async || {
        let items: Vec<String> = world.items().await.iter().map(Value::to_string).collect();
        ["Marker-hers", "Marker-his", "FILLED#"].map(|word| items.iter().filter(|item| item.contains(word)).count())
    };
    assert_eq!(kept().await, [1, 1, 2]);
    his.tab.post(&format!("{}/decline", his.path), &json!({"reason": "no"})).await.is(204);
    assert_eq!(kept().await, [1, 0, 1]);
    let desk = world.staff.opens_as_staff(&family.child).await;
    desk.post(&format!("/packets/{packet}/void"), &json!({})).await.is(204);
    assert_eq!(kept().await, [0, 0, 0]);
    hers.saves(json!({"child": "late"}), 1).await.is_problem(409, "conflict");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_carried_from_one_child_to_the_next_and_only_ones_own() {
    let world = World::new().await;
    let family = world.family().await;
    let file = equal_form("The same for all siblings");
    let mut screens = Vec::new();
    for member in [&family.child, &family.sibling] {
        let desk = world.staff.opens_as_staff(member).await;
        let document = desk.uploads(&world, "Form", &file).await;
        let packet = world.asks(member, &document, &[(&family.mother, "parent")]).await;
        screens.push(Screen::of(&family.mother, member, &packet).await);
    }
    let [first, second] = screens.as_slice() else { panic!("two children") };
    let name = first.tab.get("").await.is(200).at("/name");
    let answers = json!({"child": name, "notes": "No nuts", "side": "right"});
    first.saves(answers.clone(), 0).await.is(200);
    let sources = second.sees().await["sources"].clone();
    assert_eq!(sources[0]["member"], json!(family.child));

    let carried = second.carries(first, 0).await.is(200).json();
    assert_eq!(carried["left_empty"], json!(["child"]), "the other child's name stays where it is");
    assert_eq!(carried["answers"], json!({"notes": "No nuts", "side": "right"}));
    assert_eq!(second.carries(first, 0).await.is(200).json()["version"], 1, "once more changes nothing");
    let saved = second.saves(json!({"child": "The sibling", "notes": "No nuts", "side": "right"}), 1).await;
    saved.is(200);
    second.signs().await.is(200);
    world.settled().await;
    let final_answers = json!({"child": "The sibling", "notes": "No nuts", "side": "right"});
    assert!(shows(&second.file(&world).await, &final_answers));

    // Answers of somebody else, on another form, or on a record that is out of reach.
    let other = Screen { path: second.path.clone(), tab: first.tab.clone(), packet: second.packet.clone() };
    first.carries(&other, 1).await.is_hidden();
    let father = Screen::of(&family.mother, &family.child, &first.packet).await;
    let desk = world.staff.opens_as_staff(&family.child).await;
    let document = desk.uploads(&world, "Another", &form()).await;
    let packet = world.asks(&family.child, &document, &[(&family.mother, "parent")]).await;
    let another = Screen::of(&family.mother, &family.child, &packet).await;
    another.carries(&father, 0).await.is_problem(422, "cannot-be-done");
    world.stops(&family.sibling, &family.mother, "revoke").await;
    first.carries(second, 1).await.is_hidden();
    assert_eq!(first.sees().await["sources"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_without_fields_asks_for_no_answers() {
    let world = World::new().await;
    let family = world.family().await;
    let desk = world.staff.opens_as_staff(&family.child).await;
    let document = desk.uploads(&world, "Letter", &pdf("Letter")).await;
    let packet = world.asks(&family.child, &document, &[(&family.mother, "parent")]).await;
    let screen = Screen::of(&family.mother, &family.child, &packet).await;
    assert_eq!(screen.tab.packet(&packet).await["mine"]["answers"], "nobody");
    assert_eq!(screen.sees().await["fields"], json!([]));
    screen.saves(json!({}), 0).await.is_problem(409, "conflict");
    screen.signs_over(&json!(sha256(b"{}"))).await.is_problem(409, "conflict");
    screen.signs_over(&Value::Null).await.is(200);
}
