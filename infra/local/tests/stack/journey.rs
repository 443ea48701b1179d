//! The journey command and the demo clinic.

use hearth::domain::login::Language;
use hearth_local::demo::{self, forms};
use hearth_local::journey::{self, JourneyError};
use hearth_local::{Options, Stack};

#[tokio::test(flavor = "multi_thread")]
async fn the_journey_writes_the_sealed_file_beside_the_form() {
    let folder = tempfile::tempdir().unwrap();
    let form = folder.path().join("form.pdf");
    std::fs::write(&form, forms::consent_form("Clinic", Language::Spanish).unwrap()).unwrap();
    let mut terminal = Vec::new();
    let sealed = journey::run(&form, &mut terminal).await.unwrap();
    assert_eq!(sealed, folder.path().join("form.sealed.pdf"));
    assert!(std::fs::read(&sealed).unwrap().starts_with(b"%PDF-"));
    verify_tells_a_sealed_file_from_a_changed_one(&sealed);
    let permissions = |file| std::fs::metadata(file).unwrap().permissions();
    assert_eq!(permissions(&sealed), permissions(&form));
    let told = String::from_utf8(terminal).unwrap();
    assert_eq!(told.matches('✓').count(), 12, "{told}");
    assert!(told.contains("DynamoDB calls"), "{told}");
}

fn verify_tells_a_sealed_file_from_a_changed_one(sealed: &std::path::Path) {
    let verify = |file: &std::path::Path| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_hearth-local"));
        let output = command.arg("verify").arg(file).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, told) = verify(sealed);
    assert_eq!(code, Some(0), "{told}");
    for expected in
        ["SEALED AND UNCHANGED", "covers the whole file", "no later change", "CN=Hearth on a laptop", "whose seal"]
    {
        assert!(told.contains(expected), "{expected} is missing in {told}");
    }
    assert_eq!(told.matches("as a parent of the client").count(), 2, "{told}");
    let mut bytes = std::fs::read(sealed).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    let changed = sealed.with_extension("changed.pdf");
    std::fs::write(&changed, bytes).unwrap();
    let (code, told) = verify(&changed);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("NOT PROVEN") && !told.contains("SEALED AND"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_pdf_is_refused_with_the_reason_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let form = folder.path().join("letter.pdf");
    std::fs::write(&form, "Dear clinic").unwrap();
    let error = journey::run(&form, &mut Vec::new()).await.unwrap_err();
    assert!(matches!(&error, JourneyError::Refused { code, .. } if code == "not-a-pdf"), "{error}");
    assert!(error.to_string().contains("not a PDF"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_clinic_is_furnished_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let options = Options { data: Some(data.clone()), ..Options::default() };
    let stack = Stack::start(options.clone()).await.unwrap();
    let told = demo::open(&stack, &data).await.unwrap();
    assert!(told.iter().any(|line| line.contains("ten children")), "{told:?}");
    stack.idle().await;
    let mails = stack.mails().len();
    assert!(mails > 10, "{mails}");
    stack.stop().await;

    let stack = Stack::start(options.clone()).await.unwrap();
    assert_eq!(demo::open(&stack, &data).await.unwrap(), told);
    stack.idle().await;
    assert_eq!(stack.mails().len(), mails);
    stack.stop().await;

    // Data of unknown origin are not taken for a clinic, and not erased either.
    std::fs::remove_file(data.join("demo-clinic")).unwrap();
    demo::discard_unfinished(&data).unwrap();
    let stack = Stack::start(options).await.unwrap();
    assert!(demo::open(&stack, &data).await.unwrap_err().to_string().contains("--fresh"));
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_that_was_broken_off_is_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let options = Options { data: Some(data.clone()), ..Options::default() };
    let unfinished = data.join("demo-clinic.unfinished");
    let stack = Stack::start(options.clone()).await.unwrap();
    {
        let opening = demo::open(&stack, &data);
        tokio::pin!(opening);
        // Broken off once something is in the table.
        while stack.items().unwrap().is_empty() {
            tokio::select! {
                _ = &mut opening => panic!("it was complete at once"),
                () = tokio::task::yield_now() => {}
            }
        }
    }
    // Stopped, not dropped: inside one process the old database must be closed before its files are erased.
    stack.stop().await;
    assert!(unfinished.exists());

    demo::discard_unfinished(&data).unwrap();
    let stack = Stack::start(options).await.unwrap();
    let told = demo::open(&stack, &data).await.unwrap();
    assert!(told.iter().any(|line| line.contains("ten children")), "{told:?}");
    assert!(!unfinished.exists());
    // A complete clinic stays.
    std::fs::write(&unfinished, "").unwrap();
    demo::discard_unfinished(&data).unwrap();
    assert!(data.join("demo-clinic").exists());
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_journey_says_so_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let form = folder.path().join("form.pdf");
    std::fs::write(&form, forms::consent_form("Clinic", Language::English).unwrap()).unwrap();
    let error =
        journey::run_until(&form, Options::default(), &mut Vec::new(), std::future::ready(())).await.unwrap_err();
    assert!(matches!(error, JourneyError::Interrupted), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
