//! A case on one page: who, where it stands, what is due, what may be done next, and what happened.

pub mod model;
pub mod rules;
pub mod store;
