//! A stack of one test, with its clinic's first staff member.

use crate::browser::Heard;
use crate::{Browser, Person, Reply};
use hearth::clock::Clock;
use hearth_local::containers::Containers;
use hearth_local::{Mail, Options, Stack};
use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use serde_json::Value;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Names the folder that describes the containers of `sam local`: then the functions run there, and by the machine's clock.
const CONTAINERS: &str = "HEARTH_CONTAINERS";
/// The password of everybody in these journeys.
pub const PASSWORD: &str = "long enough for anybody";
/// The address of the first staff member.
pub const DESK: &str = "desk@clinic.example";

/// A stack, its clock, and a signed-in staff member.
pub struct World {
    /// The stack.
    pub stack: Stack,
    /// The only time there is.
    pub clock: Clock,
    /// Staff.
    pub staff: Person,
    /// The person whom the newest example of a route is about.
    pub(crate) newest_spare: Mutex<Option<Person>>,
    http: reqwest::Client,
    heard: Heard,
}

impl World {
    /// An empty clinic, in memory.
    pub async fn new() -> Self {
        Self::at(Timestamp::now()).await
    }

    /// An empty clinic, in memory, at a moment of its own.
    pub async fn at(start: Timestamp) -> Self {
        if let Some(folder) = std::env::var_os(CONTAINERS) {
            let containers = Containers::open(Path::new(&folder)).expect("what `sam local` runs");
            return Self::with(Options { containers: Some(containers), ..Options::default() }).await;
        }
        let clock = Clock::manual(start);
        Self::with(Options { clock: clock.clone(), ..Options::default() }).await
    }

    /// An empty clinic on a stack with options.
    pub async fn with(options: Options) -> Self {
        let clock = options.clock.clone();
        let stack = Stack::start(options).await.expect("a stack");
        let staff = hearth_local::demo::first_staff(&stack, &clock, "Front desk", DESK, PASSWORD).await;
        staff.expect("the first staff login");
        let mut world = Self::resumed(stack, clock);
        world.staff = world.staff.clone().signs_in_with_code(&world).await;
        world
    }

    /// A clinic that was there before; staff have not signed in.
    #[must_use]
    pub fn resumed(stack: Stack, clock: Clock) -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build();
        let http = http.expect("a client");
        let heard = Heard::default();
        let staff = Person::new(Browser::new(&http, stack.url(), &heard), DESK, PASSWORD);
        Self { stack, clock, staff, newest_spare: Mutex::default(), http, heard }
    }

    /// A browser that nobody has used.
    #[must_use]
    pub fn browser(&self) -> Browser {
        Browser::new(&self.http, self.stack.url(), &self.heard)
    }

    /// Every answer so far, in the order of arrival.
    #[must_use]
    pub fn heard(&self) -> Vec<Reply> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets time pass. Nobody else does.
    ///
    /// # Panics
    /// The functions are in containers, which follow the machine's clock.
    pub fn passes(&self, time: SignedDuration) {
        assert!(
            std::env::var_os(CONTAINERS).is_none(),
            "in containers time passes by itself: name this test in infra/local/not-in-containers"
        );
        self.clock.advance(time);
    }

    /// Waits until nothing runs and nothing is left to deliver.
    pub async fn settled(&self) {
        self.stack.idle().await;
    }

    /// How many mails have been sent, when none waits to be.
    pub async fn sent(&self) -> usize {
        self.settled().await;
        self.stack.mails().len()
    }

    /// Mails to an address, oldest first.
    pub async fn mails_to(&self, address: &str) -> Vec<Mail> {
        self.settled().await;
        let all = self.stack.mails();
        all.into_iter().filter(|mail| mail.to == [address]).collect()
    }

    /// The newest mail to an address.
    pub async fn newest_mail(&self, address: &str) -> String {
        let mails = self.mails_to(address).await;
        let newest = mails.last().unwrap_or_else(|| panic!("no mail came to {address}"));
        newest.text.clone().expect("a text")
    }

    /// The code of the newest mail to an address.
    pub async fn code_for(&self, address: &str) -> String {
        let text = self.newest_mail(address).await;
        let digits: String = text.lines().next().unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
        assert_eq!(digits.len(), 8, "no code in: {text}");
        digits
    }

    /// The token in the link of the newest mail to an address.
    pub async fn link_for(&self, address: &str) -> String {
        let text = self.newest_mail(address).await;
        let start = format!("{}/invitation#", self.stack.url());
        let link = text.split_whitespace().find_map(|word| word.strip_prefix(start.as_str()));
        link.unwrap_or_else(|| panic!("no link in: {text}")).to_owned()
    }

    /// Sends a file to S3 as an announced upload wants it.
    pub async fn puts(&self, upload: &Value, file: &[u8]) -> StatusCode {
        let url = upload["url"].as_str().expect("an address");
        let mut request = self.http.put(url).body(file.to_vec());
        for (name, value) in upload["headers"].as_object().expect("headers") {
            request = request.header(name, value.as_str().expect("a header"));
        }
        request.send().await.expect("an answer of S3").status()
    }

    /// Opens a link to a file.
    pub async fn downloads(&self, url: &str) -> Result<Vec<u8>, StatusCode> {
        let response = self.http.get(url).send().await.expect("an answer of S3");
        if !response.status().is_success() {
            return Err(response.status());
        }
        Ok(response.bytes().await.expect("a file").to_vec())
    }

    /// Every item of the database, in a fixed order, when nothing runs any more that could change one.
    pub async fn items(&self) -> Vec<Value> {
        self.settled().await;
        let mut items = self.stack.items().expect("items");
        items.sort_by_key(Value::to_string);
        items
    }

    /// The one log line of an answered request.
    #[must_use]
    pub fn line(&self, reply: &Reply) -> Value {
        assert!(!reply.request().is_empty(), "{} has no request identifier", reply.asked);
        let mut lines = self.log();
        lines.retain(|line| line["request"] == reply.request());
        assert_eq!(lines.len(), 1, "{}: {lines:?}", reply.asked);
        lines.remove(0)
    }

    /// The log lines, parsed.
    #[must_use]
    pub fn log(&self) -> Vec<Value> {
        let lines = self.stack.logs();
        lines.iter().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}"))).collect()
    }
}
