//! Consultation: practitioner and lead worker talk a referred family through, whether or not it goes on.

pub mod rules;
pub mod store;
pub mod web;

use kernel::form::Entry;

/// Every form of this capability with its fields, for the data dictionary.
pub fn each_form(_: &mut dyn FnMut(&'static str, Vec<Entry>)) {}
