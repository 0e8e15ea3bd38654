//! What follows from the facts. Pure.

use jiff::Timestamp;
use kernel::calendar::Calendar;
use serde::{Deserialize, Serialize};

use crate::duties::{
    facts::Facts,
    model::{Duty, Met},
    settings::{Dated, Setting},
};

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The intensive work suits, subject to the gates of the programme.
    Suitable,
    /// It does not; version 1 of the plan stands.
    NotSuitable,
}

/// What is known of a case, as far as duties depend on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    /// The decision in force.
    pub outcome: Option<Outcome>,
    /// When it was first decided.
    pub decided: Option<Met>,
    /// When the decision in force was made, if by it the work suits.
    pub suitable: Option<Met>,
}

/// What a partnership may set.
pub const SETTINGS: &[Setting] = &[];

/// What is owed.
pub fn duties(_: &Facts, _: &[Dated], _: &Calendar, _: Timestamp) -> Vec<Duty> {
    Vec::new()
}
