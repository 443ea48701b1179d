//! Two guardians who sign separately: no answer, mail or file that one of them can reach holds a word of the other.

use jiff::{SignedDuration, Timestamp};
use journeys::{Person, Reply, Tab, World, form, signing, terms};
use serde_json::{Value, json};

const STEP: SignedDuration = SignedDuration::from_secs(71);

/// Everything that one person got hold of, each with its name.
#[derive(Default)]
struct Reach(Vec<(String, String)>);

impl Reach {
    fn hears(&mut self, reply: &Reply) {
        self.0.push((reply.asked.clone(), format!("{} {}", reply.asked, reply.seen())));
    }

    /// The bytes, every stream of it in plain, its objects with the metadata, and the text of its pages.
    fn gets(&mut self, name: &str, file: &[u8]) {
        let mut text = String::from_utf8_lossy(file).into_owned();
        let document = lopdf::Document::load_mem(file).expect("a PDF");
        for object in document.objects.values() {
            text += &format!("{object:?}\n");
            if let Ok(stream) = object.as_stream() {
                let plain = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
                text += &String::from_utf8_lossy(&plain);
            }
        }
        let pages: Vec<u32> = document.get_pages().into_keys().collect();
        text += &document.extract_text(&pages).expect("text of the pages");
        self.0.push((name.to_owned(), text));
    }

    /// Where a word stands. Lines are broken anywhere in a PDF, so blanks do not count.
    fn holds(&self, word: &str) -> Vec<&str> {
        let dense = |text: &str| text.chars().filter(|character| !character.is_whitespace()).collect::<String>();
        let word = dense(word);
        self.0.iter().filter(|(_, text)| dense(text).contains(&word)).map(|(name, _)| name.as_str()).collect()
    }

    /// Looks at everything that a person has, packets first.
    async fn looks(&mut self, world: &World, person: &Person, tab: &Tab, foreign: &[String]) {
        for path in ["/members", "/login/sessions", "/login/mailboxes", "/login/aliases", "/login/passkeys"] {
            self.hears(&person.get(path).await);
        }
        let lists = ["", "/packets", "/documents", "/activity", "/requests", "/grants", "/directory", "/blocks"];
        for path in lists {
            self.hears(&tab.get(path).await);
        }
        for packet in tab.get("/packets").await.is(200).list("packets") {
            let path = format!("/packets/{}", packet["id"].as_str().unwrap());
            self.hears(&tab.get(&path).await);
            if let Some(slot) = packet["mine"]["slot"].as_str() {
                self.hears(&tab.get(&format!("{path}/slots/{slot}/answers")).await);
            }
            let link = tab.post(&format!("{path}/open"), &json!({})).await.is(200);
            self.hears(&link);
            self.gets(&link.at("/file"), &world.downloads(&link.at("/url")).await.unwrap());
            // With the other's slot, guessed.
            for slot in foreign {
                let open = tab.post(&format!("{path}/open"), &json!({"slot": slot})).await.is_hidden();
                let decline = tab.post(&format!("{path}/slots/{slot}/decline"), &json!({"reason": "x"})).await;
                let paper = tab.post(&format!("{path}/slots/{slot}/paper"), &json!({})).await.is_hidden();
                let body = signing(&packet, &json!({"kind": "typed", "name": "x"}));
                let sign = tab.post(&format!("{path}/slots/{slot}/sign"), &body).await.is_hidden();
                let answers = tab.get(&format!("{path}/slots/{slot}/answers")).await.is_hidden();
                // The answers only: the question names the slot.
                for reply in [open, decline.is_hidden(), paper, sign, answers] {
                    self.0.push(("a guess".to_owned(), reply.seen()));
                }
            }
        }
    }

    async fn reads_mails(&mut self, world: &World, address: &str) {
        for mail in world.mails_to(address).await {
            let (subject, text, html) = (mail.subject, mail.text, mail.html);
            self.0.push(("a mail".to_owned(), format!("{} {:?} {subject} {text:?} {html:?}", mail.from, mail.to)));
        }
    }
}

/// A moment in the forms in which answers and files show it. Clinics differ from UTC by whole hours here.
fn forms(at: &Value) -> Vec<String> {
    let moment: Timestamp = at.as_str().unwrap().parse().unwrap();
    let form = |form: &str| moment.strftime(form).to_string();
    vec![form(":%M:%S"), form("%Y-%m-%dT%H:%M:%S"), form("%Y%m%d%H%M%S"), moment.as_second().to_string()]
}

