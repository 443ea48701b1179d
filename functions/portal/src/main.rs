//! The pages in Lambda.

fn main() -> Result<(), hearth::function::Failure> {
    hearth::function::run_http(portal::Context::new, portal::handle)
}
