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
    /// When it opened.
    pub opened: Option<Met>,
    /// When it ended.
    pub ended: Option<Met>,
    /// Its pauses: the first day, and the last if it is known.
    pub pauses: Vec<(Date, Option<Date>)>,
}

impl Known {
    /// Whether it is paused on `day`.
    pub fn is_paused_on(&self, day: Date) -> bool {
        self.pauses
            .iter()
            .any(|(from, until)| *from <= day && until.is_none_or(|until| day <= until))
    }
}

/// What a partnership may set.
pub const SETTINGS: &[Setting] = &[];

/// What is owed.
pub fn duties(_: &Facts, _: &[Dated], _: &Calendar, _: Timestamp) -> Vec<Duty> {
    Vec::new()
}
