//! Closure: how a case ends, who is told, and what stays in place for survivor and children.

pub mod model;
pub mod rules;
pub mod store;
pub mod web;

use kernel::form::Entry;

/// Every form of this capability with its fields, for the data dictionary.
pub fn each_form(_: &mut dyn FnMut(&'static str, Vec<Entry>)) {}
