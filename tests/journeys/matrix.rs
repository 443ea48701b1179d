//! Every route, asked by everybody: who may, and that all who may not get the very same answer.

use jiff::SignedDuration;
use journeys::{Browser, Person, Record, World, pdf, terms, wants_member_token};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Who asks. The order is that of the columns below, and of asking: whoever uses something up comes late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    /// An adult client, about the own record.
    Oneself,
    /// The other parent of the child, who is asked to sign nothing.
    OtherParent,
    /// A parent whose access was revoked while the record was open.
    Revoked,
    /// A parent whose access ended by its date while the record was open.
    Expired,
    /// A parent whose new access begins tomorrow, with a token of the old one.
    NotYet,
    /// A parent of another child, with that child's token.
    Foreign,
    /// Nobody.
    Anonymous,
    /// The parent, with the token of the sibling.
    WrongMember,
    /// The parent, with a session token where a member token belongs, or the other way round.
    WrongKind,
    /// The parent.
    Parent,
    /// Staff.
    Staff,
}

const COLUMNS: [Who; 11] = [
    Who::Oneself,
    Who::OtherParent,
    Who::Revoked,
    Who::Expired,
    Who::NotYet,
    Who::Foreign,
    Who::Anonymous,
    Who::WrongMember,
    Who::WrongKind,
    Who::Parent,
    Who::Staff,
];

