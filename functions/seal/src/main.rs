//! The Lambda function `seal`.

fn main() -> Result<(), hearth::function::Failure> {
    hearth::function::run_events(
        seal::Context::new,
        |context, event| async move { Ok(seal::handle(context, event).await) },
    )
}
