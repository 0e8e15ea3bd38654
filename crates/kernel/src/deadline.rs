//! When a duty is due: the kinds of time, and where "now" stands towards them.
//!
//! Everything is decided by the London date and the London clock. Two kinds of end are kept apart,
//! because their last moments differ ([`Due`]): a duty in days is met until its last day is over, a
//! duty in hours is met up to and including the very instant.

use crate::calendar::Calendar;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use serde::{Deserialize, Serialize};

/// The zone of every date in the record. Compiled in, so that a machine without zone files, or with
/// old ones, computes the same deadlines; should Parliament change the clocks, update `jiff`.
pub static LONDON: TimeZone = jiff::tz::get!("Europe/London");

/// The London date of an instant.
pub fn london_date(at: Timestamp) -> Date {
    LONDON.to_datetime(at).date()
}

/// The instant at which London's clocks show this time on this date. A time that the clocks skip in
/// March is taken an hour later, one that they show twice in October is its first occurrence. A
/// date beyond what jiff can hold gives the last instant that it can, or the first.
pub fn london_instant(date: Date, time: Time) -> Timestamp {
    let beyond = if date.year() > 0 {
        Timestamp::MAX
    } else {
        Timestamp::MIN
    };
    LONDON
        .to_timestamp(date.to_datetime(time))
        .unwrap_or(beyond)
}

/// The first instant of a London day.
pub fn start_of(day: Date) -> Timestamp {
    london_instant(day, Time::midnight())
}

/// The Sunday that ends the week, Monday to Sunday, in which this day lies.
pub fn sunday_of(day: Date) -> Date {
    add_days(day, i64::from(7 - day.weekday().to_monday_one_offset()))
}

/// A kind of time and its length: within what a duty is to be met, counted from its trigger.
///
/// It is a setting: `{ working_days = 3 }`, `{ week = { least = 4 } }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Within {
    /// Elapsed hours, through nights, weekends and clock changes; they never roll forward. The 48
    /// hours of R078 are these.
    RunningHours(u16),
    /// Elapsed hours that stand still on whole London days which the statute disregards
    /// ([`Calendar::is_disregarded_by_statute`]). An application for an order is heard within 48 of
    /// them (R114; Crime and Security Act 2010 s.27, Domestic Abuse Act 2021 s.29).
    StatutoryHours(u16),
    /// Calendar days, the trigger's day being day 0.
    CalendarDays(u16),
    /// Calendar months, by the corresponding date: the same day of the month, or the month's last
    /// day when it has no such day. 31 January + 1 month is 28 or 29 February; 31 January + 2
    /// months is 31 March, for months are counted from the trigger and not from each other.
    CalendarMonths(u16),
    /// Working days of the calendar given, the trigger's day being day 0 whatever day it is (R001:
    /// 3; R023: 5).
    WorkingDays(u16),
    /// The trigger's week, Monday to Sunday, when at least `least` days of it are left, the
    /// trigger's own included; otherwise the week after. For what recurs see [`weeks_owed`] (R015).
    Week {
        /// The fewest days that make a part-week owe anything; above 7 it is taken as 7, so that no
        /// setting can make a weekly duty vanish.
        least: u8,
    },
    /// The next time that a school opens, at the hour given, on a working day of **that school's**
    /// calendar: later the same day when the trigger lies before the hour (R111).
    NextSchoolDay {
        /// When the school opens, by London's clocks.
        opens: Time,
    },
}

impl Within {
    /// When a duty that began at `trigger` is due. The calendar is that of whoever is bound: the
    /// agency's for working days, the school's for its next day.
    ///
    /// Of a trigger known only by its date, give [`start_of`] that date: days are the same, and
    /// hours end as early as they may.
    pub fn due(self, trigger: Timestamp, calendar: &Calendar) -> Due {
        let day = london_date(trigger);
        match self {
            Self::RunningHours(hours) => Due::At(add_hours(trigger, hours)),
            Self::StatutoryHours(hours) => Due::At(add_statutory_hours(trigger, hours, calendar)),
            Self::CalendarDays(days) => Due::EndOf(add_days(day, i64::from(days))),
            Self::CalendarMonths(months) => {
                Due::EndOf(day.saturating_add(Span::new().months(months)))
            }
            Self::WorkingDays(days) => Due::EndOf(calendar.add_working_days(day, days)),
            Self::Week { least } => {
                let this = Week {
                    from: day,
                    to: sunday_of(day),
                };
                Due::EndOf(if this.owes(least) {
                    this.to
                } else {
                    add_days(this.to, 7)
                })
            }
            Self::NextSchoolDay { opens } => {
                let today = london_instant(day, opens);
                Due::At(if calendar.is_working_day(day) && trigger < today {
                    today
                } else {
                    london_instant(calendar.next_working_day(day), opens)
                })
            }
        }
    }
}

