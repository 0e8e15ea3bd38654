//! Weeks, and what was held in them. Pure.

use std::collections::BTreeMap;

use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

/// A week from Monday to Sunday by the London date, counted from that of 5 January 1970. Bank
/// holidays change nothing about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Week(pub(super) i32);

/// The Monday of week 0.
const FIRST: Date = Date::constant(1970, 1, 5);

/// Days since [`FIRST`].
pub(super) fn number(day: Date) -> i32 {
    FIRST.until(day).map_or(0, |span| span.get_days())
}

pub(super) fn day(number: i32) -> Date {
    FIRST.saturating_add(Span::new().days(number))
}

impl Week {
    /// The week in which `day` lies.
    pub fn of(day: Date) -> Self {
        Self(number(day).div_euclid(7))
    }

    /// Its Monday.
    pub fn monday(self) -> Date {
        day(self.0.saturating_mul(7))
    }

    /// Its Sunday.
    pub fn sunday(self) -> Date {
        day(self.0.saturating_mul(7).saturating_add(6))
    }

    /// The week `weeks` later, or earlier.
    #[must_use]
    pub fn plus(self, weeks: i32) -> Self {
        Self(self.0.saturating_add(weeks))
    }

    /// The weeks from this one to `last`, both included.
    pub fn to(self, last: Self) -> impl DoubleEndedIterator<Item = Self> + Clone {
        (self.0..=last.0).map(Self)
    }
}

/// One contact that was held: on which day, entered on which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Held {
    /// The day on which that was entered.
    pub entered: Date,
    /// The day on which it was held.
    pub on: Date,
}

/// The weeks in which something was held, small enough to be kept for years: one letter for each
/// week from the first to the last, and the day of entry only where it came after the week.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Weeks {
    /// The week of the first letter.
    from: Option<Week>,
    /// `.` for nothing held; `0` to `6` for the day from Monday; `a` to `g` for the same day,
    /// entered after the week.
    days: String,
    /// The days of entry of those, in their order.
    late: Vec<(Week, Date)>,
}

const NOTHING: u8 = b'.';

impl Weeks {
    /// The weeks of what was held. Of several contacts in one week that counts which was entered
    /// first: it is what shows that the week was kept in time.
    pub fn of(all: impl IntoIterator<Item = Held>) -> Self {
        let mut weeks: BTreeMap<Week, Held> = BTreeMap::new();
        for held in all {
            weeks
                .entry(Week::of(held.on))
                .and_modify(|best| *best = held.min(*best))
                .or_insert(held);
        }
        let Some((from, last)) = weeks
            .first_key_value()
            .zip(weeks.last_key_value())
            .map(|((from, _), (last, _))| (*from, *last))
        else {
            return Self::default();
        };
        let mut late = Vec::new();
        let days = from
            .to(last)
            .map(|week| {
                let Some(held) = weeks.get(&week) else {
                    return char::from(NOTHING);
                };
                let offset = u8::try_from(held.on.weekday().to_monday_zero_offset()).unwrap_or(0);
                if held.entered <= week.sunday() {
                    char::from(b'0'.saturating_add(offset))
                } else {
                    late.push((week, held.entered));
                    char::from(b'a'.saturating_add(offset))
                }
            })
            .collect();
        Self {
            from: Some(from),
            days,
            late,
        }
    }

    /// The letter of a week.
    fn letter(&self, week: Week) -> u8 {
        self.from
            .and_then(|from| usize::try_from(week.0.checked_sub(from.0)?).ok())
            .and_then(|at| self.days.as_bytes().get(at).copied())
            .unwrap_or(NOTHING)
    }

    /// Whether the week was kept and entered in time.
    pub(super) fn in_time(&self, week: Week) -> bool {
        self.letter(week).is_ascii_digit()
    }

    /// What was held in a week.
    pub fn held(&self, week: Week) -> Option<Held> {
        let letter = self.letter(week);
        let (first, late) = match letter {
            b'0'..=b'6' => (b'0', false),
            b'a'..=b'g' => (b'a', true),
            _ => return None,
        };
        let on = day(week
            .0
            .saturating_mul(7)
            .saturating_add(letter.saturating_sub(first).into()));
        let entered = if late {
            self.late
                .iter()
                .find(|(of, _)| *of == week)
                .map_or(Date::MAX, |(_, entered)| *entered)
        } else {
            on
        };
        Some(Held { entered, on })
    }
}

#[cfg(test)]
mod tests {
    use jiff::{ToSpan as _, civil::date};

    use super::super::tests::held;
    use super::*;

    #[test]
    fn weeks_run_from_monday_to_sunday() {
        for (on, monday) in [
            (date(1970, 1, 4), date(1969, 12, 29)),
            (date(1970, 1, 5), date(1970, 1, 5)),
            (date(2026, 10, 18), date(2026, 10, 12)),
            (date(2026, 10, 19), date(2026, 10, 19)),
        ] {
            assert_eq!(Week::of(on).monday(), monday, "{on}");
            assert_eq!(Week::of(on).sunday(), monday + 6.days());
        }
    }

    #[test]
    fn what_was_held_is_kept_small_and_whole() {
        let weeks = Weeks::of([
            held(date(2026, 10, 8), date(2026, 10, 8)),
            held(date(2026, 10, 6), date(2026, 10, 30)),
            held(date(2026, 10, 20), date(2026, 11, 9)),
        ]);
        let text = serde_json::to_string(&weeks).unwrap();
        assert!(text.contains("\"3.b\""), "{text}");
        let back: Weeks = serde_json::from_str(&text).unwrap();
        assert_eq!(back, weeks);
        let of = |day| weeks.held(Week::of(day));
        // The contact entered in time shows that the week was kept in time.
        let first = held(date(2026, 10, 8), date(2026, 10, 8));
        assert_eq!(of(date(2026, 10, 5)), Some(first));
        assert_eq!(of(date(2026, 10, 12)), None);
        let late = held(date(2026, 10, 20), date(2026, 11, 9));
        assert_eq!(of(date(2026, 10, 25)), Some(late));
        assert_eq!(of(date(2026, 9, 28)), None);
        assert_eq!(of(date(2026, 10, 26)), None);
    }
}
