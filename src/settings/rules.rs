//! What may be set. Pure.

use jiff::civil::Date;
use kernel::form::{Problem, Problems};

use crate::duties::settings::{ALL, Kind, Setting};

/// The setting of this name.
pub fn named(name: &str) -> Option<Setting> {
    ALL.iter()
        .copied()
        .flatten()
        .copied()
        .find(|setting| setting.name == name)
}

/// Whether `value` may be set from `from` on, said on `today`.
pub fn problems(setting: Setting, value: &str, from: Date, today: Date) -> Problems {
    let mut problems = Problems::new();
    if !setting.kind.reads(value) {
        problems.push(Problem::new("value", how(setting.kind)));
    }
    if from <= today {
        problems.push(Problem::new(
            "from",
            "The first day must be tomorrow or later: what has begun keeps its time",
        ));
    }
    problems
}

/// How a value is written.
pub fn how(kind: Kind) -> String {
    match kind {
        Kind::Within => {
            "Write a time such as 3 working days, 48 hours, 2 calendar days or 1 month".to_owned()
        }
        Kind::Number(least, most) => format!("Write a whole number from {least} to {most}"),
        Kind::Word(words) => format!("Write one of: {}", words.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_setting_is_readable_and_begins_tomorrow_at_the_earliest() {
        let today = date(2026, 10, 15);
        for (name, value, from, wrong) in [
            ("acknowledge", "2 working days", date(2026, 10, 16), 0),
            ("acknowledge", "2 working days", date(2026, 10, 15), 1),
            ("acknowledge", "soon", date(2026, 10, 16), 1),
            ("escalate_hour", "24", date(2026, 10, 14), 2),
            ("escalate_hour", "8", date(2027, 1, 1), 0),
        ] {
            let setting = named(name).unwrap();
            assert_eq!(
                problems(setting, value, from, today).len(),
                wrong,
                "{name} {value} {from}"
            );
        }
        assert_eq!(named("nothing"), None);
    }
}
