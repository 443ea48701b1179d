//! Lambda `invitations`.

fn main() -> Result<(), hearth::function::Failure> {
    hearth::function::run_http(invitations::Context::new, invitations::handle)
}
