//! The Lambda function `intake`.

fn main() -> Result<(), hearth::function::Failure> {
    hearth::function::run_events(intake::Context::new, intake::handle)
}
