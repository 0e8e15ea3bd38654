//! Rows.

use kernel::label::Survivor;
use platform::{Result, Scope};

use super::rules::Known;
use crate::cases::model::Moment;

/// What is known of the case in hand.
pub fn known(_: &mut impl Scope) -> Result<Known> {
    Ok(Known::default())
}

/// What happened, as workers of both lines may read it.
pub fn chronology(_: &mut impl Scope) -> Result<Vec<Moment>> {
    Ok(Vec::new())
}

/// What happened on the survivor's side.
pub fn survivor_chronology(_: &mut impl Scope) -> Result<Vec<Moment<Survivor>>> {
    Ok(Vec::new())
}
