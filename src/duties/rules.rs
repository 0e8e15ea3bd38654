//! Who owns a duty, whom it reaches when overdue, where a case stands. Pure.

use jiff::{Timestamp, civil};
use kernel::{
    access::Tie,
    calendar::Calendar,
    deadline::{Due, london_date, london_instant},
};

use super::{
    facts::Facts,
    model::{Duty, Stage, State},
    settings::{Dated, Settings},
};
use platform::casefile;

use crate::{
    acknowledgements, allocations, closures, consultations, contacts, engagement, interventions,
    participation, plans, risks, suitability, supervision,
};

/// The version of the rules in this file, recorded with every breach.
pub const VERSION: i32 = 1;

/// What a capability owes: a pure function of the facts, the settings and the time.
type Owes = fn(&Facts, &[Dated], &Calendar, Timestamp) -> Vec<Duty>;

/// The capabilities that owe something.
const OWING: &[Owes] = &[
    allocations::rules::duties,
    acknowledgements::rules::duties,
    consultations::rules::duties,
    risks::rules::duties,
    suitability::rules::duties,
    participation::rules::duties,
    plans::rules::duties,
    interventions::rules::duties,
    contacts::rules::duties,
    engagement::rules::duties,
    supervision::rules::duties,
    closures::rules::duties,
];

/// Every duty of a case up to the week of `now`, met ones too, what is due first coming first.
pub fn duties(facts: &Facts, settings: &[Dated], calendar: &Calendar, now: Timestamp) -> Vec<Duty> {
    let mut all: Vec<Duty> = OWING
        .iter()
        .flat_map(|owes| owes(facts, settings, calendar, now))
        .collect();
    for duty in &mut all {
        duty.waived = duty.waived || facts.waived.iter().any(|key| *key == duty.key);
    }
    all.sort_by_key(|duty| duty.due.instant());
    all
}

/// Whether somebody with these ties sees that `duty` is owed. What only the survivor's side may know
/// is seen by it and by the programme; by the lead worker while no specialist holds the line.
pub fn seen_by(duty: &Duty, ties: &[Tie], facts: &Facts) -> bool {
    !duty.apart
        || ties
            .iter()
            .any(|tie| casefile::sees_apart(*tie, facts.specialist()))
}

/// Whether an owed duty stands on worklists. A case that is not open is on none, with two
/// exceptions. What cannot wait for a working morning does not end with the case: high risk "at any
/// time thereafter" (R028). And what the survivor must be told outlives the closure: a client who
/// drops out is closed sooner than she can be told of it (R023, R025).
pub fn is_listed(duty: &Duty, stage: Stage) -> bool {
    duty.is_owed()
        && (stage.is_open() || duty.reaches.is_some() || (stage == Stage::Closed && duty.apart))
}

/// Where the case stands on the day of `now`.
pub fn stage(facts: &Facts, now: Timestamp) -> Stage {
    let today = london_date(now);
    if facts.withdrawn {
        Stage::Withdrawn
    } else if facts.closure.closed.is_some() {
        Stage::Closed
    } else if facts.intervention.ended.is_some() {
        Stage::Ended
    } else if facts.intervention.opened.is_some() {
        if facts.intervention.is_paused_on(today) {
            Stage::Paused
        } else {
            Stage::Open
        }
    } else if let Some(decided) = facts.suitability.outcome {
        match decided {
            suitability::rules::Outcome::Suitable => Stage::Suitable,
            suitability::rules::Outcome::NotSuitable => Stage::Unsuitable,
        }
    } else if facts.consultation.held.is_some() {
        Stage::Consulted
    } else if facts.acknowledged.is_some() {
        Stage::Acknowledged
    } else if facts.allocated.is_some() {
        Stage::Allocated
    } else if facts.held {
        Stage::Held
    } else if facts.waiting {
        Stage::Waiting
    } else {
        Stage::Received
    }
}

impl Duty {
    /// Where the duty stands at `now`. A later entry with an earlier business date is on time.
    pub fn state(&self, now: Timestamp) -> State {
        match self.met {
            Some(met) if self.due.is_met_at(met.entered) => State::OnTime,
            Some(met) if self.due.is_met_at(met.at) => State::OnTimeRecordedLate,
            Some(_) => State::Late,
            None if self.waived => State::Waived,
            None => State::Owed(self.due.standing(now)),
        }
    }

    /// Whether it is still owed.
    pub fn is_owed(&self) -> bool {
        self.met.is_none() && !self.waived
    }

