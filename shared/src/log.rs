//! One JSON line per event on standard output, which Lambda sends to CloudWatch; and metrics, which CloudWatch reads out of it.

mod metric;

pub use metric::Metric;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;

/// The subscriber that writes JSON lines to `writer`. The level is fixed: at `debug` the SDK prints what it sends, and that
/// is personal. The library for passkeys is not heard at all: it prints the bytes that it could not read.
#[must_use]
pub fn subscriber<W>(writer: W) -> impl tracing::Subscriber + Send + Sync + 'static
where
    W: for<'a> MakeWriter<'a> + Clone + Send + Sync + 'static,
{
    let heard = Targets::new().with_default(LevelFilter::INFO).with_target("webauthn_rs", LevelFilter::OFF);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false)
        .with_writer(writer.clone())
        .with_filter(heard.with_target(metric::TARGET, LevelFilter::OFF));
    let metrics =
        metric::Writer::new(writer).with_filter(Targets::new().with_target(metric::TARGET, LevelFilter::INFO));
    tracing_subscriber::registry().with(lines).with(metrics)
}
