//! The clocks against a calendar that shares nothing with them: days are counted as numbers, the
//! clock changes are worked out by hand, and the bank holidays of England and Wales are typed from
//! the government's list (gov.uk/bank-holidays; 2028 and 2029 as the same rules give them).

use jiff::{Timestamp, civil::Date};
use kernel::{
    calendar::Calendar,
    deadline::{Due, Within},
};

const SAMPLES: usize = 100_000;
const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;

const BANK_HOLIDAYS: [(i64, &[(i64, i64)]); 6] = [
    (
        2024,
        &[
            (1, 1),
            (3, 29),
            (4, 1),
            (5, 6),
            (5, 27),
            (8, 26),
            (12, 25),
            (12, 26),
        ],
    ),
    (
        2025,
        &[
            (1, 1),
            (4, 18),
            (4, 21),
            (5, 5),
            (5, 26),
            (8, 25),
            (12, 25),
            (12, 26),
        ],
    ),
    (
        2026,
        &[
            (1, 1),
            (4, 3),
            (4, 6),
            (5, 4),
            (5, 25),
            (8, 31),
            (12, 25),
            (12, 28),
        ],
    ),
    (
        2027,
        &[
            (1, 1),
            (3, 26),
            (3, 29),
            (5, 3),
            (5, 31),
            (8, 30),
            (12, 27),
            (12, 28),
        ],
    ),
    (
        2028,
        &[
            (1, 3),
            (4, 14),
            (4, 17),
            (5, 1),
            (5, 29),
            (8, 28),
            (12, 25),
            (12, 26),
        ],
    ),
    (2029, &[(1, 1)]),
];

/// Days since 1 January 1970.
fn number(year: i64, month: i64, day: i64) -> i64 {
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let years: i64 = (1970..year).map(|year| 365 + i64::from(leap(year))).sum();
    let months = [
        31,
        28 + i64::from(leap(year)),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let before: i64 = (1..month).zip(months).map(|(_, days)| days).sum();
    years + before + day - 1
}

/// 0 is Monday; 1 January 1970 was a Thursday.
fn weekday(number: i64) -> i64 {
    (number + 3).rem_euclid(7)
}

fn last_sunday(year: i64, month: i64) -> i64 {
    let last = number(year, month, 31);
    last - (weekday(last) + 1) % 7
}

struct London {
    holidays: Vec<i64>,
    boxing: Vec<i64>,
    /// In seconds: summer time from and to.
    summers: Vec<(i64, i64)>,
}

impl London {
    fn new() -> Self {
        let years = BANK_HOLIDAYS.iter().map(|(year, _)| *year);
        Self {
            holidays: BANK_HOLIDAYS
                .iter()
                .flat_map(|(year, days)| days.iter().map(|(m, d)| number(*year, *m, *d)))
                .collect(),
            boxing: years
                .clone()
                .flat_map(|year| [number(year, 12, 25), number(year, 12, 26)])
                .collect(),
            summers: years
                .map(|year| {
                    let turn = |month| last_sunday(year, month) * DAY + HOUR;
                    (turn(3), turn(10))
                })
                .collect(),
        }
    }

    /// The London day of an instant.
    fn day(&self, at: i64) -> i64 {
        let ahead = self
            .summers
            .iter()
            .any(|(from, to)| (*from..*to).contains(&at));
        (at + if ahead { HOUR } else { 0 }).div_euclid(DAY)
    }

    /// The instant at which a London day begins. The clocks never change at midnight.
    fn start(&self, day: i64) -> i64 {
        let winter = day * DAY;
        let ahead = self
            .summers
            .iter()
            .any(|(from, to)| (*from..*to).contains(&winter));
        winter - if ahead { HOUR } else { 0 }
    }

    fn works(&self, day: i64) -> bool {
        weekday(day) < 5 && !self.holidays.contains(&day)
    }

    fn stands_still(&self, day: i64) -> bool {
        weekday(day) == 6 || self.holidays.contains(&day) || self.boxing.contains(&day)
    }

    fn working_days(&self, at: i64, days: i64) -> i64 {
        let mut day = self.day(at);
        let mut left = days;
        while left > 0 {
            day += 1;
            left -= i64::from(self.works(day));
        }
        day
    }

    fn statutory(&self, at: i64, hours: i64) -> i64 {
        let (mut at, mut left) = (at, hours * HOUR);
        loop {
            let day = self.day(at);
            let end = self.start(day + 1);
            if !self.stands_still(day) {
                if left <= end - at {
                    return at + left;
                }
                left -= end - at;
            }
            at = end;
        }
    }
}

/// Numbers that look random and are the same in every run (splitmix64).
fn numbers() -> impl FnMut() -> u64 {
    let mut state: u64 = 0x2024_2028_c1c5_0048;
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

fn number_of(day: Date) -> i64 {
    number(
        i64::from(day.year()),
        i64::from(day.month()),
        i64::from(day.day()),
    )
}

#[test]
fn r001_r023_r078_r114_a_hundred_thousand_instants_against_another_calendar() {
    let (london, calendar) = (London::new(), Calendar::default());
    let (from, to) = (number(2024, 1, 1) * DAY, number(2028, 12, 28) * DAY);
    let span = u64::try_from(to - from).unwrap();
    let mut next = numbers();
    let mut errors = Vec::new();
    for _ in 0..SAMPLES {
        let at = from + i64::try_from(next() % span).unwrap();
        let trigger = Timestamp::from_second(at).unwrap();
        let got = |within: Within| match within.due(trigger, &calendar) {
            Due::EndOf(day) => number_of(day),
            Due::At(instant) => instant.as_second(),
        };
        for (what, got, want) in [
            ("48 hours", got(Within::RunningHours(48)), at + 48 * HOUR),
            (
                "48 statutory hours",
                got(Within::StatutoryHours(48)),
                london.statutory(at, 48),
            ),
            (
                "3 working days",
                got(Within::WorkingDays(3)),
                london.working_days(at, 3),
            ),
            (
                "5 working days",
                got(Within::WorkingDays(5)),
                london.working_days(at, 5),
            ),
            ("same day", got(Within::CalendarDays(0)), london.day(at)),
        ] {
            if got != want {
                errors.push(format!("{what} from {trigger}: {got}, not {want}"));
            }
        }
    }
    assert!(
        errors.is_empty(),
        "{} errors: {:?}",
        errors.len(),
        errors.first()
    );
}