/// When a duty is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Due {
    /// By the end of this London day: on time at any instant **before** the next day starts.
    EndOf(Date),
    /// Not later than this instant: on time at it, late after it.
    At(Timestamp),
}

impl Due {
    /// The instant to store and to sort by. For a duty in days it is the first of the next London
    /// day, already too late: to show a date take [`Due::last_day`].
    pub fn instant(self) -> Timestamp {
        match self {
            Self::EndOf(day) => day.tomorrow().map_or(Timestamp::MAX, start_of),
            Self::At(instant) => instant,
        }
    }

    /// The last London day on which the duty can be met: the date to show, and to group by. What is
    /// due at midnight belongs to the day that it ends.
    pub fn last_day(self) -> Date {
        match self {
            Self::EndOf(day) => day,
            Self::At(instant) => {
                let just_before = SignedDuration::from_nanos(-1);
                london_date(instant.checked_add(just_before).unwrap_or(instant))
            }
        }
    }

    /// Whether what was done at this instant was done in time.
    pub fn is_met_at(self, done: Timestamp) -> bool {
        match self {
            Self::EndOf(day) => london_date(done) <= day,
            Self::At(instant) => done <= instant,
        }
    }

    /// Where a duty that is not yet met stands now.
    pub fn standing(self, now: Timestamp) -> Standing {
        let (today, last) = (london_date(now), self.last_day());
        if !self.is_met_at(now) {
            Standing::Overdue
        } else if last <= today {
            Standing::Today
        } else if last <= sunday_of(today) {
            Standing::ThisWeek
        } else {
            Standing::Later
        }
    }
}

/// Where an open duty stands towards now, by London dates; in the order of a worklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Its time has passed.
    Overdue,
    /// Today is its last day.
    Today,
    /// Its last day comes after today and not after Sunday.
    ThisWeek,
    /// Its last day is in a later week.
    Later,
}

/// The part of one week, Monday to Sunday, during which a weekly duty ran; both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Week {
    from: Date,
    to: Date,
}

impl Week {
    /// The first day of the part: Monday, or the day of opening.
    pub fn from(self) -> Date {
        self.from
    }

    /// The last day of the part: Sunday, or the day of closing.
    pub fn to(self) -> Date {
        self.to
    }

    /// Whether a contact on this day counts for this week.
    pub fn contains(self, day: Date) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// By the end of the part: after closing nothing can be done any more.
    pub fn due(self) -> Due {
        Due::EndOf(self.to)
    }

    fn owes(self, least: u8) -> bool {
        let (from, to) = (self.from.weekday(), self.to.weekday());
        let days = to
            .to_monday_zero_offset()
            .abs_diff(from.to_monday_zero_offset())
            + 1;
        days >= least.min(7)
    }
}

/// The weeks for which a weekly duty is owed (R015 and the other weekly rules): from the day of
/// opening to the day of closing, both included, and not past the week of `today`. The running week
/// of what is still open counts as a whole one. A first or last part of fewer than `least` days
/// owes nothing (above 7 is taken as 7).
pub fn weeks_owed(opened: Date, closed: Option<Date>, today: Date, least: u8) -> Vec<Week> {
    let end = closed.unwrap_or(Date::MAX).min(sunday_of(today));
    let mut weeks = Vec::new();
    let mut next = Some(opened);
    while let Some(from) = next.filter(|from| *from <= end) {
        let sunday = sunday_of(from);
        let week = Week {
            from,
            to: sunday.min(end),
        };
        if week.owes(least) {
            weeks.push(week);
        }
        next = sunday.tomorrow().ok();
    }
    weeks
}

fn add_days(day: Date, days: i64) -> Date {
    day.saturating_add(Span::new().days(days))
}

fn add_hours(instant: Timestamp, hours: u16) -> Timestamp {
    instant
        .checked_add(SignedDuration::from_hours(hours.into()))
        .unwrap_or(Timestamp::MAX)
}

