//! The pure words of Cusp: ids, labels, forms, working days, the access decision.
//!
//! No async, no I/O, no clock: everything here is a function of its arguments.

pub mod access;
pub mod calendar;
pub mod deadline;
pub mod form;
pub mod ids;
pub mod label;
pub mod plain;
pub mod sql;
pub mod time;
