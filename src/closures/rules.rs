//! What follows from the facts. Pure.

use jiff::Timestamp;
use kernel::calendar::Calendar;
use serde::{Deserialize, Serialize};

use crate::duties::{
    facts::Facts,
    model::{Duty, Met},
    settings::{Dated, Setting},
};

/// What is known of a case, as far as duties depend on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    /// When the case was closed, while it is.
    pub closed: Option<Met>,
    /// When it was last recorded what stays in place for survivor and children (R025).
    pub kept: Option<Met>,
}

/// What a partnership may set.
pub const SETTINGS: &[Setting] = &[];

/// What is owed.
pub fn duties(_: &Facts, _: &[Dated], _: &Calendar, _: Timestamp) -> Vec<Duty> {
    Vec::new()
}
