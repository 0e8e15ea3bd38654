//! Numbers by month and borough, as pages and files of numbers show them. Nothing here is about a
//! person.

use std::collections::BTreeMap;

use jiff::{ToSpan as _, civil::Date};
use kernel::{
    ids::AgencyId,
    plain::Plain,
    time::{Day, day_words},
};

/// How many months the numbers look back, this one included.
pub const MONTHS: i32 = 12;

/// The first day of the months that are shown.
pub fn since(today: Date) -> Day {
    let first = today.first_of_month();
    Day(first.checked_sub((MONTHS - 1).months()).unwrap_or(first))
}

/// A month by its first day, in words: "October 2026".
pub fn month_words(first: Date) -> Plain {
    let words = day_words(first);
    Plain::new(words.split_once(' ').map_or("", |(_, month)| month))
}

/// A month by its first day, as files have it: "2026-10".
pub fn month_code(first: Date) -> String {
    format!("{:04}-{:02}", first.year(), first.month())
}

/// What agencies are called.
pub type Names = BTreeMap<AgencyId, Plain>;

/// What stands for whoever is no agency of the partnership.
pub const OUTSIDE: &str = "Outside the partnership";

/// What an agency is called.
pub fn named(names: &Names, agency: Option<AgencyId>) -> Plain {
    agency
        .and_then(|id| names.get(&id).cloned())
        .unwrap_or_else(|| Plain::from(OUTSIDE))
}

/// What was counted, gathered by the first day of its month and by `K`, the borough as the page has
/// it.
pub fn by_month<'a, T, K: Ord, S: Default>(
    counted: &'a [T],
    place: impl Fn(&'a T) -> (Day, K),
    mut add: impl FnMut(&mut S, &'a T),
) -> BTreeMap<Date, BTreeMap<K, S>> {
    let mut months: BTreeMap<Date, BTreeMap<K, S>> = BTreeMap::new();
    for one in counted {
        let (on, borough) = place(one);
        let month = months.entry(on.0.first_of_month()).or_default();
        add(month.entry(borough).or_default(), one);
    }
    months
}

/// One line for each borough of each month, latest first.
pub fn latest_first<K: Ord, S>(months: BTreeMap<Date, BTreeMap<K, S>>) -> Vec<(Date, K, S)> {
    months
        .into_iter()
        .rev()
        .flat_map(|(month, boroughs)| {
            boroughs
                .into_iter()
                .rev()
                .map(move |(borough, sum)| (month, borough, sum))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_year_of_months_ends_with_this_one() {
        for (today, first) in [
            (date(2026, 10, 14), date(2025, 11, 1)),
            (date(2026, 12, 31), date(2026, 1, 1)),
            (date(2027, 1, 1), date(2026, 2, 1)),
        ] {
            assert_eq!(since(today), Day(first), "{today}");
        }
    }

    #[test]
    fn a_month_in_words_and_in_a_file() {
        assert_eq!(month_words(date(2026, 10, 1)).as_str(), "October 2026");
        assert_eq!(month_code(date(2026, 9, 1)), "2026-09");
    }

    #[test]
    fn lines_are_of_one_month_and_borough_each() {
        let counted = [
            (date(2026, 9, 30), "Larkmoor"),
            (date(2026, 10, 1), "Larkmoor"),
            (date(2026, 10, 31), "Larkmoor"),
            (date(2026, 10, 31), "Wexbrook"),
        ];
        let sums = by_month(
            &counted,
            |one| (Day(one.0), one.1),
            |sum: &mut i32, _| *sum += 1,
        );
        assert_eq!(
            latest_first(sums),
            [
                (date(2026, 10, 1), "Wexbrook", 1),
                (date(2026, 10, 1), "Larkmoor", 2),
                (date(2026, 9, 1), "Larkmoor", 1),
            ]
        );
    }
}
