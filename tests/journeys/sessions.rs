//! Where somebody is signed in, and ending it there.

use jiff::SignedDuration;
use journeys::World;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn people_see_where_they_are_signed_in_and_end_it() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    world.passes(SignedDuration::from_mins(5));
    let phone = journeys::Person::new(world.browser(), &client.email, &client.password);
    let phone = phone.signs_in_with_code(&world).await;
    let listed = client.get("/login/sessions").await.is(200).list("sessions");
    assert_eq!(listed.len(), 2);
    // The newest first.
    assert_eq!((&listed[0]["is_this"], &listed[1]["is_this"]), (&json!(false), &json!(true)));
    assert_eq!((&listed[0]["method"], &listed[1]["method"]), (&json!("pwd+otp"), &json!("pwd")));
    for session in &listed {
        let mut names: Vec<&str> = session.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["began_at", "id", "is_this", "last_used", "method"]);
        assert!(session["last_used"].as_str().unwrap().ends_with(":00:00Z"), "{session}");
    }
    let path = format!("/login/sessions/{}/end", listed[0]["id"].as_str().unwrap());
    client.post(&path, &json!({})).await.is(204);
    phone.get("/members").await.is_problem(401, "sign-in-again");
    phone.browser.post("/login/refresh", &json!({})).await.is_problem(401, "sign-in-again");
    client.get("/members").await.is(200);
    client.post(&path, &json!({})).await.is_hidden();
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_ends_anybody_elses_session() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let (_, stranger) = world.stranger().await;
    let listed = client.get("/login/sessions").await.is(200).list("sessions");
    let path = format!("/login/sessions/{}/end", listed[0]["id"].as_str().unwrap());
    stranger.post(&path, &json!({})).await.is_hidden();
    world.staff.post(&path, &json!({})).await.is_hidden();
    stranger.post("/login/sessions/end-others", &json!({})).await.is(204);
    client.get("/members").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_others_end_at_once_however_many() {
    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let mut others = Vec::new();
    for _ in 0..45 {
        // Each pause gives back one try of this device.
        world.passes(SignedDuration::from_secs(90));
        others.push(client.anew_on_device(&world).signs_in().await);
    }
    let last = others.pop().unwrap();
    last.post("/login/sessions/end-others", &json!({})).await.is(204);
    let listed = last.get("/login/sessions").await.is(200).list("sessions");
    assert_eq!(listed.len(), 1);
    let left = world
        .items()
        .await
        .iter()
        .filter(|item| item["item"]["sk"]["S"].as_str().unwrap().starts_with("SESSION#"))
        .count();
    // This one, and the one of staff.
    assert_eq!(left, 2);
    others.last().unwrap().get("/members").await.is_problem(401, "sign-in-again");
}
