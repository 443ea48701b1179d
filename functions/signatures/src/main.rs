//! The Lambda function `signatures`.

fn main() -> Result<(), hearth::function::Failure> {
    hearth::function::run_http(signatures::Context::new, signatures::handle)
}