struct Case {
    world: World,
    child: String,
    document: String,
    mother: Person,
    father: Person,
    desk: Tab,
}

impl Case {
    async fn open() -> Self {
        let world = World::at("2026-11-21T15:00:02Z".parse().unwrap()).await;
        let child = world.registers("Robin", "2019-03-09").await;
        let invited =
            world.invites("marisol@harbour.example", &[(&child, terms("PRN", "parental-responsibility"))]).await;
        let mother = world.joins(&invited, "Marisol Quintanilla").await;
        let terms = terms("PRN", "parental-responsibility");
        let invited = world.invites("bart.okonkwo@secondhome.example", &[(&child, terms)]).await;
        let father = world.joins(&invited, "Bartholomew Okonkwo-Lindqvist").await;
        let desk = world.staff.opens_as_staff(&child).await;
        let document = desk.uploads(&world, "Consent", &form()).await;
        Self { world, child, document, mother, father, desk }
    }

    async fn asks(&self, mode: &str) -> (String, String) {
        let slots =
            json!([{"login": self.mother.id, "capacity": "parent"}, {"login": self.father.id, "capacity": "parent"}]);
        // The same tab of staff, so that the list of who opened the record does not grow.
        let body = json!({"document": self.document, "title": "Consent", "mode": mode, "slots": slots});
        let made = self.desk.post("/packets", &body).await.is(201);
        (made.at("/id"), made.at("/slots/1/id"))
    }

    /// A while later, with a fresh proof and a tab of that time.
    async fn turns(&self, person: &Person) -> Tab {
        self.world.passes(STEP);
        person.clone().refreshes().await;
        person.proves_again(&self.world).await;
        person.opens(&self.child).await
    }

    /// Staff's tab, of this time.
    async fn desk(&self) -> Tab {
        self.world.staff.clone().refreshes().await;
        self.world.staff.opens_as_staff(&self.child).await
    }

