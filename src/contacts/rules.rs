//! The weekly rhythm and what an entry about a contact needs. Pure.

mod entries;
mod weeks;

use jiff::{Timestamp, civil::Date};
use kernel::{
    access::Tie,
    calendar::Calendar,
    deadline::{Due, london_date, start_of},
};
use serde::{Deserialize, Serialize};

use self::weeks::{day, number};
use crate::{
    duties::{
        facts::Facts,
        model::{Duty, Met},
        settings::{Dated, Kind, Setting},
    },
    interventions,
    people::model::PartId,
};

pub use entries::{
    By, Entered, asked, check_client, check_confirmation, check_invitation, check_liaison,
    check_visit, client, confirmed, invitation, liaison, liaison_problems, place_problems,
    problems, ticked, visit,
};
pub use weeks::{Held, Week, Weeks};

/// Somebody with whom there is a contact each week: the survivor, each child.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub part: PartId,
    /// Whether it is a child.
    pub child: bool,
    /// The day of birth, where it is known to the day.
    pub born: Option<Date>,
    /// The day on which somebody was added to the case after it opened.
    pub added: Option<Date>,
    /// The weeks in which there was a contact.
    pub weeks: Weeks,
}

impl Person {
    /// From which day a contact each week is owed: from birth for a child born while the work is
    /// open, whenever that is entered; from the day on which it is entered for anybody else who
    /// joins; else from the opening.
    fn since(&self, opened: Date) -> Date {
        match (self.born, self.added) {
            (Some(born), _) if self.child && born > opened => born,
            (_, Some(added)) => added.max(opened),
            (_, None) => opened,
        }
    }
}

/// What is known of a case, as far as duties depend on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    /// With whom there is a contact each week.
    pub people: Vec<Person>,
    /// The weeks in which the professionals spoke (R017).
    pub liaison: Weeks,
    /// The weeks in which they met (R018).
    pub meeting: Weeks,
}

/// The least days of a week on which the work is open and not paused for the week to owe anything.
const LEAST: Setting = Setting {
    name: "part_week_days",
    what: "The fewest days of a week on which the work is open and not paused for the week to owe \
           contact, liaison and meeting (R015, R017, R018)",
    kind: Kind::Number(1, 7),
    default: Some("4"),
};

/// The same where nothing was set.
const LEAST_UNSET: u32 = 4;

/// What a partnership may set.
pub const SETTINGS: &[Setting] = &[LEAST];

/// What a week owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owes {
    /// A contact.
    Contact,
    /// Nothing: the work is open for fewer days.
    PartWeek,
    /// Nothing: the work is paused for too many of them.
    Paused,
    /// Nothing: the work is not open.
    Nothing,
}

/// When the work ran.
#[derive(Clone, Debug)]
pub struct Work {
    opened: i32,
    ended: i32,
    pauses: Vec<(i32, i32)>,
}

impl Work {
    /// When the work of a case ran, if it opened.
    pub fn of(facts: &Facts) -> Option<Self> {
        let known: &interventions::rules::Known = &facts.intervention;
        let opened = number(known.opened?.day());
        let last = |met: Option<Met>| met.map_or(i32::MAX, |met| number(met.day()));
        Some(Self {
            opened,
            ended: last(known.ended).min(last(facts.closure.closed)),
            pauses: known
                .pauses
                .iter()
                .map(|(from, until)| (number(*from), until.map_or(i32::MAX, number)))
                .collect(),
        })
    }

    /// The first day.
    pub fn opened(&self) -> Date {
        day(self.opened)
    }

    /// The weeks in which the work ran, up to the week of `today`; none if it had not begun.
    pub fn weeks(&self, today: Date) -> Option<(Week, Week)> {
        let first = Week(self.opened.div_euclid(7));
        let last = Week::of(today).min(Week(self.ended.div_euclid(7)));
        (first <= last).then_some((first, last))
    }

