//! How a case may be closed, and what is owed when the work has ended. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    access::Tie,
    calendar::Calendar,
    deadline::london_date,
    form::{Problem, Problems},
    label::{Label, Labelled},
};
use serde::{Deserialize, Serialize};

use super::model::{NewApart, NewClosure, NewReopening, Outcome, Told};
use crate::{
    duties::{
        facts::Facts,
        model::{Duty, Met},
        settings::{Dated, Kind, Setting},
    },
    interventions::model::Ending,
};

/// What is known of a case, as far as duties depend on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    /// When the case was closed, while it is.
    pub closed: Option<Met>,
    /// When it was last recorded what stays in place for survivor and children (R025).
    pub kept: Option<Met>,
}

/// What a partnership may set.
pub const SETTINGS: &[Setting] = &[KEPT];

const KEPT: Setting = Setting {
    name: "closure_kept",
    what: "How soon, after the intensive work has ended, it is recorded what stays in place for survivor and children (R025); no duty while it is not set",
    kind: Kind::Within,
    default: None,
};

/// R025: when the work ends, what that means for safety is explored, and services are linked with
/// those at risk.
///
/// Source: guidance-pack-2020.md 99. It gives no number, so nothing is dated until the partnership
/// sets one. It is owed from the end of the work, not from the closure: a closed case is on no
/// worklist. Whether it was done is the survivor's, so the duty is `apart`.
pub fn duties(facts: &Facts, settings: &[Dated], calendar: &Calendar, _: Timestamp) -> Vec<Duty> {
    let Some(ended) = facts.intervention.ended else {
        return Vec::new();
    };
    let Some(within) = KEPT.within(settings, ended.day()) else {
        return Vec::new();
    };
    vec![Duty {
        key: format!("closure-kept.{}", ended.day()).into(),
        what: "Record what stays in place for survivor and children",
        about: None,
        apart: true,
        rule: "R025",
        place: "/apart/closures/new",
        owner: Tie::SurvivorLine,
        due: within.due(ended.at, calendar),
        reaches: None,
        met: facts.closure.kept.filter(|kept| kept.day() >= ended.day()),
        waived: false,
    }]
}

fn not_future<L: Label>(
    day: Option<&Labelled<Date, L>>,
    today: Date,
    field: impl Into<String>,
    problems: &mut Problems,
) {
    if day.is_some_and(|day| *day.expose() > today) {
        problems.push(Problem::new(field, "The day must not be in the future"));
    }
}

/// Whether a case can be closed so. High risk warns and stops nobody; nothing of the survivor is
/// looked at, so that the answer tells nothing of her.
pub fn problems(form: &NewClosure, facts: &Facts, today: Date) -> Problems {
    let mut problems = Problems::new();
    let day = |answer: &Option<Labelled<Date, _>>| answer.as_ref().map(|day| *day.expose());
    not_future(form.closed_on.as_ref(), today, "closed_on", &mut problems);
    if facts.withdrawn {
        problems.push(Problem::new(
            "closed_on",
            "This referral was withdrawn, which has closed it",
        ));
    }
    if let (Some(closed), Some(received)) = (day(&form.closed_on), facts.received)
        && closed < london_date(received)
    {
        problems.push(Problem::new(
            "closed_on",
            "The case cannot have been closed before it was received",
        ));
    }
    let opened = facts.intervention.opened.is_some();
    match form.outcome.as_ref().map(|outcome| *outcome.expose()) {
        Some(outcome) if outcome.had_work() && !opened => problems.push(Problem::new(
            "outcome",
            "The intensive work was never opened, so it was neither completed nor left: choose another ending",
        )),
        Some(Outcome::NeverStarted) if opened => problems.push(Problem::new(
            "outcome",
            "The intensive work was opened: choose how it ended",
        )),
        _ => {}
    }
    ends(form, today, &mut problems);
    tellings(form, today, &mut problems);
    problems
}

/// R041: the behaviour work may go on after temporary accommodation ends, so each has a day of its
/// own, and neither is held against the other.
///
/// Source: mou-2020.md 31 (the work may extend beyond the weeks of accommodation).
fn ends(form: &NewClosure, today: Date, problems: &mut Problems) {
    not_future(
        form.work_ended_on.as_ref(),
        today,
        "work_ended_on",
        problems,
    );
    not_future(
        form.placement_ended_on.as_ref(),
        today,
        "placement_ended_on",
        problems,
    );
    if let (Some(work), Some(closed)) = (&form.work_ended_on, &form.closed_on)
        && work.expose() > closed.expose()
    {
        problems.push(Problem::new(
            "work_ended_on",
            "Work that goes on after the closure has not ended: leave this blank",
        ));
    }
}

