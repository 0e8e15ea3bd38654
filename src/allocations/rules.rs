//! Who may be allocated, and by when. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    access::{Line, Tie},
    calendar::Calendar,
    deadline::london_date,
    form::{Answer, Problem, Problems},
    ids::UserId,
    label::{Labelled, Workers},
};

use super::model::NewHandover;
use crate::duties::{
    facts::Facts,
    model::{Duty, Met},
    settings::{Dated, in_force},
};

/// The allocation of a received referral, where the partnership has set a time for it: no source
/// gives one.
pub fn duties(facts: &Facts, settings: &[Dated], calendar: &Calendar, _: Timestamp) -> Vec<Duty> {
    let Some(received) = facts.received else {
        return Vec::new();
    };
    let Some(within) = in_force(settings, london_date(received)).allocate else {
        return Vec::new();
    };
    if facts.withdrawn && facts.allocated.is_none() {
        return Vec::new();
    }
    vec![Duty {
        key: "allocation".into(),
        what: "Allocate the referral",
        about: None,
        apart: false,
        rule: "setting: allocate",
        place: "/allocation",
        owner: Tie::Oversight,
        due: within.due(received, calendar),
        met: facts.allocated.map(|at| Met { at, entered: at }),
        reaches: None,
        waived: false,
    }]
}

/// A worker about to be tied to a case.
#[derive(Clone, Copy, Debug)]
pub struct Proposed {
    /// The worker.
    pub user: UserId,
    /// Whether the worker may work at all and holds the role.
    pub qualified: bool,
    /// Whether the worker's agency took part when the case opened.
    pub took_part: bool,
    /// Whether the worker is excluded from the case, or not named while it is restricted.
    pub excluded: bool,
}

/// Whether `worker` may hold `line` on a case whose open ties are `held`.
///
/// Nobody holds both lines on one case (`design.md` 2), and nobody is tied who could not open it.
pub fn may_hold(worker: Proposed, line: Line, held: &[(UserId, Tie)], field: &str) -> Problems {
    let mut problems = Problems::new();
    let other_line = held
        .iter()
        .any(|(user, tie)| *user == worker.user && tie.line().is_some_and(|other| other != line));
    if !worker.qualified {
        problems.push(Problem::new(field, "Choose a worker from the list"));
    }
    if other_line || worker.excluded {
        // One message for both: why somebody cannot be chosen may be the survivor's.
        problems.push(Problem::new(
            field,
            "This worker cannot be tied to this case: choose another",
        ));
    }
    if !worker.took_part {
        problems.push(Problem::new(
            field,
            "This worker’s agency had no agreement in force when the case opened: choose another",
        ));
    }
    problems
}

/// R105: a referral that is held because an agreement ended is taken by the manager, with a reason,
/// before anybody works on it.
pub fn may_allocate(held: bool) -> Problems {
    if held {
        vec![Problem::new(
            "worker",
            "This referral is held because no agreement is in force: read it and take it with a reason first",
        )]
    } else {
        Problems::new()
    }
}

/// Whether the supervisor is somebody else than the worker.
pub fn supervised_by_another(worker: UserId, supervisor: UserId) -> Problems {
    if worker == supervisor {
        vec![Problem::new(
            "supervisor",
            "Nobody supervises their own work: choose somebody else",
        )]
    } else {
        Problems::new()
    }
}

/// The worker who was chosen from a list, if it is an id at all.
pub fn chosen(answer: Option<&Labelled<String, Workers>>) -> Option<UserId> {
    answer.and_then(|id| id.expose().parse().ok())
}

/// The first and the last day of a cover, as far as they were given.
pub fn days(form: &NewHandover) -> (Option<Date>, Option<Date>) {
    let day = |answer: &Answer<Date, Workers>| answer.as_ref().map(|day| *day.expose());
    (day(&form.from), day(&form.until))
}

/// Whether the days of a cover make sense: both or neither, in order, not all past.
pub fn cover_days(from: Option<Date>, until: Option<Date>, today: Date) -> Problems {
    match (from, until) {
        (Some(_), None) => vec![Problem::new("until", "Give the last day of cover too")],
        (None, Some(_)) => vec![Problem::new("from", "Give the first day of cover too")],
        (Some(from), Some(until)) if until < from => {
            vec![Problem::new(
                "until",
                "The last day must not be before the first",
            )]
        }
        (_, Some(until)) if until < today => {
            vec![Problem::new("until", "The last day of cover is past")]
        }
        _ => Problems::new(),
    }
}

