//! The weekly rhythm of a case as a picture. Pure: each cell follows from the same rules as the
//! duties.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::rules::{Owes, Series, Week, Weeks, Work};
use crate::duties::settings::Dated;

/// How many weeks a picture shows: a quarter of a year, so that it can be read on a phone.
pub const SHOWN: i32 = 13;

/// A week of one duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cell {
    /// Held, and recorded in the week.
    Held,
    /// Held, and recorded after the week.
    RecordedLate,
    /// Tried or cancelled: that does not count.
    Attempted,
    /// Nothing was held.
    Missed,
    /// A supervisor waived it.
    Waived,
    /// The work was paused.
    Paused,
    /// Still to be done in this week.
    Due,
    /// Nothing is owed.
    Nothing,
}

impl Cell {
    /// Every cell that the key explains.
    pub const KEY: [Self; 7] = [
        Self::Held,
        Self::RecordedLate,
        Self::Attempted,
        Self::Missed,
        Self::Waived,
        Self::Paused,
        Self::Due,
    ];

    /// The class of the style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::RecordedLate => "late",
            Self::Attempted => "attempted",
            Self::Missed => "missed",
            Self::Waived => "waived",
            Self::Paused => "paused",
            Self::Due => "due",
            Self::Nothing => "nothing",
        }
    }

    /// The sign in the picture, so that colour never stands alone.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Held => "✓",
            Self::RecordedLate => "L",
            Self::Attempted => "A",
            Self::Missed => "✕",
            Self::Waived => "W",
            Self::Paused => "P",
            Self::Due => "?",
            Self::Nothing => "",
        }
    }

    /// In words, for the table and the key.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Held => "Held",
            Self::RecordedLate => "Held, recorded late",
            Self::Attempted => "Attempted only",
            Self::Missed => "Missed",
            Self::Waived => "Waived",
            Self::Paused => "Paused",
            Self::Due => "Due this week",
            Self::Nothing => "Nothing owed",
        }
    }
}

/// What the cells of a row are worked out from, besides the duty itself.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The weeks in which something was tried or cancelled.
    pub tried: &'a BTreeSet<Week>,
    /// The keys of waived duties.
    pub waived: &'a [String],
    /// The settings.
    pub settings: &'a [Dated],
    /// The week of today.
    pub now: Week,
}

/// The cells of one weekly duty.
pub fn cells(
    series: &Series<'_>,
    work: Option<&Work>,
    weeks: impl Iterator<Item = Week>,
    seen: Seen<'_>,
) -> Vec<Cell> {
    weeks
        .map(|week| {
            if let Some(held) = series.held(week) {
                return kept(held.entered, week);
            }
            let tried = seen.tried.contains(&week);
            match work.map_or(Owes::Nothing, |work| series.owes(work, week, seen.settings)) {
                Owes::Paused => Cell::Paused,
                Owes::Contact if seen.waived.contains(&series.key(week)) => Cell::Waived,
                Owes::Contact if week == seen.now => Cell::Due,
                Owes::Contact if week < seen.now && !tried => Cell::Missed,
                Owes::Contact | Owes::PartWeek | Owes::Nothing if tried => Cell::Attempted,
                Owes::Contact | Owes::PartWeek | Owes::Nothing => Cell::Nothing,
            }
        })
        .collect()
}

/// The cells of what nobody owes each week: sessions with the client.
pub fn unowed(
    held: &Weeks,
    tried: &BTreeSet<Week>,
    weeks: impl Iterator<Item = Week>,
) -> Vec<Cell> {
    weeks
        .map(|week| match held.held(week) {
            Some(held) => kept(held.entered, week),
            None if tried.contains(&week) => Cell::Attempted,
            None => Cell::Nothing,
        })
        .collect()
}

fn kept(entered: Date, week: Week) -> Cell {
    if entered > week.sunday() {
        Cell::RecordedLate
    } else {
        Cell::Held
    }
}

/// The weeks that a picture shows: a quarter up to the week of `until`, no later than this one.
pub fn window(until: Option<Date>, now: Week) -> (Week, Week) {
    let last = until.map_or(now, |day| Week::of(day).min(now));
    (last.plus(1 - SHOWN), last)
}
