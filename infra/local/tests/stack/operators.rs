//! What operators do to a stack from outside, with their own credentials.

use hearth::clock::Clock;
use hearth::config::Environment;
use hearth_local::first_staff::{FirstStaffError, password_for_paper, write};
use hearth_local::{Options, Stack};
use serde_json::json;

#[tokio::test]
async fn the_first_staff_login_can_sign_in_and_is_written_once() {
    let stack = Stack::start(Options::default()).await.unwrap();
    let env = Environment::new(stack.environment().clone(), Clock::system());
    let password = password_for_paper().unwrap();
    assert_eq!(password.len(), 23, "{password}");
    write(&env, "Robin Reyes", "desk@clinic.example", &password).await.unwrap();
    let again = write(&env, "Robin Reyes", "desk@clinic.example", &password).await;
    assert!(matches!(again, Err(FirstStaffError::Known)), "{again:?}");
    let nobody = write(&env, "Robin Reyes", "no address", &password).await;
    assert!(matches!(nobody, Err(FirstStaffError::Text(_))), "{nobody:?}");

    let browser = reqwest::Client::new();
    let body = json!({"email": "desk@clinic.example", "password": password});
    let request =
        browser.post(format!("{}/login", stack.url())).header("idempotency-key", "first-staff-0000000").json(&body);
    let answer = request.send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    stack.idle().await;
    assert_eq!(stack.mails().len(), 1, "staff are asked for a code");
    stack.stop().await;
}

#[tokio::test]
async fn a_function_may_not_do_what_its_role_does_not_allow() {
    let stack = Stack::start(Options::default()).await.unwrap();
    let mut variables = stack.environment().clone();
    let operator = variables["AWS_ACCESS_KEY_ID"].clone();
    variables.insert("AWS_ACCESS_KEY_ID".to_owned(), format!("{operator}Mailer"));
    let env = Environment::new(variables, Clock::system());
    let refused = write(&env, "Robin Reyes", "desk@clinic.example", "long enough for anybody").await;
    assert!(matches!(refused, Err(FirstStaffError::Unwritten)), "{refused:?}");
    assert_eq!(stack.denied(), ["Mailer lacks dynamodb:PutItem on LOGIN"]);
    stack.stop().await;
}
