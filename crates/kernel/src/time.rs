//! Instants in the precision that both engines keep, and the London day they fall on.

use std::fmt;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// An instant in UTC, in whole microseconds: PostgreSQL keeps no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "Timestamp", into = "Timestamp")]
pub struct Instant(Timestamp);

impl Instant {
    /// Cuts `timestamp` to whole microseconds.
    pub fn new(timestamp: Timestamp) -> Self {
        Self(Timestamp::from_microsecond(timestamp.as_microsecond()).unwrap_or(timestamp))
    }

    /// An instant that is known to be in whole microseconds, for constants.
    pub const fn whole(timestamp: Timestamp) -> Self {
        Self(timestamp)
    }

    /// The timestamp.
    pub const fn get(self) -> Timestamp {
        self.0
    }

    /// The day in England and Wales.
    pub fn day(self) -> Date {
        self.0.to_zoned(london()).date()
    }

    /// Seconds from `earlier` to this instant; negative if `earlier` is later.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.0.as_second() - earlier.0.as_second()
    }

    /// This instant moved by whole seconds, or unmoved at the end of time.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Timestamp::from_microsecond(
            self.0
                .as_microsecond()
                .saturating_add(seconds.saturating_mul(1_000_000)),
        )
        .map_or(self, Self)
    }

    /// As people write it: `8 September 2026, 3:05pm`, in London.
    pub fn words(self) -> String {
        let local = self.0.to_zoned(london());
        let hour = match local.hour() % 12 {
            0 => 12,
            hour => hour,
        };
        let half = if local.hour() < 12 { "am" } else { "pm" };
        format!(
            "{}, {hour}:{:02}{half}",
            day_words(local.date()),
            local.minute()
        )
    }
}

impl From<Timestamp> for Instant {
    fn from(timestamp: Timestamp) -> Self {
        Self::new(timestamp)
    }
}
impl From<Instant> for Timestamp {
    fn from(instant: Instant) -> Self {
        instant.0
    }
}
/// ISO 8601 in UTC with six digits, so that text sorts as time does.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.0)
    }
}

/// A day of the partnership's own calendar: when an agreement ends, when a role begins.
///
/// Days of a family carry a label instead: `Labelled<Date, Workers>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub Date);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&day_words(self.0))
    }
}
impl From<Date> for Day {
    fn from(day: Date) -> Self {
        Self(day)
    }
}

/// The time zone of England and Wales.
pub fn london() -> TimeZone {
    crate::deadline::LONDON.clone()
}

/// As people write a day: `8 September 2026`.
pub fn day_words(day: Date) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = usize::try_from(day.month() - 1)
        .ok()
        .and_then(|m| MONTHS.get(m))
        .unwrap_or(&"");
    format!("{} {month} {}", day.day(), day.year())
}

/// A day with its weekday: `Tuesday 8 September 2026`.
pub fn weekday_words(day: Date) -> String {
    use jiff::civil::Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    let weekday = match day.weekday() {
        Monday => "Monday",
        Tuesday => "Tuesday",
        Wednesday => "Wednesday",
        Thursday => "Thursday",
        Friday => "Friday",
        Saturday => "Saturday",
        Sunday => "Sunday",
    };
    format!("{weekday} {}", day_words(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_falls_on_a_london_day() {
        let late: Timestamp = "2026-07-01T23:30:00Z".parse().unwrap();
        assert_eq!(Instant::new(late).day(), jiff::civil::date(2026, 7, 2));
        assert_eq!(Instant::new(late).words(), "2 July 2026, 12:30am");
    }

    #[test]
    fn text_of_instants_sorts_as_time() {
        let a = Instant::new("2026-01-01T10:00:00.2Z".parse().unwrap());
        let b = Instant::new("2026-01-01T10:00:00.25Z".parse().unwrap());
        assert!(a < b && a.to_string() < b.to_string());
    }
}
