//! The least that a function can be: `lambda_http` and a word. What `infra/bench` compares the functions with.

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let service = lambda_http::service_fn(|_: lambda_http::Request| async {
        Ok::<_, std::convert::Infallible>(lambda_http::Response::new(lambda_http::Body::from("hello")))
    });
    runtime.block_on(lambda_http::run(service)).map_err(|error| error.to_string().into())
}
