//! Working days of England and Wales, and of one agency or school in particular.
//!
//! Bank holidays are computed, so that a new installation needs no list and no network. What a
//! proclamation added or moved cannot be computed: `ONE_OFFS` holds what was announced up to the
//! end of [`KNOWN_TO`], and [`Calendar`] takes what was announced since.
//!
//! Compared with two independent Python packages, without a difference: `holidays` 0.109 (England;
//! its Wales does not differ) for every weekday from 1978 to 2100, and the GOV.UK list held in
//! `govuk-bank-holidays` 0.19, which is 2012 to 2028.

use jiff::Span;
use jiff::civil::{Date, Weekday, date};
use std::collections::{BTreeMap, BTreeSet};
use std::{error, fmt, iter};

/// The last year for which the government has published the bank holidays of England and Wales and
/// this module holds them. Raise it together with `ONE_OFFS` when GOV.UK publishes another year.
pub const KNOWN_TO: i16 = 2028;

/// A day that one proclamation added, or put in the place of another day of the same year.
struct OneOff {
    on: Date,
    instead_of: Option<Date>,
    name: &'static str,
}

const fn added(on: Date, name: &'static str) -> OneOff {
    OneOff {
        on,
        instead_of: None,
        name,
    }
}

const fn moved(from: Date, on: Date, name: &'static str) -> OneOff {
    OneOff {
        on,
        instead_of: Some(from),
        name,
    }
}

/// What was proclaimed under the Banking and Financial Dealings Act 1971 s.1(2) (another day of the
/// year instead) and s.1(3) (a day besides). Sources: the two packages named above, and those given
/// at the line.
const ONE_OFFS: [OneOff; 13] = [
    added(date(1981, 7, 29), "Royal wedding"),
    // Fifty years since the end of the war in Europe.
    moved(date(1995, 5, 1), date(1995, 5, 8), EARLY_MAY),
    added(date(1999, 12, 31), "Millennium holiday"),
    added(date(2002, 6, 3), "Golden Jubilee"),
    moved(date(2002, 5, 27), date(2002, 6, 4), SPRING),
    added(date(2011, 4, 29), "Royal wedding"),
    // Lord President of the Council, House of Lords, 5 January 2010: both days of 2012.
    moved(date(2012, 5, 28), date(2012, 6, 4), SPRING),
    added(date(2012, 6, 5), "Diamond Jubilee"),
    // Seventy-five years since the end of the war in Europe. Gazette notice 3326938.
    moved(date(2020, 5, 4), date(2020, 5, 8), EARLY_MAY),
    moved(date(2022, 5, 30), date(2022, 6, 2), SPRING),
    added(date(2022, 6, 3), "Platinum Jubilee"),
    // Gazette notice 4158896, nine days ahead: why days can be added without a new version.
    added(date(2022, 9, 19), "State funeral"),
    // 10 Downing Street, November 2022.
    added(date(2023, 5, 8), "Coronation"),
];

const EARLY_MAY: &str = "Early May bank holiday";
const SPRING: &str = "Spring bank holiday";

/// Easter Sunday of the year of a date, by the arithmetic of Meeus, Jones and Butcher for the
/// Gregorian calendar.
fn easter_sunday(year: i16) -> Date {
    let century = i32::from(year / 100);
    let rest = i32::from(year % 100);
    let golden = i32::from(year % 19);
    let moon_drift = (century - (century + 8) / 25 + 1) / 3;
    let full_moon = (19 * golden + century - century / 4 - moon_drift + 15) % 30;
    let to_sunday = (32 + 2 * (century % 4) + 2 * (rest / 4) - full_moon - rest % 4) % 7;
    let too_late = (golden + 11 * full_moon + 22 * to_sunday) / 451;
    let after_22_march = full_moon + to_sunday - 7 * too_late;
    date(year, 3, 22).saturating_add(Span::new().days(after_22_march))
}

