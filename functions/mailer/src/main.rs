//! The Lambda function `mailer`.

use hearth::function::{BatchResponse, Failure, Occasion, run_events};
use mailer::Waking;

fn main() -> Result<(), Failure> {
    run_events(mailer::Context::new, |context, occasion| async move {
        match occasion {
            Occasion::Event(Waking::Outbox(event)) => Ok(mailer::handle(context, event).await),
            Occasion::Event(Waking::CameBack(told)) => {
                mailer::note_what_came_back(&told);
                Ok(BatchResponse::default())
            }
            Occasion::Schedule => mailer::on_schedule(context).await.map(|()| BatchResponse::default()),
        }
    })
}