fn tellings(form: &NewClosure, today: Date, problems: &mut Problems) {
    let told = |answer: &Option<Labelled<Told, _>>| answer.as_ref().map(|told| *told.expose());
    not_future(
        form.client_told_on.as_ref(),
        today,
        "client_told_on",
        problems,
    );
    match told(&form.client_told) {
        Some(Told::NotTold) if form.client_untold.is_none() => problems.push(Problem::missing(
            "client_untold",
            "Say why the client was not told",
        )),
        Some(Told::NotTold) | None => {}
        Some(_) if form.client_told_on.is_none() => problems.push(Problem::missing(
            "client_told_on",
            "Say when the client was told",
        )),
        Some(_) => {}
    }
    not_future(
        form.referrer_told_on.as_ref(),
        today,
        "referrer_told_on",
        problems,
    );
    if told(&form.referrer_told).is_some_and(|told| told != Told::NotTold)
        && form.referrer_told_on.is_none()
    {
        problems.push(Problem::missing(
            "referrer_told_on",
            "Say when the referrer was told",
        ));
    }
    for (number, telling) in form.told.iter().enumerate() {
        not_future(
            telling.on.as_ref(),
            today,
            format!("told.{number}.on"),
            problems,
        );
    }
}

/// How open work ends when its case is closed so; nothing for a case in which it never opened.
pub const fn ending(outcome: Outcome) -> Option<Ending> {
    match outcome {
        Outcome::Completed => Some(Ending::Completed),
        Outcome::Partly => Some(Ending::Partly),
        Outcome::DroppedOut => Some(Ending::DroppedOut),
        Outcome::Withdrawn => Some(Ending::Withdrawn),
        Outcome::Moved => Some(Ending::Moved),
        Outcome::Deselected => Some(Ending::Deselected),
        Outcome::NeverStarted => None,
    }
}

/// Whether a case can be opened again from that day.
pub fn reopening_problems(form: &NewReopening, closed_on: Date, today: Date) -> Problems {
    let mut problems = Problems::new();
    not_future(
        form.reopened_on.as_ref(),
        today,
        "reopened_on",
        &mut problems,
    );
    if form
        .reopened_on
        .as_ref()
        .is_some_and(|day| *day.expose() < closed_on)
    {
        problems.push(Problem::new(
            "reopened_on",
            "The day must not be before the case was closed",
        ));
    }
    problems
}

