//! The proof of sealed files in Lambda.

fn main() -> Result<(), hearth::function::Failure> {
    hearth::function::run_http(verify::Context::new, verify::handle)
}
