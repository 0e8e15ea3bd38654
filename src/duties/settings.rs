//! Times that a partnership may set, each in force from a day.

use jiff::civil::Date;
use kernel::deadline::Within;

/// The settings in force on the day of a trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// R001: within what receipt of a referral is confirmed. The guidance says 3 working days.
    pub acknowledge: Within,
    /// Within what a referral is allocated. No source gives a number, so there is none until the
    /// partnership sets one, and no duty either.
    pub allocate: Option<Within>,
    /// The hour of the next working morning at which an overdue duty reaches the supervisor.
    pub escalate_hour: i8,
    /// Working days after which it reaches the programme manager.
    pub escalate_on_working_days: u16,
}

/// What stands where nothing was set.
pub const DEFAULT: Settings = Settings {
    acknowledge: Within::WorkingDays(3),
    allocate: None,
    escalate_hour: 9,
    escalate_on_working_days: 2,
};

/// A setting with the day from which it is in force, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// Its name.
    pub name: String,
    /// The first day.
    pub from: Date,
    /// Its value, as [`read_within`] reads it.
    pub value: String,
}

/// The names of settings, what each means, and how it is written.
pub const NAMES: &[(&str, &str)] = &[
    (
        "acknowledge",
        "Within what receipt of a referral is confirmed (R001)",
    ),
    (
        "allocate",
        "Within what a referral is allocated; no duty while unset",
    ),
    (
        "escalate_hour",
        "The hour of the next working morning at which an overdue duty reaches the supervisor",
    ),
    (
        "escalate_on_working_days",
        "Working days after which an overdue duty reaches the programme manager",
    ),
];

/// The settings in force on `day`: of each, the latest that began on or before it.
pub fn in_force(dated: &[Dated], day: Date) -> Settings {
    let value = |name: &str| {
        dated
            .iter()
            .filter(|setting| setting.name == name && setting.from <= day)
            .max_by_key(|setting| setting.from)
            .map(|setting| setting.value.as_str())
    };
    Settings {
        acknowledge: value("acknowledge")
            .and_then(read_within)
            .unwrap_or(DEFAULT.acknowledge),
        allocate: value("allocate").and_then(read_within).or(DEFAULT.allocate),
        escalate_hour: value("escalate_hour")
            .and_then(|text| text.parse().ok())
            .filter(|hour| (0..24).contains(hour))
            .unwrap_or(DEFAULT.escalate_hour),
        escalate_on_working_days: value("escalate_on_working_days")
            .and_then(|text| text.parse().ok())
            .unwrap_or(DEFAULT.escalate_on_working_days),
    }
}

/// Reads a time as people write it: `3 working days`, `48 hours`, `2 calendar days`, `1 month`.
pub fn read_within(text: &str) -> Option<Within> {
    let (number, kind) = text.trim().split_once(' ')?;
    let number: u16 = number.parse().ok()?;
    Some(match kind.trim() {
        "working day" | "working days" => Within::WorkingDays(number),
        "hour" | "hours" => Within::RunningHours(number),
        "day" | "days" | "calendar day" | "calendar days" => Within::CalendarDays(number),
        "month" | "months" => Within::CalendarMonths(number),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn dated(name: &str, from: Date, value: &str) -> Dated {
        Dated {
            name: name.to_owned(),
            from,
            value: value.to_owned(),
        }
    }

    #[test]
    fn the_setting_in_force_at_the_trigger_applies() {
        let set = [
            dated("acknowledge", date(2026, 4, 1), "3 working days"),
            dated("acknowledge", date(2026, 10, 1), "2 working days"),
            dated("allocate", date(2026, 10, 1), "24 hours"),
        ];
        let on = |y, m, d| in_force(&set, date(y, m, d));
        assert_eq!(on(2026, 3, 1), DEFAULT);
        assert_eq!(on(2026, 9, 30).acknowledge, Within::WorkingDays(3));
        assert_eq!(on(2026, 10, 1).acknowledge, Within::WorkingDays(2));
        assert_eq!(on(2026, 9, 30).allocate, None);
        assert_eq!(on(2026, 10, 2).allocate, Some(Within::RunningHours(24)));
    }

    #[test]
    fn times_as_people_write_them() {
        for (text, within) in [
            ("3 working days", Some(Within::WorkingDays(3))),
            ("1 working day", Some(Within::WorkingDays(1))),
            ("48 hours", Some(Within::RunningHours(48))),
            ("2 days", Some(Within::CalendarDays(2))),
            ("1 month", Some(Within::CalendarMonths(1))),
            ("soon", None),
            ("3 weeks", None),
            ("-1 days", None),
        ] {
            assert_eq!(read_within(text), within, "{text}");
        }
    }
}
