//! The rules of advice before referral.

use jiff::civil::Date;
use kernel::form::{Problem, Problems};

use super::model::Given;

/// R003: advice is counted after it was given.
pub fn problems(given: &Given, today: Date) -> Problems {
    let mut problems = Problems::new();
    if given.on.as_ref().is_some_and(|on| *on.expose() > today) {
        problems.push(Problem::new("on", "“When?” must not be in the future"));
    }
    if given
        .minutes
        .as_ref()
        .is_some_and(|minutes| *minutes.expose() > 1440)
    {
        problems.push(Problem::new(
            "minutes",
            "“How many minutes did it take?” must be a day at most",
        ));
    }
    problems
}

/// The first and last day of a month written `2026-10`.
pub fn month(text: &str) -> Option<(Date, Date)> {
    let (year, month) = text.split_once('-')?;
    let fits = year.len() == 4 && month.len() == 2;
    let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
    fits.then(|| (first, first.last_of_month()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::{form::Dictionary, label::Labelled};

    use super::*;

    #[test]
    fn r003_nothing_about_a_person_can_be_written() {
        for entry in Dictionary::of::<Given>() {
            // A day, a number, a choice, or the id of an agency.
            let closed = !entry.codes.is_empty()
                || matches!(entry.name.as_str(), "on" | "minutes" | "agency");
            assert!(closed, "{}", entry.name);
        }
    }

    #[test]
    fn r003_advice_is_counted_after_it_was_given() {
        let today = date(2026, 10, 14);
        for (on, minutes, expected) in [
            (today, 10, None),
            (date(2026, 10, 15), 10, Some("on")),
            (today, 1441, Some("minutes")),
        ] {
            let given = Given {
                on: Some(Labelled::new(on)),
                minutes: Some(Labelled::new(minutes)),
                ..Given::default()
            };
            let said = problems(&given, today);
            assert_eq!(
                said.first().map(|p| p.field.as_str()),
                expected,
                "{on} {minutes}"
            );
        }
    }

    #[test]
    fn months_are_read_whole() {
        assert_eq!(
            month("2028-02"),
            Some((date(2028, 2, 1), date(2028, 2, 29)))
        );
        for text in [
            "",
            "2026",
            "2026-13",
            "26-01",
            "2026-1",
            "2026-01-01",
            "x-y",
        ] {
            assert_eq!(month(text), None, "{text}");
        }
    }
}
