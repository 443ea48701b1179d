//! Lambda `login`.

fn main() -> Result<(), hearth::function::Failure> {
    hearth::function::run_http(login::Context::new, login::handle)
}