    /// What a week owes to somebody who is there from the day `since`.
    ///
    /// `design.md` 6: a first or last part-week under 4 days owes nothing, and leave, hospital and
    /// custody are dated waivers. One rule says both: a week owes when the work is open, and not
    /// paused, on at least `least` of its days. Of what has not ended, days ahead count as open,
    /// unless a pause covers them.
    fn owes(&self, week: Week, since: i32, least: u32) -> Owes {
        let monday = week.0.saturating_mul(7);
        let bits = |from: i32, until: i32| -> u8 {
            let from = from.max(monday).saturating_sub(monday);
            let until = until.min(monday.saturating_add(6)).saturating_sub(monday);
            (from..=until).fold(0, |bits, at| bits | 1_u8.unbounded_shl(at.unsigned_abs()))
        };
        let open = bits(self.opened.max(since), self.ended);
        if open == 0 {
            return Owes::Nothing;
        }
        if open.count_ones() < least {
            return Owes::PartWeek;
        }
        let paused = self
            .pauses
            .iter()
            .fold(0, |all, (from, until)| all | bits(*from, *until));
        if (open & !paused).count_ones() < least {
            Owes::Paused
        } else {
            Owes::Contact
        }
    }
}

/// One weekly duty of a case, with the weeks in which it was done.
#[derive(Clone, Copy, Debug)]
pub struct Series<'a> {
    /// What begins its keys.
    pub kind: SeriesKind,
    /// With whom.
    pub part: Option<PartId>,
    since: i32,
    weeks: &'a Weeks,
}

/// What is done each week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeriesKind {
    /// A contact with the survivor or a child (R015).
    Contact,
    /// Liaison between professionals (R017).
    Liaison,
    /// A professionals' meeting (R018).
    Meeting,
}

impl SeriesKind {
    /// With what its keys begin.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Liaison => "liaison",
            Self::Meeting => "meeting",
        }
    }
}

impl Series<'_> {
    /// The name of the duty of a week.
    pub fn key(&self, week: Week) -> String {
        let monday = week.monday();
        match self.part {
            Some(part) => format!("{}.{part}.{monday}", self.kind.code()),
            None => format!("{}.{monday}", self.kind.code()),
        }
    }

    /// What was held in a week.
    pub fn held(&self, week: Week) -> Option<Held> {
        self.weeks.held(week)
    }

    /// What a week owes.
    pub fn owes(&self, work: &Work, week: Week, dated: &[Dated]) -> Owes {
        work.owes(week, self.since, least(dated, week))
    }

    fn duty(&self, week: Week) -> Duty {
        let (what, rule, place, owner) = match self.kind {
            SeriesKind::Contact => (
                "Weekly contact",
                "R015",
                "/apart/contacts/new?for=",
                Tie::SurvivorLine,
            ),
            SeriesKind::Liaison => (
                "Weekly liaison between professionals",
                "R017",
                "/contacts/liaison?for=",
                Tie::ClientLine,
            ),
            SeriesKind::Meeting => (
                "Weekly professionals’ meeting",
                "R018",
                "/contacts/liaison?for=",
                Tie::ClientLine,
            ),
        };
        Duty {
            key: self.key(week).into(),
            what,
            about: self.part,
            apart: self.kind == SeriesKind::Contact,
            rule,
            place,
            owner,
            due: Due::EndOf(week.sunday()),
            reaches: None,
            met: self.weeks.held(week).map(|held| Met {
                at: start_of(held.on),
                entered: start_of(held.entered),
            }),
            waived: false,
        }
    }
}

/// The weekly duties of a case: each person first, then liaison and meeting.
pub fn series<'a>(known: &'a Known, work: &Work) -> Vec<Series<'a>> {
    let mut all = kept_series(known, Some(work));
    all.extend(shared_series(known));
    all
}

/// Those of which only the survivor's side knows: one for each person.
pub fn kept_series<'a>(known: &'a Known, work: Option<&Work>) -> Vec<Series<'a>> {
    known
        .people
        .iter()
        .map(|person| Series {
            kind: SeriesKind::Contact,
            part: Some(person.part),
            since: work.map_or(i32::MIN, |work| number(person.since(work.opened()))),
            weeks: &person.weeks,
        })
        .collect()
}

/// Those of which workers of both lines know.
pub fn shared_series(known: &Known) -> Vec<Series<'_>> {
    [
        (SeriesKind::Liaison, &known.liaison),
        (SeriesKind::Meeting, &known.meeting),
    ]
    .map(|(kind, weeks)| Series {
        kind,
        part: None,
        since: i32::MIN,
        weeks,
    })
    .to_vec()
}