/// Expected statuses. 401: no token, or one of the wrong kind; 404: every other no.
#[rustfmt::skip]
const TABLE: &[(&str, [u16; 11])] = &[
    //                                                 self other rvkd  expd  notyt frgn  anon  wrgmb wrgkd parnt staff
    ("GET /",                                          [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET /invitation",                                [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET /verify",                                    [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    // Whoever holds a file may ask what it proves; nothing but the file is looked at.
    ("POST /verify",                                   [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET /assets/{file}",                             [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    // Address and password are all that counts; a cookie is all that counts for refreshing.
    ("POST /login",                                    [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("POST /login/code",                               [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    // Whoever signs is who the passkey says: here staff, so nobody else renews the own proof with it.
    ("POST /login/passkey/begin",                      [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("POST /login/passkey",                            [422, 422, 422, 422, 422, 422, 200, 401, 401, 422, 200]),
    ("POST /login/passkeys/begin",                     [200, 200, 200, 200, 200, 200, 401, 401, 401, 200, 200]),
    // What staff began, in the session of staff.
    ("POST /login/passkeys",                           [410, 410, 410, 410, 410, 410, 401, 401, 401, 410, 201]),
    ("GET /login/passkeys",                            [200, 200, 200, 200, 200, 200, 401, 401, 401, 200, 200]),
    ("POST /login/passkeys/{passkey}/remove",          [404, 404, 404, 404, 404, 404, 401, 401, 401, 404, 204]),
    ("POST /login/refresh",                            [200, 200, 200, 200, 200, 200, 401, 200, 200, 200, 200]),
    // Everybody's password is the same here. Staff get a code, 200 as well.
    ("POST /login/step-up",                            [200, 200, 200, 200, 200, 200, 401, 401, 401, 200, 200]),
    ("POST /login/recover",                            [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("POST /login/recover/confirm",                    [204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204]),
    ("POST /login/password",                           [204, 204, 204, 204, 204, 204, 401, 401, 401, 204, 204]),
    ("POST /login/recovery-codes",                     [200, 200, 200, 200, 200, 200, 401, 401, 401, 200, 200]),
    ("GET /login/sessions",                            [200, 200, 200, 200, 200, 200, 401, 401, 401, 200, 200]),
    // One's own: anybody else's does not exist.
    ("POST /login/sessions/{session}/end",             [204, 404, 404, 404, 404, 404, 401, 401, 401, 204, 404]),
    ("POST /login/sessions/end-others",                [204, 204, 204, 204, 204, 204, 401, 401, 401, 204, 204]),
    ("POST /logins/{login}/recovery",                  [404, 404, 404, 404, 404, 404, 401, 401, 401, 404, 201]),
    ("POST /login/sign-out",                           [204, 204, 204, 204, 204, 204, 401, 401, 401, 204, 204]),
    ("GET /login/mailboxes",                           [200, 200, 200, 200, 200, 200, 401, 401, 401, 200, 200]),
    ("POST /login/mailboxes",                          [204, 204, 204, 204, 204, 204, 401, 401, 401, 204, 204]),
    // The code, the address and the other login are somebody else's, whoever asks here: `mailboxes` and `aliases` have the rest.
    ("POST /login/mailboxes/confirm",                  [422, 422, 422, 422, 422, 422, 401, 401, 401, 422, 422]),
    ("POST /login/mailboxes/{mailbox}/prefer",         [404, 404, 404, 404, 404, 404, 401, 401, 401, 404, 404]),
    ("POST /login/mailboxes/{mailbox}/remove",         [404, 404, 404, 404, 404, 404, 401, 401, 401, 404, 404]),
    ("GET /login/aliases",                             [200, 200, 200, 200, 200, 200, 401, 401, 401, 200, 200]),
    ("POST /login/merge",                              [422, 422, 422, 422, 422, 422, 401, 401, 401, 422, 409]),
    ("POST /logins/{login}/unmerge",                   [404, 404, 404, 404, 404, 404, 401, 401, 401, 404, 204]),
    ("POST /members",                                  [404, 404, 404, 404, 404, 404, 401, 401, 401, 404, 201]),
    ("GET /members",                                   [200, 200, 200, 200, 200, 200, 401, 401, 401, 200, 200]),
    ("GET /members/{member}",                          [200, 200, 404, 404, 404, 404, 401, 404, 401, 200, 200]),
    ("POST /members/{member}/switch",                  [200, 200, 404, 404, 404, 404, 401, 401, 401, 200, 200]),
    ("GET /members/{member}/grants",                   [404, 404, 404, 404, 404, 404, 401, 404, 401, 404, 200]),
    ("POST /members/{member}/grants",                  [404, 404, 404, 404, 404, 404, 401, 404, 401, 404, 201]),
    ("POST /members/{member}/grants/{login}/change",   [404, 404, 404, 404, 404, 404, 401, 404, 401, 404, 204]),
    ("POST /members/{member}/people/{login}/preview",  [404, 404, 404, 404, 404, 404, 401, 404, 401, 404, 200]),
    ("POST /members/{member}/people/{login}/why",      [404, 404, 404, 404, 404, 404, 401, 404, 401, 404, 200]),
    ("GET /members/{member}/blocks",                   [404, 404, 404, 404, 404, 404, 401, 404, 401, 404, 200]),
    ("POST /members/{member}/blocks",                  [404, 404, 404, 404, 404, 404, 401, 404, 401, 404, 201]),
    ("POST /members/{member}/blocks/{block}/lift",     [404, 404, 404, 404, 404, 404, 401, 404, 401, 404, 200]),
    // Of somebody else's access; that people may lower their own stands in `access`.
    ("POST /members/{member}/grants/{login}/narrow",   [404, 404, 404, 404, 404, 404, 401, 404, 401, 404, 204]),
    ("POST /members/{member}/grants/{login}/end",      [404, 404, 404, 404, 404, 404, 401, 404, 401, 404, 204]),
    ("POST /members/{member}/grants/{login}/revoke",   [404, 404, 404, 404, 404, 404, 401, 404, 401, 404, 204]),
    // Kept by who grew up, see `ageing`; here it is the record of somebody else.
    ("POST /members/{member}/helpers",                 [404, 404, 404, 404, 404, 404, 401, 404, 401, 404, 404]),
    // Families need a scope that these have not, see `activity`.
    ("GET /members/{member}/directory",                [404, 404, 404, 404, 404, 404, 401, 404, 401, 404, 200]),
    ("POST /members/{member}/requests",                [201, 201, 404, 404, 404, 404, 401, 404, 401, 201, 404]),
    ("GET /members/{member}/requests",                 [200, 200, 404, 404, 404, 404, 401, 404, 401, 200, 200]),
    ("POST /members/{member}/requests/{request}/approve", [404, 404, 404, 404, 404, 404, 401, 404, 401, 404, 204]),
    ("POST /members/{member}/requests/{request}/refuse",  [404, 404, 404, 404, 404, 404, 401, 404, 401, 404, 204]),
    ("GET /members/{member}/activity",                 [200, 200, 404, 404, 404, 404, 401, 404, 401, 200, 200]),
    ("POST /agencies",                                 [404, 404, 404, 404, 404, 404, 401, 401, 401, 404, 201]),
    ("GET /agencies",                                  [404, 404, 404, 404, 404, 404, 401, 401, 401, 404, 200]),
    ("GET /agencies/{agency}",                         [404, 404, 404, 404, 404, 404, 401, 401, 401, 404, 200]),
    ("POST /agencies/{agency}/workers",                [404, 404, 404, 404, 404, 404, 401, 401, 401, 404, 201]),
    ("POST /agencies/{agency}/workers/{login}/remove", [404, 404, 404, 404, 404, 404, 401, 401, 401, 404, 204]),
    ("POST /agencies/{agency}/hand-overs",             [404, 404, 404, 404, 404, 404, 401, 401, 401, 404, 201]),
    ("GET /agencies/{agency}/hand-overs/{handover}",   [404, 404, 404, 404, 404, 404, 401, 401, 401, 404, 200]),
    ("POST /agencies/{agency}/hand-overs/{handover}/continue", [404, 404, 404, 404, 404, 404, 401, 401, 401, 404, 200]),
    ("POST /invitations",                              [404, 404, 404, 404, 404, 404, 401, 401, 401, 404, 201]),
    // Whoever holds the link, and for accepting the code; a token of the wrong kind is refused nevertheless. The one who
    // accepts as a new login while signed in is told so.
    ("POST /invitations/look",                         [200, 200, 200, 200, 200, 200, 200, 401, 401, 200, 200]),
    ("POST /invitations/confirm",                      [204, 204, 204, 204, 204, 204, 204, 401, 401, 204, 204]),
    ("POST /invitations/accept",                       [422, 422, 422, 422, 422, 422, 200, 401, 401, 422, 422]),
    ("POST /invitations/decline",                      [204, 204, 204, 204, 204, 204, 204, 401, 401, 204, 204]),
    ("POST /invitations/{invitation}/resend",          [404, 404, 404, 404, 404, 404, 401, 401, 401, 404, 200]),
    ("POST /invitations/{invitation}/revoke",          [404, 404, 404, 404, 404, 404, 401, 401, 401, 404, 204]),
    ("POST /members/{member}/documents",               [201, 201, 404, 404, 404, 404, 401, 404, 401, 201, 201]),
    ("GET /members/{member}/documents",                [200, 200, 404, 404, 404, 404, 401, 404, 401, 200, 200]),
    ("GET /members/{member}/documents/{document}",     [200, 200, 404, 404, 404, 404, 401, 404, 401, 200, 200]),
    ("GET /members/{member}/documents/{document}/fields", [200, 200, 404, 404, 404, 404, 401, 404, 401, 200, 200]),
    ("POST /members/{member}/documents/{document}/open", [200, 200, 404, 404, 404, 404, 401, 404, 401, 200, 200]),
    ("POST /members/{member}/packets",                 [404, 404, 404, 404, 404, 404, 401, 404, 401, 404, 201]),
    // The other parent sees the list, without this packet: it does not ask the other parent.
    ("GET /members/{member}/packets",                  [200, 200, 404, 404, 404, 404, 401, 404, 401, 200, 200]),
    ("GET /members/{member}/packets/{packet}",         [200, 404, 404, 404, 404, 404, 401, 404, 401, 200, 200]),
    // What somebody writes on a form is nobody else's, staff's neither.
    ("GET /members/{member}/packets/{packet}/slots/{slot}/answers",  [200, 404, 404, 404, 404, 404, 401, 404, 401, 200, 404]),
    ("POST /members/{member}/packets/{packet}/slots/{slot}/answers", [200, 404, 404, 404, 404, 404, 401, 404, 401, 200, 404]),
    ("POST /members/{member}/packets/{packet}/slots/{slot}/answers/carry", [200, 404, 404, 404, 404, 404, 401, 404, 401, 200, 404]),
    ("POST /members/{member}/packets/{packet}/slots/{slot}/sign",    [200, 404, 404, 404, 404, 404, 401, 404, 401, 200, 404]),
    ("POST /members/{member}/packets/{packet}/slots/{slot}/decline", [204, 404, 404, 404, 404, 404, 401, 404, 401, 204, 404]),
    ("POST /members/{member}/packets/{packet}/slots/{slot}/paper",   [204, 404, 404, 404, 404, 404, 401, 404, 401, 204, 404]),
    ("POST /members/{member}/packets/{packet}/slots/{slot}/settle",  [404, 404, 404, 404, 404, 404, 401, 404, 401, 404, 204]),
    ("POST /members/{member}/packets/{packet}/void",   [404, 404, 404, 404, 404, 404, 401, 404, 401, 404, 204]),
    ("POST /members/{member}/packets/{packet}/open",   [200, 404, 404, 404, 404, 404, 401, 404, 401, 200, 200]),
];

/// What somebody can present.
struct Hand {
    browser: Browser,
    session: Option<String>,
    member: Option<String>,
}

impl Hand {
    async fn of(person: &Person, member: &str) -> Self {
        let token = person.opens(member).await.token;
        Self { browser: person.browser.clone(), session: Some(person.token()), member: Some(token) }
    }
}

fn parent() -> Value {
    terms("PRN", "parental-responsibility")
}

async fn joined(world: &World, member: &str, name: &str, terms: Value) -> Person {
    let invited = world.invites(&format!("{name}@family.example"), &[(member, terms)]).await;
    world.joins(&invited, name).await
}

/// The child's record, everybody's hands, and the client's own record.
async fn cast(world: &World) -> (Record, Record, Vec<Hand>) {
    let family = world.family().await;
    let (child, mother) = (family.child.as_str(), &family.mother);
    let document = mother.opens(child).await.uploads(world, "Consent", &pdf("Consent")).await;
    let (own, client) = world.client_alone().await;
    let own_document = client.opens(&own).await.uploads(world, "Own", &pdf("Own")).await;
    let (strange, stranger) = world.stranger().await;

    let soon = world.clock.now() + SignedDuration::from_mins(5);
    let mut until = parent();
    until["not_after"] = json!(soon);
    let revoked = joined(world, child, "revoked", parent()).await;
    let expired = joined(world, child, "expired", until).await;
    let early = joined(world, child, "early", parent()).await;
    let others = world.others(child).await;

    let hands = [
        Hand::of(&client, &own).await,
        Hand::of(&family.father, child).await,
        Hand::of(&revoked, child).await,
        Hand::of(&expired, child).await,
        Hand::of(&early, child).await,
        Hand::of(&stranger, &strange).await,
        Hand { browser: world.browser(), session: None, member: None },
        {
            let sibling = mother.opens(&family.sibling).await.token;
            Hand { session: Some(sibling.clone()), member: Some(sibling), ..Hand::of(mother, child).await }
        },
        {
            let hand = Hand::of(mother, child).await;
            Hand { session: hand.member, member: hand.session, ..hand }
        },
        Hand::of(mother, child).await,
        Hand {
            browser: world.staff.browser.clone(),
            session: Some(world.staff.token()),
            member: Some(world.staff.opens_as_staff(child).await.token),
        },
    ];
    world.stops(child, &revoked, "revoke").await;
    world.stops(child, &early, "end").await;
    let mut tomorrow = parent();
    tomorrow["not_before"] = json!(world.clock.now() + SignedDuration::from_hours(24));
    world.gives(child, &early, &tomorrow).await;
    world.passes(SignedDuration::from_mins(5));

    let of_child = Record { member: child.to_owned(), signer: mother.clone(), capacity: "parent", document, others };
    let own = Record {
        member: own,
        signer: client,
        capacity: "patient",
        document: own_document,
        others: of_child.others.clone(),
    };
    (of_child, own, hands.into())
}

/// How what does not exist at all is answered, to a parent and to staff.
async fn unknown(world: &World, child: &Record, hands: &[Hand]) -> BTreeSet<String> {
    let (member, nothing, reason) = (&child.member, "0".repeat(32), json!({"reason": "review"}));
    let requests = [
        ("POST", format!("/members/mbr_{nothing}/switch"), Some(&reason)),
        ("GET", format!("/members/{member}/documents/doc_{nothing}"), None),
        ("GET", format!("/members/{member}/packets/pkt_{nothing}"), None),
        ("POST", format!("/members/{member}/grants/log_{nothing}/end"), Some(&reason)),
        ("POST", format!("/invitations/inv_{nothing}/revoke"), None),
        ("GET", format!("/agencies/agy_{nothing}"), None),
        ("GET", format!("/agencies/agy_{nothing}/hand-overs/hov_{nothing}"), None),
    ];
    let mut answers = BTreeSet::new();
    for hand in &hands[9..] {
        for (method, path, body) in &requests {
            let token = if path.contains(member.as_str()) { &hand.member } else { &hand.session };
            let asking = world.browser().ask(method, path).bearer(token.as_deref().unwrap());
            let empty = json!({});
            let asking = if *method == "POST" { asking.json(body.unwrap_or(&empty)) } else { asking };
            answers.insert(asking.send().await.seen());
        }
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_everybody_as_the_table_says() {
    let world = World::new().await;
    let expected: BTreeMap<&str, [u16; 11]> = TABLE.iter().copied().collect();
    let routes = world.routes();
    let named: BTreeSet<&str> = expected.keys().copied().collect();
    assert_eq!(routes.iter().map(String::as_str).collect::<BTreeSet<_>>(), named, "the template and the table differ");

    let (child, own, hands) = cast(&world).await;
    let mut wrong = Vec::new();
    let mut hidden = unknown(&world, &child, &hands).await;
    for route in &routes {
        for ((who, hand), status) in COLUMNS.iter().zip(&hands).zip(expected[route.as_str()]) {
            let record = if *who == Who::Oneself { &own } else { &child };
            let example = world.example(route, record).await;
            // Who signs in as somebody else leaves that person's cookies in the browser.
            let signs_in = matches!(
                route.as_str(),
                "POST /login" | "POST /login/code" | "POST /login/recover/confirm" | "POST /login/passkey"
            );
            let browser = if signs_in { world.browser() } else { hand.browser.clone() };
            let mut asking = browser.ask(&example.method, &example.path());
            let token = if wants_member_token(route) { &hand.member } else { &hand.session };
            if let Some(token) = token {
                asking = asking.bearer(token);
            }
            if let Some(body) = &example.body {
                asking = asking.json(body);
            }
            let reply = asking.send().await;
            if reply.status == 404 {
                hidden.insert(reply.seen());
            }
            if reply.status != status {
                wrong.push(format!("{route} by {who:?}: {} instead of {status}: {}", reply.status, reply.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(hidden.len(), 1, "{hidden:#?}");
}