fn add_statutory_hours(trigger: Timestamp, hours: u16, calendar: &Calendar) -> Timestamp {
    let mut left = SignedDuration::from_hours(hours.into());
    let mut from = trigger;
    loop {
        let day = london_date(from);
        let end = Due::EndOf(day).instant();
        if !calendar.is_disregarded_by_statute(day) {
            let rest_of_day = from.duration_until(end);
            if left <= rest_of_day {
                return from.checked_add(left).unwrap_or(Timestamp::MAX);
            }
            left -= rest_of_day;
        }
        if end == Timestamp::MAX {
            return end;
        }
        from = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::tests::{day, rows};
    use jiff::civil::DateTime;
    use proptest::prelude::*;

    /// What London's clocks show.
    fn london(text: &str) -> Timestamp {
        let shown: DateTime = text.parse().unwrap();
        london_instant(shown.date(), shown.time())
    }

    fn utc(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// A date is its end, a date with a time that instant.
    fn due(text: &str) -> Due {
        if text.contains(' ') {
            Due::At(london(text))
        } else {
            Due::EndOf(day(text))
        }
    }

    fn check(within: impl Fn(&str) -> Within, calendar: &Calendar, table: &str) {
        for [length, trigger, expected, why] in rows(table) {
            let answer = within(length).due(london(trigger), calendar);
            assert_eq!(answer, due(expected), "{length} from {trigger}: {why}");
        }
    }

    #[test]
    fn london_days_in_summer_and_winter() {
        let table = "
            2026-03-29 | 2026-03-29T00:00Z
            2026-03-30 | 2026-03-29T23:00Z
            2026-10-25 | 2026-10-24T23:00Z
            2026-10-26 | 2026-10-26T00:00Z
            2027-03-28 | 2027-03-28T00:00Z
            2027-03-29 | 2027-03-28T23:00Z
            2027-10-31 | 2027-10-30T23:00Z
            2027-11-01 | 2027-11-01T00:00Z";
        for [date, starts] in rows(table) {
            assert_eq!(start_of(day(date)), utc(starts), "{date}");
            assert_eq!(london_date(utc(starts)), day(date));
            assert_eq!(
                london_date(utc(starts) - TICK),
                day(date).yesterday().unwrap()
            );
        }
    }

    #[test]
    fn times_that_the_clocks_skip_or_repeat() {
        assert_eq!(london("2026-03-29 01:30"), utc("2026-03-29T01:30Z"));
        assert_eq!(london("2026-10-25 01:30"), utc("2026-10-25T00:30Z"));
    }

    /// R001, R023.
    #[test]
    fn working_days() {
        let table = "
            3 | 2026-09-08 00:00 | 2026-09-11 | the first shared example
            3 | 2026-09-08 23:59 | 2026-09-11 | the hour of the trigger does not matter
            3 | 2026-10-14 10:00 | 2026-10-19 | the second shared example
            3 | 2026-09-12 10:00 | 2026-09-16 | Saturday
            3 | 2026-04-03 10:00 | 2026-04-09 | Good Friday
            3 | 2026-12-24 17:00 | 2026-12-31 | Christmas Eve
            5 | 2027-03-24 09:00 | 2027-04-02 | over Easter and the clock change";
        check(
            |n| Within::WorkingDays(n.parse().unwrap()),
            &Calendar::default(),
            table,
        );
        let late_evening_in_summer = utc("2026-09-07T23:30Z");
        let answer = Within::WorkingDays(3).due(late_evening_in_summer, &Calendar::default());
        assert_eq!(answer, due("2026-09-11"), "already Tuesday in London");
    }

    #[test]
    fn calendar_days() {
        let table = "
            0  | 2026-09-08 10:00 | 2026-09-08 | the same day
            28 | 2026-10-01 10:00 | 2026-10-29 | four weeks, over the clock change
            2  | 2026-09-11 10:00 | 2026-09-13 | ends on a Sunday
            1  | 2028-02-28 10:00 | 2028-02-29 | leap day";
        check(
            |n| Within::CalendarDays(n.parse().unwrap()),
            &Calendar::default(),
            table,
        );
    }

    #[test]
    fn calendar_months() {
        let table = "
            1  | 2026-01-31 10:00 | 2026-02-28 | no 31 February
            1  | 2028-01-31 10:00 | 2028-02-29 | nor in a leap year
            2  | 2026-01-31 10:00 | 2026-03-31 | counted from the trigger
            1  | 2026-02-28 10:00 | 2026-03-28 | the same day, not the last
            12 | 2028-02-29 10:00 | 2029-02-28 | a year from leap day
            3  | 2026-11-30 10:00 | 2027-02-28 | into another year";
        check(
            |n| Within::CalendarMonths(n.parse().unwrap()),
            &Calendar::default(),
            table,
        );
    }

    /// R015: with at least 4 days, a trigger on Thursday still owes its own week.
    #[test]
    fn weeks() {
        let table = "
            4 | 2026-09-07 10:00 | 2026-09-13 | Monday
            4 | 2026-09-10 10:00 | 2026-09-13 | Thursday: four days left
            4 | 2026-09-11 10:00 | 2026-09-20 | Friday: three
            4 | 2026-09-13 10:00 | 2026-09-20 | Sunday: one
            1 | 2026-09-13 10:00 | 2026-09-13 | one is enough
            0 | 2026-09-13 10:00 | 2026-09-13 | none is the same as one
            7 | 2026-09-08 10:00 | 2026-09-20 | whole weeks only
            9 | 2026-09-07 10:00 | 2026-09-13 | more than a week is a week";
        check(
            |n| Within::Week {
                least: n.parse().unwrap(),
            },
            &Calendar::default(),
            table,
        );
    }

    /// R078.
    #[test]
    fn running_hours() {
        let table = "
            48 | 2026-09-11 16:00 | 2026-09-13 16:00 | through a weekend
            48 | 2026-12-24 16:00 | 2026-12-26 16:00 | through Christmas
            48 | 2026-03-28 12:00 | 2026-03-30 13:00 | clocks forward 2026
            48 | 2026-10-24 12:00 | 2026-10-26 11:00 | clocks back 2026
            48 | 2027-03-27 12:00 | 2027-03-29 13:00 | clocks forward 2027
            48 | 2027-10-30 12:00 | 2027-11-01 11:00 | clocks back 2027
            48 | 2028-02-28 12:00 | 2028-03-01 12:00 | leap day
            24 | 2026-10-25 00:30 | 2026-10-25 23:30 | within the day of 25 hours";
        check(
            |n| Within::RunningHours(n.parse().unwrap()),
            &Calendar::default(),
            table,
        );
    }

    /// G-48H: 100,000 instants over three years, without an error; the twin that adds two days to
    /// what the clock on the wall shows errs at every clock change.
    #[test]
    fn running_hours_are_elapsed_hours_and_not_the_clock_on_the_wall() {
        let first = utc("2026-01-01T00:00Z").as_second();
        let length = utc("2029-01-01T00:00Z").as_second() - first;
        let mut wall_errs = 0;
        for step in 0..100_000 {
            let trigger = Timestamp::from_second(first + step * 61_803_399 % length).unwrap();
            let answer = Within::RunningHours(48).due(trigger, &Calendar::default());
            assert_eq!(
                answer,
                Due::At(trigger + SignedDuration::from_secs(172_800))
            );
            let wall = LONDON.to_datetime(trigger) + Span::new().days(2);
            wall_errs += i32::from(answer != Due::At(london_instant(wall.date(), wall.time())));
        }
        assert!(
            (1_000..1_200).contains(&wall_errs),
            "{wall_errs}: 6 changes x 48 of 26,304 hours"
        );
    }

    /// R114.
    #[test]
    fn statutory_hours() {
        let table = "
            48 | 2026-09-08 10:00 | 2026-09-10 10:00 | midweek
            48 | 2026-09-11 16:00 | 2026-09-14 16:00 | Saturday runs, Sunday stands
            48 | 2026-09-13 10:00 | 2026-09-16 00:00 | from Sunday: from its end
            48 | 2026-09-11 00:00 | 2026-09-13 00:00 | over at the end of Saturday
            48 | 2026-04-02 16:00 | 2026-04-07 16:00 | Easter
            48 | 2026-12-24 12:00 | 2026-12-30 12:00 | Boxing Day on a Saturday
            48 | 2027-12-31 12:00 | 2028-01-04 12:00 | New Year's Day on a Saturday
            48 | 2026-03-28 12:00 | 2026-03-31 12:00 | clocks change while it stands
            48 | 2026-10-24 12:00 | 2026-10-27 12:00 | and in autumn
            48 | 2027-03-25 12:00 | 2027-03-30 12:00 | and at Easter 2027
            48 | 2027-10-30 12:00 | 2027-11-02 12:00 | and in autumn 2027";
        check(
            |n| Within::StatutoryHours(n.parse().unwrap()),
            &Calendar::default(),
            table,
        );
    }

    /// R111.
    #[test]
    fn next_school_day() {
        let half_term = (26..=30).map(|d| jiff::civil::date(2026, 10, d));
        let school = Calendar::default().with_closures(half_term);
        let table = "
            08:30 | 2026-09-08 02:00 | 2026-09-08 08:30 | at night: the same morning
            08:30 | 2026-09-08 08:30 | 2026-09-09 08:30 | school has begun
            08:30 | 2026-09-11 20:00 | 2026-09-14 08:30 | Friday evening
            08:30 | 2026-09-13 02:00 | 2026-09-14 08:30 | Sunday night
            08:30 | 2026-10-23 20:00 | 2026-11-02 08:30 | half term
            08:30 | 2026-10-27 02:00 | 2026-11-02 08:30 | at night during half term";
        check(
            |opens| Within::NextSchoolDay {
                opens: opens.parse().unwrap(),
            },
            &school,
            table,
        );
    }

    const TICK: SignedDuration = SignedDuration::from_micros(1);

    #[test]
    fn the_last_moment() {
        let midnight = london("2026-09-12 00:00");
        assert_eq!(due("2026-09-11").instant(), midnight);
        assert!(due("2026-09-11").is_met_at(midnight - TICK));
        assert!(!due("2026-09-11").is_met_at(midnight));
        assert!(Due::At(midnight).is_met_at(midnight));
        assert!(!Due::At(midnight).is_met_at(midnight + TICK));
        assert_eq!(Due::At(midnight).last_day(), day("2026-09-11"));
        assert_eq!(Due::At(midnight + TICK).last_day(), day("2026-09-12"));
    }

    #[test]
    fn standings() {
        let table = "
            2026-09-08       | 2026-09-09 23:30 | Overdue
            2026-09-09       | 2026-09-09 23:30 | Today
            2026-09-10       | 2026-09-09 23:30 | ThisWeek
            2026-09-13       | 2026-09-09 23:30 | ThisWeek
            2026-09-14       | 2026-09-09 23:30 | Later
            2026-09-13       | 2026-09-13 12:00 | Today
            2026-09-14       | 2026-09-13 12:00 | Later
            2026-09-09 23:00 | 2026-09-09 23:30 | Overdue
            2026-09-09 23:30 | 2026-09-09 23:30 | Today
            2026-09-10 00:00 | 2026-09-09 23:30 | Today
            2026-09-10 00:00 | 2026-09-10 00:00 | Today
            2026-09-10 00:01 | 2026-09-09 23:30 | ThisWeek
            2026-09-14 00:00 | 2026-09-09 23:30 | ThisWeek
            2026-09-14 09:00 | 2026-09-09 23:30 | Later";
        for [due_by, now, expected] in rows(table) {
            let standing = due(due_by).standing(london(now));
            assert_eq!(format!("{standing:?}"), expected, "{due_by} at {now}");
        }
    }

    /// On Wednesday 16 September 2026.
    #[test]
    fn weeks_from_opening_to_closing() {
        let table = "
            2026-09-02 |            | 4   | 09-02..09-06 09-07..09-13 09-14..09-20
            2026-09-03 | 2026-09-13 | 4   | 09-03..09-06 09-07..09-13
            2026-09-04 | 2026-09-09 | 4   |
            2026-09-04 | 2026-09-10 | 4   | 09-07..09-10
            2026-09-08 | 2026-09-10 | 4   |
            2026-09-08 | 2026-09-10 | 3   | 09-08..09-10
            2026-09-14 | 2026-12-31 | 4   | 09-14..09-20
            2026-09-07 | 2026-09-15 | 200 | 09-07..09-13
            2026-09-21 |            | 1   |";
        for [opened, closed, least, expected] in rows(table) {
            let (closed, least) = (closed.parse().ok(), least.parse().unwrap());
            let weeks = weeks_owed(day(opened), closed, day("2026-09-16"), least);
            let mut shown = Vec::new();
            for week in weeks {
                let (from, to) = (week.from().strftime("%m-%d"), week.to().strftime("%m-%d"));
                shown.push(format!("{from}..{to}"));
                assert_eq!(week.due(), Due::EndOf(week.to()));
                assert!(week.contains(week.from()) && week.contains(week.to()));
                assert!(!week.contains(week.from().yesterday().unwrap()));
                assert!(!week.contains(week.to().tomorrow().unwrap()));
            }
            assert_eq!(shown.join(" "), expected, "{opened} to {closed:?}, {least}");
        }
    }

    fn any_instant() -> impl Strategy<Value = Timestamp> {
        (1_700_000_000_i64..2_100_000_000).prop_map(|s| Timestamp::from_second(s).unwrap())
    }

    fn any_within() -> impl Strategy<Value = Within> {
        prop_oneof![
            (0_u16..500).prop_map(Within::RunningHours),
            (0_u16..500).prop_map(Within::StatutoryHours),
            (0_u16..90).prop_map(Within::CalendarDays),
            (0_u16..30).prop_map(Within::CalendarMonths),
            (0_u16..90).prop_map(Within::WorkingDays),
            (0_u8..9).prop_map(|least| Within::Week { least }),
            (0_i8..24).prop_map(|h| Within::NextSchoolDay {
                opens: Time::constant(h, 0, 0, 0)
            }),
        ]
    }

    proptest! {
        #[test]
        fn the_ends_of_time_are_answers(within in any_within()) {
            let calendar = Calendar::default();
            for trigger in [Timestamp::MIN, Timestamp::MAX] {
                prop_assert!(within.due(trigger, &calendar).instant() >= trigger);
                within.due(trigger, &calendar).standing(trigger);
            }
        }

        #[test]
        fn any_running_hours_are_elapsed(trigger in any_instant(), hours: u16) {
            let answer = Within::RunningHours(hours).due(trigger, &Calendar::default());
            let elapsed = SignedDuration::from_hours(hours.into());
            prop_assert_eq!(answer, Due::At(trigger + elapsed));
        }

        #[test]
        fn statutory_hours_are_the_hours_of_the_other_days(
            trigger in any_instant(), hours in 1_u16..200,
        ) {
            let calendar = Calendar::default();
            let end = Within::StatutoryHours(hours).due(trigger, &calendar).instant();
            let quarters = (0..).map(|q| trigger + SignedDuration::from_mins(15 * q));
            let counted = quarters
                .take_while(|instant| *instant < end)
                .filter(|instant| !calendar.is_disregarded_by_statute(london_date(*instant)))
                .count();
            prop_assert!(counted.abs_diff(usize::from(hours) * 4) <= 1, "{} quarters", counted);
        }

        #[test]
        fn a_later_trigger_is_never_due_earlier(
            within in any_within(), a in any_instant(), wait in 0_i64..10_000_000,
        ) {
            let b = a + SignedDuration::from_secs(wait);
            let calendar = Calendar::default();
            let (due_a, due_b) = (within.due(a, &calendar), within.due(b, &calendar));
            prop_assert!(due_a.is_met_at(a), "nothing is late when it begins");
            prop_assert!(due_a.instant() <= due_b.instant());
        }

        #[test]
        fn a_standing_only_grows_worse(
            within in any_within(), trigger in any_instant(),
            (a, b) in (0_i64..3_000_000, 0_i64..3_000_000),
        ) {
            let due = within.due(trigger, &Calendar::default());
            let after = |seconds| due.standing(trigger + SignedDuration::from_secs(seconds));
            prop_assert!(after(a.min(b)) >= after(a.max(b)));
            let overdue = due.standing(due.instant() + TICK) == Standing::Overdue;
            prop_assert!(overdue && due.standing(due.instant() - TICK) != Standing::Overdue);
        }

        #[test]
        fn every_open_day_is_in_one_week(
            opened in any_instant(), length in 0_i64..200, least in 0_u8..9,
        ) {
            let opened = london_date(opened);
            let closed = add_days(opened, length);
            let weeks = weeks_owed(opened, Some(closed), closed, 0);
            let days: i32 = weeks.iter().map(|w| (w.to() - w.from()).get_days() + 1).sum();
            prop_assert_eq!(i64::from(days), length + 1);
            prop_assert!(weeks.iter().all(|w| sunday_of(w.from()) == sunday_of(w.to())));
            let owed = weeks_owed(opened, Some(closed), closed, least);
            prop_assert!(weeks.len() - owed.len() <= 2, "only a first or last part owes nothing");
        }
    }
}