    /// The father signs by drawing and by typing, and declines; what there is to know of it.
    async fn father_acts(&self, packets: &[(String, String)]) -> Vec<String> {
        let marks = [
            json!({"kind": "drawn", "strokes": [[[137, 211], [713, 73]], [[419, 283], [431, 17]]]}),
            json!({"kind": "typed", "name": "B. O. Lindqvist the Elder"}),
        ];
        // What he begins to write on the last one goes with it.
        for ((packet, _), marker) in packets.iter().zip(["Ouagadougou", "Paramaribo", "Antananarivo"]) {
            let tab = self.turns(&self.father).await;
            if tab.packet(packet).await["mine"]["answers"] == "own" {
                tab.fills(packet, &json!({"child": format!("Robin of {marker}"), "notes": marker, "side": "left"}))
                    .await;
            }
        }
        for ((packet, _), mark) in packets.iter().zip(&marks) {
            let tab = self.turns(&self.father).await;
            tab.reads(packet).await;
            self.turns(&self.father).await.tries_to_sign(packet, mark).await.is(200);
            self.world.settled().await;
        }
        let mut words = [
            "Bartholomew Okonkwo-Lindqvist",
            "Bartholomew",
            "Okonkwo",
            "Lindqvist",
            "the Elder",
            "bart.okonkwo",
            "secondhome",
            "bart.okonkwo@secondhome.example",
            "Zanzibar",
            "Abernathy",
            "137,211",
            "713,73",
            "[[137,211],[713,73]]",
            "419,283",
            "Ouagadougou",
            "Paramaribo",
            "Antananarivo",
        ]
        .map(str::to_owned)
        .to_vec();
        words.extend([self.father.id.clone(), self.father.id.trim_start_matches("log_").to_owned()]);
        for (packet, slot) in packets {
            words.extend([slot.clone(), slot.trim_start_matches("slt_").to_owned()]);
            if let [_, _, (last, own)] = packets
                && last == packet
            {
                let tab = self.turns(&self.father).await;
                tab.reads(packet).await;
                let tab = self.turns(&self.father).await;
                tab.post(&format!("/packets/{packet}/slots/{own}/paper"), &json!({})).await.is(204);
                let tab = self.turns(&self.father).await;
                let reason = json!({"reason": "We spoke of it in Zanzibar"});
                tab.post(&format!("/packets/{packet}/slots/{own}/decline"), &reason).await.is(204);
                self.world.passes(STEP);
                let desk = self.desk().await;
                // That the clinic opened the record is for her to see; what it did then is not.
                self.world.passes(STEP);
                let decision = json!({"how": "excused", "reason": "order of Judge Abernathy"});
                desk.post(&format!("/packets/{packet}/slots/{own}/settle"), &decision).await.is(204);
            }
            self.world.passes(STEP);
            let seen = self.desk().await.packet(packet).await["slots"][1].clone();
            for time in ["opened_at", "paper_asked_at", "signed_at"] {
                words.extend(seen.get(time).into_iter().flat_map(forms));
            }
            words.extend(seen.get("excuse").into_iter().flat_map(|excuse| forms(&excuse["at"])));
            let hashes = ["copy_sha256", "answers_sha256"].map(|name| seen.get(name)).into_iter().flatten();
            words.extend(hashes.map(|hash| hash.as_str().unwrap().to_owned()));
        }
        words
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_one_guardian_can_reach_holds_a_word_of_the_other() {
    let case = Case::open().await;
    let (mut reach, world) = (Reach::default(), &case.world);
    let packets = [case.asks("separate").await, case.asks("separate").await, case.asks("separate").await];
    let foreign: Vec<String> = packets.iter().map(|(_, slot)| slot.clone()).collect();
    for (packet, _) in &packets {
        case.turns(&case.mother).await.fills(packet, &json!({"child": "Robin", "notes": "Hers"})).await;
    }
    let tab = case.turns(&case.mother).await;
    reach.looks(world, &case.mother, &tab, &foreign).await;
    // He acts before her in two, after her in one.
    let tab = case.turns(&case.mother).await;
    let signed = tab.tries_to_sign(&packets[2].0, &json!({"kind": "typed", "name": "Marisol"})).await.is(200);
    reach.hears(&signed);
    world.settled().await;
    let words = case.father_acts(&packets).await;

    let tab = case.turns(&case.mother).await;
    reach.looks(world, &case.mother, &tab, &foreign).await;
    for (packet, _) in &packets[..2] {
        let signed = case.turns(&case.mother).await;
        reach.hears(&signed.tries_to_sign(packet, &json!({"kind": "typed", "name": "Marisol"})).await.is(200));
        world.settled().await;
    }
    let tab = case.turns(&case.mother).await;
    reach.looks(world, &case.mother, &tab, &foreign).await;
    reach.reads_mails(world, &case.mother.email).await;
    for (packet, _) in &packets {
        assert_eq!(tab.packet(packet).await["state"], "sealed");
        assert_eq!(case.desk().await.packet(packet).await["standing"], "sealed");
    }

    assert!(words.len() >= 30 && reach.0.len() > 50, "{} words in {} places", words.len(), reach.0.len());
    assert!(!reach.holds("Marisol Quintanilla").is_empty(), "her own name is found in her own file");
    let found: Vec<_> =
        words.iter().map(|word| (word, reach.holds(word))).filter(|(_, places)| !places.is_empty()).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_search_finds_the_other_where_they_sign_together() {
    let case = Case::open().await;
    let (mut reach, world) = (Reach::default(), &case.world);
    let packets = [case.asks("together").await, case.asks("together").await];
    for (packet, _) in &packets {
        let tab = case.turns(&case.mother).await;
        tab.fills(packet, &json!({"child": "Robin", "notes": "Hers"})).await;
        tab.tries_to_sign(packet, &json!({"kind": "typed", "name": "Marisol"})).await.is(200);
    }
    let words = case.father_acts(&packets).await;
    let tab = case.turns(&case.mother).await;
    reach.looks(world, &case.mother, &tab, &[]).await;
    let found: Vec<_> = words.iter().filter(|word| !reach.holds(word).is_empty()).collect();
    for word in ["Bartholomew Okonkwo-Lindqvist", "the Elder"] {
        assert!(found.iter().any(|found| *found == word), "{word} is not among {found:?}");
    }
    let signed = case.desk().await.packet(&packets[0].0).await["slots"][1]["signed_at"].clone();
    assert!(!reach.holds(&forms(&signed)[0]).is_empty(), "the time is in the shared file");
}
