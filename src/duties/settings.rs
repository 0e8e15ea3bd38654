//! Times that a partnership may set, each in force from a day.

use jiff::civil::Date;
use kernel::deadline::Within;

use crate::{
    agreements, closures, consultations, contacts, engagement, interventions, participation,
    people, plans, risks, suitability, supervision,
};

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

/// Something that a partnership may set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name, as it is stored.
    pub name: &'static str,
    /// What it means, with its rule or source.
    pub what: &'static str,
    /// How it is written.
    pub kind: Kind,
    /// What stands where nothing was set; none where no source gives a number.
    pub default: Option<&'static str>,
}

/// How a setting is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A time, as [`read_within`] reads it.
    Within,
    /// A whole number between these, both included.
    Number(u16, u16),
    /// One of these words.
    Word(&'static [&'static str]),
}

impl Kind {
    /// Whether `text` can be read.
    pub fn reads(self, text: &str) -> bool {
        match self {
            Self::Within => read_within(text).is_some(),
            Self::Number(least, most) => text
                .parse()
                .is_ok_and(|number: u16| (least..=most).contains(&number)),
            Self::Word(words) => words.contains(&text),
        }
    }
}

/// The settings of this capability.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "acknowledge",
        what: "How soon receipt of a referral is confirmed (R001)",
        kind: Kind::Within,
        default: Some("3 working days"),
    },
    Setting {
        name: "allocate",
        what: "How soon a referral is allocated; no duty while it is not set",
        kind: Kind::Within,
        default: None,
    },
    Setting {
        name: "escalate_hour",
        what: "The hour of the next working morning at which an overdue duty reaches the supervisor",
        kind: Kind::Number(0, 23),
        default: Some("9"),
    },
    Setting {
        name: "escalate_on_working_days",
        what: "Working days after which an overdue duty reaches the programme manager",
        kind: Kind::Number(1, 30),
        default: Some("2"),
    },
];

/// Every setting of every capability, for the page on which they are set.
pub const ALL: &[&[Setting]] = &[
    SETTINGS,
    agreements::rules::SETTINGS,
    people::rules::SETTINGS,
    consultations::rules::SETTINGS,
    risks::rules::SETTINGS,
    suitability::rules::SETTINGS,
    participation::rules::SETTINGS,
    plans::rules::SETTINGS,
    interventions::rules::SETTINGS,
    contacts::rules::SETTINGS,
    engagement::rules::SETTINGS,
    supervision::rules::SETTINGS,
    closures::rules::SETTINGS,
];

impl Setting {
    /// What is in force on `day`: the latest that began on or before it and can be read, else the
    /// default.
    pub fn on<'a>(&self, dated: &'a [Dated], day: Date) -> Option<&'a str> {
        dated
            .iter()
            .filter(|set| set.name == self.name && set.from <= day && self.kind.reads(&set.value))
            .max_by_key(|set| set.from)
            .map(|set| set.value.as_str())
            .or(self.default)
    }

    /// The same as a time.
    pub fn within(&self, dated: &[Dated], day: Date) -> Option<Within> {
        self.on(dated, day).and_then(read_within)
    }

    /// The same as a number.
    pub fn number(&self, dated: &[Dated], day: Date) -> Option<u16> {
        self.on(dated, day).and_then(|text| text.parse().ok())
    }
}

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

/// Reads a time as people write it: `3 working days`, `48 hours`, `2 calendar days`, `1 month`,
/// `same day`.
pub fn read_within(text: &str) -> Option<Within> {
    if text.trim() == "same day" {
        return Some(Within::CalendarDays(0));
    }
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
    fn every_default_can_be_read_and_no_name_stands_twice() {
        let mut names = std::collections::BTreeSet::new();
        for setting in ALL.iter().copied().flatten() {
            assert!(names.insert(setting.name), "{} twice", setting.name);
            assert!(
                setting.default.is_none_or(|text| setting.kind.reads(text)),
                "{}",
                setting.name
            );
        }
    }

    #[test]
    fn what_cannot_be_read_does_not_displace_what_can() {
        let hour = SETTINGS[2];
        let set = [
            dated("escalate_hour", date(2026, 4, 1), "8"),
            dated("escalate_hour", date(2026, 5, 1), "soon"),
        ];
        assert_eq!(hour.number(&set, date(2026, 3, 31)), Some(9));
        assert_eq!(hour.number(&set, date(2026, 6, 1)), Some(8));
    }

    #[test]
    fn times_as_people_write_them() {
        for (text, within) in [
            ("3 working days", Some(Within::WorkingDays(3))),
            ("1 working day", Some(Within::WorkingDays(1))),
            ("48 hours", Some(Within::RunningHours(48))),
            ("2 days", Some(Within::CalendarDays(2))),
            ("1 month", Some(Within::CalendarMonths(1))),
            ("same day", Some(Within::CalendarDays(0))),
            ("soon", None),
            ("3 weeks", None),
            ("-1 days", None),
        ] {
            assert_eq!(read_within(text), within, "{text}");
        }
    }
}