/// The name of the bank holiday that England and Wales keep on this day, from the rules and
/// `ONE_OFFS` alone; Good Friday and Christmas Day among them, though in law they are holidays by
/// custom. Always a Monday to Friday: what falls on a weekend is kept on a substitute day.
///
/// The rules are those in force since 1978; an earlier year had fewer days.
pub fn bank_holiday(on: Date) -> Option<&'static str> {
    use Weekday::{Monday, Saturday, Sunday, Tuesday};
    if let Some(one_off) = ONE_OFFS.iter().find(|one_off| one_off.on == on) {
        return Some(one_off.name);
    }
    if ONE_OFFS
        .iter()
        .any(|one_off| one_off.instead_of == Some(on))
    {
        return None;
    }
    match (on.month(), on.day(), on.weekday()) {
        (_, _, Saturday | Sunday) => None,
        (1, 1, _) => Some("New Year’s Day"),
        (1, 2 | 3, Monday) => Some("New Year’s Day (substitute day)"),
        (3 | 4, ..) if is_good_friday(on) => Some("Good Friday"),
        (3 | 4, _, Monday) if on.yesterday().is_ok_and(is_easter) => Some("Easter Monday"),
        (5, 1..=7, Monday) => Some(EARLY_MAY),
        (5, 25..=31, Monday) => Some(SPRING),
        (8, 25..=31, Monday) => Some("Summer bank holiday"),
        (12, 25, _) => Some("Christmas Day"),
        (12, 26, _) => Some("Boxing Day"),
        (12, 27, Monday | Tuesday) => Some("Christmas Day (substitute day)"),
        (12, 28, Monday | Tuesday) => Some("Boxing Day (substitute day)"),
        _ => None,
    }
}

fn is_easter(day: Date) -> bool {
    day == easter_sunday(day.year())
}

fn is_good_friday(day: Date) -> bool {
    day.weekday() == Weekday::Friday
        && day.saturating_add(Span::new().days(2)) == easter_sunday(day.year())
}

/// Why a published list was refused: it does not hold the bank holidays of one whole year.
///
/// A list cut short would silently turn holidays into working days, and every duty of that year
/// would be due too early; so a list needs at least eight days, all in the year, and Good Friday
/// (which no proclamation has ever moved).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAWholeYear(pub i16);

impl fmt::Display for NotAWholeYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "The list does not hold all bank holidays of {}: it needs at least eight days, all of \
             that year, and Good Friday among them.",
            self.0
        )
    }
}

impl error::Error for NotAWholeYear {}

/// On which days somebody works: an agency, a court, a school.
///
/// The default keeps the bank holidays of England and Wales that this module knows. Days are added
/// with the `with_` functions; a calendar is a value, made once and handed to the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    published: BTreeMap<i16, BTreeSet<Date>>,
    proclaimed: BTreeSet<Date>,
    closures: BTreeSet<Date>,
}

impl Calendar {
    /// With the bank holidays of one year as the government published them, which replace the
    /// computed ones: a holiday that was moved is then a working day on its old date.
    pub fn with_published_year(
        mut self,
        year: i16,
        days: impl IntoIterator<Item = Date>,
    ) -> Result<Self, NotAWholeYear> {
        let days: BTreeSet<Date> = days.into_iter().collect();
        let whole = days.len() >= 8
            && days.iter().all(|day| day.year() == year)
            && days.iter().any(|day| is_good_friday(*day));
        if !whole {
            return Err(NotAWholeYear(year));
        }
        self.published.insert(year, days);
        Ok(self)
    }

    /// With single bank holidays besides the ones known, such as one proclaimed a week ahead. They
    /// stop the statutory hours too.
    #[must_use]
    pub fn with_bank_holidays(mut self, days: impl IntoIterator<Item = Date>) -> Self {
        self.proclaimed.extend(days);
        self
    }

    /// With days on which this agency or school alone is closed. They are no bank holidays: the
    /// statutory hours run through them.
    #[must_use]
    pub fn with_closures(mut self, days: impl IntoIterator<Item = Date>) -> Self {
        self.closures.extend(days);
        self
    }

    /// The last year whose bank holidays are known, and those of every year before it:
    /// [`KNOWN_TO`], or a later one when published years follow it without a gap.
    pub fn known_to(&self) -> i16 {
        let mut year = KNOWN_TO;
        while self.published.contains_key(&(year + 1)) {
            year += 1;
        }
        year
    }

    /// Whether this day lies past the last year known, so that a count which reaches it may be
    /// wrong by a holiday not yet announced. The page that shows such a date says so.
    pub fn warns_past(&self, day: Date) -> bool {
        day.year() > self.known_to()
    }