/// Whether cases can be covered: somebody who left does not come back to them.
pub fn cover_of(is_cover: bool, has_left: bool) -> Problems {
    if is_cover && has_left {
        vec![Problem::new(
            "from",
            "Nobody works with some of these cases any more: hand them over for good, without days",
        )]
    } else {
        Problems::new()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::deadline::Due;

    use super::*;

    fn proposed() -> Proposed {
        Proposed {
            user: UserId::new(),
            qualified: true,
            took_part: true,
            excluded: false,
        }
    }

    #[test]
    fn nobody_holds_both_lines() {
        let worker = proposed();
        let other = UserId::new();
        for (held, line, allowed) in [
            (vec![], Line::Client, true),
            (vec![(worker.user, Tie::SurvivorLine)], Line::Client, false),
            (vec![(worker.user, Tie::ClientLine)], Line::Survivor, false),
            (vec![(worker.user, Tie::LeadWorker)], Line::Client, false),
            (
                vec![(worker.user, Tie::ClientSupervisor)],
                Line::Client,
                true,
            ),
            (vec![(other, Tie::SurvivorLine)], Line::Client, true),
        ] {
            assert_eq!(
                may_hold(worker, line, &held, "worker").is_empty(),
                allowed,
                "{held:?}"
            );
        }
    }

    #[test]
    fn nobody_is_tied_who_could_not_open_the_case() {
        for worker in [
            Proposed {
                qualified: false,
                ..proposed()
            },
            Proposed {
                took_part: false,
                ..proposed()
            },
            Proposed {
                excluded: true,
                ..proposed()
            },
        ] {
            assert_eq!(
                may_hold(worker, Line::Client, &[], "worker").len(),
                1,
                "{worker:?}"
            );
        }
    }

    #[test]
    fn why_somebody_cannot_be_tied_is_not_said() {
        let worker = proposed();
        let excluded = Proposed {
            excluded: true,
            ..worker
        };
        let both = may_hold(
            worker,
            Line::Client,
            &[(worker.user, Tie::SurvivorLine)],
            "worker",
        );
        assert_eq!(may_hold(excluded, Line::Client, &[], "worker"), both);
    }

    #[test]
    fn r105_a_held_referral_is_taken_before_it_is_allocated() {
        assert_eq!(may_allocate(true).len(), 1);
        assert_eq!(may_allocate(false), []);
    }

    #[test]
    fn cover_has_days_in_order() {
        let day = |d| Some(date(2026, 10, d));
        let today = date(2026, 10, 14);
        for (from, until, fine) in [
            (None, None, true),
            (day(14), day(20), true),
            (day(1), day(14), true),
            (day(20), day(19), false),
            (day(1), day(13), false),
            (day(14), None, false),
            (None, day(14), false),
        ] {
            assert_eq!(
                cover_days(from, until, today).is_empty(),
                fine,
                "{from:?} {until:?}"
            );
        }
    }

    #[test]
    fn who_left_is_not_covered() {
        for (is_cover, has_left, fine) in [
            (true, true, false),
            (true, false, true),
            (false, true, true),
            (false, false, true),
        ] {
            assert_eq!(cover_of(is_cover, has_left).is_empty(), fine);
        }
    }

    #[test]
    fn allocation_is_due_only_where_a_time_is_set() {
        let facts = Facts::received("2026-10-14T09:00:00Z".parse().unwrap());
        let calendar = Calendar::default();
        assert_eq!(duties(&facts, &[], &calendar, Timestamp::UNIX_EPOCH), []);
        let set = [Dated {
            name: "allocate".to_owned(),
            from: date(2026, 1, 1),
            value: "1 working day".to_owned(),
        }];
        assert_eq!(
            duties(&facts, &set, &calendar, Timestamp::UNIX_EPOCH)[0].due,
            Due::EndOf(date(2026, 10, 15))
        );
        let withdrawn = Facts {
            withdrawn: true,
            ..facts
        };
        assert_eq!(
            duties(&withdrawn, &set, &calendar, Timestamp::UNIX_EPOCH),
            []
        );
    }
}
