//! The tests over the whole: one program, linked once. A file for each capability, and those over
//! everything.

#![expect(clippy::unwrap_used, reason = "a test that cannot run must fail")]

mod support;

mod architecture;
mod cases;
mod documents;
mod family;
mod people;
mod everything;
mod promises;
mod identity;