    /// Whether a bank holiday of England and Wales is kept on this day.
    pub fn is_bank_holiday(&self, day: Date) -> bool {
        self.proclaimed.contains(&day)
            || match self.published.get(&day.year()) {
                Some(days) => days.contains(&day),
                None => bank_holiday(day).is_some(),
            }
    }

    /// Whether the statutory hours stand still on this day: Sunday, Christmas Day, Good Friday, or
    /// a bank holiday under the Banking and Financial Dealings Act 1971 (Crime and Security Act
    /// 2010 s.27; Domestic Abuse Act 2021 s.29(3)).
    ///
    /// Schedule 1 of the Act of 1971 makes 26 December a bank holiday "if it be not a Sunday": on a
    /// Saturday too, although lists for the public then show only the Monday. A Saturday that is
    /// 1 January is none, for the proclamation names the Monday instead. Good Friday is in every
    /// list of bank holidays.
    pub fn is_disregarded_by_statute(&self, day: Date) -> bool {
        day.weekday() == Weekday::Sunday
            || matches!((day.month(), day.day()), (12, 25 | 26))
            || self.is_bank_holiday(day)
    }

    /// Whether this is a Monday to Friday that is neither a bank holiday nor a closure.
    pub fn is_working_day(&self, day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
            && !self.closures.contains(&day)
            && !self.is_bank_holiday(day)
    }

    /// The first working day after this day; at the end of the calendar (year 9999) its last day.
    pub fn next_working_day(&self, after: Date) -> Date {
        days_after(after)
            .find(|day| self.is_working_day(*day))
            .unwrap_or(Date::MAX)
    }

    /// The n-th working day after the day of the trigger, which is day 0 whatever day it is: what
    /// comes in on a Saturday, a bank holiday or a Friday night counts from the same next working
    /// day. A duty is due by the **end** of the day returned. With n = 0, the trigger's own day.
    pub fn add_working_days(&self, trigger: Date, n: u16) -> Date {
        (0..n).fold(trigger, |day, _| self.next_working_day(day))
    }

    /// How many working days lie after `after`, up to and including `until`; none when `until` is
    /// not later. The inverse of [`Calendar::add_working_days`].
    pub fn working_days_between(&self, after: Date, until: Date) -> usize {
        days_after(after)
            .take_while(|day| *day <= until)
            .filter(|day| self.is_working_day(*day))
            .count()
    }
}