    /// Whether it passed its time unmet, at `now`: it was not met by then, whatever was entered
    /// later.
    pub fn passed(&self, now: Timestamp) -> bool {
        !self.waived && !self.due.is_met_at(self.met.map_or(now, |met| met.at))
    }
}

/// Who owns a duty, given which ties somebody holds: its tie; none, then the supervisor; none, then
/// the programme. An unowned duty cannot exist. What a specialist would do for the survivor is the
/// lead worker's while there is none (`design.md` 2).
pub fn owner(duty: &Duty, held: &[Tie]) -> Tie {
    answers(duty.owner, held)
}

/// Who does what is for `tie` to do, given which ties somebody holds.
pub fn answers(tie: Tie, held: &[Tie]) -> Tie {
    let mut owner = tie;
    if owner == Tie::SurvivorLine && !held.contains(&owner) && held.contains(&Tie::LeadWorker) {
        return Tie::LeadWorker;
    }
    loop {
        match supervisor(owner) {
            Some(next) if !held.contains(&owner) => owner = next,
            _ => return owner,
        }
    }
}

/// Who answers when a tie does not.
pub const fn supervisor(tie: Tie) -> Option<Tie> {
    match tie {
        Tie::ClientLine => Some(Tie::ClientSupervisor),
        Tie::SurvivorLine | Tie::LeadWorker => Some(Tie::SurvivorSupervisor),
        Tie::ClientSupervisor | Tie::SurvivorSupervisor | Tie::Intake => Some(Tie::Oversight),
        Tie::Referrer => Some(Tie::TeamManager),
        Tie::TeamManager | Tie::Oversight => None,
    }
}

/// Whom a duty concerns now: its owner; once overdue, the supervisor from the next working morning
/// on, and the programme manager some working days later.
pub fn concerns(
    duty: &Duty,
    held: &[Tie],
    now: Timestamp,
    settings: &Settings,
    calendar: &Calendar,
) -> Vec<Tie> {
    let first = owner(duty, held);
    let mut ties = vec![first];
    if !duty.is_owed() {
        return ties;
    }
    if duty.reaches.is_some_and(|from| from <= now) {
        ties.extend(supervisor(first));
    }
    if duty.due.is_met_at(now) {
        return ties;
    }
    let morning = |after: civil::Date, working_days: u16| {
        let day = calendar.add_working_days(after, working_days);
        let hour =
            civil::Time::new(settings.escalate_hour, 0, 0, 0).unwrap_or(civil::Time::midnight());
        london_instant(day, hour)
    };
    let last = match duty.due {
        Due::EndOf(day) => day,
        Due::At(instant) => london_date(instant),
    };
    if now >= morning(last, 1)
        && let Some(next) = supervisor(first).filter(|next| !ties.contains(next))
    {
        ties.push(next);
    }
    if now >= morning(last, settings.escalate_on_working_days) && !ties.contains(&Tie::Oversight) {
        ties.push(Tie::Oversight);
    }
    ties
}

