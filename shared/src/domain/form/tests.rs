//! Answers against their form.

use super::*;

fn option(value: &str) -> FieldOption {
    FieldOption { value: value.to_owned(), label: value.to_uppercase() }
}

fn form() -> Form {
    let field = |name: &str, required, kind| FormField {
        name: name.to_owned(),
        label: name.to_owned(),
        page: 1,
        required,
        kind,
    };
    Form {
        member: MemberId::from_random([1; 16]),
        document: DocumentId::from_random([2; 16]),
        fields: vec![
            field("name", true, FieldKind::Text { max_length: Some(5), multiline: false }),
            field("notes", false, FieldKind::Text { max_length: None, multiline: true }),
            field("agree", true, FieldKind::CheckBox),
            field("side", false, FieldKind::Radio { options: vec![option("l"), option("r")] }),
            field(
                "days",
                false,
                FieldKind::Choice { options: vec![option("mo"), option("tu")], multiple: true, editable: false },
            ),
            field("city", false, FieldKind::Choice { options: vec![option("x")], multiple: false, editable: true }),
        ],
        version: 1,
    }
}

fn text(text: &str) -> FieldAnswer {
    FieldAnswer::Text(text.to_owned())
}

#[test]
fn an_answer_must_fit_its_field() {
    let several = |values: &[&str]| FieldAnswer::Several(values.iter().map(|value| (*value).to_owned()).collect());
    let cases = [
        ("name", text("Peña"), Ok(())),
        ("name", text("Peñaaa"), Err(AnswerError::TooLong)),
        ("name", text("a\nb"), Err(AnswerError::Lines)),
        ("name", text("a\u{7}"), Err(AnswerError::Control)),
        ("name", text("a\u{202e}b"), Err(AnswerError::Control)),
        ("name", FieldAnswer::Ticked(true), Err(AnswerError::Kind)),
        ("notes", text("a\nb"), Ok(())),
        ("notes", text(&"x".repeat(4_001)), Err(AnswerError::TooLong)),
        ("agree", FieldAnswer::Ticked(true), Ok(())),
        ("agree", text("yes"), Err(AnswerError::Kind)),
        ("side", text("l"), Ok(())),
        ("side", text(""), Ok(())),
        ("side", text("L"), Err(AnswerError::Choice)),
        ("days", several(&["tu", "mo"]), Ok(())),
        ("days", several(&["tu", "tu"]), Err(AnswerError::Choice)),
        ("days", several(&["we"]), Err(AnswerError::Choice)),
        ("days", text("mo"), Ok(())),
        ("city", text("elsewhere"), Ok(())),
        ("city", several(&["x"]), Err(AnswerError::Kind)),
        ("other", text("x"), Err(AnswerError::Unknown)),
    ];
    for (name, answer, expected) in cases {
        let answers = FieldAnswers::from([(name.to_owned(), answer.clone())]);
        let found = form().answers(answers).map(|_| ());
        let expected = expected.map_err(|error| match error {
            AnswerError::Unknown => AnswersError::Unknown,
            error => AnswersError::Wrong(vec![WrongAnswer { field: name.to_owned(), error }]),
        });
        assert_eq!(found, expected, "{name}: {answer:?}");
    }
}

#[test]
fn a_draft_may_lack_what_a_signature_needs() {
    let form = form();
    let lacks = |answers: &Answers| form.missing(answers).map(|field| field.name.clone()).collect::<Vec<_>>();
    let mut given = FieldAnswers::from([("name".to_owned(), text(" "))]);
    assert_eq!(lacks(&form.answers(given.clone()).unwrap()), ["name", "agree"]);
    given.insert("name".to_owned(), text("Ana"));
    given.insert("agree".to_owned(), FieldAnswer::Ticked(false));
    assert_eq!(lacks(&form.answers(given.clone()).unwrap()), ["agree"]);
    given.insert("agree".to_owned(), FieldAnswer::Ticked(true));
    assert!(lacks(&form.answers(given).unwrap()).is_empty());
}

#[test]
fn everything_that_does_not_fit_is_told_at_once() {
    let given = FieldAnswers::from([
        ("name".to_owned(), text("Peñaaa")),
        ("side".to_owned(), text("x")),
        ("notes".to_owned(), text("fine")),
    ]);
    let Err(AnswersError::Wrong(wrong)) = form().answers(given) else { panic!("two answers do not fit") };
    let told: Vec<_> = wrong.iter().map(|wrong| (wrong.field.as_str(), wrong.error)).collect();
    assert_eq!(told, [("name", AnswerError::TooLong), ("side", AnswerError::Choice)]);
}

#[test]
fn answers_are_plain_json() {
    let json = r#"{"agree":true,"days":["mo"],"name":"Ana"}"#;
    let answers: FieldAnswers = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::to_string(&answers).unwrap(), json);
    let field = serde_json::to_value(&form().fields[0]).unwrap();
    assert_eq!((&field["kind"], &field["max_length"], &field["required"]), (&"text".into(), &5.into(), &true.into()));
}
