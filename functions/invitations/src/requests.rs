//! What families ask the clinic for, and what staff answer: `/members/{member}/requests`.

mod answer;
mod approve;
mod ask;
mod list;

pub(crate) use answer::{__path_refuse, refuse};
pub(crate) use approve::{__path_approve, approve};
pub(crate) use ask::{__path_ask, ask};
pub(crate) use list::{__path_list, list};
