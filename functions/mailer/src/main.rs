//! The Lambda function `mailer`.

use hearth::function::{BatchResponse, Failure, Occasion, run_events};

fn main() -> Result<(), Failure> {
    run_events(mailer::Context::new, |context, occasion| async move {
        match occasion {
            Occasion::Event(event) => Ok(mailer::handle(context, event).await),
            Occasion::Schedule => mailer::on_schedule(context).await.map(|()| BatchResponse::default()),
        }
    })
}
