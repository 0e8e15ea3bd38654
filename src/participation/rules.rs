//! What follows from the facts. Pure.

use jiff::Timestamp;
use kernel::calendar::Calendar;
use serde::{Deserialize, Serialize};

use crate::duties::{
    facts::Facts,
    model::Duty,
    settings::{Dated, Setting},
};

/// What is known of a case, as far as duties depend on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    /// Whether the survivor takes part and has not withdrawn. Only her side may know.
    pub survivor: bool,
    /// Whether the client takes part and has not withdrawn.
    pub client: bool,
    /// Whether the gates that the programme demands are open: the only part of the survivor's answer
    /// that the client line sees.
    pub open: bool,
}

/// What a partnership may set.
pub const SETTINGS: &[Setting] = &[];

/// What is owed.
pub fn duties(_: &Facts, _: &[Dated], _: &Calendar, _: Timestamp) -> Vec<Duty> {
    Vec::new()
}