/// Whether `decider` may decide about a waiver that `asker` asked for: nobody waives their own.
pub fn may_decide<U: PartialEq>(decider: U, asker: U) -> bool {
    decider != asker
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::deadline::{Standing, start_of};

    use super::*;
    use crate::{
        duties::{model::Met, settings::DEFAULT},
        testing::at,
    };

    fn duty(due: Due) -> Duty {
        Duty {
            key: "x".into(),
            what: "X",
            about: None,
            apart: false,
            rule: "R000",
            place: "",
            owner: Tie::ClientLine,
            due,
            reaches: None,
            met: None,
            waived: false,
        }
    }

    #[test]
    fn r023_what_the_survivor_must_be_told_outlives_the_closure() {
        let shared = duty(Due::EndOf(date(2026, 10, 19)));
        let apart = Duty {
            apart: true,
            ..shared.clone()
        };
        for (stage, open, hers) in [
            (Stage::Open, true, true),
            (Stage::Ended, true, true),
            (Stage::Closed, false, true),
            (Stage::Withdrawn, false, false),
        ] {
            assert_eq!(is_listed(&shared, stage), open, "{stage:?}");
            assert_eq!(is_listed(&apart, stage), hers, "{stage:?}");
        }
        let urgent = Duty {
            reaches: Some(at("2026-10-17T15:00:00Z")),
            ..shared
        };
        assert!(is_listed(&urgent, Stage::Withdrawn));
        let waived = Duty {
            waived: true,
            ..apart
        };
        assert!(!is_listed(&waived, Stage::Closed));
    }

    #[test]
    fn a_duty_always_has_an_owner() {
        let due = duty(Due::EndOf(date(2026, 10, 19)));
        for (held, expected) in [
            (
                &[Tie::ClientLine, Tie::ClientSupervisor][..],
                Tie::ClientLine,
            ),
            (&[Tie::ClientSupervisor], Tie::ClientSupervisor),
            (&[], Tie::Oversight),
            (&[Tie::SurvivorLine], Tie::Oversight),
        ] {
            assert_eq!(owner(&due, held), expected, "{held:?}");
        }
    }

    #[test]
    fn an_overdue_duty_climbs() {
        // Due at the end of Friday 16 October 2026.
        let due = duty(Due::EndOf(date(2026, 10, 16)));
        let held = [Tie::ClientLine, Tie::ClientSupervisor];
        let calendar = Calendar::default();
        for (now, expected) in [
            ("2026-10-16T20:00:00Z", vec![Tie::ClientLine]),
            ("2026-10-17T10:00:00Z", vec![Tie::ClientLine]),
            ("2026-10-19T07:59:00Z", vec![Tie::ClientLine]),
            (
                "2026-10-19T08:00:00Z",
                vec![Tie::ClientLine, Tie::ClientSupervisor],
            ),
            (
                "2026-10-20T08:00:00Z",
                vec![Tie::ClientLine, Tie::ClientSupervisor, Tie::Oversight],
            ),
        ] {
            assert_eq!(
                concerns(&due, &held, at(now), &DEFAULT, &calendar),
                expected,
                "{now}"
            );
        }
    }

    #[test]
    fn r028_high_risk_reaches_the_supervisor_before_the_next_working_morning() {
        // Due on Friday 16 October 2026, known at four: nobody waits for Monday.
        let urgent = Duty {
            reaches: Some(at("2026-10-17T15:00:00Z")),
            ..duty(Due::EndOf(date(2026, 10, 16)))
        };
        let held = [Tie::ClientLine, Tie::ClientSupervisor];
        let both = vec![Tie::ClientLine, Tie::ClientSupervisor];
        for (now, expected) in [
            ("2026-10-17T14:59:00Z", vec![Tie::ClientLine]),
            ("2026-10-17T15:00:00Z", both.clone()),
            ("2026-10-19T08:00:00Z", both),
        ] {
            let got = concerns(&urgent, &held, at(now), &DEFAULT, &Calendar::default());
            assert_eq!(got, expected, "{now}");
        }
    }

    #[test]
    fn recorded_late_is_not_done_late() {
        let friday = Due::EndOf(date(2026, 10, 16));
        let met = |day, entered| Duty {
            met: Some(Met {
                at: start_of(day),
                entered: start_of(entered),
            }),
            ..duty(friday)
        };
        let now = at("2026-11-01T09:00:00Z");
        let (thu, mon) = (date(2026, 10, 15), date(2026, 10, 19));
        assert_eq!(met(thu, thu).state(now), State::OnTime);
        assert_eq!(met(thu, mon).state(now), State::OnTimeRecordedLate);
        assert_eq!(met(mon, mon).state(now), State::Late);
        assert_eq!(duty(friday).state(now), State::Owed(Standing::Overdue));
        assert!(
            !met(thu, mon).passed(now) && met(mon, mon).passed(now) && duty(friday).passed(now)
        );
    }

    #[test]
    fn nobody_waives_their_own() {
        assert!(may_decide(1, 2) && !may_decide(1, 1));
    }

    #[test]
    fn a_case_stands_where_its_rows_say() {
        let received = at("2026-10-14T09:00:00Z");
        let fresh = Facts::received(received);
        for (facts, expected) in [
            (fresh.clone(), Stage::Received),
            (
                Facts {
                    held: true,
                    ..fresh.clone()
                },
                Stage::Held,
            ),
            (
                Facts {
                    waiting: true,
                    ..fresh.clone()
                },
                Stage::Waiting,
            ),
            (
                Facts {
                    allocated: Some(received),
                    waiting: true,
                    ..fresh.clone()
                },
                Stage::Allocated,
            ),
            (
                Facts {
                    acknowledged: Some(Met {
                        at: received,
                        entered: received,
                    }),
                    ..fresh.clone()
                },
                Stage::Acknowledged,
            ),
            (
                Facts {
                    withdrawn: true,
                    held: true,
                    ..fresh
                },
                Stage::Withdrawn,
            ),
        ] {
            assert_eq!(stage(&facts, at("2026-10-15T09:00:00Z")), expected);
        }
    }
}
