//! Participation: what each party answers, alone and apart, and how confidentiality was explained.

pub mod rules;
pub mod store;
pub mod web;

use kernel::form::Entry;

/// Every form of this capability with its fields, for the data dictionary.
pub fn each_form(_: &mut dyn FnMut(&'static str, Vec<Entry>)) {}
