//! Lambda `members`.

fn main() -> Result<(), hearth::function::Failure> {
    hearth::function::run_http(members::Context::new, members::handle)
}
