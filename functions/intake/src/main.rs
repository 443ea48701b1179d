//! The Lambda function `intake`.

use hearth::function::{Failure, Occasion, run_events};

fn main() -> Result<(), Failure> {
    run_events(intake::Context::new, |context, occasion| async move {
        match occasion {
            Occasion::Event(event) => intake::handle(context, event).await,
            Occasion::Schedule => intake::on_schedule(context).await,
        }
    })
}
