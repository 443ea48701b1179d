//! The Lambda function `seal`.

use hearth::function::{BatchResponse, Failure, Occasion, run_events};

fn main() -> Result<(), Failure> {
    run_events(seal::Context::new, |context, occasion| async move {
        match occasion {
            Occasion::Event(event) => Ok(seal::handle(context, event).await),
            Occasion::Schedule => seal::on_schedule(context).await.map(|()| BatchResponse::default()),
        }
    })
}
