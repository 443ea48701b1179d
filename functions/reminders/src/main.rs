//! The Lambda function `reminders`.

use hearth::function::{Failure, Occasion, run_events};

fn main() -> Result<(), Failure> {
    run_events(reminders::Context::new, |context, occasion: Occasion<serde_json::Value>| async move {
        match occasion {
            Occasion::Schedule => reminders::on_schedule(context).await,
            // Nothing else is set to wake it.
            Occasion::Event(_) => Err(Failure::Event),
        }
    })
}
