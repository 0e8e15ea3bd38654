//! E0277: doesn't implement `std::fmt::Display`
use kernel::label::{Labelled, Survivor};
//- pub fn log(phone: Labelled<String, Survivor>) -> String { format!("{phone}") }
//+ pub fn log(phone: Labelled<String, Survivor>) -> String { format!("{phone:?}") }
