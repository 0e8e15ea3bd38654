//! Values that questions hold.

use jiff::civil::Date;

use super::{ControlKind, Value};
use crate::time::day_words;

/// Refuses what no keyboard types and no engine keeps, such as a zero byte.
fn printable(raw: &str) -> Result<(), String> {
    if raw
        .chars()
        .any(|c| c.is_control() && c != '\n' && c != '\t' && c != '\r')
    {
        return Err("must not contain control characters".to_owned());
    }
    Ok(())
}

impl Value for String {
    const KIND: ControlKind = ControlKind::Text;

    fn parse(raw: &str) -> Result<Self, String> {
        printable(raw)?;
        Ok(raw.replace("\r\n", "\n"))
    }

    fn typed(&self) -> String {
        self.clone()
    }

    fn plausible(_: usize) -> Option<Self> {
        None
    }
}

impl Value for Date {
    const KIND: ControlKind = ControlKind::Date;

    fn parse(raw: &str) -> Result<Self, String> {
        read_day(raw).ok_or_else(|| "must be a real date, like 27 3 2026".to_owned())
    }

    fn typed(&self) -> String {
        self.to_string()
    }

    fn words(&self) -> String {
        day_words(*self)
    }

    fn plausible(_: usize) -> Option<Self> {
        None
    }
}

impl Value for u16 {
    const KIND: ControlKind = ControlKind::Narrow;

    fn parse(raw: &str) -> Result<Self, String> {
        raw.parse().map_err(|_| "must be a whole number".to_owned())
    }

    fn typed(&self) -> String {
        self.to_string()
    }
}

/// Reads a day as people type it: `2026-03-27`, `27/3/2026`, `27 3 2026`. Years have four digits.
pub(super) fn read_day(raw: &str) -> Option<Date> {
    let numbers: Vec<&str> = raw
        .split(['/', '-', '.', ' '])
        .filter(|part| !part.is_empty())
        .collect();
    let [first, month, last] = numbers.as_slice() else {
        return None;
    };
    let (day, year) = if first.len() == 4 {
        (last, first)
    } else {
        (first, last)
    };
    if year.len() != 4 || day.len() > 2 || month.len() > 2 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// A date as far as it is known: a day, or the words that were written instead.
///
/// Unknown and approximate dates of birth are normal where somebody is in danger, so words are
/// never refused; only a date in numbers that does not exist is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// The very day.
    On(Date),
    /// What was written: `about 30`, `not known`, `due in May`.
    Words(String),
}

impl When {
    /// The day, if it is known.
    pub const fn day(&self) -> Option<Date> {
        match self {
            Self::On(day) => Some(*day),
            Self::Words(_) => None,
        }
    }
}

impl Value for When {
    const KIND: ControlKind = ControlKind::Text;

    fn parse(raw: &str) -> Result<Self, String> {
        if let Some(day) = read_day(raw) {
            return Ok(Self::On(day));
        }
        let digits = raw.chars().filter(char::is_ascii_digit).count();
        let only_numbers = raw
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '/' | '-' | '.' | ' '));
        if digits >= 6 && only_numbers {
            return Err(
                "must be a real date, like 27 3 1990, or words such as “about 30”".to_owned(),
            );
        }
        printable(raw)?;
        Ok(Self::Words(raw.to_owned()))
    }

    fn typed(&self) -> String {
        match self {
            Self::On(day) => format!("{} {} {}", day.day(), day.month(), day.year()),
            Self::Words(words) => words.clone(),
        }
    }

    fn words(&self) -> String {
        match self {
            Self::On(day) => day_words(*day),
            Self::Words(words) => words.clone(),
        }
    }

    fn plausible(_: usize) -> Option<Self> {
        None
    }
}

/// Some of the choices of `T`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Many<T>(pub Vec<T>);

impl<T: Value> Value for Many<T> {
    const KIND: ControlKind = ControlKind::Checkboxes;

    fn parse(raw: &str) -> Result<Self, String> {
        raw.split(',')
            .map(str::trim)
            .filter(|code| !code.is_empty())
            .map(T::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    fn typed(&self) -> String {
        self.0
            .iter()
            .map(Value::typed)
            .collect::<Vec<_>>()
            .join(",")
    }

    fn words(&self) -> String {
        self.0
            .iter()
            .map(Value::words)
            .collect::<Vec<_>>()
            .join("; ")
    }

    fn choices() -> &'static [(&'static str, &'static str)] {
        T::choices()
    }
}

crate::text_enum! {
    /// A box that is ticked or not.
    pub enum YesNo {
        /// Yes.
        Yes = "yes": "Yes",
        /// No.
        No = "no": "No",
    }
}

crate::text_enum! {
    /// A yes or no as the source forms hold it; what was not asked is not a no.
    pub enum YesNoUnknown {
        /// Yes.
        Yes = "yes": "Yes",
        /// No.
        No = "no": "No",
        /// Asked, and still not known.
        NotKnown = "not_known": "Not known",
        /// Nobody asked.
        NotAsked = "not_asked": "Not asked",
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_as_people_type_them() {
        for raw in ["2026-03-27", "27/3/2026", "27 03 2026", "27.3.2026"] {
            assert_eq!(read_day(raw), Some(date(2026, 3, 27)), "{raw}");
        }
        for raw in [
            "31/2/2026",
            "27/3/26",
            "2026-13-01",
            "x",
            "1/2",
            "1/2/2026/3",
        ] {
            assert_eq!(read_day(raw), None, "{raw}");
        }
    }

    #[test]
    fn a_date_that_is_not_known_keeps_its_words() {
        let scan = "Has a scan letter on the side for 2026-11-03; would not say whose";
        assert_eq!(When::parse(scan), Ok(When::Words(scan.to_owned())));
        assert_eq!(
            When::parse("about 30"),
            Ok(When::Words("about 30".to_owned()))
        );
        assert_eq!(When::parse("1990-01-31"), Ok(When::On(date(1990, 1, 31))));
        assert!(When::parse("31/02/1990").is_err());
        assert!(When::parse("about\0thirty").is_err());
    }
}