/// Every day after this one, in order.
fn days_after(day: Date) -> impl Iterator<Item = Date> {
    iter::successors(day.tomorrow().ok(), |day| day.tomorrow().ok())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The rows of a table of cases, split into cells at `|`.
    pub(crate) fn rows<const N: usize>(table: &str) -> impl Iterator<Item = [&str; N]> {
        let lines = table.lines().filter(|line| !line.trim().is_empty());
        lines.map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            cells
                .try_into()
                .expect("a row has as many cells as the table has columns")
        })
    }

    pub(crate) fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn days(text: &str) -> Vec<Date> {
        text.split_whitespace().map(day).collect()
    }

    fn in_year(year: i16) -> Vec<Date> {
        days_after(date(year - 1, 12, 31))
            .take_while(|day| day.year() == year)
            .filter(|day| bank_holiday(*day).is_some())
            .collect()
    }

    /// Typed by hand from the lists of these years: substitutes, moved days, one-offs, the years to
    /// come.
    #[test]
    fn the_bank_holidays_of_tricky_years() {
        let table = "
            1981 | 01-01 04-17 04-20 05-04 05-25 07-29 08-31 12-25 12-28
            1995 | 01-02 04-14 04-17 05-08 05-29 08-28 12-25 12-26
            1999 | 01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28 12-31
            2002 | 01-01 03-29 04-01 05-06 06-03 06-04 08-26 12-25 12-26
            2005 | 01-03 03-25 03-28 05-02 05-30 08-29 12-26 12-27
            2011 | 01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-26 12-27
            2012 | 01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26
            2020 | 01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28
            2021 | 01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28
            2022 | 01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27
            2023 | 01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26
            2024 | 01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26
            2026 | 01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28
            2027 | 01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28
            2028 | 01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26";
        for [year, expected] in rows(table) {
            let found = in_year(year.parse().unwrap());
            let found: Vec<_> = found
                .iter()
                .map(|d| d.strftime("%m-%d").to_string())
                .collect();
            assert_eq!(found.join(" "), expected, "{year}");
        }
    }

    #[test]
    fn every_year_has_its_eight_on_weekdays() {
        for year in 1978..=2100 {
            let besides =
                |one_off: &&OneOff| one_off.instead_of.is_none() && one_off.on.year() == year;
            let expected = 8 + ONE_OFFS.iter().filter(besides).count();
            assert_eq!(in_year(year).len(), expected, "{year}");
            let weekdays = in_year(year)
                .iter()
                .map(|d| d.weekday().to_monday_one_offset())
                .max();
            assert!(weekdays <= Some(5), "{year}");
        }
    }

    /// The earliest and the latest there is, and the years for which a shorter formula errs.
    #[test]
    fn easter() {
        let expected = "1818-03-22 1943-04-25 1954-04-18 1981-04-19 2000-04-23 2026-04-05
                        2027-03-28 2038-04-25 2049-04-18 2076-04-19 2285-03-22";
        for expected in days(expected) {
            assert_eq!(easter_sunday(expected.year()), expected);
        }
    }

    #[test]
    fn names() {
        let table = "
            2020-05-04 |
            2020-05-08 | Early May bank holiday
            2022-09-19 | State funeral
            2022-12-26 | Boxing Day
            2022-12-27 | Christmas Day (substitute day)
            2026-04-06 | Easter Monday
            2026-12-26 |
            2026-12-28 | Boxing Day (substitute day)
            2027-12-27 | Christmas Day (substitute day)
            2027-12-28 | Boxing Day (substitute day)
            2028-01-03 | New Year’s Day (substitute day)";
        for [on, name] in rows(table) {
            assert_eq!(bank_holiday(day(on)).unwrap_or_default(), name, "{on}");
        }
    }

    /// R001 (3 days), R023 (5 days).
    #[test]
    fn the_nth_working_day() {
        let table = "
            2026-09-08 | 3 | 2026-09-11 | Tuesday: the first shared example
            2026-10-14 | 3 | 2026-10-19 | Wednesday, over a weekend: the second
            2026-09-11 | 3 | 2026-09-16 | Friday
            2026-09-12 | 3 | 2026-09-16 | Saturday counts from Monday, as Friday does
            2026-09-13 | 3 | 2026-09-16 | and so does Sunday
            2026-04-02 | 3 | 2026-04-09 | Thursday before Easter
            2026-04-03 | 3 | 2026-04-09 | Good Friday
            2026-12-24 | 3 | 2026-12-31 | Christmas Eve, Boxing Day on a Saturday
            2027-12-24 | 3 | 2027-12-31 | Christmas Eve, both days on a weekend
            2027-12-31 | 3 | 2028-01-06 | New Year’s Day on a Saturday
            2028-02-28 | 3 | 2028-03-02 | leap day is a working day
            2026-03-27 | 3 | 2026-04-01 | clocks go forward on the Sunday
            2026-08-27 | 5 | 2026-09-04 | over the summer holiday
            2022-09-15 | 5 | 2022-09-23 | over the state funeral
            2026-09-12 | 0 | 2026-09-12 | no days: the day itself";
        for [trigger, n, due, why] in rows(table) {
            let answer = Calendar::default().add_working_days(day(trigger), n.parse().unwrap());
            assert_eq!(answer, day(due), "{why}");
        }
    }

    #[test]
    fn a_published_year_replaces_the_computed_one() {
        let list = "2030-01-01 2030-04-19 2030-04-22 2030-05-08 2030-05-27 2030-08-26 2030-12-25
                    2030-12-26";
        let calendar = Calendar::default()
            .with_published_year(2030, days(list))
            .unwrap();
        assert!(calendar.is_working_day(day("2030-05-06")), "moved away");
        assert!(!calendar.is_working_day(day("2030-05-08")));
        assert!(
            !calendar.is_working_day(day("2031-05-05")),
            "other years are computed"
        );

        assert_eq!(calendar.known_to(), 2028, "2029 is still missing");
        assert!(
            calendar.warns_past(day("2030-01-02")),
            "a count to it runs through 2029"
        );
        let calendar = calendar.with_published_year(2029, in_year(2029)).unwrap();
        assert_eq!(calendar.known_to(), 2030);
        assert!(!calendar.warns_past(day("2030-12-31")));
        assert!(calendar.warns_past(day("2031-01-01")));
    }

    #[test]
    fn a_list_that_is_no_whole_year_is_refused() {
        let whole = in_year(2030);
        let refused = [
            (2029, whole.clone()),
            (2030, whole.iter().copied().take(7).collect()),
            (
                2030,
                whole.iter().copied().chain([day("2031-01-01")]).collect(),
            ),
            (2030, days(&"2030-04-18 ".repeat(8))),
            (2030, days_after(day("2030-05-01")).take(8).collect()),
            (2030, Vec::new()),
        ];
        for (year, list) in refused {
            let answer = Calendar::default().with_published_year(year, list);
            assert_eq!(answer, Err(NotAWholeYear(year)));
        }
        assert!(Calendar::default().with_published_year(2030, whole).is_ok());
    }

    #[test]
    fn a_closure_is_no_bank_holiday() {
        let monday = day("2026-09-14");
        let closed = Calendar::default().with_closures([monday]);
        let proclaimed = Calendar::default().with_bank_holidays([monday]);
        assert!(!closed.is_working_day(monday) && !closed.is_disregarded_by_statute(monday));
        assert!(!proclaimed.is_working_day(monday) && proclaimed.is_disregarded_by_statute(monday));
        assert_eq!(
            closed.next_working_day(day("2026-09-11")),
            day("2026-09-15")
        );
    }

    #[test]
    fn days_that_the_statute_disregards() {
        let table = "
            2026-09-13 | yes | Sunday
            2026-09-12 | no  | Saturday
            2026-04-03 | yes | Good Friday
            2026-04-04 | no  | Saturday of Easter
            2026-04-06 | yes | Easter Monday
            2027-12-25 | yes | Christmas Day on a Saturday
            2026-12-26 | yes | Boxing Day on a Saturday, by Schedule 1
            2026-12-28 | yes | and its Monday, by proclamation
            2028-01-01 | no  | New Year’s Day on a Saturday
            2028-01-03 | yes | and its Monday, by proclamation";
        for [on, stands, why] in rows(table) {
            let answer = Calendar::default().is_disregarded_by_statute(day(on));
            assert_eq!(answer, stands == "yes", "{why}");
        }
    }

    #[test]
    fn the_end_of_the_calendar_is_an_answer() {
        assert_eq!(
            Calendar::default().add_working_days(Date::MAX, 3),
            Date::MAX
        );
        assert_eq!(
            Calendar::default().working_days_between(Date::MAX, Date::MAX),
            0
        );
    }

    fn any_day() -> impl Strategy<Value = Date> {
        let first = date(1978, 1, 1);
        (0_i32..45_000).prop_map(move |n| first.saturating_add(Span::new().days(n)))
    }

    fn any_calendar() -> impl Strategy<Value = Calendar> {
        proptest::collection::vec(any_day(), 0..40)
            .prop_map(|closed| Calendar::default().with_closures(closed))
    }

    proptest! {
        #[test]
        fn n_working_days_lie_up_to_the_nth(
            calendar in any_calendar(), trigger in any_day(), n in 1_u16..300,
        ) {
            let due = calendar.add_working_days(trigger, n);
            prop_assert!(calendar.is_working_day(due));
            prop_assert_eq!(calendar.working_days_between(trigger, due), usize::from(n));
            prop_assert_eq!(calendar.working_days_between(due, trigger), 0);
        }

        #[test]
        fn a_later_trigger_is_never_due_earlier(
            calendar in any_calendar(), a in any_day(), b in any_day(), n in 0_u16..60,
        ) {
            let (a, b) = (a.min(b), a.max(b));
            prop_assert!(calendar.add_working_days(a, n) <= calendar.add_working_days(b, n));
            prop_assert!(calendar.add_working_days(a, n) < calendar.add_working_days(a, n + 1));
        }
    }
}
