//! Requests in, answers and problem documents out. Everything between API Gateway and a handler's recipe stands here.

pub mod answer;
pub mod call;
pub mod meter;
pub mod openapi;
mod origin;
pub mod problem;
mod serve;
pub mod stop;

pub use answer::{Answer, Nothing};
pub use call::{Call, field};
pub use problem::Problem;
pub use serve::{Routes, serve, serve_page};
pub use stop::Stop;