/// What the setting says on the Monday of a week.
fn least(dated: &[Dated], week: Week) -> u32 {
    LEAST
        .number(dated, week.monday())
        .map_or(LEAST_UNSET, u32::from)
}

/// R015, R017, R018: each week in which the work is open, a contact with the survivor and one with
/// each child, a liaison of the professionals and a professionals' meeting.
///
/// Source: guidance-pack-2020.md 92 (at least one contact a week for the whole intervention), 93 (at
/// least one liaison a week), 300-302 (at least one professionals' meeting a week). Only what was
/// held counts, on any day of the week from Monday to Sunday. A part-week or a week that is mostly
/// paused owes nothing ([`Work::owes`]).
///
/// A week before the last one that was kept in time is not told: nothing can change about it, no
/// list shows it, and the picture of the rhythm does. What was missed, waived or recorded late is
/// told for ever.
pub fn duties(facts: &Facts, settings: &[Dated], _: &Calendar, now: Timestamp) -> Vec<Duty> {
    let Some(work) = Work::of(facts) else {
        return Vec::new();
    };
    let today = london_date(now);
    let Some((first, last)) = work.weeks(today) else {
        return Vec::new();
    };
    let recent = Week::of(today).plus(-1);
    let set = settings.iter().any(|set| set.name == LEAST.name);
    let mut duties = Vec::new();
    for series in series(&facts.contact, &work) {
        for week in first.to(last) {
            if week < recent && series.weeks.in_time(week) {
                continue;
            }
            let days = if set {
                least(settings, week)
            } else {
                LEAST_UNSET
            };
            if work.owes(week, series.since, days) == Owes::Contact {
                duties.push(series.duty(week));
            }
        }
    }
    duties
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::{ToSpan as _, civil::date};
    use proptest::prelude::*;

    use super::*;
    use crate::duties::model::State;

    pub(super) fn held(on: Date, entered: Date) -> Held {
        Held { entered, on }
    }

    #[expect(clippy::unnecessary_wraps, reason = "as the facts have it")]
    fn met(on: Date) -> Option<Met> {
        Some(Met::on(on, start_of(on)))
    }

    fn noon(day: Date) -> Timestamp {
        start_of(day) + 12.hours()
    }

    /// The work opened on Monday 5 October 2026.
    fn facts() -> Facts {
        let mut facts = Facts::default();
        facts.intervention.opened = met(date(2026, 10, 5));
        facts
    }

    fn person(child: bool) -> Person {
        Person {
            part: PartId::new(),
            child,
            born: None,
            added: None,
            weeks: Weeks::default(),
        }
    }

    fn owed(facts: &Facts, now: Date) -> Vec<Duty> {
        let calendar = Calendar::default();
        let mut all = duties(facts, &[], &calendar, noon(now));
        all.retain(|duty| duty.met.is_none());
        all
    }

    fn of_kind<'a>(all: &'a [Duty], kind: &str) -> Vec<&'a str> {
        all.iter()
            .filter(|duty| duty.key.starts_with(kind))
            .filter_map(|duty| duty.key.rsplit('.').next())
            .collect()
    }

    #[test]
    fn r015_survivor_and_each_child_separately() {
        let mut facts = facts();
        let (mut survivor, child) = (person(false), person(true));
        survivor.weeks = Weeks::of([held(date(2026, 10, 7), date(2026, 10, 7))]);
        let (seen, unseen) = (survivor.part, child.part);
        facts.contact.people = vec![survivor, child];
        let all = duties(&facts, &[], &Calendar::default(), noon(date(2026, 10, 8)));
        let contact: Vec<_> = all.iter().filter(|duty| duty.rule == "R015").collect();
        assert_eq!(contact.len(), 2);
        assert!(contact.iter().all(|duty| duty.apart));
        let owners: Vec<_> = all.iter().map(|duty| (duty.rule, duty.owner)).collect();
        assert_eq!(
            owners,
            [
                ("R015", Tie::SurvivorLine),
                ("R015", Tie::SurvivorLine),
                ("R017", Tie::ClientLine),
                ("R018", Tie::ClientLine)
            ]
        );
        for duty in contact {
            assert_eq!(duty.met.is_some(), duty.about == Some(seen));
            assert_eq!(duty.met.is_none(), duty.about == Some(unseen));
            assert_eq!(
                duty.key,
                format!("contact.{}.2026-10-05", duty.about.unwrap())
            );
        }
    }

    #[test]
    fn r015_two_survivors_owe_each_their_own() {
        let mut facts = facts();
        facts.contact.people = vec![person(false), person(false)];
        assert_eq!(
            of_kind(&owed(&facts, date(2026, 10, 8)), "contact").len(),
            2
        );
    }

    #[test]
    fn r015_a_child_owes_from_birth_and_others_from_their_entry() {
        let weeks = |born: Option<Date>, added: Option<Date>| {
            let mut facts = facts();
            facts.contact.people = vec![Person {
                born,
                added,
                ..person(true)
            }];
            of_kind(&owed(&facts, date(2026, 11, 4)), "contact").len()
        };
        // Five weeks run from 5 October to 8 November.
        assert_eq!(weeks(Some(date(2017, 6, 19)), None), 5);
        // Born on Thursday 15 October: that week has four days left. It was entered a week later.
        assert_eq!(weeks(Some(date(2026, 10, 15)), Some(date(2026, 10, 22))), 4);
        // Born on Friday 16 October: three days are left.
        assert_eq!(weeks(Some(date(2026, 10, 16)), Some(date(2026, 10, 22))), 3);
        // Known to the service since Monday 19 October.
        assert_eq!(weeks(Some(date(2017, 6, 19)), Some(date(2026, 10, 19))), 3);
        assert_eq!(weeks(None, Some(date(2026, 10, 19))), 3);
    }

    #[test]
    fn r017_liaison_is_owed_while_the_work_is_open_only() {
        let closed = |opened: Option<Date>, ended: Option<Date>| {
            let mut facts = Facts::default();
            facts.intervention.opened = opened.and_then(met);
            facts.intervention.ended = ended.and_then(met);
            let owed = owed(&facts, date(2026, 10, 21));
            of_kind(&owed, "liaison")
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        let monday = Some(date(2026, 10, 5));
        for (opened, ended, weeks) in [
            (None, None, &[][..]),
            (monday, None, &["2026-10-05", "2026-10-12", "2026-10-19"]),
            // A first week of four days owes, one of three does not.
            (
                Some(date(2026, 10, 8)),
                None,
                &["2026-10-05", "2026-10-12", "2026-10-19"],
            ),
            (Some(date(2026, 10, 9)), None, &["2026-10-12", "2026-10-19"]),
            // A last week likewise.
            (
                monday,
                Some(date(2026, 10, 15)),
                &["2026-10-05", "2026-10-12"],
            ),
            (monday, Some(date(2026, 10, 14)), &["2026-10-05"]),
            (Some(date(2026, 10, 6)), Some(date(2026, 10, 7)), &[]),
        ] {
            assert_eq!(closed(opened, ended), weeks, "{opened:?} {ended:?}");
        }
    }

    #[test]
    fn r015_the_picture_tells_a_part_week_from_a_paused_one() {
        let mut facts = Facts::default();
        facts.intervention.opened = met(date(2026, 10, 9));
        facts.intervention.pauses = vec![(date(2026, 10, 19), Some(date(2026, 10, 25)))];
        let work = Work::of(&facts).unwrap();
        let monday = |day| Week::of(date(2026, 10, day));
        for (week, owes) in [
            (monday(1), Owes::Nothing),
            (monday(9), Owes::PartWeek),
            (monday(12), Owes::Contact),
            (monday(19), Owes::Paused),
        ] {
            assert_eq!(work.owes(week, i32::MIN, 4), owes, "{week:?}");
        }
    }

    #[test]
    fn r018_a_meeting_counts_as_liaison_only_where_it_is_recorded_as_both() {
        let mut facts = facts();
        let one = [held(date(2026, 10, 6), date(2026, 10, 6))];
        facts.contact.meeting = Weeks::of(one);
        let now = date(2026, 10, 8);
        assert_eq!(of_kind(&owed(&facts, now), "liaison").len(), 1);
        assert_eq!(of_kind(&owed(&facts, now), "meeting").len(), 0);
        facts.contact.liaison = Weeks::of(one);
        assert_eq!(owed(&facts, now), []);
    }

    #[test]
    fn r017_a_week_that_is_mostly_paused_owes_nothing() {
        for (from, until, owes) in [
            // The week of 12 October: three days off leave four.
            (12, Some(14), true),
            (12, Some(15), false),
            (16, Some(18), true),
            (15, Some(18), false),
            (12, None, false),
        ] {
            let mut facts = facts();
            let until = until.map(|day| date(2026, 10, day));
            facts.intervention.pauses = vec![(date(2026, 10, from), until)];
            let owed = owed(&facts, date(2026, 10, 20));
            let owed = of_kind(&owed, "liaison");
            assert_eq!(owed.contains(&"2026-10-12"), owes, "{from} {until:?}");
        }
        // Two short pauses in one week add up.
        let mut facts = facts();
        facts.intervention.pauses = vec![
            (date(2026, 10, 12), Some(date(2026, 10, 13))),
            (date(2026, 10, 17), Some(date(2026, 10, 18))),
        ];
        let owed = owed(&facts, date(2026, 10, 20));
        assert!(!of_kind(&owed, "liaison").contains(&"2026-10-12"));
    }

    #[test]
    fn r015_recorded_three_weeks_late_is_on_time_recorded_late() {
        let mut facts = facts();
        facts.contact.liaison = Weeks::of([held(date(2026, 10, 7), date(2026, 10, 28))]);
        let now = noon(date(2026, 10, 28));
        let all = duties(&facts, &[], &Calendar::default(), now);
        let first = all
            .iter()
            .find(|duty| duty.key == "liaison.2026-10-05")
            .unwrap();
        assert_eq!(first.state(now), State::OnTimeRecordedLate);
        assert!(!first.passed(now));
    }

    #[test]
    fn r017_bank_holidays_change_nothing() {
        // The week of Christmas 2026 has two, that of Easter 2026 (3 and 6 April) one in each of two.
        for (opened, now) in [
            (date(2026, 12, 21), date(2026, 12, 30)),
            (date(2026, 3, 30), date(2026, 4, 8)),
        ] {
            let mut facts = Facts::default();
            facts.intervention.opened = met(opened);
            let plain = owed(&facts, now);
            let closed = Calendar::default().with_closures([opened, opened + 1.day()]);
            let mut with = duties(&facts, &[], &closed, noon(now));
            with.retain(|duty| duty.met.is_none());
            assert_eq!(plain, with);
            assert_eq!(of_kind(&plain, "liaison").len(), 2);
        }
    }

    #[test]
    fn r015_the_setting_of_the_week_applies() {
        let mut facts = Facts::default();
        // Friday: three days of the week are left.
        facts.intervention.opened = met(date(2026, 10, 9));
        let set = [Dated {
            name: "part_week_days".to_owned(),
            from: date(2026, 10, 1),
            value: "3".to_owned(),
        }];
        let with = duties(&facts, &set, &Calendar::default(), noon(date(2026, 10, 10)));
        assert_eq!(of_kind(&with, "liaison"), ["2026-10-05"]);
        assert_eq!(owed(&facts, date(2026, 10, 10)), []);
    }

    /// The weeks owed by looking at one day after another: written apart from the rule.
    fn naive(
        opened: Date,
        ended: Option<Date>,
        pauses: &[(Date, Option<Date>)],
        held: &[(Date, Date)],
        today: Date,
    ) -> BTreeMap<Date, Option<Date>> {
        let mut worked: BTreeMap<Date, u32> = BTreeMap::new();
        let mut on = opened;
        let horizon = today + 14.days();
        while on <= horizon && ended.is_none_or(|ended| on <= ended) {
            let back = i64::from(on.weekday().to_monday_zero_offset());
            let monday = on - back.days();
            let rests = pauses
                .iter()
                .any(|(from, until)| *from <= on && until.is_none_or(|until| on <= until));
            let days = worked.entry(monday).or_default();
            if !rests {
                *days += 1;
            }
            on += 1.day();
        }
        worked
            .into_iter()
            .filter(|(monday, days)| *days >= 4 && *monday <= today)
            .map(|(monday, _)| {
                let first = held
                    .iter()
                    .filter(|(on, _)| monday <= *on && *on <= monday + 6.days())
                    .map(|(_, entered)| *entered)
                    .min();
                (monday, first)
            })
            .collect()
    }

    proptest! {
        #[test]
        fn r015_r017_r018_agree_with_an_independent_model(
            opened in 0_i64..40,
            ran in proptest::option::of(0_i64..120),
            pauses in proptest::collection::vec((0_i64..120, proptest::option::of(0_i64..30)), 0..4),
            held in proptest::collection::vec((0_i64..140, 0_i64..40), 0..40),
            now in 0_i64..150,
        ) {
            let start = date(2026, 9, 1);
            let opened = start + opened.days();
            let ended = ran.map(|days| opened + days.days());
            let pauses: Vec<(Date, Option<Date>)> = pauses
                .into_iter()
                .map(|(from, days)| {
                    let from = start + from.days();
                    (from, days.map(|days| from + days.days()))
                })
                .collect();
            let held: Vec<(Date, Date)> = held
                .into_iter()
                .map(|(on, later)| {
                    let on = start + on.days();
                    (on, on + later.days())
                })
                .collect();
            let today = start + now.days();
            let mut facts = Facts::default();
            facts.intervention.opened = met(opened);
            facts.intervention.ended = ended.and_then(met);
            facts.intervention.pauses.clone_from(&pauses);
            facts.contact.liaison = Weeks::of(held.iter().map(|(on, entered)| Held { entered: *entered, on: *on }));
            let text = serde_json::to_string(&facts).unwrap();
            let facts: Facts = serde_json::from_str(&text).unwrap();
            let expected = naive(opened, ended, &pauses, &held, today);
            let told: BTreeMap<Date, Option<Date>> = duties(&facts, &[], &Calendar::default(), noon(today))
                .into_iter()
                .filter(|duty| duty.key.starts_with("liaison"))
                .map(|duty| {
                    let monday: Date = duty.key.rsplit('.').next().unwrap().parse().unwrap();
                    let entered = duty.met.map(|met| london_date(met.entered));
                    (monday, entered)
                })
                .collect();
            let recent = Week::of(today).plus(-1).monday();
            for (monday, entered) in &expected {
                let sunday = *monday + 6.days();
                match (entered, told.get(monday)) {
                    // Kept in time long ago: not told any more.
                    (Some(entered), None) => prop_assert!(*entered <= sunday && *monday < recent),
                    (Some(entered), Some(Some(said))) if *entered > sunday => prop_assert_eq!(entered, said),
                    (Some(_), Some(Some(said))) => prop_assert!(*said <= sunday && *monday >= recent),
                    (None, Some(None)) => {}
                    other => prop_assert!(false, "{}: {:?}", monday, other),
                }
            }
            prop_assert!(told.keys().all(|monday| expected.contains_key(monday)));
        }
    }

    #[test]
    fn a_case_of_eighteen_months_costs_microseconds() {
        let mut facts = Facts::default();
        facts.intervention.opened = met(date(2025, 4, 7));
        let weekly = || {
            Weeks::of((0..78).map(|week| {
                let on = date(2025, 4, 9) + (week * 7_i64).days();
                held(on, on)
            }))
        };
        facts.contact.people = [false, true, true]
            .map(|child| Person {
                weeks: weekly(),
                ..person(child)
            })
            .to_vec();
        facts.contact.liaison = weekly();
        facts.contact.meeting = weekly();
        assert!(serde_json::to_string(&facts.contact).unwrap().len() < 1500);
        let now = noon(date(2026, 10, 2));
        let calendar = Calendar::default();
        let told = duties(&facts, &[], &calendar, now);
        // This week and the last one of each of five, and nothing of the 76 before.
        assert_eq!(told.len(), 10);
        let begun = std::time::Instant::now();
        for _ in 0..200 {
            std::hint::black_box(duties(std::hint::black_box(&facts), &[], &calendar, now));
        }
        let each = begun.elapsed() / 200;
        eprintln!("18 months: {each:?} a case");
        assert!(each.as_micros() < 2_000, "{each:?}");
    }
}
