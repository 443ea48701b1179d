//! One JSON line per event on standard output, which Lambda sends to CloudWatch.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;

/// The subscriber that writes JSON lines to `writer`. The level is fixed: at `debug` the SDK prints what it sends, and that
/// is personal. The library for passkeys is not heard at all: it prints the bytes that it could not read.
#[must_use]
pub fn subscriber<W>(writer: W) -> impl tracing::Subscriber + Send + Sync + 'static
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false)
        .with_max_level(LevelFilter::INFO)
        .with_writer(writer)
        .finish()
        .with(Targets::new().with_default(LevelFilter::INFO).with_target("webauthn_rs", LevelFilter::OFF))
}