/// R025: she is told where that is safe; where she was not, it is said why.
pub fn apart_problems(form: &NewApart, today: Date) -> Problems {
    let mut problems = Problems::new();
    not_future(form.told_on.as_ref(), today, "told_on", &mut problems);
    match form.told.as_ref().map(|told| *told.expose()) {
        Some(Told::NotTold) if form.untold.is_none() => {
            problems.push(Problem::missing("untold", "Say why it was not safe"));
        }
        Some(Told::NotTold) | None => {}
        Some(_) if form.told_on.is_none() => {
            problems.push(Problem::missing("told_on", "Say when"));
        }
        Some(_) => {}
    }
    problems
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::deadline::{Due, start_of};

    use super::*;
    use crate::{
        duties::{model::Stage, rules::stage},
        testing::answered,
    };

    #[expect(clippy::unnecessary_wraps, reason = "as the facts have it")]
    fn on(day: Date) -> Option<Met> {
        Some(Met::on(day, start_of(day)))
    }

    fn facts(opened: bool, ended: Option<Date>) -> Facts {
        let mut facts = Facts::received(start_of(date(2026, 9, 8)));
        facts.intervention.opened = if opened { on(date(2026, 9, 20)) } else { None };
        facts.intervention.ended = ended.and_then(on);
        facts
    }

    fn form(outcome: Outcome) -> NewClosure {
        NewClosure {
            closed_on: answered(date(2026, 10, 12)),
            outcome: answered(outcome),
            client_told: answered(Told::InPerson),
            client_told_on: answered(date(2026, 10, 12)),
            referrer_told: answered(Told::NotTold),
            ..NewClosure::default()
        }
    }

    const TODAY: Date = date(2026, 10, 14);

    fn wrong(form: &NewClosure, facts: &Facts) -> Vec<String> {
        problems(form, facts, TODAY)
            .into_iter()
            .map(|problem| problem.field)
            .collect()
    }

    #[test]
    fn r096_an_ending_fits_what_was_done() {
        for outcome in Outcome::ALL {
            let unopened = wrong(&form(*outcome), &facts(false, None));
            let opened = wrong(&form(*outcome), &facts(true, None));
            assert_eq!(unopened.is_empty(), !outcome.had_work(), "{outcome:?}");
            assert_eq!(
                opened.is_empty(),
                *outcome != Outcome::NeverStarted,
                "{outcome:?}"
            );
            assert_eq!(
                ending(*outcome).is_none(),
                *outcome == Outcome::NeverStarted
            );
        }
    }

    #[test]
    fn r041_work_and_accommodation_end_each_on_its_own_day() {
        for (work, placement, expected) in [
            (None, None, vec![]),
            (Some(10), Some(1), vec![]),
            // The work before the accommodation, and after it: both happen.
            (Some(1), Some(10), vec![]),
            (None, Some(10), vec![]),
            (Some(12), None, vec![]),
            // What goes on has not ended.
            (Some(13), None, vec!["work_ended_on"]),
            (None, Some(13), vec![]),
            (None, Some(15), vec!["placement_ended_on"]),
        ] {
            let form = NewClosure {
                work_ended_on: work.map(|day| Labelled::new(date(2026, 10, day))),
                placement_ended_on: placement.map(|day| Labelled::new(date(2026, 10, day))),
                ..form(Outcome::Completed)
            };
            assert_eq!(
                wrong(&form, &facts(true, None)),
                expected,
                "{work:?} {placement:?}"
            );
        }
    }

    #[test]
    fn who_was_told_is_said_with_a_day_or_a_reason() {
        let told = |told, day: Option<i8>, why: bool| NewClosure {
            client_told: answered(told),
            client_told_on: day.map(|day| Labelled::new(date(2026, 10, day))),
            client_untold: why.then(|| Labelled::new("Gone abroad".to_owned())),
            ..form(Outcome::Moved)
        };
        for (form, expected) in [
            (told(Told::Telephone, Some(12), false), vec![]),
            (told(Told::Telephone, None, false), vec!["client_told_on"]),
            (
                told(Told::Telephone, Some(15), false),
                vec!["client_told_on"],
            ),
            (told(Told::NotTold, None, true), vec![]),
            (told(Told::NotTold, None, false), vec!["client_untold"]),
            (
                NewClosure {
                    referrer_told: answered(Told::Writing),
                    ..form(Outcome::Moved)
                },
                vec!["referrer_told_on"],
            ),
        ] {
            assert_eq!(wrong(&form, &facts(false, None)), expected);
        }
    }

    #[test]
    fn a_case_is_closed_after_it_was_received_and_by_today() {
        for (day, expected) in [
            (date(2026, 9, 7), vec!["closed_on"]),
            (date(2026, 9, 8), vec![]),
            (TODAY, vec![]),
            (date(2026, 10, 15), vec!["closed_on"]),
        ] {
            let form = NewClosure {
                closed_on: answered(day),
                ..form(Outcome::Deselected)
            };
            assert_eq!(wrong(&form, &facts(false, None)), expected, "{day}");
        }
        let withdrawn = Facts {
            withdrawn: true,
            ..facts(false, None)
        };
        assert_eq!(wrong(&form(Outcome::Moved), &withdrawn), ["closed_on"]);
    }

    #[test]
    fn high_risk_warns_and_never_blocks() {
        let mut high = facts(true, None);
        high.risk.high = on(date(2026, 10, 10));
        assert_eq!(
            wrong(&form(Outcome::DroppedOut), &high),
            Vec::<String>::new()
        );
    }

    #[test]
    fn r025_what_stays_in_place_is_owed_once_a_time_is_set() {
        let set = [Dated {
            name: "closure_kept".to_owned(),
            from: date(2026, 4, 1),
            value: "3 working days".to_owned(),
        }];
        let ended = facts(true, Some(date(2026, 10, 9)));
        let owed = |facts: &Facts, set: &[Dated]| {
            duties(facts, set, &Calendar::default(), start_of(TODAY))
        };
        // No number in the source, and none made up.
        assert_eq!(owed(&ended, &[]), []);
        assert_eq!(owed(&facts(true, None), &set), []);
        let duty = owed(&ended, &set).remove(0);
        assert_eq!(duty.due, Due::EndOf(date(2026, 10, 14)));
        assert!(duty.apart && duty.is_owed());
        for (kept, met) in [(date(2026, 10, 8), false), (date(2026, 10, 9), true)] {
            let mut facts = ended.clone();
            facts.closure.kept = on(kept);
            assert_eq!(owed(&facts, &set)[0].met.is_some(), met, "{kept}");
        }
    }

    #[test]
    fn r025_where_she_was_not_told_it_is_said_why() {
        for (told, day, why, expected) in [
            (Told::InPerson, true, false, None),
            (Told::InPerson, false, false, Some("told_on")),
            (Told::NotTold, false, true, None),
            (Told::NotTold, true, false, Some("untold")),
        ] {
            let form = NewApart {
                told: answered(told),
                told_on: day.then(|| Labelled::new(TODAY)),
                untold: why.then(|| Labelled::new("He is in the room".to_owned())),
                ..NewApart::default()
            };
            let problems = apart_problems(&form, TODAY);
            assert_eq!(
                problems.first().map(|problem| problem.field.as_str()),
                expected,
                "{told:?}"
            );
        }
    }

    #[test]
    fn a_reopened_case_stands_where_it_stood() {
        let mut closed = facts(true, None);
        closed.closure.closed = on(TODAY);
        assert_eq!(stage(&closed, start_of(TODAY)), Stage::Closed);
        closed.closure.closed = None;
        assert_eq!(stage(&closed, start_of(TODAY)), Stage::Open);
        for (day, fine) in [
            (date(2026, 10, 11), false),
            (date(2026, 10, 12), true),
            (TODAY, true),
            (date(2026, 10, 15), false),
        ] {
            let form = NewReopening {
                reopened_on: answered(day),
                ..NewReopening::default()
            };
            let problems = reopening_problems(&form, date(2026, 10, 12), TODAY);
            assert_eq!(problems.is_empty(), fine, "{day}");
        }
    }
}
