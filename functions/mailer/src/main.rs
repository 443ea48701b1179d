//! The Lambda function `mailer`.

fn main() -> Result<(), hearth::function::Failure> {
    hearth::function::run_events(mailer::Context::new, |context, event| async move {
        Ok(mailer::handle(context, event).await)
    })
}
