//! The Lambda function `documents`.

fn main() -> Result<(), hearth::function::Failure> {
    hearth::function::run_http(documents::Context::new, documents::handle)
}
