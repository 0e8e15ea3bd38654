//! What follows from the facts. Pure.

use jiff::{Timestamp, civil::Date};
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
    /// When the first consultation of the case was held.
    pub held: Option<Met>,
    /// The day for which the next one is booked.
    pub booked: Option<Date>,
}

/// What a partnership may set.
pub const SETTINGS: &[Setting] = &[];

/// What is owed.
pub fn duties(_: &Facts, _: &[Dated], _: &Calendar, _: Timestamp) -> Vec<Duty> {
    Vec::new()
}
