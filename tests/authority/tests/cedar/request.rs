//! A case in Cedar's words.

use cedar_policy::{Context, EntityId, EntityTypeName, EntityUid, Request, RestrictedExpression, Schema};

use super::calendar;
use super::case::{Bar, Case, Whose};

pub(super) const MEMBERS: [(&str, bool); 3] = [("the child", true), ("nobody", false), ("another child", true)];

pub(super) fn uid(kind: &str, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.parse::<EntityTypeName>().expect("a type"), EntityId::new(id))
}

type Pairs = Vec<(String, RestrictedExpression)>;

fn long(number: i64) -> RestrictedExpression {
    RestrictedExpression::new_long(number)
}

fn text(text: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(text.to_owned())
}

fn set<'a>(texts: impl IntoIterator<Item = &'a str>) -> RestrictedExpression {
    RestrictedExpression::new_set(texts.into_iter().map(text))
}

fn record(pairs: Pairs) -> RestrictedExpression {
    RestrictedExpression::new_record(pairs).expect("no name twice")
}

fn person(case: &Case, whose: Whose) -> EntityUid {
    match whose {
        Whose::Own => {
            let role = if case.is_staff { "staff" } else { "family" };
            uid("Login", &format!("{role}, {}", case.roster.unwrap_or("no agency")))
        }
        Whose::Another => uid("Login", "somebody else"),
    }
}

fn login(case: &Case, whose: Whose) -> RestrictedExpression {
    RestrictedExpression::new_entity_uid(person(case, whose))
}

fn bar(case: &Case, bar: &Bar) -> RestrictedExpression {
    let mut pairs = Pairs::new();
    let mut add = |name: &str, value| pairs.push((name.to_owned(), value));
    if let Some(whose) = bar.login {
        add("login", login(case, whose));
    }
    if let Some(whose) = bar.mailbox {
        add("mailbox", text(if whose == Whose::Own { "mine" } else { "theirs" }));
    }
    if let Some(until) = bar.until {
        add("until", long(until));
    }
    record(pairs)
}

fn grant(case: &Case, grant: &super::case::Grant) -> RestrictedExpression {
    let member = if grant.is_for_another_member { "another child" } else { "the child" };
    let mut pairs: Pairs = vec![
        ("holder".to_owned(), login(case, grant.holder)),
        ("member".to_owned(), RestrictedExpression::new_entity_uid(uid("Member", member))),
        ("ground".to_owned(), text(grant.ground)),
        ("scopes".to_owned(), set(grant.scopes.iter().copied())),
        ("state".to_owned(), text(grant.state)),
    ];
    pairs.extend(grant.from.map(|from| ("from".to_owned(), long(from))));
    pairs.extend(grant.until.map(|until| ("until".to_owned(), long(until))));
    pairs.extend(grant.agency.map(|agency| ("agency".to_owned(), text(agency))));
    record(pairs)
}

/// The case as a request.
pub(super) fn request(case: &Case, schema: &Schema) -> Request {
    let [own_login, limited, closed, majority] = case.ages.map(long);
    let ages = [("ownLogin", own_login), ("limited", limited), ("closed", closed), ("majority", majority)];
    let mut pairs: Pairs = vec![
        ("now".to_owned(), long(case.now)),
        ("age".to_owned(), long(calendar::age(case.born, case.now))),
        ("clinic".to_owned(), record(ages.map(|(name, age)| (name.to_owned(), age)).into())),
        ("away".to_owned(), set(away(case))),
        ("merged".to_owned(), RestrictedExpression::new_bool(case.merged)),
        ("was".to_owned(), RestrictedExpression::new_set(case.was_another.then(|| login(case, Whose::Another)))),
        ("hadMailboxes".to_owned(), set(case.had_their_mailbox.then_some("theirs"))),
        ("reason".to_owned(), RestrictedExpression::new_bool(case.reason)),
    ];
    let mut add = |name: &str, value: Option<RestrictedExpression>| {
        pairs.extend(value.map(|value| (name.to_owned(), value)));
    };
    add(
        "session",
        case.session.as_ref().map(|session| {
            let times = [("proved", session.proved), ("ends", session.ends), ("idle", session.idle)];
            let mut pairs: Pairs = times.map(|(name, time)| (name.to_owned(), long(time))).into();
            pairs.push(("login".to_owned(), login(case, session.login)));
            record(pairs)
        }),
    );
    add("grant", case.grant.as_ref().map(|held| grant(case, held)));
    add("bar", case.bars.first().map(|first| bar(case, first)));
    add("secondBar", case.bars.get(1).map(|second| bar(case, second)));
    match case.action_name() {
        "LowerGrant" => {
            add("whose", Some(login(case, case.whose)));
            add("whoseGround", case.whose_ground.map(text));
        }
        "FillSlot" => {
            add("slotOf", Some(login(case, case.whose)));
            add("capacity", Some(text(case.capacity)));
        }
        _ => {}
    }
    let context = Context::from_pairs(pairs).expect("no name twice");
    let member = MEMBERS[usize::from(!case.member_is_known)].0;
    let action = uid("Action", case.action_name());
    Request::new(person(case, Whose::Own), action, uid("Member", member), context, Some(schema)).expect("a request")
}

/// The scopes that some custody time names while none of those that do counts.
fn away(case: &Case) -> Vec<&'static str> {
    let times = case.grant.as_ref().map_or(&[][..], |grant| &grant.custody);
    let named = times.iter().flat_map(|(scopes, _)| scopes.iter().copied());
    named.filter(|scope| !times.iter().any(|(scopes, time)| scopes.contains(scope) && time.counts(case.now))).collect()
}
