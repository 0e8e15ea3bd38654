//! What follows from consultations. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    access::Tie,
    calendar::Calendar,
    deadline::Due,
    form::{Problem, Problems, without_label},
    label::{Labelled, Workers},
};
use serde::{Deserialize, Serialize};

use super::model::{NewBooking, NewHeld, NewMissed};
use crate::{
    acknowledgements::model::Meeting,
    duties::{
        facts::Facts,
        model::{Duty, Met},
        settings::{Dated, Setting},
    },
};

/// What is known of a case, as far as duties depend on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    /// When the first consultation of the case was held.
    pub held: Option<Met>,
    /// The day by which one was promised when receipt was confirmed.
    pub promised: Option<Date>,
}

/// What a partnership may set: nothing, for the day is promised to each referrer.
pub const SETTINGS: &[Setting] = &[];

/// The name of the duty to hold a consultation.
pub const KEY: &str = "consultation";

/// R101: a consultation is held for every family whose referral was confirmed, also where the
/// intensive work will not suit. It is due on the day promised in the confirmation; the sources
/// give no number of days (R009).
///
/// Source: mou-2020.md 30; guidance-pack-2020.md 131, 139-146.
pub fn duties(facts: &Facts, _: &[Dated], _: &Calendar, _: Timestamp) -> Vec<Duty> {
    let known = &facts.consultation;
    let gone = facts.withdrawn || facts.closure.closed.is_some();
    let Some(promised) = known.promised.filter(|_| !gone || known.held.is_some()) else {
        return Vec::new();
    };
    vec![Duty {
        key: KEY.into(),
        what: "Hold the consultation",
        about: None,
        apart: false,
        rule: "R101",
        place: "/consultations",
        owner: Tie::ClientLine,
        due: Due::EndOf(promised),
        reaches: None,
        met: known.held,
        waived: false,
    }]
}

/// Whether a consultation can be booked so: not for a day that is over.
pub fn check_booking(form: &NewBooking, today: Date) -> Problems {
    if without_label(&form.planned_on).is_some_and(|on| on < today) {
        return vec![Problem::new(
            "planned_on",
            "The day must not be over: if it was held already, record that it was held",
        )];
    }
    Problems::new()
}

/// R009: of a consultation that was held, each of the six areas is on the record: presenting
/// issues, risk, needs, the goals of both, motivation for change, the survivor's strengths. The
/// form asks for every one; here is what one answer cannot know.
///
/// Source: guidance-pack-2020.md 139-146.
pub fn check_held(form: &NewHeld, today: Date) -> Problems {
    if without_label(&form.held_on).is_some_and(|on| on > today) {
        return vec![Problem::new(
            "held_on",
            "The day on which it was held must not be in the future",
        )];
    }
    Problems::new()
}

/// Whether it can be recorded as not held so: a new day may be left open, but what is said of it
/// must do.
pub fn check_missed(form: &NewMissed, today: Date) -> Problems {
    let mut problems = check_booking(&form.again, today);
    let said = form.again.planned_at.is_some() || form.again.meeting.is_some();
    if said && form.again.planned_on.is_none() {
        problems.push(Problem::new(
            "planned_on",
            "Say on which day, or leave time and way blank too",
        ));
    }
    problems
}

/// How a consultation is booked if nobody says otherwise: guidance-pack-2020.md 131 names the
/// telephone first.
pub fn by_telephone() -> Labelled<Meeting, Workers> {
    Labelled::new(Meeting::Telephone)
}

/// The months of a year up to `today`, the latest first, each by its first day.
pub fn months(year: i16, today: Date) -> Vec<Date> {
    (1..=12)
        .rev()
        .filter_map(|month| Date::new(year, month, 1).ok())
        .filter(|first| *first <= today)
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::{
        deadline::{Standing, start_of},
        form::Dictionary,
    };

    use super::*;
    use crate::{duties::model::State, testing::at};

    fn owed(known: Known, change: impl FnOnce(&mut Facts)) -> Vec<Duty> {
        let mut facts = Facts {
            consultation: known,
            ..Facts::received(at("2026-10-14T09:00:00Z"))
        };
        change(&mut facts);
        duties(&facts, &[], &Calendar::default(), Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn r009_all_six_areas_are_asked() {
        let asked: Vec<_> = Dictionary::of::<NewHeld>()
            .into_iter()
            .filter(|entry| entry.required)
            .map(|entry| entry.name)
            .collect();
        for area in [
            "presenting",
            "risk",
            "needs",
            "client_goals",
            "survivor_goals",
            "motivation",
            "strengths",
        ] {
            assert!(asked.iter().any(|name| name == area), "{area}");
        }
    }

    #[test]
    fn r101_due_on_the_day_that_was_promised() {
        let promised = Some(date(2026, 10, 23));
        let met = |on: Date, entered: Date| Some(Met::on(on, start_of(entered)));
        for (held, expected) in [
            (None, State::Owed(Standing::Overdue)),
            (met(date(2026, 10, 23), date(2026, 10, 23)), State::OnTime),
            (
                met(date(2026, 10, 22), date(2026, 10, 26)),
                State::OnTimeRecordedLate,
            ),
            // The day itself is the last.
            (met(date(2026, 10, 24), date(2026, 10, 24)), State::Late),
            (met(date(2026, 10, 26), date(2026, 10, 26)), State::Late),
        ] {
            let known = Known { held, promised };
            let duties = owed(known, |_| {});
            assert_eq!(duties.len(), 1);
            assert_eq!(
                duties[0].state(at("2026-10-27T09:00:00Z")),
                expected,
                "{held:?}"
            );
        }
    }

    #[test]
    fn r101_owed_also_where_the_work_does_not_suit_and_not_before_it_was_promised() {
        let promised = Known {
            promised: Some(date(2026, 10, 23)),
            ..Known::default()
        };
        let unsuitable = |facts: &mut Facts| {
            facts.suitability.outcome = Some(crate::suitability::rules::Outcome::NotSuitable);
        };
        assert_eq!(owed(promised.clone(), unsuitable).len(), 1);
        assert_eq!(owed(Known::default(), |_| {}), []);
        assert_eq!(owed(promised, |facts| facts.withdrawn = true), []);
    }

    #[test]
    fn booked_ahead_and_held_before() {
        let today = date(2026, 10, 16);
        for (on, ahead, held) in [
            (date(2026, 10, 15), 1, 0),
            (today, 0, 0),
            (date(2026, 10, 17), 0, 1),
        ] {
            let booking = NewBooking {
                planned_on: Some(Labelled::new(on)),
                ..NewBooking::default()
            };
            let record = NewHeld {
                held_on: Some(Labelled::new(on)),
                ..NewHeld::default()
            };
            assert_eq!(check_booking(&booking, today).len(), ahead, "{on}");
            assert_eq!(check_held(&record, today).len(), held, "{on}");
        }
    }

    #[test]
    fn a_new_day_may_be_left_open_whole() {
        let today = date(2026, 10, 16);
        let mut form = NewMissed::default();
        assert_eq!(check_missed(&form, today), []);
        form.again.planned_at = Some(Labelled::new("2pm".to_owned()));
        assert_eq!(check_missed(&form, today).len(), 1);
    }

    #[test]
    fn a_year_has_the_months_that_have_begun() {
        assert_eq!(months(2026, date(2026, 3, 5)).len(), 3);
        assert_eq!(months(2025, date(2026, 3, 5)).len(), 12);
        assert_eq!(months(2027, date(2026, 3, 5)), []);
    }
}
